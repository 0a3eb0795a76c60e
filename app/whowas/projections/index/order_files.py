"""Keeping each sort order in a file of its own, so that one which is laid later is put beside the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import msgspec

from whowas.projections.index import checked_arrays, sealed
from whowas.projections.index.checked_arrays import Contents, DamagedArraysError
from whowas.projections.index.version_index import Laid, Order, VersionIndex
from whowas.system.unfinished import unfinished_at

_PREFIX = "order-"
_ARRAYS = ".bin"
_DESCRIPTION = ".json"
_LAID_ARRAYS = ("numbers", "begins", "ends")


class _Description(msgspec.Struct):
    """All but the arrays; ``commits`` is the count of the read model's that the index was made at.

    ``index`` is the name of the folder in which that is kept: of another one, the order has other rows.
    """

    index: str
    column: str
    commits: int
    arrays: Contents


def write(index: VersionIndex, column: str, folder: Path, commits: int, kept: str) -> None:
    """Write a sort order of ``index``, made at that count of commits, to a folder that has none of that column.

    ``kept`` is the name of the folder in which it will lie. Raises OSError.
    """
    laid = index.laid[column]
    arrays = {"order": index.orders[column], **{name: getattr(laid, name) for name in _LAID_ARRAYS}}
    with sealed.opened(_path(folder, column, _ARRAYS)) as file:
        contents = checked_arrays.write(file, arrays)
    sealed.write(_path(folder, column, _DESCRIPTION), _Description(kept, column, commits, contents))


def add(index: VersionIndex, column: str, folder: Path, commits: int) -> VersionIndex:
    """Write the same to the folder in which ``index`` is kept, and return the index with the order mapped from there.

    Raises OSError, for example on a full disk, or DamagedArraysError.
    """
    with unfinished_at(folder / _PREFIX) as new:
        new.mkdir(mode=0o700)
        write(index, column, new, commits, folder.name)
        # The description last: without it, or with one of other arrays, these are not taken.
        for ending in (_ARRAYS, _DESCRIPTION):
            _path(new, column, ending).replace(_path(folder, column, ending))
    try:
        _, order, laid = _read(_path(folder, column, _DESCRIPTION), commits)
    except ValueError as error:  # another program has written one of its own meanwhile
        raise DamagedArraysError from error
    return index.with_laid(column, order, laid)


def is_in(folder: Path, column: str) -> bool:
    """Say whether a sort order by a column is kept in a folder."""
    return _path(folder, column, _DESCRIPTION).exists()


def kept_in(folder: Path, commits: int) -> Iterator[tuple[str, Order, Laid]]:
    """Yield the sort orders kept in a folder: column, order, and the rows laid in it, mapped; see ``files.load``.

    What cannot be used is deleted.
    """
    for described in sorted(folder.glob(f"{_PREFIX}*{_DESCRIPTION}")):
        try:
            yield _read(described, commits)
        except (OSError, ValueError, DamagedArraysError):
            with suppress(OSError):
                described.unlink(missing_ok=True)
                described.with_suffix(_ARRAYS).unlink(missing_ok=True)


def _read(described: Path, commits: int) -> tuple[str, Order, Laid]:
    description = sealed.read(described, _Description)
    if description.commits > commits or description.index != described.parent.name:
        raise ValueError(described)
    arrays = checked_arrays.mapped(described.with_suffix(_ARRAYS), description.arrays)
    return description.column, arrays["order"], Laid(**{name: arrays[name] for name in _LAID_ARRAYS})


def _path(folder: Path, column: str, ending: str) -> Path:
    # A column may be called by a custom field, in any letters.
    return folder / f"{_PREFIX}{blake2b(column.encode(), digest_size=8).hexdigest()}{ending}"
