"""Finding the pages that are committed in a write-ahead log, without changing anything.

The format, and which frames count as committed, are described in https://www.sqlite.org/fileformat2.html#walformat.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from whowas.store.file.pages import PAGE_SIZES, read_at

_HEADER = struct.Struct(">8I")
_FRAME_HEADER = struct.Struct(">6I")
_WORD_ORDERS = {0x377F0682: "<", 0x377F0683: ">"}
"""The byte order of the words that are summed for a checksum, by the magic number."""


@dataclass(frozen=True, slots=True)
class CommittedPages:
    """What a log holds up to its last commit: the file's size in pages after it, and each page's offset in the log.

    ``page_size`` and ``offsets`` are in bytes; pages are counted from 1. ``first_page`` is the beginning of page 1, as
    many bytes as were asked for, or empty if that page is not in the log.
    """

    page_size: int
    size: int
    offsets: dict[int, int]
    first_page: bytes


def committed(path: Path, first_bytes: int, *, exactly: bool) -> CommittedPages | None:
    """Return what is committed in the log at ``path``, with ``first_bytes`` of page 1; None if nothing is.

    ``exactly`` checks every page against its checksum, as SQLite does, which takes a while; without it, the tail of a
    log that was torn while it was written counts as committed too. Raises OSError.
    """
    page_size, size = 0, 0
    offsets: dict[int, int] = {}
    uncommitted: dict[int, int] = {}
    try:
        log = path.open("rb", buffering=0)
    except FileNotFoundError:
        return None
    with log:
        for page_size, page, size_after, offset in _frames(log, exactly=exactly):  # noqa: B007 - the same for all
            uncommitted[page] = offset
            if size_after:
                size = size_after
                offsets |= uncommitted
                uncommitted.clear()
        if not size:
            return None
        return CommittedPages(page_size, size, offsets, read_at(log, offsets[1], first_bytes) if 1 in offsets else b"")


def _frames(log: BinaryIO, *, exactly: bool) -> Iterator[tuple[int, int, int, int]]:
    """Yield (page size, page, size in pages after a commit or 0, offset of the page) of the frames that are valid.

    Frames with other salts are left over from before the log was last restarted.
    """
    head = read_at(log, 0, _HEADER.size)
    if len(head) < _HEADER.size:
        return
    magic, _, page_size, _, *salts, first, second = _HEADER.unpack(head)
    if magic not in _WORD_ORDERS or page_size not in PAGE_SIZES:
        return
    order, sums = _WORD_ORDERS[magic], (first, second)
    if _checksum(order, head[:24], (0, 0)) != sums:
        return
    offset = _HEADER.size
    while len(head := read_at(log, offset, _FRAME_HEADER.size)) == _FRAME_HEADER.size:
        page, size_after, *found = _FRAME_HEADER.unpack(head)
        if found[:2] != salts or not page:
            return
        offset += _FRAME_HEADER.size
        if exactly:
            content = read_at(log, offset, page_size)
            if len(content) < page_size:
                return
            sums = _checksum(order, head[:8] + content, sums)
            if sums != tuple(found[2:]):
                return
        yield page_size, page, size_after, offset
        offset += page_size


def _checksum(order: str, content: bytes, sums: tuple[int, int]) -> tuple[int, int]:
    """Return the two running checksums of a write-ahead log after ``content``."""
    first, second = sums
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    for one, other in zip(words[::2], words[1::2], strict=True):
        first = first + one + second & 0xFFFFFFFF
        second = second + other + first & 0xFFFFFFFF
    return first, second
