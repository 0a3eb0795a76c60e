"""How versions up to 0.3 called what they had not finished: it bore no lock, and lay beside what it was to become."""

from __future__ import annotations

import os
import re
from pathlib import Path
from stat import S_IMODE, S_ISDIR

_FOLDER = re.compile(r"\.whowas-[a-z0-9_]{8}\.(new|look)")
_COPY = re.compile(r"\..+\.whowas\.([0-9a-f]{8}|[0-9]+)\.new(-wal|-shm|-journal)?")
_EXPORT = re.compile(r"\..+\.(csv|jsonl)\.([0-9]+)\.new")
_DRAFT = re.compile(r"[0-9a-f-]{36}(\.[0-9a-f]{8})?\.new")
_ARRAYS = re.compile(r"\.index-[0-9-]+")
_TEMPORARY_SIDE = re.compile(r"whowas-([0-9]+)-[a-z0-9_]{8}")
_IN_A_SIDE = re.compile(r"read\.db(-wal|-shm|-journal)?|\.?index-[0-9-]+|[0-9a-f-]{36}-[0-9a-f]{12}")


def is_folder(name: str) -> bool:
    """Say whether a folder called so is one in which a directory was made, or its log was looked at."""
    return _FOLDER.fullmatch(name) is not None


def is_copy_or_export(path: Path) -> bool:
    """Say whether a file is what a killed program left of a copy or an export that it was to lie beside."""
    if _COPY.fullmatch(path.name):
        return True
    export = _EXPORT.fullmatch(path.name)
    return export is not None and S_IMODE(path.lstat().st_mode) == 0o600 and _has_ended(export[2])


def is_draft(path: Path) -> bool:
    """Say whether a file among the drafts was still being written."""
    return _DRAFT.fullmatch(path.name) is not None


def are_arrays(path: Path) -> bool:
    """Say whether a folder of a read side holds arrays that were still being written."""
    return _ARRAYS.fullmatch(path.name) is not None and S_ISDIR(path.lstat().st_mode)


def is_temporary_side(path: Path) -> bool:
    """Say whether a temporary folder is that of a read side of a program which has ended.

    People and installers call folders so as well, with a year or a version for the number, so what is in it counts too.
    """
    side = _TEMPORARY_SIDE.fullmatch(path.name)
    if side is None or not _has_ended(side[1]):
        return False
    mode = path.lstat().st_mode
    return S_ISDIR(mode) and S_IMODE(mode) == 0o700 and all(_IN_A_SIDE.fullmatch(each.name) for each in path.iterdir())


def _has_ended(process: str) -> bool:
    """Say whether no process has that number."""
    if os.name != "posix":  # elsewhere the question itself would end a program
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False
