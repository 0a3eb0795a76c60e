"""Fetching ahead: the same pages, the next one while the one before is used, and nothing after it is closed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from sys import getswitchinterval, setswitchinterval
from threading import Event, get_ident

import pytest

from whowas.domain.errors import StoreError
from whowas.store.one_ahead import one_ahead


def test_yields_every_page_in_order() -> None:
    assert list(one_ahead(iter([[1, 2], [3], [4, 5]]))) == [[1, 2], [3], [4, 5]]
    assert list(one_ahead(iter(()))) == []


def test_the_next_page_is_made_while_the_one_before_is_used() -> None:
    begun = Event()

    def pages() -> Iterator[int]:
        yield get_ident()
        begun.set()
        yield get_ident()

    before = getswitchinterval()
    try:
        setswitchinterval(0.005)  # Python's own; a window, which another test may have opened, has a shorter one
        with closing(one_ahead(pages())) as fetched:
            assert next(fetched) != get_ident()
            assert begun.wait(10), "the second page is only made when it is asked for"
            assert getswitchinterval() < 0.005
        assert getswitchinterval() == 0.005
    finally:
        setswitchinterval(before)


def test_what_making_a_page_raises_is_raised_after_the_pages_before_it() -> None:
    def pages() -> Iterator[int]:
        yield 1
        raise StoreError("The connection was lost.")

    fetched = one_ahead(pages())
    assert next(fetched) == 1
    with pytest.raises(StoreError, match="lost"):
        next(fetched)


def test_once_closed_nothing_is_being_made_and_nothing_is_made_any_more() -> None:
    made = []

    def pages() -> Iterator[int]:
        for number in range(5):
            if number == 1:
                time.sleep(0.1)
            made.append(number)
            yield number

    with closing(one_ahead(pages())) as fetched:
        next(fetched)
    assert made == [0, 1]
