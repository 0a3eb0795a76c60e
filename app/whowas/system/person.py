"""The login name of the person at the keyboard."""

from __future__ import annotations

import getpass
import os


def os_user() -> str:
    """Return the login name of the person at the keyboard."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return f"user {os.getuid()}"
