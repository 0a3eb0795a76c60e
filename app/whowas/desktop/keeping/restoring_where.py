"""Asking for the new file into which a backup is restored."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from PySide6.QtWidgets import QWidget

from whowas.desktop.kit.save_as import ask_where_to_save
from whowas.safekeeping import backup_places
from whowas.system import folders

_ENDINGS = {f"Whowas directories (*{folders.SUFFIX})": folders.SUFFIX}


def ask_where_to_restore(directory: Path, over: QWidget) -> Path | None:
    """Ask for a path, proposing one beside a directory unless that is a backup itself; None if the person cancels."""
    folder = folders.data() if backup_places.is_backup(directory) else directory.parent
    numbers = ("" if number == 1 else f" {number}" for number in count(1))
    names = (folder / f"{directory.stem} restored{number}{folders.SUFFIX}" for number in numbers)
    proposed = str(next(name for name in names if not name.exists()))
    return ask_where_to_save(over, "Restore into a new file", proposed, _ENDINGS, replacing=False)
