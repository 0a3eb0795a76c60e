"""Who sits at the keyboard."""

from __future__ import annotations

import getpass
import os


def os_user() -> str:
    """Return the name under which the system knows the person at the keyboard."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return f"user {os.getuid()}"
