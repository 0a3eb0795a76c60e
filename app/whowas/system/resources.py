"""Finding the program's own files (icons, translations, desktop entry)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


@cache
def folder() -> Path:
    """Return the resources folder: inside the package when installed, else at the top of the source tree."""
    installed = _PACKAGE / "resources"
    return installed if installed.is_dir() else _PACKAGE.parents[1] / "resources"


def path(*parts: str) -> Path:
    """Return the path of ``resources/<parts>``. Raises FileNotFoundError if the installation is incomplete."""
    found = folder().joinpath(*parts)
    if not found.exists():
        raise FileNotFoundError(f"Whowas is not installed completely: {found} is missing.")
    return found
