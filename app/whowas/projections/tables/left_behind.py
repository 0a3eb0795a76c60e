"""What a program that was killed left beside the read model's database, looked at before SQLite makes use of it.

The frames of a write-ahead log have checksums, so SQLite never takes a damaged one for part of the database. It takes
the log to end at the last commit before it. That is harmless where what comes after is nowhere else; but if it had been
copied into the database already, some pages would be newer than others, each with a right checksum. So

- every commit counts up the ``user_version`` in page 1, which is the first page that is copied: where the database
  alone has a higher number than SQLite finds in both together, the log has lost something that counts;
- where SQLite finds no commit in the log at all, there must be none.

Formats: https://www.sqlite.org/fileformat2.html and https://www.sqlite.org/walformat.html.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from pathlib import Path

from whowas.store.file.identity import beside, log_of

_COUNT = slice(60, 64)
_HEADER_BYTES = 100
_LOG_HEADER = struct.Struct(">8I")
_FRAME_HEADER = struct.Struct(">6I")
_WORD_ORDERS = {0x377F0682: "<", 0x377F0683: ">"}
"""The byte order of the words that are summed, by the magic number."""
_SHARED_HEADER = struct.Struct("=IIIBBHI")
"""The beginning of the log's index in shared memory, up to the number of frames that it knows."""
_MASK = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """What is known before SQLite has opened the files.

    ``commits`` is the count in the database alone; ``has_commit`` says whether there are any in the log, and
    ``is_lost`` that there were, while the log or its beginning is gone.
    """

    commits: int
    has_commit: bool
    is_lost: bool

    def agrees(self, commits: int, frames: int) -> bool:
        """Say whether SQLite, which counts so many commits and frames of the log, lacks nothing that was there."""
        return not self.is_lost and commits >= self.commits and (frames > 0 or not self.has_commit)


def left_behind(database: Path) -> LeftBehind:
    """Look at the files of a database that this process has not open. Raises OSError."""
    # Another process may have them open and close them just now, so a second look has to agree.
    is_lost = _has_lost_its_log(database) and _has_lost_its_log(database)
    has_commit = not is_lost and _has_commit(log_of(database))
    head = _beginning(database, _HEADER_BYTES)
    return LeftBehind(int.from_bytes(head[_COUNT], "big"), has_commit, is_lost)


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
    magic, *_, one_sum, other_sum = _LOG_HEADER.unpack(head)
    if magic not in _WORD_ORDERS:
        return False
    words = struct.unpack(f"{_WORD_ORDERS[magic]}6I", head[: _LOG_HEADER.size - 8])
    first = second = 0
    for one, other in zip(words[::2], words[1::2], strict=True):
        first = first + one + second & _MASK
        second = second + other + first & _MASK
    return (first, second) == (one_sum, other_sum)


def _has_commit(path: Path) -> bool:
    """Look for a frame that ends a commit, whole or not; those of before the last restart have two other salts."""
    try:
        log = path.open("rb", buffering=0)
    except FileNotFoundError:
        return False
    with log:
        head = log.read(_LOG_HEADER.size)
        if len(head) < _LOG_HEADER.size:
            return False
        _, _, page_bytes, _, *salts, _, _ = _LOG_HEADER.unpack(head)
        while len(frame := log.read(_FRAME_HEADER.size)) == _FRAME_HEADER.size:
            _, size_after, one, other, _, _ = _FRAME_HEADER.unpack(frame)
            if one != salts[0] and other != salts[1]:
                return False
            if size_after:
                return True
            log.seek(page_bytes, io.SEEK_CUR)
        return False


def _beginning(path: Path, count: int) -> bytes:
    try:
        with path.open("rb", buffering=0) as file:
            return file.read(count)
    except FileNotFoundError:
        return b""
