"""Taking in rows of another log as they are: same ids, times, salts, digests and chain."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from whowas.domain.errors import DamagedError
from whowas.domain.streams import DirectoryStream
from whowas.store.chain import ChainedRow, Head
from whowas.store.file import schema
from whowas.store.file.many_rows import carry_out, total
from whowas.store.follower.followed_owners import FollowedOwners, OwnerChanges
from whowas.store.follower.verified_rows import DamagedServerError, VerifiedRows, Verifier, untold
from whowas.store.owner_folding import own_stream
from whowas.store.recorded_event import to_blob

_HEAD = "SELECT position, chain FROM event ORDER BY position DESC LIMIT 1"
_VERSION = "SELECT coalesce(max(version), 0) FROM event WHERE stream = ?"
_COUNT_NEXT = (
    "SELECT count(*) FROM (VALUES (?,?)) AS next "
    "WHERE next.column2 = 1 + (SELECT coalesce(max(version), 0) FROM event WHERE stream = next.column1)"
)
"""Counts rows of (stream, version) that are the next of their streams."""

_DESCRIBED = "SELECT EXISTS (SELECT 1 FROM event_type WHERE type = 'FieldDescribed')"

_UNSWEPT = "INSERT OR IGNORE INTO directory VALUES ('unswept', '')"

_EVENT_COLUMNS, _PAYLOAD_COLUMNS = 14, 3


class ForeignRows:
    """The rows that are being taken into a file within one write transaction, see ``EventLog.taking_rows``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.head = Head.of(connection.execute(_HEAD).fetchone())
        self.lacks_at: int | None = None
        """The first position without payload whose user was not erased by now; None where the file may end here."""
        self._connection = connection
        self._owners = FollowedOwners(connection)
        self._are_stale = False
        """Whether other custom fields became unique, and owners are to be found anew once no payload is missing."""

    def take(self, rows: Sequence[ChainedRow]) -> None:
        """Take the rows that follow the last position; those at or before it are passed over.

        Raises DamagedServerError where one does not follow from those before it, StoreError where this program does not
        know one, and the driver's errors; the transaction is then to be rolled back.
        """
        (hides_passwords,) = self._connection.execute(f"SELECT {schema.HIDES}").fetchone()
        new = [row for row in rows if row[0][0] > self.head.position]
        verifier = Verifier(self.head, self._own(new), hides_passwords=bool(hides_passwords))
        self._store(verifier.verified(new))

    def take_verified(self, verified: VerifiedRows) -> None:
        """Take rows that follow from what this file had, or, where another process was quicker, those that follow now.

        Raises as ``take`` does.
        """
        if verified.after == self.head:
            self._store(verified)
        else:
            self.take(verified.rows)

    def _store(self, verified: VerifiedRows) -> None:
        self._require_continued(verified)
        self._are_stale |= verified.told.redefined
        try:
            changes = OwnerChanges() if self._are_stale else self._owners.before(verified.told)
        except DamagedError as error:
            raise untold(error, verified) from error
        try:
            carry_out(self._connection, schema.INSERT_EVENT, _EVENT_COLUMNS, verified.events)
        except sqlite3.IntegrityError as error:
            raise DamagedServerError(verified.head.position, f"an id is there twice, or none ({error})") from error
        carry_out(self._connection, schema.INSERT_PAYLOAD, _PAYLOAD_COLUMNS, verified.payloads)
        for stream in verified.erased:
            if self._connection.execute(schema.DELETE_PAYLOADS, (stream,)).rowcount:
                self._connection.execute(_UNSWEPT)
        self._owners.carry_out(changes)
        if self._are_stale and verified.lacks_at is None:
            self._owners.find_anew()
            self._are_stale = False
        self.head, self.lacks_at = verified.head, verified.lacks_at

    def _own(self, rows: Sequence[ChainedRow]) -> DirectoryStream:
        """Return the directory's own stream in this file, where fields may be unique or become so by ``rows``."""
        (described,) = self._connection.execute(_DESCRIBED).fetchone()
        if not described and all(columns[4] != "FieldDescribed" for columns, *_ in rows):
            return DirectoryStream()
        ((directory_id,),) = self._connection.execute("SELECT value FROM directory WHERE key = 'id'")
        return own_stream(self._connection, to_blob(directory_id))

    def _require_continued(self, verified: VerifiedRows) -> None:
        """Raise DamagedServerError unless streams that begin before go on where they ended in this file."""
        firsts = [value for _, *first in verified.continued for value in first]
        if total(self._connection, _COUNT_NEXT, 2, firsts) == len(verified.continued):
            return
        for position, stream, version in verified.continued:
            (known,) = self._connection.execute(_VERSION, (stream,)).fetchone()
            if version != known + 1:
                raise DamagedServerError.misplaced(position, known + 1)
