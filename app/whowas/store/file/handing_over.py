"""Holding a directory file still while its directory goes to another place, and giving it another name there and then.

The write lock keeps everybody from changing it; once it has another name, nobody who has it open can save into it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from whowas.domain.errors import StoreError
from whowas.store.chain import Head
from whowas.store.event_log import EventLog
from whowas.store.file import database
from whowas.store.file.copies import end_of
from whowas.store.file.identity import MovedFileError, beside, has_pages, log_of, require_in_place
from whowas.store.file.publish import publish

OPEN_FILES_STAY = sys.platform == "win32"

_TRIES = 5


@contextmanager
def held_still(log: EventLog) -> Iterator[None]:
    """Hold the write lock during the block, with everything in the file itself and nothing in its write-ahead log.

    Nothing is written. The file may have another name at the end of the block, see ``handed_over``. Where open files
    have to stay, as on Windows, nothing is held. Raises StoreError where another program is using it just now.
    """
    if OPEN_FILES_STAY:
        yield
        return
    for _ in range(_TRIES):
        log.settle()
        is_over = False
        try:
            with log.writing():
                if not log.is_settled:  # somebody wrote in between
                    continue
                require_in_place(log.path, log.identity)
                yield
                is_over = True
        except MovedFileError:  # it has its other name
            if not is_over:
                raise
        return
    raise StoreError(f"“{log.path.name}” is being changed by another program. Try again when that is done.")


def handed_over(log: EventLog, target: Path, head: Head) -> None:
    """Give the file of a directory that is held still, and ends at ``head``, another name in the same folder.

    Raises StoreError; the file may have either name then.
    """
    if not OPEN_FILES_STAY:
        renamed(log.path, target)
        return
    log.close()
    renamed(log.path, target)
    if end_of(target) != head:
        raise StoreError(f"“{log.path.name}” was changed meanwhile. Try again.")


def renamed(path: Path, target: Path) -> None:
    """Give a file another name in the same folder, never over anything.

    Killed meanwhile, it may be left under both. Raises StoreError; then it has its former name only.
    """
    with database.sentences_for(path):
        if OPEN_FILES_STAY:  # which also refuses to replace anything
            path.rename(target)
            return
        publish(path, target)
        try:
            path.unlink(missing_ok=True)  # where ``publish`` could not
        except OSError:
            target.unlink()
            raise


def remove_left_beside(path: Path) -> None:
    """Remove what SQLite leaves beside the former name of a file once it is closed, if nothing is in it."""
    with suppress(OSError):
        if not path.exists() and not has_pages(log_of(path)):
            for suffix in ("-wal", "-shm"):
                beside(path, suffix).unlink(missing_ok=True)
