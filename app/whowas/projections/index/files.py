"""Keeping the version index on disk, to be mapped into memory at the next start instead of built."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

import msgspec

from whowas.domain.directory import Directory
from whowas.domain.named_moments import NamedMoment
from whowas.projections.index import checked_arrays
from whowas.projections.index.census import Census
from whowas.projections.index.checked_arrays import Array, Contents, DamagedArraysError
from whowas.projections.index.steps import Steps
from whowas.projections.index.version_index import Laid, VersionIndex
from whowas.projections.tables.epoch import Epoch
from whowas.system import folders
from whowas.system.unfinished import unfinished_at

FORMAT = 10

_ROW_ARRAYS = ("numbers", "users", "begins", "ends", "contents", "statuses", "groupsets")
_STEP_ARRAYS = ("numbers", "occurred_at", "first_position", "created", "changed", "removed")
_CENSUS_ARRAYS = ("began", "ended")
_LAID_ARRAYS = ("numbers", "begins", "ends")
_PREFIX = "index-"
_DESCRIPTION = "index.json"
_ARRAYS = "arrays.bin"


class _Description(msgspec.Struct):
    """All but the arrays; ``commits`` is the count of the read model's that the index was made at."""

    format: int
    epoch: Epoch
    commits: int
    columns: list[str]
    memberships: list[list[str]]
    directories: list[tuple[int, int, list[str], dict[str, str], dict[str, str], dict[str, NamedMoment]]]
    arrays: Contents


class _Sealed(msgspec.Struct):
    """What is in a file, and a digest of it."""

    digest: str
    content: msgspec.Raw


def save(index: VersionIndex, folder: Path, commits: int) -> None:
    """Write ``index``, made at that count of commits, below ``folder``, replacing what was kept there, whole or not.

    Raises OSError, for example on a full disk; what was kept before then still stands.
    """
    name = f"{_named(index.epoch)}{index.now}-{len(index.numbers)}-{len(index.orders)}"
    if (folder / name).exists():
        return
    with unfinished_at(folder / name) as new:
        _write(index, new, commits)
        new.rename(folder / name)
    for older in folder.glob(f"{_PREFIX}*"):
        if older.name != name:
            shutil.rmtree(older, ignore_errors=True)


def _write(index: VersionIndex, unfinished: Path, commits: int) -> None:
    unfinished.mkdir(mode=0o700)
    with _opened(unfinished / _ARRAYS) as file:
        contents = checked_arrays.write(file, _arrays_of(index))
    described = msgspec.json.encode(_described(index, commits, contents))
    with _opened(unfinished / _DESCRIPTION) as file:
        file.write(msgspec.json.encode(_Sealed(_digest(described), msgspec.Raw(described))))


def load(folder: Path, epoch: Epoch, commits: int) -> VersionIndex | None:
    """Return the index kept below ``folder`` if it is of that epoch and as it was written, else None.

    ``commits`` is the count that the read model had before it was brought up to the log now: an index of later ones
    is not of these rows. What cannot be used is deleted.
    """
    for kept in folder.glob(f"{_named(epoch)}*"):
        try:
            index = _loaded(kept, epoch, commits)
        except (OSError, ValueError, DamagedArraysError, msgspec.DecodeError):
            index = None
        if index is not None:
            return index
        shutil.rmtree(kept, ignore_errors=True)
    return None


def _loaded(kept: Path, epoch: Epoch, commits: int) -> VersionIndex | None:
    sealed = msgspec.json.decode((kept / _DESCRIPTION).read_bytes(), type=_Sealed)
    if _digest(sealed.content) != sealed.digest:
        return None
    description = msgspec.json.decode(sealed.content, type=_Description)
    if description.format != FORMAT or description.epoch != epoch or description.commits > commits:
        return None
    arrays = checked_arrays.mapped(kept / _ARRAYS, description.arrays)
    return VersionIndex(
        epoch=epoch,
        steps=Steps(**{name: arrays[f"step-{name}"] for name in _STEP_ARRAYS}),
        memberships=tuple(frozenset(groups) for groups in description.memberships),
        census=Census(**{name: arrays[f"census-{name}"] for name in _CENSUS_ARRAYS}),
        orders={column: arrays[f"order-{column}"] for column in description.columns},
        directories=tuple(
            (begins, Directory(version, tuple(fields), groups, deleted, moments))
            for begins, version, fields, groups, deleted, moments in description.directories
        ),
        laid={
            column: Laid(**{name: arrays[f"laid-{name}-{column}"] for name in _LAID_ARRAYS})
            for column in description.columns
        },
        **{name: arrays[f"row-{name}"] for name in _ROW_ARRAYS},
    )


def _described(index: VersionIndex, commits: int, contents: Contents) -> _Description:
    return _Description(
        FORMAT,
        index.epoch,
        commits,
        list(index.orders),
        [sorted(groups) for groups in index.memberships],
        [
            (
                begins,
                state.version,
                list(state.fields),
                dict(state.groups),
                dict(state.deleted_groups),
                dict(state.moments),
            )
            for begins, state in index.directories
        ],
        contents,
    )


def _arrays_of(index: VersionIndex) -> Mapping[str, Array]:
    return {
        **{f"row-{name}": getattr(index, name) for name in _ROW_ARRAYS},
        **{f"step-{name}": getattr(index.steps, name) for name in _STEP_ARRAYS},
        **{f"census-{name}": getattr(index.census, name) for name in _CENSUS_ARRAYS},
        **{f"order-{column}": order for column, order in index.orders.items()},
        **{
            f"laid-{name}-{column}": getattr(laid, name) for column, laid in index.laid.items() for name in _LAID_ARRAYS
        },
    }


def _named(epoch: Epoch) -> str:
    return f"{_PREFIX}{epoch.ordering_epoch}-{epoch.erasure_count}-"


def _digest(content: bytes | msgspec.Raw) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def _opened(path: Path) -> BinaryIO:
    return open(path, "xb", opener=folders.for_its_owner)
