"""The head last seen of each directory, noted on this computer: a history that was cut or rewritten since is noticed.

A hash chain only tells that a history fits together. Whoever writes the whole chain again, or puts an older file in
place, leaves one that does; but not one that contains the head which was seen before. So that is kept in the state
folder, one small file for each path of each directory, as copies of a directory go on by themselves.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Protocol, TypeAlias

import msgspec

from whowas.domain.errors import DamagedError
from whowas.store.chain import GENESIS, Head
from whowas.system import folders
from whowas.system.unfinished import write_whole

_FORMAT = 1
_LONGEST = 65_536
"""No note is that long, in bytes."""
_AFRESH_US = 60_000_000
"""A head that is seen again within a minute is not noted again: no more is ever said of it than the minute."""
_LAST_MOMENT = 250_000_000_000_000_000
"""In UTC microseconds, the year 9892: what lies beyond cannot be written as a date everywhere."""
_LAST_POSITION = 2**62


class ChainedHistory(Protocol):
    """What is asked of an ``EventLog``."""

    path: Path
    directory_id: str
    read_only: str

    def head(self) -> Head: ...

    def chains_at(self, positions: Collection[int]) -> dict[int, bytes]: ...


class KnownBackup(Protocol):
    """A backup that Whowas made: the end of its history, None if not known, and when it was made (UTC microseconds)."""

    @property
    def head(self) -> Head | None: ...

    @property
    def made_at(self) -> int: ...


# Not dataclasses, because they are made as the window starts, and six of those take milliseconds to be defined.


class NeverSeen(msgspec.Struct, frozen=True):
    """Nothing is noted of this directory at this path."""


class UnreadableNote(msgspec.Struct, frozen=True):
    """What was noted cannot be read: it is damaged, or of another version of the program."""


class UnreadableHistory(msgspec.Struct, frozen=True):
    """The history is too damaged to be asked for what was noted, so nothing is known."""


class StillPart(msgspec.Struct, frozen=True):
    """The head seen last, at ``seen_at`` (UTC microseconds), is part of this history."""

    head: Head
    seen_at: int


class Restored(msgspec.Struct, frozen=True):
    """This is a backup that Whowas made at ``made_at`` and that was put back: what was seen after it is not in it.

    ``later`` is how many changes that are, None where that is not known.
    """

    head: Head
    made_at: int
    seen: Head
    seen_at: int
    later: int | None


class Rewritten(msgspec.Struct, frozen=True):
    """The head seen last is not part of this history.

    It is another one from ``from_position`` on: at the latest from there, unless that is ``exact``. ``cut`` says that
    it ends before that position, so that what was seen there is missing.
    """

    seen: Head
    seen_at: int
    from_position: int
    exact: bool
    cut: bool


Verdict: TypeAlias = NeverSeen | UnreadableNote | UnreadableHistory | StillPart | Restored | Rewritten


class _Note(msgspec.Struct, frozen=True):
    """The file: ``heads`` as (position, hex), the last one first; ``changes`` of the history, None if not known.

    ``check`` is a hash of all else: a note in which a bit flipped would raise a false alarm.
    """

    format: int
    seen_at: int
    changes: int | None
    heads: list[tuple[int, str]]
    check: str = ""

    def hashed(self) -> str:
        """Return what ``check`` is to be."""
        return hashlib.sha256(msgspec.json.encode(msgspec.structs.replace(self, check=""))).hexdigest()[:16]


def look(
    log: ChainedHistory,
    folder: Path,
    known_backups: Callable[[], Iterable[KnownBackup]] = tuple,
    changes: int | None = None,
) -> Verdict:
    """Compare a history with what was noted of it below ``folder``; backups are asked for only where that differs.

    ``changes`` is how many the history has, as far as known. Raises StoreError where the file or its disk fails.
    """
    note = _read(_file_of(log, folder))
    if note is None or isinstance(note, UnreadableNote):
        return note or NeverSeen()
    seen = _head(note.heads[0])
    if not seen.position:
        return NeverSeen()
    try:
        if log.chains_at([seen.position]).get(seen.position) == seen.chain:
            return StillPart(seen, note.seen_at)
        head = log.head()
        found = _compared(note, log.chains_at([position for position, _ in note.heads]), head.position)
    except DamagedError:
        return UnreadableHistory()
    if head.position < seen.position and found.from_position > head.position:
        for backup in known_backups():
            if backup.head == head:
                return Restored(head, backup.made_at, seen, note.seen_at, _later(changes, note.changes))
    return found


def note_seen(log: ChainedHistory, folder: Path, now: int, changes: int | None = None) -> None:
    """Note where a history ends, and that it was seen ``now`` (UTC microseconds), unless it is not the one seen before.

    One that can only be read may not be shown to its end, so it is not noted. Raises OSError where the note cannot be
    written, and StoreError.
    """
    if log.read_only:
        return
    note = _read(_file_of(log, folder))
    if isinstance(note, _Note):
        head = log.head()
        same = _head(note.heads[0]) == head
        if same and changes is None:
            changes = note.changes
        if same and note.changes == changes and 0 <= now - note.seen_at < _AFRESH_US:
            return
    if not isinstance(look(log, folder), Rewritten | UnreadableHistory):
        accept(log, folder, now, changes)


def accept(log: ChainedHistory, folder: Path, now: int, changes: int | None = None) -> None:
    """Take where a history ends as what was seen ``now``, whatever was seen before. Raises OSError and StoreError."""
    head = log.head()
    chains = log.chains_at(_thinned(head.position))
    heads = [(position, chain.hex()) for position, chain in sorted(chains.items(), reverse=True)]
    _write(_file_of(log, folder), _Note(_FORMAT, now, changes, heads))


def _file_of(log: ChainedHistory, folder: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(log.path.resolve())).hexdigest()[:16]
    return folder / f"{log.directory_id}-{digest}.json"


def _thinned(last: int) -> list[int]:
    """Return the last position, and those 1, 2, 4, 8… before it, so that a difference can be found between two."""
    return [last, *(last - (1 << power) for power in range(last.bit_length()) if last > 1 << power)]


def _compared(note: _Note, chains: Mapping[int, bytes], last: int) -> Rewritten:
    """Find where a history that ends at position ``last`` begins to differ from what was noted."""
    same, other = 0, last + 1
    for position, chain in map(_head, note.heads):
        if chains.get(position) == chain:
            same = position
            break
        other = min(other, position)
    seen = _head(note.heads[0])
    return Rewritten(seen, note.seen_at, other, exact=other == same + 1, cut=other > last)


def _later(changes: int | None, seen: int | None) -> int | None:
    return seen - changes if changes is not None and seen is not None and seen > changes else None


def _head(kept: tuple[int, str]) -> Head:
    position, chain = kept
    return Head(position, bytes.fromhex(chain))


def _read(file: Path) -> _Note | UnreadableNote | None:
    try:
        with file.open("rb") as opened:
            note = msgspec.json.decode(opened.read(_LONGEST), type=_Note)
        return note if _is_sound(note) else UnreadableNote()
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError, ValueError):
        return UnreadableNote()


def _is_sound(note: _Note) -> bool:
    positions = [position for position, _ in note.heads]
    return (
        note.format == _FORMAT
        and note.check == note.hashed()
        and 0 <= note.seen_at <= _LAST_MOMENT
        and (note.changes is None or note.changes >= 0)
        and bool(positions)
        and all(0 <= position <= _LAST_POSITION for position in positions)
        and positions == sorted(set(positions), reverse=True)
        and all(len(bytes.fromhex(chain)) == len(GENESIS) for _, chain in note.heads)
    )


def _write(file: Path, note: _Note) -> None:
    folders.private_folder(file.parent)
    write_whole(file, msgspec.json.encode(msgspec.structs.replace(note, check=note.hashed())))
