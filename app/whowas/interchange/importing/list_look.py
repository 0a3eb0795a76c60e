"""What a list looks like before anything is decided: its titles with what they become, its words of status, its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from whowas.domain.progress import Progress, unwatched
from whowas.domain.users import Status
from whowas.interchange.importing.list_input import ListInput
from whowas.interchange.reading.table import Detected


@dataclass(frozen=True, slots=True)
class ColumnLook:
    """One column: its title, its first two values that are not blank, and the names of the fields that it gives.

    ``becomes`` is empty where it is left out. Custom fields are behind ATTRIBUTE_PREFIX.
    """

    title: str
    values: tuple[str, ...]
    becomes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordLook:
    """One word of a column that says the status, in how many rows it stands, and what it is taken for; None: unknown.

    "" is a blank cell.
    """

    word: str
    rows: int
    status: Status | None


@dataclass(frozen=True, slots=True)
class ListLook:
    """One list: what people call its file, how it is read, how many rows it has below the titles, ``blank`` of them
    without any value, and what its columns and words of status come to.

    ``product`` is whose export was recognised, or "". ``occurred_at`` (UTC µs) is when it was true, None for now.
    """

    name: str
    detected: Detected
    product: str
    rows: int
    blank: int
    columns: tuple[ColumnLook, ...]
    words: tuple[WordLook, ...]
    said: tuple[str, ...]
    occurred_at: int | None = None


def look_at(inputs: Sequence[ListInput], progress: Progress = unwatched) -> tuple[ListLook, ...]:
    """Return what each list looks like; all rows are read once. Raises CancelledError, StoreError, UnreadableError."""
    raise NotImplementedError
