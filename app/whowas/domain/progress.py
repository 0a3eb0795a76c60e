"""How long-running work reports its progress."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

REPORTED_EVERY = 1000

Progress = Callable[[int, int], None]
"""Called with (done, total) now and then; raises CancelledError when the work should stop. A total of 0 is unknown."""


def unwatched(_done: int, _total: int) -> None:
    """Ignore the progress, and never cancel."""


def part_of(progress: Progress, part: int, parts: int) -> Progress:
    """Return the progress callback for one of ``parts`` equal parts, counted from 0, that reports to ``progress``."""
    return lambda done, total: progress(part * total + done, parts * total)


def watched(items: Iterable[T], total: int, progress: Progress, every: int = 0) -> Iterator[T]:
    """Yield ``items``, and report to ``progress`` after ``every`` of them, 0 for the usual. Raises CancelledError."""
    every = every or REPORTED_EVERY
    for count, item in enumerate(items, start=1):
        yield item
        if count % every == 0:
            progress(count, total)
