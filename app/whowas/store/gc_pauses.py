"""Keeping Python's cyclic garbage collector from looking where there is nothing to find, and freeing in pieces."""

from __future__ import annotations

import gc
from typing import Any

PIECE = 500
"""So many things are freed at once; what is freed by one step of Python keeps every other thread waiting."""

OLD_AT_ONCE = 50_000
"""Of so many new objects the collector takes longer than a frame to look at them, without letting anybody else run."""


class resting:  # noqa: N801 (named like contextlib's own)
    """Let the collector rest throughout the block.

    What a long transaction makes lives to its end, and the collector would go through all of it again and again:
    measured, an eighth of the time it takes to create 100,000 users. Reference counting goes on as ever. What is
    still there at the end counts as old, for else the collector would go through all of it at once: measured, for
    seconds after 100,000 users were restored, during which no other thread runs.
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


def set_aside() -> None:
    """Have the collector never look at what there is by now, until ``take_back``.

    Where millions of objects are kept for long, each look would stop all threads for seconds.
    """
    gc.freeze()


def take_back() -> None:
    """Let the collector look at everything again."""
    gc.unfreeze()


def let_go(*many: list[Any] | dict[Any, Any]) -> None:
    """Empty large collections piece by piece, so that other threads can go on meanwhile."""
    for collection in many:
        while collection:
            if isinstance(collection, list):
                del collection[-PIECE:]
            else:
                for _ in range(min(PIECE, len(collection))):
                    collection.popitem()
