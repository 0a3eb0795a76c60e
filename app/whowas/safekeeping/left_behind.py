"""The files that sharing left behind: each is the directory as it was before it went to a server.

They count as backups: nothing is written to them, and an erasure deletes them. ``left behind.json``, beside the
backups, says where they are. A file is noted there before it gets its name, so that one of whose sharing nobody knows
whether it came to be is found too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import msgspec

from whowas.domain.errors import StoreError
from whowas.store.file.identity import beside
from whowas.system import folders

_BEFORE = " before sharing"
_NAME = re.compile(rf".*{_BEFORE}( \d+)?{re.escape(folders.SUFFIX)}")


class FileLeft(msgspec.Struct, frozen=True):
    """One file that was left behind at ``path``, of the directory that was at ``file``.

    ``going_to`` is the server where it is not known yet whether the directory came to be there, else "". ``owes`` are
    the ids of users who were erased while the file was not there, as on a disk that was taken out.
    """

    directory_id: str
    path: str
    file: str
    going_to: str = ""
    owes: tuple[str, ...] = ()


def new_name(file: Path) -> Path:
    """Return a free name beside a directory file for what sharing leaves behind."""
    numbers = ("" if number == 1 else f" {number}" for number in count(1))
    names = (file.with_name(f"{file.stem}{_BEFORE}{number}{folders.SUFFIX}") for number in numbers)
    return next(name for name in names if not name.exists() and not name.is_symlink())


def note(directory_id: str, path: Path, file: Path, going_to: str = "") -> None:
    """Remember that ``path`` is what sharing the directory at ``file`` leaves behind, see ``FileLeft``.

    Raises OSError.
    """
    noted = FileLeft(directory_id, str(path.resolve()), str(file.resolve()), going_to)
    _keep([*(one for one in _kept() if one.path != noted.path), noted])


def forget(path: Path) -> None:
    """Forget a file, as it is gone, or the directory again. Raises OSError."""
    kept, resolved = _kept(), str(path.resolve())
    rest = [one for one in kept if one.path != resolved]
    if len(rest) < len(kept):
        _keep(rest)


def of_directory(directory_id: str) -> list[Path]:
    """Return the files that sharing a directory left behind, and that are there."""
    return [Path(one.path) for one in _noted() if one.directory_id == directory_id and Path(one.path).is_file()]


def in_doubt(file: Path) -> FileLeft | None:
    """Return what a sharing of the directory at ``file`` left that was interrupted as it was committed, or None."""
    resolved = str(file.resolve())
    found = (one for one in _noted() if one.file == resolved and one.going_to and Path(one.path).is_file())
    return next(found, None)


def require_not_left(file: Path) -> None:
    """Raise StoreError, which says where it is, for the path of a directory that was shared and has no file there."""
    if file.exists():
        return
    resolved = str(file.resolve())
    for one in _noted():
        if one.file == resolved and one.going_to:
            raise StoreError(
                f"“{file.name}” was on its way to the server {one.going_to} when that was interrupted: share it there "
                f"once more, which finishes it. Its file is called “{Path(one.path).name}” meanwhile."
            )
        if one.file == resolved:
            raise StoreError(f"“{file.name}” is shared now, on a server. Open the .whowas-team file that says where.")


def owes(directory_id: str) -> bool:
    """Say whether ``delete_owed`` has something to look for."""
    return any(one.directory_id == directory_id and one.owes for one in _noted())


def is_left_behind(path: Path) -> bool:
    """Say whether the file at ``path`` is one that sharing left behind."""
    # Its name first, as this is asked whenever a file is opened.
    if _NAME.fullmatch(path.name) is None:
        return False
    resolved = str(path.resolve())
    return any(one.path == resolved for one in _noted())


def delete_after_erasure(directory_id: str, erased: Iterable[str]) -> int:
    """Delete the files of a directory that hold users who were erased, and return how many; see ``delete_owed``.

    One that is not there, as on a disk that was taken out, is left to that. Raises StoreError or OSError.
    """
    kept, gone = _kept(), tuple(sorted(erased))
    if all(one.directory_id != directory_id for one in kept):
        return 0
    _keep([msgspec.structs.replace(one, owes=gone) if one.directory_id == directory_id else one for one in kept])
    return delete_owed(directory_id)


def delete_owed(directory_id: str) -> int:
    """Delete the files of a directory that are there now and hold users who were erased; return how many.

    Raises StoreError or OSError.
    """
    deleted = 0
    for one in _kept():
        path = Path(one.path)
        if one.directory_id != directory_id or not one.owes or not path.parent.is_dir():
            continue
        if path.is_file() and _holds_any(path, frozenset(one.owes)):
            for each in (path, *(beside(path, suffix) for suffix in ("-wal", "-shm", "-journal"))):
                each.unlink(missing_ok=True)
            deleted += 1
            forget(path)
    return deleted


def _holds_any(path: Path, erased: frozenset[str]) -> bool:
    """Say whether a file may hold anything of users who were erased; what cannot be read may."""
    from whowas.store.file.copies import erased_in  # reading needs it rarely

    known = erased_in(path)
    return known is None or not erased <= known


def _noted() -> Iterator[FileLeft]:
    """Yield what is noted; nothing where that cannot be read."""
    with suppress(OSError):
        yield from _kept()


def _kept() -> list[FileLeft]:
    try:
        return msgspec.json.decode(_register().read_bytes(), type=list[FileLeft])
    except (FileNotFoundError, NotADirectoryError, msgspec.DecodeError, UnicodeDecodeError):
        return []


def _keep(noted: list[FileLeft]) -> None:
    from whowas.system.unfinished import write_whole

    folders.private_folder(_register().parent)
    write_whole(_register(), msgspec.json.encode(noted))


def _register() -> Path:
    return folders.state() / "backups" / "left behind.json"
