"""Where Whowas keeps its own files on this platform."""

from __future__ import annotations

from pathlib import Path

import platformdirs

SUFFIX = ".whowas"

_below: Path | None = None


def keep_below(folder: Path) -> None:
    """From now on keep everything below ``folder``, for a run that leaves nothing behind."""
    global _below  # noqa: PLW0603 (there is one person, so there is one set of folders)
    _below = folder


def cache() -> Path:
    """Return the folder of everything that can be made again."""
    return _below / "cache" if _below else platformdirs.user_cache_path("whowas", appauthor=False)


def data() -> Path:
    """Return the folder of a person's directories where they choose no other."""
    return _below / "data" if _below else platformdirs.user_data_path("whowas", appauthor=False)


def config() -> Path:
    """Return the folder of settings."""
    return _below / "config" if _below else platformdirs.user_config_path("whowas", appauthor=False)


def drafts(directory_id: str) -> Path:
    """Return what the files of the drafts made in a directory, and in its copies, are named after."""
    return state() / "drafts" / f"{directory_id}.json"


def reports() -> list[Path]:
    """Return the files in which it is written down what should not have happened."""
    return list(state().glob("whowas.log*"))


def state() -> Path:
    """Return the folder of drafts and log files."""
    return _below / "state" if _below else platformdirs.user_state_path("whowas", appauthor=False)
