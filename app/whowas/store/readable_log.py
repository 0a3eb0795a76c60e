"""Reading a log: its events in recorded order or by user, its chain, its changes and steps, its owners and erasures."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from whowas.domain.events import Event, UserErased
from whowas.store import codec
from whowas.store.chain import GENESIS, ChainedRow, Head
from whowas.store.file import database, schema
from whowas.store.log_file import LogFile, Synchronous
from whowas.store.owner_tables import TABLES
from whowas.store.read_rows import SELECT_CHAINED, SELECT_RECORDED, chained_rows, recorded_of, stream_events
from whowas.store.readable_rows import ReadableRows
from whowas.store.recorded_event import RecordedEvent, from_blob, to_blob
from whowas.store.soundness import damaged

if TYPE_CHECKING:
    from whowas.store.owner_folding import Shared

_LAST_POSITION = 2**62
"""No log gets as far."""

_SELECT_HEAD = "SELECT position, chain FROM event WHERE position <= ? ORDER BY position DESC LIMIT 1"
_SELECT_CHAIN = "SELECT position, chain FROM event WHERE position = ?"
_SELECT_RECORDED_AFTER = "SELECT event_id, recorded_at FROM event WHERE position > ? AND position <= ?"
_SELECT_WITH = (
    "SELECT position FROM event LEFT JOIN payload USING (position) "
    "WHERE instr(body, ?) OR instr(causation, ?) OR instr(actor, ?)"
)
_SELECT_STEP_END = """
WITH asked AS (SELECT change_id, occurred_at FROM event WHERE position = ?),
     beyond AS (SELECT position FROM event WHERE position > ? AND change_id != (SELECT change_id FROM asked)
                ORDER BY position LIMIT 1)
SELECT max(position) FROM event
WHERE position >= ? AND position < coalesce((SELECT position FROM beyond), 9e18)
  AND occurred_at = (SELECT occurred_at FROM asked) AND position < ?
"""
_SELECT_KEYS_OF_CHANGE = """
WITH beyond AS (SELECT position FROM event WHERE position > ?
                AND change_id != (SELECT change_id FROM event WHERE position = ?) ORDER BY position LIMIT 1)
