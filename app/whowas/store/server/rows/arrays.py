"""Arrays as PostgreSQL takes them in binary, put together at once: the driver would look at each element by itself.

The layout is that of array_send in PostgreSQL's src/backend/utils/adt/arrayfuncs.c: dimensions, whether there are
NULLs, the type of the elements, length, lower bound; then each element's length (-1 for NULL) and bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from struct import pack
from typing import Any

import psycopg
from psycopg.abc import AdaptContext, Buffer
from psycopg.adapt import Dumper
from psycopg.pq import Format

_NULL = b"\xff\xff\xff\xff"
_BYTEA, _BIGINT, _TEXT = 17, 20, 25
_LENGTHS = tuple(pack("!i", length) for length in range(4096))


class ByteaArray(bytes):
    """A ``bytea[]``."""


class BigintArray(bytes):
    """A ``bigint[]``."""


class TextArray(bytes):
    """A ``text[]``."""


# Made once, because most of what a save sends is empty.
_NO_BYTEAS = ByteaArray(pack("!iiI", 0, 0, _BYTEA))
_NO_BIGINTS = BigintArray(pack("!iiI", 0, 0, _BIGINT))
_NO_TEXTS = TextArray(pack("!iiI", 0, 0, _TEXT))


def byteas(values: Sequence[bytes | None]) -> ByteaArray:
    """Return an array of bytes."""
    return ByteaArray(_packed(_BYTEA, values)) if values else _NO_BYTEAS


def bigints(values: Sequence[int | None]) -> BigintArray:
    """Return an array of integers of 64 bits."""
    if not values:
        return _NO_BIGINTS
    encoded = [None if value is None else value.to_bytes(8, "big", signed=True) for value in values]
    return BigintArray(_packed(_BIGINT, encoded))


def texts(values: Sequence[str | None]) -> TextArray:
    """Return an array of texts."""
    if not values:
        return _NO_TEXTS
    return TextArray(_packed(_TEXT, [None if value is None else value.encode() for value in values]))


def teach(connection: psycopg.Connection[Any]) -> None:
    """Let queries on ``connection`` take these arrays as parameters."""
    for kind, dumper in ((ByteaArray, _ByteaArrays), (BigintArray, _BigintArrays), (TextArray, _TextArrays)):
        connection.adapters.register_dumper(kind, dumper)


def _packed(element: int, values: Sequence[bytes | None]) -> bytes:
    head = pack("!iiIii", 1, 1 if None in values else 0, element, len(values), 1)
    return head + b"".join(_parts(values))


def _parts(values: Iterable[bytes | None]) -> Iterable[bytes]:
    lengths, known = _LENGTHS, len(_LENGTHS)
    for value in values:
        if value is None:
            yield _NULL
        else:
            length = len(value)
            yield lengths[length] if length < known else pack("!i", length)
            yield value


class _Arrays(Dumper):
    format = Format.BINARY

    def __init__(self, cls: type, context: AdaptContext | None = None) -> None:
        super().__init__(cls, context)

    def dump(self, obj: bytes) -> Buffer:
        """Return the parameter as it is: it is in its binary form already."""
        return obj


class _ByteaArrays(_Arrays):
    oid = 1001


class _BigintArrays(_Arrays):
    oid = 1016


class _TextArrays(_Arrays):
    oid = 1009
