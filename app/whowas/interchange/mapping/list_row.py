"""What one row of a list says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from whowas.interchange.user_record import Record


class ListRow(NamedTuple):
    """What one row says of one user: its place in the file, and the fields given.

    A named tuple, because every row makes two.
    ``columns`` maps names of fields (custom ones behind ATTRIBUTE_PREFIX) to columns, from 1.
    """

    line: int
    raw: str
    record: Record
    columns: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class UnusableRow:
    """A row that says nothing that can be taken: the field at fault or "", its column from 1 or 0, and a sentence.

    ``advice`` says which option of the command line answers it, or is "".

    ``rest`` is the row without that field, where the field may be left out: neither the status nor a key. Where it may
    not, ``known`` is what else the row says, by which to know whom it is about.
    """

    line: int
    raw: str
    field: str
    column: int
    reason: str
    rest: ListRow | None = None
    known: ListRow | None = None
    advice: str = ""
