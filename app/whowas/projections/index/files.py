"""Keeping the version index on disk, to be mapped into memory at the next start instead of built."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import numpy as np

from whowas.domain.directory import Directory
from whowas.domain.named_moments import NamedMoment
from whowas.projections.index.census import Census
from whowas.projections.index.steps import Steps
from whowas.projections.index.version_index import Laid, VersionIndex
from whowas.projections.tables.epoch import Epoch
from whowas.system import folders
from whowas.system.unfinished import unfinished_at

FORMAT = 7

_ROW_ARRAYS = ("numbers", "users", "begins", "ends", "contents", "statuses", "groupsets")
_STEP_ARRAYS = ("numbers", "occurred_at", "first_position", "created", "changed", "removed")
_CENSUS_ARRAYS = ("began", "ended")
_LAID_ARRAYS = ("numbers", "begins", "ends")
_PREFIX = "index-"


class _Description(msgspec.Struct):
    format: int
    epoch: Epoch
    columns: list[str]
    memberships: list[list[str]]
    directories: list[tuple[int, int, list[str], dict[str, str], dict[str, str], dict[str, NamedMoment]]]


def save(index: VersionIndex, folder: Path) -> None:
    """Write ``index`` below ``folder``, replacing what was kept there, whole or not at all.

    Raises OSError, for example on a full disk; what was kept before then still stands.
    """
    name = f"{_named(index.epoch)}{index.now}-{len(index.numbers)}-{len(index.orders)}"
    if (folder / name).exists():
        return
    with unfinished_at(folder / name) as new:
        _write(index, new)
        new.rename(folder / name)
    for older in folder.glob(f"{_PREFIX}*"):
        if older.name != name:
            shutil.rmtree(older, ignore_errors=True)


def _write(index: VersionIndex, unfinished: Path) -> None:
    unfinished.mkdir(mode=0o700)
    for array in _ROW_ARRAYS:
        _save(unfinished / f"row-{array}.npy", getattr(index, array))
    for array in _STEP_ARRAYS:
        _save(unfinished / f"step-{array}.npy", getattr(index.steps, array))
    for array in _CENSUS_ARRAYS:
        _save(unfinished / f"census-{array}.npy", getattr(index.census, array))
    for number, order in enumerate(index.orders.values()):
        _save(unfinished / f"order-{number}.npy", order)
    for number, laid in enumerate(index.laid.values()):
        for array in _LAID_ARRAYS:
            _save(unfinished / f"laid-{number}-{array}.npy", getattr(laid, array))
    description = _Description(
        FORMAT,
        index.epoch,
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
    )
    with _opened(unfinished / "index.json") as file:
        file.write(msgspec.json.encode(description))


def load(folder: Path, epoch: Epoch) -> VersionIndex | None:
    """Return the index kept below ``folder`` if it is of that epoch and whole, else None.

    Its arrays are read from disk only where they are looked at.
    """
    for kept in folder.glob(f"{_named(epoch)}*"):
        try:
            return _loaded(kept, epoch)
        except (OSError, ValueError, EOFError, msgspec.DecodeError):
            continue
    return None


def _loaded(kept: Path, epoch: Epoch) -> VersionIndex | None:
    description = msgspec.json.decode((kept / "index.json").read_bytes(), type=_Description)
    if description.format != FORMAT or description.epoch != epoch:
        return None
    rows = {array: _mapped(kept / f"row-{array}.npy") for array in _ROW_ARRAYS}
    return VersionIndex(
        epoch=epoch,
        steps=Steps(**{array: _mapped(kept / f"step-{array}.npy") for array in _STEP_ARRAYS}),
        memberships=tuple(frozenset(groups) for groups in description.memberships),
        census=Census(**{array: _mapped(kept / f"census-{array}.npy") for array in _CENSUS_ARRAYS}),
        orders={column: _mapped(kept / f"order-{number}.npy") for number, column in enumerate(description.columns)},
        directories=tuple(
            (begins, Directory(version, tuple(fields), groups, deleted, moments))
            for begins, version, fields, groups, deleted, moments in description.directories
        ),
        laid={
            column: Laid(**{array: _mapped(kept / f"laid-{number}-{array}.npy") for array in _LAID_ARRAYS})
            for number, column in enumerate(description.columns)
        },
        **rows,
    )


def _named(epoch: Epoch) -> str:
    return f"{_PREFIX}{epoch.ordering_epoch}-{epoch.erasure_count}-"


def _save(path: Path, array: np.ndarray[Any, Any]) -> None:
    with _opened(path) as file:
        np.save(file, array)


def _opened(path: Path) -> BinaryIO:
    return open(path, "xb", opener=folders.for_its_owner)


def _mapped(path: Path) -> Any:
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
