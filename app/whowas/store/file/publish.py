"""Giving a finished file its name without ever replacing another file, even if another program does the same."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path

from whowas.domain.errors import StoreError
from whowas.store.file.identity import free_name_aside, has_pages, log_of

_SETTLED_WITHIN_S = 2.0
"""Far longer than another process needs between reserving the name and moving the file there."""


class TakenError(StoreError):
    """Another file already has the name."""


def require_free(target: Path) -> None:
    """Raise TakenError if ``target`` exists, StoreError if its folder does not."""
    if target.exists() or target.is_symlink():
        raise _taken(target)
    if not target.parent.is_dir():
        raise StoreError(f"The folder “{target.parent}” does not exist.")


def publish(finished: Path, target: Path) -> Path | None:
    """Give a file that nobody uses the name ``target``, in the same file system.

    A write-ahead log left by an earlier file of that name would be replayed by SQLite, so it is renamed and its new
    path returned; else None. Raises TakenError if ``target`` exists by now, or OSError; the file is then where it was.
    """
    aside = _set_orphan_aside(target)
    try:
        os.link(finished, target)
    except FileExistsError:
        raise _taken(target) from None
    except OSError:  # as on a file system without hard links
        _move(finished, target)
    else:
        with suppress(OSError):  # the file has its name; the caller removes what is left in the hidden folder
            finished.unlink()
    _sync_folder(target.parent)
    return aside


def wait_until_settled(path: Path) -> None:
    """Wait while a file is still empty because another process is publishing it on a file system without links."""
    until = time.monotonic() + _SETTLED_WITHIN_S
    with suppress(OSError):
        while path.is_file() and path.stat().st_size == 0 and time.monotonic() < until:
            time.sleep(0.01)


def _set_orphan_aside(target: Path) -> Path | None:
    """Rename the write-ahead log left by a file that is gone and return its new path; None if there is no such log."""
    log = log_of(target)
    if not has_pages(log) or target.exists():
        return None
    name = free_name_aside(log)
    try:
        log.rename(name)
    except FileNotFoundError:  # another process has done it
        return None
    return name


def _move(finished: Path, target: Path) -> None:
    """Rename a file. Elsewhere than on Windows that could replace another, so an empty file reserves the name first."""
    try:
        if sys.platform != "win32":
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        finished.rename(target)
    except FileExistsError:
        raise _taken(target) from None


def _sync_folder(folder: Path) -> None:
    """Flush the folder, so that the new name survives a power cut, on systems that can."""
    if sys.platform != "win32":
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _taken(target: Path) -> TakenError:
    return TakenError(f"“{target.name}” exists already; nothing was written.")
