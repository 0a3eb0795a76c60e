"""Where Whowas keeps its own files on this platform."""

from __future__ import annotations

from pathlib import Path

import platformdirs

SUFFIX = ".whowas"


def cache() -> Path:
    """Return the folder of everything that can be made again."""
    return platformdirs.user_cache_path("whowas", appauthor=False)


def data() -> Path:
    """Return the folder of a person's directories where they choose no other."""
    return platformdirs.user_data_path("whowas", appauthor=False)


def config() -> Path:
    """Return the folder of settings."""
    return platformdirs.user_config_path("whowas", appauthor=False)


def state() -> Path:
    """Return the folder of drafts and log files."""
    return platformdirs.user_state_path("whowas", appauthor=False)
