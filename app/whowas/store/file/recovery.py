"""Predicting what SQLite will find in a file once it has recovered it, from the bytes and without changing any.

A program that was killed, or met a full disk, leaves a write-ahead log (``-wal``) or a rollback journal (``-journal``)
beside the file. Until SQLite has processed that, the file itself may be shorter than its header says, or its first page
half written. The formats are described in https://www.sqlite.org/fileformat2.html.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from whowas.store.file.identity import beside, log_of
from whowas.store.file.pages import PAGE_SIZES, read_at

if TYPE_CHECKING:
    from whowas.store.file.write_ahead_log import CommittedPages

_HEADER_BYTES = 100
_WRITE_VERSIONS = (1, 2)
_MAGIC = b"SQLite format 3\x00"
_JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")
_JOURNAL_HEADER = struct.Struct(">8s5I")


@dataclass(frozen=True, slots=True)
class Recovered:
    """A database file as it will be after recovery, with the two numbers that its application sets in the header.

    ``is_whole`` is False if any page is neither in the file nor in its write-ahead log, ``is_writable`` if SQLite would
    only read it, because its header asks for a version of the format that is unknown.
    """

    application_id: int
    user_version: int
    is_whole: bool
    is_writable: bool


def recovered(path: Path, *, exactly: bool = False) -> Recovered | None:
    """Return what the SQLite file at ``path`` will be after recovery, or None if it is not one. Raises OSError.

    ``exactly`` checks every page of the write-ahead log against its checksum, as SQLite does, which takes a while.
    Without it, the tail of a log that was torn while it was written counts as committed too.
    """
    # The file itself first: another process truncates its log only after it has written the pages into the file.
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
        file_bytes = file.seek(0, io.SEEK_END)
    rolled_back = _journalled_header(beside(path, "-journal"))
    log = _committed(log_of(path), exactly=exactly)
    header = (log and log.first_page) or rolled_back or header
    if len(header) < _HEADER_BYTES or not header.startswith(_MAGIC):
        return None
    return Recovered(
        application_id=int.from_bytes(header[68:72], "big"),
        user_version=int.from_bytes(header[60:64], "big", signed=True),
        is_whole=_is_whole(header, file_bytes, log, will_roll_back=rolled_back is not None),
        is_writable=header[18] in _WRITE_VERSIONS,
    )


def has_content(path: Path) -> bool:
    """Return whether there is a file that is not empty. Raises OSError."""
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False


def _committed(path: Path, *, exactly: bool) -> CommittedPages | None:
    if not has_content(path):
        return None
    # Most starts find no log, so the module that reads one is imported only here.
    from whowas.store.file.write_ahead_log import committed

    return committed(path, _HEADER_BYTES, exactly=exactly)


def _is_whole(header: bytes, file_bytes: int, log: CommittedPages | None, *, will_roll_back: bool) -> bool:
    if not file_bytes:
        return False  # SQLite deletes the log beside an empty file
    page_size = log.page_size if log is not None else int.from_bytes(header[16:18], "big")
    page_size = 65_536 if page_size == 1 else page_size
    if page_size not in PAGE_SIZES:
        return False
    in_file = file_bytes // page_size
    if log is not None:
        return all(page in log.offsets for page in range(in_file + 1, log.size + 1))
    # The page count in the header is valid only if its "version-valid-for" number equals the change counter; and a
    # transaction that is yet to be rolled back may have changed the count, the size, or both.
    says_its_size = header[24:28] == header[92:96] and not will_roll_back
    return not says_its_size or in_file >= int.from_bytes(header[28:32], "big")


def _journalled_header(path: Path) -> bytes | None:
    """Return the header that a rollback journal restores; b"" if it leaves the header as it is; None without a journal.

    The journal holds the original of every page that the transaction has changed.
    """
    try:
        with path.open("rb") as journal:
            head = journal.read(_JOURNAL_HEADER.size)
            if len(head) < _JOURNAL_HEADER.size or not head.startswith(_JOURNAL_MAGIC):
                return None
            *_, sector, page_size = _JOURNAL_HEADER.unpack(head)
            offset = sector
            while page_size in PAGE_SIZES and len(page := read_at(journal, offset, 4)) == 4:
                if page == b"\0\0\0\1":
                    return read_at(journal, offset + 4, _HEADER_BYTES)
                offset += 8 + page_size
            return b""
    except FileNotFoundError:
        return None
