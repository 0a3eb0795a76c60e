"""Reading the pages of a SQLite file as bytes (https://www.sqlite.org/fileformat2.html)."""

from __future__ import annotations

from typing import BinaryIO

PAGE_SIZES = frozenset(2**power for power in range(9, 17))
"""The sizes that the pages of a file may have, in bytes."""


def read_at(file: BinaryIO, offset: int, count: int) -> bytes:
    """Return ``count`` bytes of a file from ``offset`` on, or fewer at its end."""
    file.seek(offset)
    return file.read(count)
