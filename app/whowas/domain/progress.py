"""How long work tells how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

REPORTED_EVERY = 1000

Progress = Callable[[int, int], None]
"""Called with (done, total) now and then; raises CancelledError when the work should stop. Total 0 is unknown."""


def unwatched(_done: int, _total: int) -> None:
    """Report to nobody."""


def part_of(progress: Progress, part: int, parts: int) -> Progress:
    """Return what the work of one of some equal parts, counted from 0, tells how far it is."""
    return lambda done, total: progress(part * total + done, parts * total)


def watched(items: Iterable[T], total: int, progress: Progress) -> Iterator[T]:
    """Hand ``items`` on, and tell ``progress`` of every thousandth. Raises CancelledError."""
    for count, item in enumerate(items, start=1):
        yield item
        if count % REPORTED_EVERY == 0:
            progress(count, total)
