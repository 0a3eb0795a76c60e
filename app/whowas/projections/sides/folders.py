"""The folders of read sides: in the cache, or in the system's temporary folder for as long as a program runs."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from whowas.projections.tables.source import Source
from whowas.system import folders

_TEMPORARY = "whowas-"


def usable_folder(log: Source, cache: Path) -> Path | None:
    """Return the folder of what was made of ``log`` below ``cache``, or None where the cache cannot be used."""
    folder = _folder_of(log, cache)
    try:
        str(folder).encode()  # SQLite takes no other paths
        folders.private_folder(folder)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except (OSError, UnicodeEncodeError):
        return None


def temporary_prefix() -> str:
    """Return what the name of a temporary folder of this program begins with."""
    return f"{_TEMPORARY}{os.getpid()}-"


def forget_others(log: Source, cache: Path) -> None:
    """Throw away what was made of the same directory in other folders, and what programs that were killed left over.

    Raises OSError where that cannot be.
    """
    own = _folder_of(log, cache)
    for folder in cache.glob(f"{log.directory_id}-*"):
        if folder != own:
            shutil.rmtree(folder)
    for folder in Path(tempfile.gettempdir()).glob(f"{_TEMPORARY}*-*"):
        if _is_abandoned(folder):
            shutil.rmtree(folder)


def _folder_of(log: Source, cache: Path) -> Path:
    digest = hashlib.sha256(str(log.path.resolve()).encode()).hexdigest()[:12]
    return cache / f"{log.directory_id}-{digest}"


def _is_abandoned(folder: Path) -> bool:
    """Say whether a temporary folder is this person's, of a program that does not run any more."""
    process = folder.name.removeprefix(_TEMPORARY).partition("-")[0]
    # Elsewhere the question itself would end a program.
    if os.name != "posix" or not process.isdecimal() or folder.lstat().st_uid != os.getuid():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False
