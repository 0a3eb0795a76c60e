"""Holding a directory file still while its directory goes to another place, and giving it another name there and then.

The write lock keeps everybody from changing it; once it has another name, nobody who has it open can save into it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from whowas.domain.errors import StoreError
from whowas.store.event_log import EventLog
from whowas.store.file import database
from whowas.store.file.identity import MovedFileError, beside, has_pages, log_of, require_in_place
from whowas.store.file.publish import publish

_TRIES = 5


@contextmanager
def held_still(log: EventLog) -> Iterator[None]:
    """Hold the write lock during the block, with everything in the file itself and nothing in its write-ahead log.

    Nothing is written. The file may have another name at the end of the block, see ``renamed``. Raises StoreError where
    another program is using it just now.
    """
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


def renamed(path: Path, target: Path) -> None:
    """Give a file that is held still another name in the same folder, never over anything.

    Killed meanwhile, it may be left under both. Raises StoreError; then it has its former name only.
    """
    with database.sentences_for(path):
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
