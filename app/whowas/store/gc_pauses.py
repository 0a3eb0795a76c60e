"""Pausing Python's cyclic garbage collector while it would find nothing, and freeing large collections in pieces."""

from __future__ import annotations

import gc
from typing import Any, assert_never

PIECE = 500
"""How many items are freed at once: other threads wait while Python frees what one statement releases."""

OLD_AT_ONCE = 50_000
"""With more new objects than this, a collection takes longer than a frame, and no other thread runs meanwhile."""


class gc_paused:  # noqa: N801 (named like contextlib's own)
    """Pause the cyclic collector for the block.

    The objects of a long transaction live until its end, and the collector would scan all of them again and again:
    measured, an eighth of the time it takes to create 100,000 users. Reference counting goes on as usual. Objects that
    survive the block are marked as old, because otherwise the collector would scan all of them at once afterwards:
    measured, for seconds after 100,000 users were restored, during which no other thread runs.
    """

    __slots__ = ("_was_enabled",)

    def __enter__(self) -> None:
        self._was_enabled = gc.isenabled()
        gc.disable()

    def __exit__(self, *error: object) -> None:
        if self._was_enabled:
            if gc.get_count()[0] > OLD_AT_ONCE:
                gc.freeze()
                gc.unfreeze()
            gc.enable()


def freeze_existing() -> None:
    """Exclude all objects that exist now from collection, until ``unfreeze``.

    With millions of long-lived objects, each full collection would stop all threads for seconds.
    """
    gc.freeze()


def unfreeze() -> None:
    """Include all objects in collection again."""
    gc.unfreeze()


def let_go(*many: list[Any] | dict[Any, Any] | set[Any]) -> None:
    """Empty large collections piece by piece, so that other threads can run in between."""
    for collection in many:
        if len(collection) <= PIECE:
            if collection:
                collection.clear()
            continue
        match collection:
            case list():
                while collection:
                    del collection[-PIECE:]
            case dict():
                while collection:
                    collection.popitem()
            case set():
                while collection:
                    collection.pop()
            case _:
                assert_never(collection)
