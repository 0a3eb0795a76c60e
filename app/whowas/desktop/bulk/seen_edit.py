"""What an edit would change of many users: found in a job, held in few bytes, read again as it is looked at."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whowas.desktop.kit.dialogs.change_preview import Line, line_of
from whowas.desktop.kit.dialogs.lines_table import Fetched
from whowas.domain.bulk_edit import edited
from whowas.domain.directory import Directory
from whowas.domain.errors import RefusedError
from whowas.domain.fields import ATTRIBUTE_PREFIX, counted, shortened
from whowas.domain.progress import Progress, watched
from whowas.domain.sentences import field_changes
from whowas.domain.unique import held_values, taken, unique_fields
from whowas.domain.users import User
from whowas.projections.tables.arrays import Int32, Int64

if TYPE_CHECKING:
    from whowas.desktop.bulk.asked import BulkAsked
    from whowas.desktop.session.bulk_edits import SelectedUsers
    from whowas.desktop.session.session import Session

_UNREAD = Line("…")
_REPORTED_EVERY = 200


@dataclass(frozen=True, slots=True)
class SeenEdit:
    """Which users an edit would change: their row ``numbers``, and ``ends``, how many cells there are up to each.

    ``refused`` counts those for whom a rule says no; ``refusal`` says why of the first of them, "" for none.
    """

    numbers: Int32
    ends: Int64
    refused: int
    refusal: str

    @property
    def users(self) -> int:
        """How many users would change."""
        return len(self.numbers)

    @property
    def cells(self) -> int:
        """How many cells would change."""
        return int(self.ends[-1]) if len(self.ends) else 0


def look(selected: SelectedUsers, asked: BulkAsked, progress: Progress) -> SeenEdit:
    """Find what would change of users. Raises CancelledError, and what reading them raises."""
    groups = asked.directory.names
    changing, cells = array("i"), array("i")
    claimed: set[tuple[str, str]] = set()
    refused, refusal = 0, ""
    numbers = selected.numbers
    seen = zip(numbers, selected.read(), strict=True)
    for number, user in watched(seen, len(numbers), progress, _REPORTED_EVERY):
        try:
            after = edited(user, asked.edit(user), asked.directory)
            _require_unclaimed(user, after, claimed, asked.directory)
        except RefusedError as error:
            refused += 1
            refusal = refusal or _told(user, error)
            continue
        if after is not user and (count := len(field_changes(user, after, groups))):
            changing.append(number)
            cells.append(count)
    progress(len(numbers), len(numbers))
    ends = np.cumsum(np.frombuffer(cells, dtype=np.int32) if cells else np.zeros(0, np.int32), dtype=np.int64)
    found = np.frombuffer(changing, dtype=np.int32) if changing else np.zeros(0, np.int32)
    if refused > 1:
        refusal = f"Not possible for {counted(refused, 'user')}. {refusal}"
    return SeenEdit(found, ends, refused, refusal)


def lines_of_edit(session: Session, seen: SeenEdit, asked: BulkAsked) -> Sequence[Line]:
    """Return a line for each cell that would change, read as it is looked at."""
    epoch, groups = session.shown.index.epoch, asked.directory.names

    def fetch(first: int, beyond: int) -> Sequence[Line] | None:
        if session.shown.index.epoch != epoch:
            return None  # the numbers may mean others by now
        begin = int(np.searchsorted(seen.ends, first, side="right"))
        end = int(np.searchsorted(seen.ends, beyond - 1, side="right")) + 1
        rows = session.reads.rows(seen.numbers[begin:end].tolist())
        if len(rows) < end - begin:
            return None
        states = ((user, edited(user, asked.edit(user), asked.directory)) for user in (row.user for row in rows))
        lines = [line_of(user.name, one) for user, after in states for one in field_changes(user, after, groups)]
        before = int(seen.ends[begin - 1]) if begin else 0
        return lines[first - before : beyond - before]

    return Fetched(seen.cells, fetch, _UNREAD)


def _require_unclaimed(user: User, after: User, claimed: set[tuple[str, str]], directory: Directory) -> None:
    """Raise RefusedError where the same edit gave somebody before the same value of what must be unique."""
    fields = unique_fields(directory)
    known = {(held.space, held.key) for held in held_values(user, fields)}
    fresh = {key: held for held in held_values(after, fields) if (key := (held.space, held.key)) not in known}
    for key, held in fresh.items():
        if key in claimed:
            raise taken(held.field, held.value, directory.fields.get(held.field.removeprefix(ATTRIBUTE_PREFIX), ""))
    claimed.update(fresh)


def _told(user: User, error: RefusedError) -> str:
    name, sentence = shortened(user.name), str(error)
    return sentence if sentence.startswith(f"{name} is ") else f"{name}: {sentence}"
