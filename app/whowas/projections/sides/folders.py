"""The folders of read sides: in the cache, or in the system's temporary folder for as long as a program runs."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import closing, suppress
from pathlib import Path

from whowas.projections.tables.checked_database import DRIVER_ERRORS
from whowas.projections.tables.read_model import ReadModel
from whowas.projections.tables.source import EventSource
from whowas.system import folders
from whowas.system.unfinished import HiddenFolder


def usable_folder(log: EventSource, cache: Path) -> Path | None:
    """Return the folder of what was made of ``log`` below ``cache``, or None where the cache cannot be used."""
    folder = folder_of(log, cache)
    try:
        str(folder).encode()  # SQLite takes no other paths
        folders.private_folder(folder)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except (OSError, UnicodeEncodeError):
        return None


def temporary_folder() -> HiddenFolder:
    """Make a folder for a read side that lasts no longer than this program. Raises OSError."""
    return HiddenFolder.made_in(Path(tempfile.gettempdir()))


def forget_others(log: EventSource, cache: Path) -> None:
    """Throw away what was made of the same directory in other folders. Raises OSError where that cannot be."""
    own = folder_of(log, cache)
    for folder in cache.glob(f"{log.directory_id}-*"):
        if folder != own:
            shutil.rmtree(folder)


def forget_if_behind(log: EventSource, cache: Path, erasures: int) -> None:
    """Throw away the read side of ``log`` unless it has taken in that many erasures. Raises OSError."""
    folder = folder_of(log, cache)
    if folder.exists() and _erasures_in(folder / "read.db") != erasures:
        shutil.rmtree(folder)


def folder_of(log: EventSource, cache: Path) -> Path:
    """Return the folder of what is made of ``log`` below ``cache``; it need not be there."""
    return folders.read_side(cache, log.directory_id, log.path)


def forget_first_screen(log: EventSource, cache: Path) -> None:
    """Throw away what the next start would paint first. Raises OSError where that cannot be."""
    (folder_of(log, cache) / folders.FIRST_SCREEN).unlink(missing_ok=True)


def _erasures_in(tables: Path) -> int | None:
    """Return how many erasures the tables of a read side have taken in, None where they are no good."""
    if tables.exists():
        with closing(ReadModel(tables)) as read_model, suppress(*DRIVER_ERRORS):
            checkpoint = read_model.checkpoint()
            return None if checkpoint is None else checkpoint.erasure_count
    return None
