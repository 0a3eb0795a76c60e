"""The rows of a batch that wait to be written, and the numbers that they are given."""

from __future__ import annotations

from sys import getsizeof
from typing import Any

import apsw

from whowas.domain.causation import ImportOf, to_text
from whowas.projections.tables import row_codec, schema
from whowas.projections.tables.latest_users import ACTOR, ATTRIBUTES, BEGINS, NUMBER, LatestUsers, Row
from whowas.projections.tables.stale import StaleReadModelError
from whowas.store.gc_pauses import let_go
from whowas.store.recorded_event import RecordedEvent

HELD_BYTES = 32_000_000
"""When rows that wait, and may have long texts, take more bytes, they are written."""

LONG_ROW = 4_000
"""A user whose row takes more bytes is not held once it is written."""

_ROWS_AT_ONCE = 1_000
"""So few rows are still in the processor's cache when they are written."""

# Events are folded by the thousand: SQL, which peewee would make again for every row.
_INSERT_STEP = schema.insertion(schema.StepTable)
_INSERT_VERSION = schema.insertion(schema.VersionRowTable)
_INSERT_CHANGE = schema.insertion(schema.ChangeTable)
_INSERT_USER = schema.insertion(schema.UserTable)

_LAST_NUMBERS = """
SELECT max(coalesce((SELECT max(number) FROM version_row), 0), coalesce((SELECT max(number) FROM search_text), 0)),
    coalesce((SELECT max(number) FROM user), 0), coalesce((SELECT max(number) FROM change), 0),
    coalesce((SELECT max(number) FROM step), 0)
"""

Counts = tuple[int, int, int, int, int, int]
"""The columns of StepTable from ``created`` on."""


class WaitingRows:
    """Rows that wait, numbered on from those in the tables; ``change`` and ``step`` are the last numbers given.

    ``made`` counts the version rows; ``is_large`` says that some were written because their texts are long.
    """

    def __init__(self, connection: apsw.Connection, latest_users: LatestUsers) -> None:
        self.connection = connection
        self._latest_users = latest_users
        self._latest = latest_users.rows
        self._changes: list[tuple[Any, ...]] = []
        self._steps: list[tuple[Any, ...]] = []
        self._users: list[tuple[int, str]] = []
        self._rows: list[Row] = []
        self._long: set[str] = set()
        self._held_bytes = self.made = 0
        self.is_large = False
        (last,) = connection.execute(_LAST_NUMBERS)
        self._row, self._user, self.change, self.step = (int(number) for number in last)
        self._written = self._row

    def add_change(self, first: RecordedEvent, last_position: int) -> None:
        """Add the change that begins with ``first``."""
        position, _, _, recorded_at, _, actor, change_id, _, causation, _ = first
        self.change += 1
        if causation is None:
            self._changes.append((self.change, change_id, actor, recorded_at, position, last_position, None))
            return
        # The events of an import may name other actors than who took it in.
        author = (causation.by if isinstance(causation, ImportOf) else None) or actor
        row = self.change, change_id, author, recorded_at, position, last_position, to_text(causation)
        self._changes.append(row)

    def add_alone(self, only: RecordedEvent, counts: Counts) -> int:
        """Add a change whose only event is a step by itself, and return the number of the step."""
        position, _, _, _, occurred_at, actor, _, _, _, _ = only
        self.add_change(only, position)
        self.step += 1
        self._steps.append((self.step, self.change, occurred_at, position, actor, *counts))
        return self.step

    def add_step(self, first: RecordedEvent, counts: Counts) -> None:
        """Add the last step that was numbered; it begins with ``first``."""
        position, _, _, _, occurred_at, actor, _, _, _, _ = first
        self._steps.append((self.step, self.change, occurred_at, position, actor, *counts))

    def new_user(self, user_id: str) -> int:
        """Add a user, and return the number."""
        self._user += 1
        self._users.append((self._user, user_id))
        return self._user

    def add(self, row: Row, step: int, actor: str) -> None:
        """Add a row that begins with a step, as the last one of its user."""
        self._row += 1
        self.made += 1
        row[NUMBER], row[BEGINS], row[ACTOR] = self._row, step, actor
        self._rows.append(row)
        self._latest[row[0]] = row
        if len(self._rows) >= _ROWS_AT_ONCE:
            self.flush()

    def replace(self, row: Row, after: Row) -> None:
        """Let another row take the place of one that begins with the step that is being folded."""
        if row[NUMBER] > self._written:
            row[:] = after
            return
        self.connection.execute("DELETE FROM version_row WHERE number = ?", (row[NUMBER],))
        self.add(after, row[BEGINS], row[ACTOR])

    def weigh(self, row: Row) -> None:
        """Take note that the last row of a user may have long texts, so that not too many of them are held."""
        text_bytes = sum(map(getsizeof, (*row, *row[ATTRIBUTES].values())))
        self._held_bytes += text_bytes
        if self._held_bytes > HELD_BYTES:
            self.is_large = True
            self.flush()
        if text_bytes > LONG_ROW:
            self._long.add(row[0])

    def occurred_at(self, step: int) -> int:
        """Return when a step occurred that was added, in UTC microseconds."""
        if self._steps and step >= self._steps[0][0]:
            return int(self._steps[step - self._steps[0][0]][2])
        ((occurred_at,),) = self.connection.execute("SELECT occurred_at FROM step WHERE number = ?", (step,))
        return int(occurred_at)

    def flush(self) -> None:
        """Write all."""
        self._write_changes()
        self.connection.executemany(_INSERT_STEP, self._steps)
        self.connection.executemany(_INSERT_USER, self._users)
        self.connection.executemany(_INSERT_VERSION, row_codec.encode_rows(self._rows))
        self._latest_users.written(self._rows, self._long)
        self._long.clear()
        self._written, self._held_bytes = self._row, 0
        let_go(self._changes, self._steps, self._users, self._rows)

    def _write_changes(self) -> None:
        try:
            self.connection.executemany(_INSERT_CHANGE, self._changes)
        except apsw.ConstraintError as error:
            first_number, *_ = self._changes[0]
            ((refused,),) = self.connection.execute("SELECT coalesce(max(number), 0) + 1 FROM change")
            _, _, _, _, first_position, *_ = self._changes[refused - first_number]
            raise StaleReadModelError(first_position, "its change was recorded once already") from error
