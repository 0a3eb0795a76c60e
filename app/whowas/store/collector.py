"""Keeping Python's cyclic garbage collector from looking where there is nothing to find."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

OLD_AT_ONCE = 50_000
"""Of so many new objects the collector takes longer than a frame to look at them, without letting anybody else run."""


@contextmanager
def resting() -> Iterator[None]:
    """Let the collector rest throughout the block.

    What a long transaction makes lives to its end, and the collector would go through all of it again and again:
    measured, an eighth of the time it takes to create 100,000 users. Reference counting goes on as ever. What is
    still there at the end counts as old, for else the collector would go through all of it at once: measured, for
    seconds after 100,000 users were restored, during which no other thread runs.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        if gc.get_count()[0] > OLD_AT_ONCE:
            gc.freeze()
            gc.unfreeze()
        gc.enable()
