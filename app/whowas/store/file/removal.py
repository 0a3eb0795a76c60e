"""Removing the file of a directory that was made for something that did not come to be, as long as it is empty."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

from whowas.domain.errors import StoreError
from whowas.store.event_log import EventLog
from whowas.store.file.identity import beside, has_pages, log_of

_OPEN_FILES_STAY = sys.platform == "win32"


def remove_if_empty(path: Path, directory_id: str) -> bool:
    """Remove the file of a directory into which nothing was ever written; say whether it is gone.

    It stays where another file has its place, where somebody has written or is writing, and where it cannot be removed.
    Nobody can write while it goes, and whoever has it open too is told that it is gone (MovedFileError).
    """
    try:
        log = EventLog.open(path)
    except StoreError:
        return not path.exists()
    empty = False
    try:
        # It is not in place at the end of the block, which says so.
        with suppress(StoreError), log.writing():
            empty = log.directory_id == directory_id and log.head().position == 0
            if empty and not _OPEN_FILES_STAY:
                path.unlink()
    except OSError:
        return False
    finally:
        log.close()
    with suppress(OSError):
        if empty and _OPEN_FILES_STAY:
            path.unlink()
        if not path.exists() and not has_pages(log_of(path)):
            for suffix in ("-wal", "-shm"):
                beside(path, suffix).unlink(missing_ok=True)
    return not path.exists()
