"""Since when lists are true, by the names of their files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date


def date_in_name(name: str) -> date | None:
    """Return the day that a file's name says, the first one of a month, quarter or year; None where it is not clear."""
    raise NotImplementedError


def moment_of(day: date) -> int:
    """Return the local midnight with which a day begins, in UTC microseconds."""
    raise NotImplementedError


def dated(names: Iterable[str]) -> Mapping[str, int]:
    """Return since when each list is true (UTC µs), by the date in its file's name.

    Raises RefusedError with one sentence that names the files whose dates cannot be read, are the same, or are still
    to come.
    """
    raise NotImplementedError
