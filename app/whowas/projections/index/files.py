"""Keeping the version index on disk, to be mapped into memory at the next start instead of built."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from whowas.domain.directory import Directory
from whowas.projections.index import checked_arrays, order_files, sealed
from whowas.projections.index.census import Census
from whowas.projections.index.checked_arrays import Array, Contents, DamagedArraysError
from whowas.projections.index.order_names import is_current
from whowas.projections.index.steps import Steps
from whowas.projections.index.version_index import DEFAULT_ORDER, VersionIndex
from whowas.projections.tables.epoch import Epoch
from whowas.system.unfinished import unfinished_at

FORMAT = 14

_ROW_ARRAYS = ("numbers", "users", "begins", "ends", "contents", "statuses", "groupsets")
_STEP_ARRAYS = ("numbers", "occurred_at", "first_position", "created", "changed", "removed")
_CENSUS_ARRAYS = ("began", "ended")
_PREFIX = "index-"
_DESCRIPTION = "index.json"
_ARRAYS = "arrays.bin"


class _Description(msgspec.Struct):
    """All but the arrays; ``commits`` is the count of the read model's that the index was made at."""

    format: int
    epoch: Epoch
    commits: int
    memberships: list[list[str]]
    directories: list[tuple[int, Directory]]
    arrays: Contents


def save(index: VersionIndex, folder: Path, commits: int) -> None:
    """Write ``index``, made at that count of commits, below ``folder``, replacing what was kept there, whole or not.

    Raises OSError, for example on a full disk, or DamagedArraysError; what was kept before then still stands.
    """
    kept = _place(index, folder)
    if kept.exists():
        for name in _current_orders(index):
            if not order_files.is_in(kept, name):
                order_files.add(index, name, kept, commits)
        return
    with unfinished_at(kept) as new:
        _write(index, new, commits)
        new.rename(kept)
    for older in folder.glob(f"{_PREFIX}*"):
        if older.name != kept.name:
            shutil.rmtree(older, ignore_errors=True)


def with_order_mapped(index: VersionIndex, column: str, folder: Path, commits: int) -> VersionIndex:
    """Return ``index`` with its sort order by ``column`` in a file and mapped, as it is where it is not kept itself.

    Raises OSError, for example on a full disk, or DamagedArraysError.
    """
    kept = _place(index, folder)
    return order_files.add(index, column, kept, commits) if kept.exists() else index


def _write(index: VersionIndex, unfinished: Path, commits: int) -> None:
    unfinished.mkdir(mode=0o700)
    with sealed.opened(unfinished / _ARRAYS) as file:
        contents = checked_arrays.write(file, _arrays_of(index))
    sealed.write(unfinished / _DESCRIPTION, _described(index, commits, contents))
    for name in _current_orders(index):
        order_files.write(index, name, unfinished, commits, unfinished.name)


def load(folder: Path, epoch: Epoch, commits: int) -> VersionIndex | None:
    """Return the index kept below ``folder`` if it is of that epoch and as it was written, else None.

    ``commits`` is the count that the read model had before it was brought up to the log now: an index of later ones
    is not of these rows. What cannot be used is deleted.
    """
    for kept in folder.glob(f"{_named(epoch)}*"):
        try:
            index = _loaded(kept, epoch, commits)
        except (OSError, ValueError, DamagedArraysError):
            index = None
        if index is not None:
            return index
        shutil.rmtree(kept, ignore_errors=True)
    return None


def _loaded(kept: Path, epoch: Epoch, commits: int) -> VersionIndex | None:
    description = sealed.read(kept / _DESCRIPTION, _Description)
    if description.format != FORMAT or description.epoch != epoch or description.commits > commits:
        return None
    latest = description.directories[-1][1] if description.directories else Directory()
    orders = {
        name: (order, laid) for name, order, laid in order_files.kept_in(kept, commits) if is_current(name, latest)
    }
    if DEFAULT_ORDER not in orders:
        return None
    arrays = checked_arrays.mapped(kept / _ARRAYS, description.arrays)
    rows: dict[str, Any] = {name: arrays[f"row-{name}"] for name in _ROW_ARRAYS}
    index = VersionIndex(
        epoch=epoch,
        steps=Steps(**{name: arrays[f"step-{name}"] for name in _STEP_ARRAYS}),
        memberships=tuple(frozenset(groups) for groups in description.memberships),
        census=Census(**{name: arrays[f"census-{name}"] for name in _CENSUS_ARRAYS}),
        orders={column: order for column, (order, _) in orders.items()},
        laid={column: laid for column, (_, laid) in orders.items()},
        directories=tuple(description.directories),
        **rows,
    )
    # Whole arrays of another state are no good either: the sort orders beside them are of this one.
    return index if _place(index, kept.parent) == kept else None


def _described(index: VersionIndex, commits: int, contents: Contents) -> _Description:
    return _Description(
        FORMAT,
        index.epoch,
        commits,
        [sorted(groups) for groups in index.memberships],
        [*index.directories],
        contents,
    )


def _current_orders(index: VersionIndex) -> list[str]:
    latest = index.latest_directory()
    return [name for name in index.orders if is_current(name, latest)]


def _arrays_of(index: VersionIndex) -> Mapping[str, Array]:
    return {
        **{f"row-{name}": getattr(index, name) for name in _ROW_ARRAYS},
        **{f"step-{name}": getattr(index.steps, name) for name in _STEP_ARRAYS},
        **{f"census-{name}": getattr(index.census, name) for name in _CENSUS_ARRAYS},
    }


def _place(index: VersionIndex, folder: Path) -> Path:
    return folder / f"{_named(index.epoch)}{index.now}-{len(index.numbers)}"


def _named(epoch: Epoch) -> str:
    return f"{_PREFIX}{epoch.ordering_epoch}-{epoch.erasure_count}-"
