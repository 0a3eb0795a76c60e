"""Fetching or making what comes next while what is there is being worked on."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")

_TURN_S = 0.0005
"""How long one of both threads may go on in Python while the other waits; ten times as long by itself."""


def one_ahead(pages: Iterator[T]) -> Generator[T]:
    """Yield what ``pages`` does; the next one is made in a second thread while the one before is used.

    Nothing is being made any more once this is at its end or closed, and what making one raises is raised here. So
    whatever ``pages`` asks may be used otherwise afterwards, but not meanwhile.
    """
    from concurrent.futures import ThreadPoolExecutor  # only for much, which seldom comes at once

    with _short_turns(), ThreadPoolExecutor(1, "fetching ahead") as second:
        coming = second.submit(next, pages, None)
        while (page := coming.result()) is not None:
            coming = second.submit(next, pages, None)
            yield page


@contextmanager
def _short_turns() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(min(before, _TURN_S))
    try:
        yield
    finally:
        sys.setswitchinterval(before)
