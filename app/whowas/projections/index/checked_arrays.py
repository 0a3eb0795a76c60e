"""Arrays in one file, with a checksum for each block of it: what differs from what was written is not read.

The file holds one array after another, each from the beginning of a block on, then the checksums: for each block the
sum of its 64-bit words, so that no flipped bit, and no block that is lost or somewhere else, goes unnoticed.
"""

from __future__ import annotations

import io
import mmap
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import numpy as np

BLOCK_BYTES = 4096
_WORDS = BLOCK_BYTES // 8
_READ_BYTES = 256 * BLOCK_BYTES
"""Read at once: few enough to stay in the processor's cache until they are summed."""

Array = np.ndarray[Any, Any]
_Sums = np.ndarray[tuple[Any, ...], np.dtype[np.uint64]]


class DamagedArraysError(Exception):
    """A file of arrays is not as it was written."""


class Contents(msgspec.Struct):
    """What a file of arrays holds: (name, type, length) of each, in order, and a digest of all checksums."""

    arrays: list[tuple[str, str, int]]
    digest: str


def write(file: BinaryIO, arrays: Mapping[str, Array]) -> Contents:
    """Write arrays of one dimension; what is returned has to be kept elsewhere. Raises OSError."""
    sums: list[_Sums] = []
    for array in arrays.values():
        content = np.ascontiguousarray(array).data.cast("B")
        padding = bytes(-len(content) % BLOCK_BYTES)
        whole = len(content) // BLOCK_BYTES * BLOCK_BYTES
        sums += [_sums_of(content[:whole]), _sums_of(bytes(content[whole:]) + padding)]
        file.write(content)
        file.write(padding)
    every = np.concatenate(sums) if sums else np.zeros(0, dtype=np.uint64)
    file.write(every.tobytes())
    return Contents([(name, array.dtype.str, len(array)) for name, array in arrays.items()], _digest(every))


def mapped(path: Path, contents: Contents) -> dict[str, Array]:
    """Return the arrays of a file, all of which was checked, mapped into memory.

    Raises DamagedArraysError or OSError.
    """
    described = [(name, np.dtype(kind), length) for name, kind, length in contents.arrays]
    blocks = [-(-kind.itemsize * length // BLOCK_BYTES) for _, kind, length in described]
    with path.open("rb", buffering=0) as file:
        # A mapping that is longer than its file would end the program where it is read.
        if file.seek(0, io.SEEK_END) != sum(blocks) * (BLOCK_BYTES + 8):
            raise DamagedArraysError
        _check(file, sum(blocks), contents.digest)
        mapping = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if sum(blocks) else b""
    starts = np.cumsum([0, *blocks]) * BLOCK_BYTES
    return {
        name: np.frombuffer(mapping, kind, length, int(start)) if length else np.zeros(0, kind)
        for (name, kind, length), start in zip(described, starts, strict=False)
    }


def _check(file: io.FileIO, blocks: int, digest: str) -> None:
    """Read everything, instead of looking at a mapping, as a disk that fails would then end the program."""
    file.seek(blocks * BLOCK_BYTES)
    kept = np.frombuffer(file.read(), dtype=np.uint64)
    if len(kept) != blocks or _digest(kept) != digest:
        raise DamagedArraysError
    file.seek(0)
    buffer = memoryview(bytearray(min(_READ_BYTES, blocks * BLOCK_BYTES)))
    done = 0
    while done < blocks:
        wanted = buffer[: (blocks - done) * BLOCK_BYTES]
        found = _sums_of(wanted) if file.readinto(wanted) == len(wanted) else kept[:0]
        if not len(found) or not np.array_equal(found, kept[done : done + len(found)]):
            raise DamagedArraysError
        done += len(found)


def _sums_of(blocks: memoryview | bytes) -> _Sums:
    words = np.frombuffer(blocks, dtype=np.uint64).reshape(-1, _WORDS)
    sums: _Sums = words.sum(axis=1, dtype=np.uint64)
    return sums


def _digest(sums: _Sums) -> str:
    return blake2b(sums.tobytes(), digest_size=16).hexdigest()
