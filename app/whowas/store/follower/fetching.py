"""Fetching what comes next while what is there is being worked on."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TypeVar

T = TypeVar("T")


def one_ahead(pages: Iterator[T]) -> Generator[T]:
    """Yield what ``pages`` does; the next one is made in a second thread while the one before is used.

    Nothing is being made any more once this is at its end or closed, and what making one raises is raised here. So
    whatever ``pages`` asks may be used otherwise afterwards, but not meanwhile.
    """
    from concurrent.futures import ThreadPoolExecutor  # only for much, which is seldom followed at once

    with ThreadPoolExecutor(1, "fetching ahead") as second:
        coming = second.submit(next, pages, None)
        while (page := coming.result()) is not None:
            coming = second.submit(next, pages, None)
            yield page
