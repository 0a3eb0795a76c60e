"""A change as the server's function takes it, and the rows that it becomes there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import uuid_utils

from whowas.store import codec
from whowas.store.chain import ChainedRow, Columns, Head, digest_of, linked
from whowas.store.decided import Decided, Owners
from whowas.store.new_rows import new_salt
from whowas.store.recorded_event import NewEvent, to_blob
from whowas.store.server.rows.arrays import BigintArray, ByteaArray, TextArray, bigints, byteas, texts


@dataclass(frozen=True, slots=True)
class Appended:
    """A change that is on the server, from ``first_position`` to ``last_position``, recorded at ``recorded_at``.

    ``chain_before`` and ``chain_after`` are the chain values before its first and at its last event; ``occurred_at``
    has the time of each event (all UTC µs). ``rows`` are the events with their payloads as they are on the server, for
    a change that went there in one call. If it is ``repeated`` it was there before, and there is none of these.
    ``not_copied`` says that it is saved on the server, but was not waited for until a second one has it too.
    """

    first_position: int
    last_position: int
    recorded_at: int
    occurred_at: list[int] = field(default_factory=list)
    chain_before: bytes | None = None
    chain_after: bytes | None = None
    rows: list[ChainedRow] = field(default_factory=list)
    repeated: bool = False
    not_copied: bool = False


@dataclass(frozen=True, slots=True)
class Encoded:
    """Events of a change as they are sent, but for what only the server knows."""

    events: Sequence[NewEvent]
    types: list[str]
    schemas: list[int]
    event_ids: list[bytes]
    streams: list[bytes]
    salts: list[bytes]
    bodies: list[bytes]
    commands: list[bytes | None]
    actors: list[str | None]

    def parameters(self) -> tuple[Any, ...]:
        """Return the arrays of the events, as ``append_1`` takes them."""
        return (
            byteas(self.event_ids),
            byteas(self.streams),
            bigints([new.version for new in self.events]),
            texts(self.types),
            bigints(self.schemas),
            bigints([new.occurred_at if new.is_backdated else None for new in self.events]),
            texts(self.actors),
            byteas(self.commands),
            byteas(self.salts),
            byteas(self.bodies),
        )

    def erased(self) -> list[bytes]:
        """Return the streams of users who are erased here."""
        return [stream for stream, name in zip(self.streams, self.types, strict=True) if name == "UserErased"]


def encoded(events: Sequence[NewEvent], account: str) -> Encoded:
    """Return events as they are sent by ``account``, each with an id and a salt of its own."""
    types, schemas, bodies = [], [], []
    for new in events:
        name, schema, body = codec.EVENTS.encode(new.event)
        types.append(name)
        schemas.append(schema)
        bodies.append(body)
    return Encoded(
        events=events,
        types=types,
        schemas=schemas,
        event_ids=[uuid_utils.uuid7().bytes for _ in events],
        streams=[to_blob(new.stream) for new in events],
        salts=[new_salt() for _ in events],
        bodies=bodies,
        commands=[None if new.command_id is None else to_blob(new.command_id) for new in events],
        actors=[None if new.actor == account else new.actor for new in events],
    )


def frame(decided: Decided, head: Head, *, continues: bool) -> tuple[Any, ...]:
    """Return the first parameters of ``append_1``: on what the change stands, and what it is called."""
    return (
        head.position,
        head.chain,
        decided.whole or continues,
        continues,
        to_blob(decided.change_id),
        decided.causation,
    )


def foundations(decided: Decided) -> tuple[BigintArray | ByteaArray, ...]:
    """Return which streams were read, and the versions that they had."""
    return byteas([to_blob(stream) for stream in decided.read]), bigints(list(decided.read.values()))


def owners(owners: Owners) -> tuple[TextArray, ByteaArray]:
    """Return pairs of key and user as two arrays."""
    if not owners:
        return _NO_OWNERS
    return texts([key for key, _ in owners]), byteas([to_blob(user_id) for _, user_id in owners])


_NO_OWNERS = texts(()), byteas(())


def rows_of(
    sent: Encoded,
    decided: Decided,
    account: str,
    first: int,
    recorded_at: int,
    occurred_at: Sequence[int],
    chain: bytes,
) -> Iterator[ChainedRow]:
    """Yield the rows that were made of events that followed the chain value ``chain``, from position ``first`` on."""
    change = to_blob(decided.change_id)
    for index, (new, when_us) in enumerate(zip(sent.events, occurred_at, strict=True)):
        command = sent.commands[index] or (None if index else change)
        columns: Columns = (
            first + index,
            sent.event_ids[index],
            sent.streams[index],
            new.version,
            sent.types[index],
            sent.schemas[index],
            recorded_at,
            when_us,
            sent.actors[index] or account,
            change,
            command,
            decided.causation,
        )
        salt, body = sent.salts[index], sent.bodies[index]
        digest = digest_of(salt, body)
        chain = linked(chain, columns, digest)
        yield columns, digest, chain, salt, body
