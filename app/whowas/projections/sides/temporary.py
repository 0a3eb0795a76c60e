"""A read side in a temporary folder: folded once, looked at, and deleted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from whowas.projections.sides.cache_sentences import cache_sentences_for
from whowas.projections.sides.folders import temporary_folder
from whowas.projections.sides.read_side import ReadSide
from whowas.projections.tables.source import EventSource


@contextmanager
def temporary_side(source: EventSource, through: int | None = None) -> Iterator[ReadSide]:
    """Lay a read side of ``source`` in a temporary folder, and take both away at the end.

    It ends at the position ``through``, where a change ends, or at the head. It has to catch up like any other.
    Raises StoreError.
    """
    with cache_sentences_for(source.path):
        folder = temporary_folder()
    try:
        with closing(ReadSide(source, folder.path, through=through)) as read_side:
            yield read_side
    finally:
        folder.remove()
