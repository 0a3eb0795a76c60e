"""Verifying rows of another log as they come: each follows from the one before it, and is what was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from whowas.domain.errors import DamagedError, StoreError
from whowas.domain.streams import DirectoryStream
from whowas.store import codec
from whowas.store.chain import SALT_BYTES, ChainedRow, Columns, Head, digest_of, linked
from whowas.store.follower.followed_owners import OwnersWalk, Told, may_alter
from whowas.store.recorded_event import ID_BYTES
from whowas.store.soundness import EARLIEST, LATEST, UnsoundEventError, require_sound_row

_STREAMS_KEPT = 500_000


class DamagedServerError(StoreError):
    """What a server has at ``position`` cannot be: somebody altered it there, or it was never written by Whowas."""

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(
            f"The history on the server is damaged at position {position}: {reason}. What this computer has of it, up "
            "to there, is unharmed; tell whoever keeps the server."
        )
        self.position = position

    @classmethod
    def misplaced(cls, position: int, version: int) -> DamagedServerError:
        """Return the error that the event stands where event ``version`` of its user should be."""
        return cls(position, f"it stands in the place of event {version} of its user")


@dataclass(slots=True)
class VerifiedRows:
    """Rows that follow ``after`` and end with ``head``, and are what they should be.

    ``events`` and ``payloads`` are the values of their columns as they are stored, one row after the other.
    """

    rows: Sequence[ChainedRow]
    after: Head
    head: Head
    told: Told
    lacks_at: int | None
    """The first position without payload whose user was not erased by now; None where a file may end here."""
    events: list[object] = field(default_factory=list)
    payloads: list[object] = field(default_factory=list)
    erased: list[bytes] = field(default_factory=list)
    """The streams whose user was erased among them."""
    continued: list[tuple[int, bytes, int]] = field(default_factory=list)
    """(position, stream, version) of the first event of each stream that begins before: the file has to say where."""


class Verifier:
    """Walks the rows behind a head, some at a time. It needs no file, so that a thread of its own may do that."""

    def __init__(self, head: Head, own: DirectoryStream, *, hides_passwords: bool) -> None:
        """With ``hides_passwords``, passwords that were set may lack their payload.

        ``own`` is the directory's own stream up to ``head``, as far as it is about custom fields.
        """
        self._head = head
        self._hides_passwords = hides_passwords
        self._versions: dict[bytes, int] = {}
        self._known_types: set[tuple[str, int]] = set()
        self._lacking: dict[bytes, int] = {}
        self._owners = OwnersWalk(own)

    def verified(self, rows: Sequence[ChainedRow]) -> VerifiedRows:
        """Return the rows that follow those before.

        Raises DamagedServerError where one does not, or does not tell what can be; StoreError where this program does
        not know one.
        """
        # One long function, because every event that is followed goes through here, and calls are most of the cost.
        verified = VerifiedRows(rows, self._head, self._head, Told(), None)
        altering: list[ChainedRow] = []
        if len(self._versions) > _STREAMS_KEPT:
            self._versions.clear()
        versions, known_types, have_fields = self._versions, self._known_types, self._owners.have_fields
        add_event, add_columns, add_payload = verified.events.append, verified.events.extend, verified.payloads.extend
        position, chain = self._head
        for row in rows:
            columns, digest, linked_to, salt, body = row
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
                if version != 1:
                    verified.continued.append((position, stream, version))
            elif version != known + 1:
                raise DamagedServerError.misplaced(position, known + 1)
            versions[stream] = version
            chain = linked_to
            add_columns(columns)
            add_event(digest)
            add_event(linked_to)
            if kind == "UserErased":
                verified.erased.append(stream)
                self._lacking.pop(stream, None)
            if salt is None or body is None:
                if not (self._hides_passwords and kind == "PasswordSet"):
                    self._lacking.setdefault(stream, position)
                altering.append(row)
                continue
            if len(salt) != SALT_BYTES or digest_of(salt, body) != digest:
                raise DamagedServerError(position, "the payload was altered")
            add_payload((position, salt, body))
            if may_alter(kind, body, have_fields=have_fields):
                altering.append(row)
        verified.head = self._head = Head(position, chain)
        verified.lacks_at = min(self._lacking.values(), default=None)
        try:
            verified.told = self._owners.told(altering, self._lacking.keys())
        except DamagedError as error:
            raise untold(error, verified) from error
        return verified


def untold(error: DamagedError, verified: VerifiedRows) -> DamagedServerError:
    """Return the error that what rows tell of owners cannot be."""
    position = error.position or verified.after.position + 1
    return DamagedServerError(position, "what it tells does not follow from what was before it")


def _require_sound(position: int, columns: Columns) -> None:
    try:
        require_sound_row(columns)
    except UnsoundEventError as error:
        raise DamagedServerError(position, error.reason) from error
