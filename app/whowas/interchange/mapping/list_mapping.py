"""How the columns of one list become fields of users, and what was not understood."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from whowas.domain.users import Status
from whowas.interchange.reading.table import Row, Table
from whowas.interchange.user_record import Record

Blank = Literal["keep", "clear"]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person says about the columns of a list; everything else is recognised.

    ``fields`` maps titles to one of our names, ``attributes.NAME`` or None (left out); ``statuses`` maps words to
    statuses; ``name`` is that of a saved mapping. ``blank`` says what an empty cell does to a user who is there.
    """

    fields: Mapping[str, str | None] = field(default_factory=dict)
    statuses: Mapping[str, Status] = field(default_factory=dict)
    blank: Blank = "keep"
    name: str = ""


@dataclass(frozen=True, slots=True)
class ListRow:
    """What one row says of one user: its place in the file, and the fields given.

    ``columns`` maps names of fields (custom ones behind ATTRIBUTE_PREFIX) to columns, from 1.
    """

    line: int
    raw: str
    record: Record
    columns: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class UnusableRow:
    """A row that says nothing that can be taken: the field at fault or "", its column from 1 or 0, and a sentence.

    ``rest`` is the row without that field, where the field may be left out: neither the status nor a key.
    """

    line: int
    raw: str
    field: str
    column: int
    reason: str
    rest: ListRow | None = None


@dataclass(frozen=True, slots=True)
class ListMapping:
    """The mapping of one table.

    ``source`` names the list across imports: the saved mapping's name, else what its set of titles comes to.
    ``product`` is whose export was recognised, or "". ``becomes`` maps each title to the fields it gives (none: left
    out), in order; ``left_out`` are the titles that nobody asked to leave out; ``said`` are sentences for people about
    what was recognised or supposed. ``own`` says that it is our own export.
    ``row`` turns a row into what it says.
    """

    source: str
    product: str
    own: bool
    becomes: tuple[tuple[str, tuple[str, ...]], ...]
    left_out: tuple[str, ...]
    said: tuple[str, ...]
    row: Callable[[Row], ListRow | UnusableRow]


def map_list(table: Table, chosen: Chosen) -> ListMapping:
    """Return the mapping of a table. Raises RefusedError where nothing names a person, or two titles one field."""
    raise NotImplementedError