SELECT occurred_at, position FROM event
WHERE position >= ? AND position < coalesce((SELECT position FROM beyond), 9e18) ORDER BY position
"""

_COUNT_HIDDEN = f"""
SELECT count(*) FROM event LEFT JOIN payload USING (position)
WHERE type = 'PasswordSet' AND body IS NULL AND {schema.HIDES} AND NOT EXISTS (
    SELECT 1 FROM event AS erasure WHERE erasure.stream = event.stream AND erasure.type = 'UserErased'
)
"""  # noqa: S608 (of names that stand in this program)


class ReadableLog(LogFile):
    """What is asked of the log of a directory.

    Every method raises StoreError when the file or its disk fails.
    """

    def __init__(self, path: Path, *, synchronous: Synchronous = "full") -> None:
        super().__init__(path, synchronous=synchronous)
        self._bound = _LAST_POSITION
        """The position at which the log ends for whoever reads it: what lies behind is not sound."""

    def head(self) -> Head:
        """Return the last position and the chain value there."""
        return Head.of(self._one(_SELECT_HEAD, self._bound))

    def chain_at(self, position: int) -> bytes | None:
        """Return the chain value at ``position``, or None when the log is shorter."""
        if position == 0:
            return GENESIS
        row = self._one("SELECT chain FROM event WHERE position = ?", position) if position <= self._bound else None
        return bytes(row[0]) if row else None

    def chains_at(self, positions: Collection[int]) -> dict[int, bytes]:
        """Return the chain values at those of ``positions`` that the file has, at 0 the one before the first event.

        Also behind the position at which the log ends for whoever reads it, see ``refuse_writing``. Raises DamagedError
        where one is none.
        """
        asked = [position for position in positions if 0 < position <= _LAST_POSITION]
        with database.sentences_for(self.path), self._database.in_use:
            connection = self._connection()
            rows = [connection.execute(_SELECT_CHAIN, (position,)).fetchone() for position in asked]
        return dict(Head.of(row) for row in rows if row is not None) | ({0: GENESIS} if 0 in positions else {})

    def recorded_after(self, position: int) -> dict[bytes, int]:
        """Return the own ids of the events behind ``position``, with when each was recorded (UTC microseconds)."""
        with database.sentences_for(self.path), self._database.in_use:
            return dict(self._connection().execute(_SELECT_RECORDED_AFTER, (position, self._bound)).fetchall())

    def chain_of(self, stream: str, version: int) -> bytes | None:
        """Return the chain value at the event that made this version of a user, or None if there is no such event."""
        row = self._one("SELECT chain FROM event WHERE stream = ? AND version = ?", to_blob(stream), version)
        return bytes(row[0]) if row else None

    def change_at(self, position: int) -> str | None:
        """Return the id of the change that the event at ``position`` belongs to, or None if there is no such event."""
        row = self._one("SELECT change_id FROM event WHERE position = ?", position)
        return from_blob(row[0]) if row else None

    def begun_at(self) -> int | None:
        """Return when the first event was recorded (UTC microseconds), or None for an empty log."""
        row = self._one("SELECT recorded_at FROM event WHERE position = 1")
        return int(row[0]) if row else None

    def begins_at(self) -> int | None:
        """Return the earliest moment at which something occurred (UTC microseconds), None for an empty log."""
        row = self._one("SELECT min(occurred_at) FROM event")
        return None if row is None or row[0] is None else int(row[0])

    def ends_at(self) -> int:
        """Return the latest moment at which something occurred (UTC microseconds), 0 for an empty log."""
        row = self._one("SELECT coalesce(max(occurred_at), 0) FROM event")
        return int(row[0]) if row else 0

    def owners_of_email(self, key: str) -> list[str]:
        """Return the ids of the users who hold an email with that comparison key."""
        return self._owners(TABLES["email"].one, key)

    def owners_of_external_id(self, key: str) -> list[str]:
        """Return the ids of the users, deleted or not, who have an external id with that comparison key."""
        return self._owners(TABLES["external_id"].one, key)

    def shared(self) -> list[Shared]:
        """Return the emails and external ids that several users have, see ``former_keys``."""
        from whowas.store.owner_folding import shared  # reading needs no users

        with database.sentences_for(self.path), self._database.in_use:
            return list(shared(self._connection()))

    def read(
        self, after: int = 0, through: int | None = None, only: type[Event] | None = None
    ) -> Generator[RecordedEvent]:
        """Yield the events after position ``after``, up to and including ``through``, in recorded order.

        With ``only``, just the events of that type. Raises DamagedError where an event is missing.
        """
        with database.sentences_for(self.path):
            limit = self._bound if through is None else min(through, self._bound)
            kind = "" if only is None else " AND type = ?"
            name = () if only is None else (codec.name_of(only),)
            select = f"{SELECT_RECORDED} WHERE position > ? AND position <= ?{kind} ORDER BY position"
            expected = after
            for row in self._rows(select, after, limit, *name):
                recorded, expected = recorded_of(row), expected + 1
                if only is None and recorded.position != expected:
                    raise damaged(expected, "it is missing")
                yield recorded

    def stream(self, stream: str) -> list[RecordedEvent]:
        """Return all events of one user, or of the directory itself, in recorded order.

        Each ListImported is blank: of these, ``list_imports`` reads what is asked for.
        """
        with database.sentences_for(self.path), self._database.in_use:
            return stream_events(self._connection(), stream, self._bound)

    def timeline_keys_of_change(self, first: int) -> list[tuple[int, int]]:
        """Return (occurred_at, position) of all events of the change that begins at position ``first``."""
        with database.sentences_for(self.path), self._database.in_use:
            keys = self._connection().execute(_SELECT_KEYS_OF_CHANGE, (first, first, first)).fetchall()
        return [key for key in keys if key[1] <= self._bound]

    def end_of_step(self, position: int, before: int | None = None) -> int:
        """Return the last position of the step that contains the event at ``position``, which must exist.

        ``before`` is the position at which the next step with the same ``occurred_at`` begins, None if there is none.
        """
        row = self._one(_SELECT_STEP_END, position, position, position, 2**62 if before is None else before)
        assert row is not None
        return int(row[0])

    def end_of_change_before(self, damaged: int) -> int:
        """Return the last position before ``damaged``, the first that is not sound, at which a change ends."""
        with database.sentences_for(self.path), self._database.in_use:
            return ReadableRows(self._connection()).end_of_change_before(damaged)

    def positions_with(self, texts: Iterable[str]) -> list[int]:
        """Return the positions of all events that contain one of ``texts``, in exactly this spelling, ascending."""
        found: set[int] = set()
        for text in texts:
            stored = codec.text_within(text)
            asked = stored, stored.decode(), text
            with database.sentences_for(self.path), self._database.in_use:
                found.update(row[0] for row in self._connection().execute(_SELECT_WITH, asked))
        return sorted(found)

    @property
    def hides_passwords(self) -> bool:
        """Whether this file may lack password hashes, which its server does not show to readers."""
        row = self._one(f"SELECT {schema.HIDES}")
        return row is not None and bool(row[0])

    def hidden_passwords(self) -> int:
        """Return how many password hashes are hidden in this file, which its server does not show to readers."""
        row = self._one(_COUNT_HIDDEN)
        return int(row[0]) if row else 0

    def erased_through(self) -> int:
        """Return the position of the last erasure of a user, 0 where there is none."""
        return max(self._erasures().values(), default=0)

    def erased_users(self) -> list[str]:
        """Return the ids of all users who were erased."""
        return [from_blob(stream) for stream in self._erasures()]

    def erasure_of(self, stream: str) -> RecordedEvent | None:
        """Return the event that erased a user, or None for a user who was not erased."""
        return next((last for last in self.stream(stream)[-1:] if isinstance(last.event, UserErased)), None)

    def rows(self) -> Iterator[ChainedRow]:
        """Yield every row of the log as it is stored, in recorded order."""
        for row in self._all_rows():
            if row[0][0] > self._bound:
                break
            yield row

    def _all_rows(self) -> Generator[ChainedRow]:
        with database.sentences_for(self.path):
            yield from chained_rows(self._rows(SELECT_CHAINED))

    def _erasures(self) -> dict[bytes, int]:
        with database.sentences_for(self.path), self._database.in_use:
            return dict(self._connection().execute(schema.SELECT_ERASURES))

    def _owners(self, sql: str, key: str) -> list[str]:
        with database.sentences_for(self.path), self._database.in_use:
            return [from_blob(owner) for (owner,) in self._connection().execute(sql, (key,))]
