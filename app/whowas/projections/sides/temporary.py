"""A read side in a temporary folder: folded once, looked at, and deleted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from whowas.projections.sides.folders import temporary_prefix
from whowas.projections.sides.read_side import ReadSide
from whowas.projections.tables.source import Source


@contextmanager
def temporary_side(source: Source, through: int | None = None) -> Iterator[ReadSide]:
    """Lay a read side of ``source`` in a temporary folder, and take both away at the end.

    It ends at the position ``through``, where a change ends, or at the head. It has to catch up like any other.
    Raises StoreError.
    """
    with TemporaryDirectory(prefix=temporary_prefix(), ignore_cleanup_errors=True) as folder:
        read_side = ReadSide(source, Path(folder), through=through)
        try:
            yield read_side
        finally:
            read_side.close()
