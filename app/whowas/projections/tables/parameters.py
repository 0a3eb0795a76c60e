"""Asking SQLite for many rows by their keys: no statement may have more than so many parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Sized
from typing import Any, TypeVar

from whowas.projections.tables.arrays import Int32, Int64

AT_ONCE = 500

Keys = TypeVar("Keys", Sequence[Any], Int32, Int64)


def portions(keys: Keys) -> Iterator[Keys]:
    """Yield the keys in their order, as many at a time as a statement may have parameters."""
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]


def marks(keys: Sized) -> str:
    """Return a question mark for each key, to stand between the brackets of ``IN ()``."""
    return ",".join("?" * len(keys))
