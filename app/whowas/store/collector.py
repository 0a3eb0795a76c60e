"""Keeping Python's cyclic garbage collector from looking where there is nothing to find."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def resting() -> Iterator[None]:
    """Let the collector rest throughout the block.

    What a long transaction makes lives to its end, and the collector would go through all of it again and again:
    measured, an eighth of the time it takes to create 100,000 users. Reference counting goes on as ever.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
