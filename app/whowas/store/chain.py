"""The hash chain that makes the log tamper-evident, and its verification."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

import msgspec

from whowas.domain.errors import DamagedError

SALT_BYTES = 16
"""Of every salt: the digest alone does not say where the salt ends and the payload begins."""

GENESIS = bytes(32)
"""The chain value before the first event."""

Columns = tuple[int, bytes, bytes, int, str, int, int, int, str, bytes, bytes | None, str | None]
"""Every column of an event row before digest and chain, in table order."""

ChainedRow = tuple[Columns, bytes, bytes, bytes | None, bytes | None]
"""An event row with its payload: columns, digest, chain, salt, body; the last two None where the payload is gone."""

_canonical = msgspec.msgpack.Encoder().encode


class Head(NamedTuple):
    """The end of a log: its last position (0 when empty) and the chain value there. ``str`` gives ``position:hex``."""

    position: int
    chain: bytes

    def __str__(self) -> str:
        return f"{self.position}:{self.chain.hex()}"

    @classmethod
    def of(cls, row: tuple[object, ...] | None) -> Head:
        """Return the head from the last event's row (position, chain, …), None if empty. Raises DamagedError."""
        if row is None:
            return Head(0, GENESIS)
        position, chain, *_ = row
        if type(position) is not int or type(chain) is not bytes or len(chain) != len(GENESIS):
            raise DamagedError(f"The event at position {position} is damaged: its chain value is none.")
        return Head(position, chain)

    @classmethod
    def parse(cls, text: str) -> Head:
        """Return the head written as ``position:hex``. Raises ValueError."""
        position, _, chain = text.strip().partition(":")
        head = cls(int(position), bytes.fromhex(chain))
        if head.position < 0 or len(head.chain) != len(GENESIS):
            raise ValueError("not a head")
        return head


@dataclass(frozen=True, slots=True)
class Damage:
    """The first position at which the log differs from what was appended, and what is wrong there.

    Without a position the events are as they were written, and ``reason`` says what else in the file is not right.
    """

    position: int | None
    reason: str

    def sentence(self) -> str:
        """Return the whole of it as a sentence."""
        if self.position is None:
            return f"The history is as it was written, but the file is damaged: {self.reason}."
        return f"Damaged at position {self.position}: {self.reason}."


def digest_of(salt: bytes, body: bytes) -> bytes:
    """Return the digest of a payload: SHA-256 over salt and body."""
    return sha256(salt + body).digest()


def linked(previous: bytes, columns: Columns, digest: bytes) -> bytes:
    """Return the chain value of a row: SHA-256 over the previous value, the columns in MessagePack, and the digest."""
    return sha256(previous + _canonical(columns) + digest).digest()


def first_damage(
    rows: Iterable[ChainedRow],
    expected: Head | None = None,
    erased: Mapping[bytes, int] | None = None,
    *,
    hides_passwords: bool = False,
) -> Damage | None:
    """Walk a whole log in order of position and return its first damage, or None when it is intact.

    ``expected`` is a head taken earlier; with it, a tail that was cut off is noticed too. ``erased`` maps the streams
    of erased users to the position of their erasure: events before it may lack their payload. So may those that set a
    password, where the file ``hides_passwords``.
    """
    erased = erased or {}
    head = Head(0, GENESIS)
    for columns, digest, chain, salt, body in rows:
        position = columns[0]
        if position != head.position + 1:
            return Damage(head.position + 1, "this event is missing")
        if salt is None or body is None:
            if position >= erased.get(columns[2], 0) and not (hides_passwords and columns[4] == "PasswordSet"):
                return Damage(position, "the payload is missing")
        elif len(salt) != SALT_BYTES or digest_of(salt, body) != digest:
            return Damage(position, "the payload was altered")
        if linked(head.chain, columns, digest) != chain:
            return Damage(position, "the event was altered, moved or put in")
        head = Head(position, chain)
        if expected is not None and expected.position == position and expected.chain != chain:
            return Damage(position, "the log differs from the head given")
    if expected is not None and expected.position > head.position:
        return Damage(head.position + 1, f"the log was cut off: it should reach position {expected.position}")
    return None
