"""Taking in rows of another log as they are, each verified as it comes: same ids, times, salts, digests and chain."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from whowas.domain.errors import DamagedError, StoreError
from whowas.store import codec
from whowas.store.chain import SALT_BYTES, ChainedRow, Columns, Head, digest_of, linked
from whowas.store.file import schema
from whowas.store.follower.followed_owners import FollowedOwners, may_alter
from whowas.store.recorded_event import ID_BYTES
from whowas.store.soundness import EARLIEST, LATEST, UnsoundEventError, require_sound_row

_HEAD = "SELECT position, chain FROM event ORDER BY position DESC LIMIT 1"
_VERSION = "SELECT coalesce(max(version), 0) FROM event WHERE stream = ?"
_STREAMS_KEPT = 500_000
_UNSWEPT = "INSERT OR IGNORE INTO directory VALUES ('unswept', '')"


class DamagedServerError(StoreError):
    """What a server has at ``position`` cannot be: somebody altered it there, or it was never written by Whowas."""

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(
            f"The history on the server is damaged at position {position}: {reason}. What this computer has of it, up "
            "to there, is unharmed; tell whoever keeps the server."
        )
        self.position = position


class _Checked(NamedTuple):
    """Rows that are what they should be: as they are stored, and the streams whose user was erased among them."""

    events: list[tuple[object, ...]]
    payloads: list[tuple[int, bytes, bytes]]
    erased: list[bytes]
    lacking: set[bytes]
    altering: list[ChainedRow]
    """Those that may alter who has which email or external id."""


@dataclass(slots=True)
class TakenBefore:
    """The versions of streams that were taken so far, as long as the file still ends at ``head``.

    To be given to the next transaction once this one is committed, so that they need not be asked for.
    """

    head: Head | None = None
    versions: dict[bytes, int] = field(default_factory=dict)


class ForeignRows:
    """The rows that are being taken into a file within one write transaction, see ``EventLog.taking_rows``."""

    def __init__(self, connection: sqlite3.Connection, before: TakenBefore | None = None) -> None:
        self.head = Head.of(connection.execute(_HEAD).fetchone())
        is_continued = before is not None and before.head == self.head and len(before.versions) < _STREAMS_KEPT
        self._versions = before.versions if before is not None and is_continued else {}
        self._known_types: set[tuple[str, int]] = set()
        self._connection = connection
        self._owners = FollowedOwners(connection)
        self._hides_passwords = bool(connection.execute(f"SELECT {schema.HIDES}").fetchone()[0])
        self._lacking: dict[bytes, int] = {}

    def taken(self) -> TakenBefore:
        """Return what the next transaction may know, once this one is committed."""
        return TakenBefore(self.head, self._versions)

    @property
    def lacks_at(self) -> int | None:
        """The first position without payload whose user was not erased by now; None where the file may end here."""
        return min(self._lacking.values(), default=None)

    def take(self, rows: Sequence[ChainedRow]) -> None:
        """Take the rows that follow the last position; those at or before it are passed over.

        Raises DamagedServerError where one does not follow from those before it, StoreError where this program does not
        know one, and the driver's errors; the transaction is then to be rolled back.
        """
        rows = [row for row in rows if row[0][0] > self.head.position]
        checked = self._checked(rows)
        try:
            changes = self._owners.before(checked.altering, checked.lacking | self._lacking.keys())
        except DamagedError as error:
            position = error.position or (rows[0][0][0] if rows else self.head.position)
            raise DamagedServerError(position, "what it tells does not follow from what was before it") from error
        try:
            self._connection.executemany(schema.INSERT_EVENT, checked.events)
        except sqlite3.IntegrityError as error:
            raise DamagedServerError(self.head.position, f"an id is there twice, or none ({error})") from error
        self._connection.executemany(schema.INSERT_PAYLOAD, checked.payloads)
        for stream in checked.erased:
            if self._connection.execute(schema.DELETE_PAYLOADS, (stream,)).rowcount:
                self._connection.execute(_UNSWEPT)
        self._owners.carry_out(changes)

    def _checked(self, rows: Sequence[ChainedRow]) -> _Checked:
        """Walk rows, and bring ``head`` up to the last of them."""
        # One long function, because every event that is followed goes through here, and calls are most of the cost.
        checked = _Checked([], [], [], set(), [])
        versions, known_types = self._versions, self._known_types
        add_event, add_payload = checked.events.append, checked.payloads.append
        position, chain = self.head
        for columns, digest, linked_to, salt, body in rows:
            position += 1
            at, event_id, stream, version, kind, event_schema, recorded, occurred, _, change, command, cause = columns
            if at != position:
                raise DamagedServerError(position, "this event is missing")
            if linked(chain, columns, digest) != linked_to:
                raise DamagedServerError(position, "the event was altered, moved or put in")
            if not (
                len(stream) == len(event_id) == len(change) == ID_BYTES
                and EARLIEST <= recorded <= LATEST
                and EARLIEST <= occurred <= LATEST
                and command is None
                and cause is None
            ):
                _require_sound(position, columns)
            if (kind, event_schema) not in known_types:
                codec.EVENTS.require_known(kind, event_schema)
                known_types.add((kind, event_schema))
            known = versions.get(stream)
            if known is None:  # that there is none before a first one is for the index to say
                known = 0 if version == 1 else self._version(stream)
            if version != known + 1:
                raise DamagedServerError(position, f"it stands in the place of event {known + 1} of its user")
            versions[stream] = version
            chain = linked_to
            add_event((*columns, digest, linked_to))
            if kind == "UserErased":
                checked.erased.append(stream)
                checked.lacking.discard(stream)
                self._lacking.pop(stream, None)
            if salt is None or body is None:
                if not (self._hides_passwords and kind == "PasswordSet"):
                    checked.lacking.add(stream)
                    self._lacking.setdefault(stream, position)
                checked.altering.append((columns, digest, linked_to, salt, body))
                continue
            if len(salt) != SALT_BYTES or digest_of(salt, body) != digest:
                raise DamagedServerError(position, "the payload was altered")
            add_payload((position, salt, body))
            if may_alter(kind, body):
                checked.altering.append((columns, digest, linked_to, salt, body))
        self.head = Head(position, chain)
        return checked

    def _version(self, stream: bytes) -> int:
        (version,) = self._connection.execute(_VERSION, (stream,)).fetchone()
        return int(version)


def _require_sound(position: int, columns: Columns) -> None:
    try:
        require_sound_row(columns)
    except UnsoundEventError as error:
        raise DamagedServerError(position, error.reason) from error
