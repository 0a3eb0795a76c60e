"""Sweeping away what killed programs left: what the register names, wherever it lies, and what lies around a directory.

Nothing is touched that a living process works at, that belongs to another account, or that is not called as ours is.
Older versions hold no locks, so what they left is told by its age; only where somebody is erased it goes at once.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from whowas.projections.sides.folders import folder_of
from whowas.safekeeping import older_names
from whowas.store.event_log import EventLog
from whowas.system.file_lock import locked_if_abandoned
from whowas.system.hidden_names import OWNER, key_of, name_of
from whowas.system.unfinished_register import Place, register

AN_HOUR_S = 3_600.0
"""For so long whatever bears no lock is taken to be somebody's who still works at it."""

_A_YEAR_S = 366 * 24 * AN_HOUR_S
"""For so long an entry of the register waits for its disk."""

_MOST_BYTES = 1 << 16


def sweep_register() -> list[OSError]:
    """Remove every hidden folder of a process that has ended, and its entry; return what was in the way.

    The entry of one whose disk is not there now is kept for later.
    """
    try:
        entries = list(register().iterdir())
    except OSError:  # there is none, or it is not ours to read
        return []
    return _each(entries, _sweep_entry)


def sweep_around(log: EventLog, cache: Path, drafts: Path, patience_s: float = AN_HOUR_S) -> list[OSError]:
    """Remove what was left beside a directory, its read side and its drafts; return what was in the way.

    What older versions left bears no lock, so it has to be older than ``patience_s`` seconds.
    """
    beside = {log.path.parent, Path(os.path.realpath(log.path)).parent}
    return [
        *(error for folder in beside for error in sweep_folder(folder, patience_s)),
        *sweep_folder(drafts.parent, patience_s, older_names.is_draft),
        *sweep_folder(folder_of(log, cache), patience_s, older_names.are_arrays),
        *_sweep_temporary(patience_s),
    ]


def sweep_folder(
    folder: Path, patience_s: float = AN_HOUR_S, is_older: Callable[[Path], bool] = older_names.is_copy_or_export
) -> list[OSError]:
    """Remove what was left in a folder, by its name; return what was in the way. See ``sweep_around``."""

    def sweep(path: Path) -> None:
        if key_of(path.name) is not None or older_names.is_folder(path.name):
            _remove_abandoned(path, patience_s)
        elif is_older(path):
            _remove_older(path, patience_s)

    return _each(_named_in(folder), sweep)


def _sweep_temporary(patience_s: float) -> list[OSError]:
    try:
        folder = Path(tempfile.gettempdir())
    except FileNotFoundError:  # there is none in which anybody could have left anything
        return []
    return sweep_folder(folder, patience_s, older_names.is_temporary_side)


def _named_in(folder: Path) -> Iterator[Path]:
    """Yield what is in a folder and may be ours, by its name; nothing where the folder cannot be read."""
    try:
        with os.scandir(folder) as found:
            names = [each.name for each in found]
    except OSError:
        return
    yield from (folder / name for name in names if name.startswith((".", "whowas-")) or name.endswith(".new"))


def _each(paths: Iterable[Path], work: Callable[[Path], None]) -> list[OSError]:
    """Do ``work`` with each path, and return why it could not be done; another process may have done it first."""
    errors = []
    for path in paths:
        try:
            work(path)
        except FileNotFoundError:
            continue
        except OSError as error:
            errors.append(error)
    return errors


def _sweep_entry(entry: Path) -> None:
    if key_of(name_of(entry.name)) is None or not S_ISREG(entry.lstat().st_mode):
        return
    lock = locked_if_abandoned(entry)
    if lock is None:
        return
    try:
        gone = _is_swept(entry, os.read(lock, _MOST_BYTES))
        if gone and sys.platform != "win32":  # while it is locked: nobody else can mean to make it meanwhile
            entry.unlink()
    finally:
        os.close(lock)
    if gone and sys.platform == "win32":  # where an open file cannot be removed
        entry.unlink()


def _is_swept(entry: Path, content: bytes) -> bool:
    """Remove the hidden folder that an abandoned entry names; return whether it is gone for good."""
    try:
        place = Place.read(content)
    except ValueError:
        return True  # killed before it was written, and so before the folder was made
    if key_of(place.folder.name) != entry.name:
        return True
    try:
        return _remove_abandoned(place.folder, patience_s=0)
    except FileNotFoundError:
        return _is_on_its_disk(place) or time.time() - entry.stat().st_mtime > _A_YEAR_S


def _is_on_its_disk(place: Place) -> bool:
    """Say whether the disk is there that a folder lay on, so that it is gone, as it cannot be found."""
    around = next((folder for folder in place.folder.parents if folder.exists()), None)
    if around is None:  # on Windows, where each disk has a letter
        return False
    found = around.stat()
    return found.st_dev == place.device or (around == place.folder.parent and found.st_ino == place.number)


def _remove_abandoned(folder: Path, patience_s: float) -> bool:
    """Remove a hidden folder unless a living process works in it; return whether none of ours is there any more."""
    found = folder.lstat()
    if not S_ISDIR(found.st_mode) or not _is_ours(found):
        return True
    lock: int | None = None
    try:
        lock = locked_if_abandoned(folder / OWNER)
        if lock is None:
            return False
    except FileNotFoundError:  # one of an older version, or killed before it was locked
        if patience_s and _age_s(folder) < patience_s:
            return False
    except OSError:  # the file system has no locks
        if _age_s(folder) < AN_HOUR_S:
            return False
    try:
        if lock is not None and sys.platform == "win32":
            os.close(lock)
            lock = None
        shutil.rmtree(folder)
    finally:
        if lock is not None:
            os.close(lock)
    return True


def _remove_older(path: Path, patience_s: float) -> None:
    """Remove a file or folder that an older version left."""
    found = path.lstat()
    if not _is_ours(found) or (patience_s and _age_s(path) < patience_s):
        return
    if S_ISDIR(found.st_mode):
        shutil.rmtree(path)
    elif S_ISREG(found.st_mode):
        path.unlink()


def _is_ours(found: os.stat_result) -> bool:
    return sys.platform == "win32" or found.st_uid == os.getuid()


def _age_s(path: Path) -> float:
    """Return how long ago anything was last altered below a path, in seconds."""
    below = [path, *(path.rglob("*") if S_ISDIR(path.lstat().st_mode) else ())]
    latest: float = max(each.lstat().st_mtime for each in below)
    return time.time() - latest
