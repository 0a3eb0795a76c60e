"""Where the program's own files (icons, translations, desktop entry) are found."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


@cache
def folder() -> Path:
    """The resources folder: inside the package when installed, else at the top of the source tree."""
    installed = _PACKAGE / "resources"
    return installed if installed.is_dir() else _PACKAGE.parents[1] / "resources"


def path(*parts: str) -> Path:
    """The file ``resources/<parts>``; raises FileNotFoundError, as a missing one is a broken installation."""
    found = folder().joinpath(*parts)
    if not found.exists():
        raise FileNotFoundError(f"Whowas is not installed completely: {found} is missing.")
    return found
