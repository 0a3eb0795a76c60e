"""What became of each row of an import, or would become of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

What = Literal["created", "changed", "unchanged", "similar", "missing", "refused", "left_out"]
WHATS: tuple[What, ...] = ("created", "changed", "unchanged", "similar", "missing", "refused", "left_out")

Value = str | tuple[str, ...] | None
"""A field's text, the names of groups in order, or None for empty."""


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of one row, or of one user who is missing from the files (``line`` 0, ``file`` "").

    ``line`` and ``column`` count from 1; ``column`` is the cell of a row, or the character in a line of JSON, and 0
    where the whole row is meant. ``user_id`` and ``name`` are of the user whom the row is about, empty where that is
    nobody; ``changes`` maps fields (custom ones by ``attribute:NAME``) to (old, new). ``field`` and ``reason`` say why
    it was not taken, or, where ``taken_without_field``, only without that field; then ``raw`` is the row as it stood.
    What refuses the whole import, such as too many who are missing, is ``refused`` with ``line`` 0. ``advice`` says
    which option of the command line answers it, or is empty. ``perhaps`` are the ids of users whom a ``similar`` row
    may be about. ``occurred_at`` (UTC µs) is when the list was true, None for now.
    """

    file: str
    line: int
    what: What
    user_id: str = ""
    name: str = ""
    changes: Mapping[str, tuple[Value, Value]] = field(default_factory=dict)
    column: int = 0
    field: str = ""
    reason: str = ""
    raw: str = ""
    taken_without_field: bool = False
    advice: str = ""
    perhaps: tuple[str, ...] = ()
    occurred_at: int | None = None


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What became of an import: its rows in the order of the files, then who is missing.

    ``counts`` has every WHATS; ``deleted`` and ``suspended`` are how many of the missing that was done to; ``events``
    is what all comes to in the log. ``left_out`` are titles nobody asked to leave out, ``fields`` and ``groups`` the
    new ones, ``said`` what was recognised or supposed, as sentences, and ``advice`` maps some of them to what the
    command line adds, as it names options. ``readable`` says whether all files could be read to their ends,
    ``accepted`` whether the import is taken, ``written`` whether the log has it now. ``header`` is the line that a file
    of refused rows begins with, or "". ``digests`` has a number for each of ``rows``, of what was
    decided and of the user's version it met; where that differs from a preview, because the directory was changed
    since, ``decided_again`` lists the numbers of these rows, from 0, and nothing is written. ``in_part`` counts the
    rows that are taken without one field. ``change_id`` is that of what was written, or "".
    """

    rows: Sequence[RowOutcome]
    counts: Mapping[What, int]
    suspended: int
    deleted: int
    events: int
    left_out: tuple[str, ...]
    fields: tuple[str, ...]
    groups: tuple[str, ...]
    said: tuple[str, ...]
    readable: bool
    accepted: bool
    written: bool
    header: str
    digests: Sequence[int] = ()
    decided_again: tuple[int, ...] = ()
    in_part: int = 0
    change_id: str = ""
    advice: Mapping[str, str] = field(default_factory=dict)


def differing(digests: Sequence[int], before: Sequence[int]) -> tuple[int, ...]:
    """Return the numbers, from 0, of what was decided otherwise than in a preview; what is gone counts at the end."""
    changed = [number for number, (one, other) in enumerate(zip(digests, before, strict=False)) if one != other]
    return (*changed, *range(min(len(digests), len(before)), max(len(digests), len(before))))
