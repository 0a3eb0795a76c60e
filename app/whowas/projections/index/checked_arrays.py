"""Arrays in one file, with a checksum for each block of it: what differs from what was written is not read.

The file holds one array after another, each from the beginning of a block on, then the checksums: for each block the
sum of its 64-bit words, so that no flipped bit, and no block that is lost or somewhere else, goes unnoticed.
"""

from __future__ import annotations

import io
import mmap
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import numpy as np

BLOCK_BYTES = 4096
_WORDS = BLOCK_BYTES // 8
_READ_BYTES = 256 * BLOCK_BYTES
"""Read at once: few enough to stay in the processor's cache until they are summed."""
_MAPPED_BYTES = 1024 * BLOCK_BYTES
"""Looked at in memory at once, and let go again: so the program does not hold all of the file."""
_BRING_IN = 22
"""MADV_POPULATE_READ of Linux 5.14 and later, which the mmap module has no name for; see madvise(2)."""

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
    length_in_bytes = sum(blocks) * BLOCK_BYTES
    with path.open("rb", buffering=0) as file:
        # A mapping that is longer than its file would end the program where it is read.
        if file.seek(0, io.SEEK_END) != length_in_bytes + sum(blocks) * 8:
            raise DamagedArraysError
        mapping = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if length_in_bytes else None
        if mapping is not None:
            _check(mapping, file, length_in_bytes, contents.digest)
    starts = np.cumsum([0, *blocks]) * BLOCK_BYTES
    return {
        name: np.frombuffer(mapping, kind, length, int(start)) if mapping and length else np.zeros(0, kind)
        for (name, kind, length), start in zip(described, starts, strict=False)
    }


def _check(mapping: mmap.mmap, file: io.FileIO, length: int, digest: str) -> None:
    """Compare the sums of the first ``length`` bytes of a file, of which that is the mapping, with what follows them.

    Raises DamagedArraysError or OSError.
    """
    file.seek(length)
    kept = np.frombuffer(file.read(), dtype=np.uint64)
    if len(kept) != length // BLOCK_BYTES or _digest(kept) != digest:
        raise DamagedArraysError
    summed = _summed_in_memory if _can_be_brought_in(mapping) else _summed_as_read
    done = 0
    for found in summed(mapping, file, length):
        if not np.array_equal(found, kept[done : done + len(found)]):
            raise DamagedArraysError
        done += len(found)
    if done != len(kept):
        raise DamagedArraysError


def _can_be_brought_in(mapping: mmap.mmap) -> bool:
    """Say whether the system brings in what is mapped when it is asked to, and says so when it cannot."""
    with suppress(AttributeError, OSError):
        mapping.madvise(_BRING_IN, 0, BLOCK_BYTES)
        return True
    return False


def _summed_in_memory(mapping: mmap.mmap, _file: io.FileIO, length: int) -> Iterator[_Sums]:
    """Yield the sums of a mapping's blocks, three times as fast as by reading: nothing is copied."""
    for start in range(0, length, _MAPPED_BYTES):
        size = min(_MAPPED_BYTES, length - start)
        # Looking at what cannot be brought in would end the program instead of raising OSError.
        mapping.madvise(_BRING_IN, start, size)
        yield _sums_of(memoryview(mapping)[start : start + size])
        mapping.madvise(mmap.MADV_DONTNEED, start, size)


def _summed_as_read(_mapping: mmap.mmap, file: io.FileIO, length: int) -> Iterator[_Sums]:
    file.seek(0)
    buffer = memoryview(bytearray(min(_READ_BYTES, length)))
    for start in range(0, length, _READ_BYTES):
        wanted = buffer[: length - start]
        if file.readinto(wanted) != len(wanted):
            raise DamagedArraysError
        yield _sums_of(wanted)


def _sums_of(blocks: memoryview | bytes) -> _Sums:
    words = np.frombuffer(blocks, dtype=np.uint64).reshape(-1, _WORDS)
    sums: _Sums = words.sum(axis=1, dtype=np.uint64)
    return sums


def _digest(sums: _Sums) -> str:
    return blake2b(sums.tobytes(), digest_size=16).hexdigest()
