"""Errors of the cache are told as such, never as damage to the directory."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest

from whowas.domain.errors import DamagedError, StoreError
from whowas.projections.sides.cache_sentences import cache_sentences_for

STAFF = Path("staff.whowas")


def failing(code: int) -> Exception:
    return apsw.exception_for(code)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (apsw.SQLITE_BUSY, "cache of “staff.whowas” is in use by another program"),
        (apsw.SQLITE_CORRUPT, "cache of “staff.whowas” cannot be used"),
        (apsw.SQLITE_FULL, "disk is full, so what is shown of “staff.whowas” cannot"),
    ],
)
def test_what_the_driver_says_of_the_cache_is_no_damage_to_the_directory(code: int, says: str) -> None:
    with pytest.raises(StoreError, match=says) as caught, cache_sentences_for(STAFF):
        raise failing(code)
    assert not isinstance(caught.value, DamagedError)


def test_what_the_system_says_comes_after_what_it_means() -> None:
    with pytest.raises(StoreError) as caught, cache_sentences_for(STAFF):
        raise OSError(30, "Read-only file system")
    told = "The cache of “staff.whowas” cannot be used, so what is shown of it cannot be brought up to date."
    assert str(caught.value) == f"{told} Read-only file system."


def test_a_sentence_about_the_directory_and_a_bug_pass() -> None:
    for error in (DamagedError("The directory is damaged."), failing(apsw.SQLITE_CONSTRAINT)):
        with pytest.raises(type(error)) as caught, cache_sentences_for(STAFF):
            raise error
        assert caught.value is error
