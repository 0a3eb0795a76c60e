"""How long-running work reports its progress."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal, Protocol, TypeVar, runtime_checkable

T = TypeVar("T")

REPORTED_EVERY = 1000

Progress = Callable[[int, int], None]
"""Called with (done, total) now and then; raises CancelledError when the work should stop. A total of 0 is unknown."""


def unwatched(_done: int, _total: int) -> None:
    """Ignore the progress, and never cancel."""


Phase = Literal["reading", "backing up", "comparing", "saving"]
"""What long work, such as an import, does one after the other."""


@runtime_checkable
class _ToldOfPhases(Protocol):
    def __call__(self, done: int, total: int, /) -> None: ...
    def begin_phase(self, phase: Phase | None, *, counts_rows: bool) -> None: ...


def begin_phase(progress: Progress, phase: Phase | None, *, counts_rows: bool = True) -> None:
    """Say what what follows is about, to a progress that can be told; ``counts_rows`` if it will be told of rows.

    None ends a phase behind which something else goes on.
    """
    if progress is not unwatched and isinstance(progress, _ToldOfPhases):  # the latter takes long for a single save
        progress.begin_phase(phase, counts_rows=counts_rows)


def part_of(progress: Progress, part: int, parts: int) -> Progress:
    """Return the progress callback for one of ``parts`` equal parts, counted from 0, that reports to ``progress``."""
    return _Part(progress, part, parts)


class _Part:
    def __init__(self, progress: Progress, part: int, parts: int) -> None:
        self.progress = progress
        self.part = part
        self.parts = parts

    def __call__(self, done: int, total: int) -> None:
        self.progress(self.part * total + done, self.parts * total)

    def begin_phase(self, phase: Phase | None, *, counts_rows: bool) -> None:
        # Parts are taken to be equally long, which rows of several lists are not.
        begin_phase(self.progress, phase, counts_rows=counts_rows and self.parts == 1)


def watched(items: Iterable[T], total: int, progress: Progress, every: int = 0) -> Iterator[T]:
    """Yield ``items``, and report to ``progress`` after ``every`` of them, 0 for the usual. Raises CancelledError."""
    every = every or REPORTED_EVERY
    for count, item in enumerate(items, start=1):
        yield item
        if count % every == 0:
            progress(count, total)
