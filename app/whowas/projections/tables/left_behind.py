"""What a program that was killed left beside the read model's database, looked at before SQLite makes use of it.

The frames of a write-ahead log have checksums, so SQLite never takes a damaged one for part of the database. It takes
the log to end before it. That is harmless where the frames after it are nowhere else; but if they had been copied into
the database already, some pages would be newer than others, each with a right checksum. Every commit therefore counts
up the ``user_version`` in page 1, which is the first page that is copied: where the database file has a higher number
than what SQLite makes of file and log together, the log has lost something that counts.

Formats: https://www.sqlite.org/fileformat2.html and https://www.sqlite.org/walformat.html.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from whowas.store.file.identity import beside, log_of

_COUNT = slice(60, 64)
_LOG_HEADER = struct.Struct(">8I")
_MAGIC = {0x377F0682: "little", 0x377F0683: "big"}
_SHARED_HEADER = struct.Struct("=IIIBBHI")
"""The beginning of the log's index in shared memory, to the number of frames that it knows."""
_MASK = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """What is known before SQLite has opened the file.

    ``commits`` is the count in the database file alone; ``is_broken`` that the whole log is lost, and was not empty.
    """

    commits: int = 0
    is_broken: bool = False


def left_behind(database: Path) -> LeftBehind:
    """Look at the files of a database that this process has not open. Raises OSError."""
    # Another process may have it open and close it just now, so a second look has to agree.
    is_broken = _has_lost_its_log(database) and _has_lost_its_log(database)
    head = _beginning(database, 100)
    return LeftBehind(int.from_bytes(head[_COUNT], "big"), is_broken)


def _has_lost_its_log(database: Path) -> bool:
    # In this order: what is in the log was there before its index knew of it.
    shared = _beginning(beside(database, "-shm"), _SHARED_HEADER.size)
    log = _beginning(log_of(database), _LOG_HEADER.size)
    if log:
        return not _is_log_header(log)
    return len(shared) == _SHARED_HEADER.size and _SHARED_HEADER.unpack(shared)[-1] > 0


def _is_log_header(head: bytes) -> bool:
    if len(head) < _LOG_HEADER.size:
        return False
    magic, *_, first, second = _LOG_HEADER.unpack(head)
    order = _MAGIC.get(magic)
    if order is None:
        return False
    words = struct.unpack(f"{'<' if order == 'little' else '>'}6I", head[:24])
    sums = 0, 0
    for one, other in zip(words[::2], words[1::2], strict=True):
        begun = sums[0] + one + sums[1] & _MASK
        sums = begun, sums[1] + other + begun & _MASK
    return sums == (first, second)


def _beginning(path: Path, count: int) -> bytes:
    try:
        with path.open("rb", buffering=0) as file:
            return file.read(count)
    except FileNotFoundError:
        return b""
