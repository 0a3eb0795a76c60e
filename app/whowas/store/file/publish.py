"""Giving a finished file its name, never in place of another: others may be about to make one of that name too."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path

from whowas.domain.errors import StoreError
from whowas.store.file.identity import free_name_aside, has_pages, log_of

_SETTLED_WITHIN_S = 2.0
"""Far longer than it takes between taking a name and putting the file there."""


class TakenError(StoreError):
    """Something else has the name already."""


def require_free(target: Path) -> None:
    """Raise TakenError where something has that name, StoreError where the folder for it is missing."""
    if target.exists() or target.is_symlink():
        raise _taken(target)
    if not target.parent.is_dir():
        raise StoreError(f"The folder “{target.parent}” does not exist.")


def publish(finished: Path, target: Path) -> Path | None:
    """Give a file that nobody uses the name ``target``, in the same file system.

    SQLite would replay what a file of that name that is gone has left: it is set aside, and its new name returned.
    Raises TakenError where something has got that name, or OSError; then the file is where it was.
    """
    aside = _set_orphan_aside(target)
    try:
        os.link(finished, target)
    except FileExistsError:
        raise _taken(target) from None
    except OSError:  # not every file system has links
        _move(finished, target)
    else:
        with suppress(OSError):  # it has its name; another one in a hidden place is for the caller to take away
            finished.unlink()
    _make_last(target.parent)
    return aside


def wait_until_settled(path: Path) -> None:
    """Wait while a file that another process publishes, where there are no links, has no more than its name."""
    until = time.monotonic() + _SETTLED_WITHIN_S
    with suppress(OSError):
        while path.is_file() and path.stat().st_size == 0 and time.monotonic() < until:
            time.sleep(0.01)


def _set_orphan_aside(target: Path) -> Path | None:
    """Rename the write-ahead log of a file that is gone; None where there is none."""
    log = log_of(target)
    if not has_pages(log) or target.exists():
        return None
    name = free_name_aside(log)
    try:
        log.rename(name)
    except FileNotFoundError:  # somebody else has done it
        return None
    return name


def _move(finished: Path, target: Path) -> None:
    """Rename a file, which on Windows replaces nothing; elsewhere it would, so an empty file takes the name first."""
    try:
        if sys.platform != "win32":
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        finished.rename(target)
    except FileExistsError:
        raise _taken(target) from None


def _make_last(folder: Path) -> None:
    """See that the new name outlasts a power cut, where the system can be told so."""
    if sys.platform != "win32":
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _taken(target: Path) -> TakenError:
    return TakenError(f"“{target.name}” exists already; nothing was written.")
