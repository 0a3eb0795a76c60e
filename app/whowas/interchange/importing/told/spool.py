"""What an import keeps of each row. Only where each entry ends stays in memory, 8 bytes a row."""

from __future__ import annotations

import json
from array import array
from typing import Any

import msgspec

from whowas.interchange.spill import Spill

_JSON = b"["
"""What an entry begins with that MessagePack cannot hold: a text in it is not valid Unicode, or a number too long."""

_encode = msgspec.msgpack.Encoder(enc_hook=str).encode  # the key of an import is a text that knows more
_decode = msgspec.msgpack.Decoder().decode


class Spool:
    """A list of entries (lists of texts, numbers, mappings) that is only added to; each is found by its number."""

    def __init__(self) -> None:
        self._spill = Spill()
        self._ends = array("Q", [0])

    def __len__(self) -> int:
        return len(self._ends) - 1

    def add(self, entry: object) -> int:
        """Keep one more entry and return its number, from 0. Raises StoreError where the disk is full."""
        return self.add_packed(packed(entry))

    def add_packed(self, data: bytes) -> int:
        """Do the same with bytes."""
        self._spill.write(data)
        self._ends.append(self._ends[-1] + len(data))
        return len(self) - 1

    def entry(self, number: int) -> Any:
        """Return an entry, its tuples as lists. Raises StoreError."""
        return unpacked(self.data(number))

    def data(self, number: int) -> bytes:
        """Return an entry as it was packed. Raises StoreError."""
        return self._spill.read(self._ends[number], self._ends[number + 1])


def packed(entry: object) -> bytes:
    """Return an entry as bytes; also where texts hold halves of characters, or numbers are huge."""
    try:
        return _encode(entry)
    except (UnicodeEncodeError, OverflowError):
        return json.dumps(msgspec.to_builtins(entry, enc_hook=str)).encode()


def is_plain(data: bytes) -> bool:
    """Say whether ``packed`` had to do without MessagePack."""
    return data.startswith(_JSON)


def unpacked(data: bytes) -> Any:
    """Return what ``packed`` was given, its tuples as lists."""
    return json.loads(data) if is_plain(data) else _decode(data)
