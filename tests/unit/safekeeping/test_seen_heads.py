"""The head last seen of a directory: what is noted, and what is said of a history that does not contain it."""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from whowas.domain.errors import DamagedError
from whowas.safekeeping.seen_heads import (
    NeverSeen,
    Restored,
    Rewritten,
    StillPart,
    UnreadableHistory,
    UnreadableNote,
    Verdict,
    accept,
    look,
    note_seen,
)
from whowas.store.chain import GENESIS, Head

DAY = 86_400_000_000
ID = "0190163d-8694-739b-aea5-966c26f8ad91"


class Log:
    """A history that is only chain values: as long as ``events``, each of which says what was written there."""

    def __init__(self, path: Path, events: list[int]) -> None:
        self.path = path
        self.directory_id = ID
        self.read_only = ""
        self.events = events

    def head(self) -> Head:
        return Head(len(self.events), self.chain(len(self.events)))

    def chain(self, position: int) -> bytes:
        return hashlib.sha256(repr(self.events[:position]).encode()).digest() if position else GENESIS

    def chains_at(self, positions: Collection[int]) -> dict[int, bytes]:
        return {position: self.chain(position) for position in positions if 0 <= position <= len(self.events)}


@dataclass(frozen=True)
class Kept:
    """A backup that was made."""

    head: Head
    made_at: int = 5 * DAY


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path / "staff.whowas", list(range(100)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "heads"


def note(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def test_nothing_is_said_of_what_was_never_seen_and_what_was_is_part_of_what_grew_from_it(
    log: Log, folder: Path
) -> None:
    assert look(log, folder) == NeverSeen()
    note_seen(log, folder, DAY)
    head = log.head()
    assert look(log, folder) == StillPart(head, DAY)
    log.events.extend([1, 2, 3])
    assert look(log, folder) == StillPart(head, DAY)
    note_seen(log, folder, 2 * DAY)
    assert look(log, folder) == StillPart(log.head(), 2 * DAY)


def test_a_note_is_for_its_owner_alone_and_nothing_else_is_left_beside_it(log: Log, folder: Path) -> None:
    for day in range(3):
        log.events.append(day)
        note_seen(log, folder, day * DAY)
    assert stat.S_IMODE(note(folder).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(note(folder).read_bytes()) < 2_000


@given(st.integers(1, 300), st.integers(0, 299), st.integers(0, 300))
def test_a_rewritten_history_is_named_from_where_it_surely_differs(
    tmp_path_factory: pytest.TempPathFactory, length: int, altered: int, end: int
) -> None:
    """What is said is true: at ``from_position`` it differs; where that is exact it is the first that does."""
    folder = tmp_path_factory.mktemp("heads")
    log = Log(folder / "staff.whowas", list(range(length)))
    note_seen(log, folder, DAY)
    seen, before = log.head(), [log.chain(position) for position in range(length + 1)]
    if altered < length:
        log.events[altered] = -1
    del log.events[end:]
    same = [position for position in range(min(length, end) + 1) if log.chain(position) == before[position]]
    first = len(same)
    verdict = look(log, folder)
    if first > length:
        assert verdict == StillPart(seen, DAY)
        return
    assert isinstance(verdict, Rewritten)
    assert (verdict.seen, verdict.seen_at) == (seen, DAY)
    assert first <= verdict.from_position <= length
    assert verdict.cut == (verdict.from_position > len(log.events))
    if verdict.exact:
        assert verdict.from_position == first
    # Between two positions that were noted, whose distance is at most that to the end.
    assert verdict.from_position - first <= max(0, length - first) or verdict.from_position == len(log.events) + 1


def test_the_last_changes_are_named_exactly(log: Log, folder: Path) -> None:
    note_seen(log, folder, DAY)
    for back in (0, 1):
        log.events[-1 - back] = -1
        verdict = look(log, folder)
        assert isinstance(verdict, Rewritten)
        assert (verdict.from_position, verdict.exact, verdict.cut) == (100 - back, True, False)
    del log.events[-2:]
    verdict = look(log, folder)
    assert isinstance(verdict, Rewritten)
    assert (verdict.from_position, verdict.exact, verdict.cut) == (99, True, True)


def test_an_alarm_comes_again_until_it_is_accepted_and_then_never(log: Log, folder: Path) -> None:
    note_seen(log, folder, DAY)
    log.events[50] = -1
    alarm = look(log, folder)
    assert isinstance(alarm, Rewritten)
    for day in (2, 3):
        note_seen(log, folder, day * DAY)
        assert look(log, folder) == alarm
    log.events.append(1)
    accept(log, folder, 4 * DAY)
    assert look(log, folder) == StillPart(log.head(), 4 * DAY)


def test_a_backup_that_was_put_back_says_what_is_not_in_it(log: Log, folder: Path) -> None:
    backup = Kept(log.head())
    log.events.extend([1, 2, 3, 4])
    note_seen(log, folder, 8 * DAY, changes=103)
    note_seen(log, folder, 9 * DAY)
    seen = log.head()
    del log.events[100:]
    assert isinstance(look(log, folder), Rewritten), "nobody knows of a backup"
    others = Kept(Head(100, GENESIS)), Kept(Head(99, log.chain(99)))
    assert isinstance(look(log, folder, lambda: others), Rewritten)
    restored = look(log, folder, lambda: [*others, backup], changes=100)
    assert restored == Restored(backup.head, backup.made_at, seen, 9 * DAY, later=3)
    assert look(log, folder, lambda: [backup]) == Restored(backup.head, backup.made_at, seen, 9 * DAY, later=None)


def test_a_backup_of_another_history_than_the_one_seen_is_an_alarm(log: Log, folder: Path) -> None:
    note_seen(log, folder, DAY)
    log.events[3] = -1
    del log.events[90:]
    assert isinstance(look(log, folder, lambda: [Kept(log.head())]), Rewritten)


def test_backups_are_not_asked_for_while_all_is_well(log: Log, folder: Path) -> None:
    def backups() -> Iterator[Kept]:
        pytest.fail("they are files that have to be opened")
        yield

    note_seen(log, folder, DAY)
    assert isinstance(look(log, folder, backups), StillPart)
    log.events[3] = -1
    assert isinstance(look(log, folder, backups), Rewritten), "it is not shorter"


def test_copies_go_on_by_themselves(log: Log, folder: Path, tmp_path: Path) -> None:
    note_seen(log, folder, DAY)
    copy = Log(tmp_path / "copy.whowas", list(log.events))
    assert look(copy, folder) == NeverSeen()
    copy.events.append(1)
    log.events.append(2)
    for each in (copy, log):
        note_seen(each, folder, 2 * DAY)
        assert look(each, folder) == StillPart(each.head(), 2 * DAY)


def test_a_path_is_the_same_by_whatever_link(log: Log, folder: Path, tmp_path: Path) -> None:
    log.path.touch()
    link = tmp_path / "link.whowas"
    link.symlink_to(log.path)
    note_seen(log, folder, DAY)
    assert isinstance(look(Log(link, log.events), folder), StillPart)


def checked(content: dict[str, object]) -> bytes:
    """A note of that content, with the hash that fits."""
    bare = json.dumps(content | {"check": ""}, separators=(",", ":"))
    return json.dumps(content | {"check": hashlib.sha256(bare.encode()).hexdigest()[:16]}).encode()


def test_a_note_is_as_these_tests_write_it(log: Log, folder: Path) -> None:
    note_seen(log, folder, DAY)
    content = json.loads(note(folder).read_bytes())
    del content["check"]
    note(folder).write_bytes(checked(content))
    assert look(log, folder) == StillPart(log.head(), DAY)


def damaged_notes() -> Iterator[bytes]:
    sound: dict[str, object] = {"format": 1, "seen_at": DAY, "changes": None, "heads": [[2, "00" * 32], [1, "11" * 32]]}
    yield b""
    yield b"{"
    yield b"\xff\xfe"
    yield json.dumps(sound).encode()[:-9]
    for altered in (
        {"format": 2},
        {"seen_at": "yesterday"},
        {"seen_at": -1},
        {"seen_at": 2**62},
        {"changes": -1},
        {"heads": []},
        {"heads": [[2, "00"]]},
        {"heads": [[2, "zz" * 32]]},
        {"heads": [[-2, "00" * 32]]},
        {"heads": [[2**70, "00" * 32]]},
        {"heads": [[2**63 - 1, "00" * 32]]},
        {"heads": [[1, "00" * 32], [2, "00" * 32]]},
        {"heads": [[2, "00" * 32], [2, "00" * 32]]},
        {"heads": 3},
    ):
        yield checked(sound | altered)
    yield checked(sound | {"heads": [[p, "00" * 32] for p in range(5_000, 0, -1)]})
    yield checked(sound).replace(b"11", b"12")


@pytest.mark.parametrize("content", list(damaged_notes()))
def test_a_note_that_is_damaged_or_of_another_version_is_replaced(log: Log, folder: Path, content: bytes) -> None:
    note_seen(log, folder, DAY)
    note(folder).write_bytes(content)
    assert look(log, folder) == UnreadableNote()
    note_seen(log, folder, 2 * DAY)
    assert look(log, folder) == StillPart(log.head(), 2 * DAY)


def test_a_cut_note_or_one_with_a_flipped_bit_is_unreadable_and_raises_no_alarm(log: Log, folder: Path) -> None:
    note_seen(log, folder, DAY)
    whole = note(folder).read_bytes()
    for place in range(0, len(whole) * 8, 11):  # every byte, and of each kind of bit enough
        altered = bytearray(whole)
        altered[place // 8] ^= 1 << place % 8
        note(folder).write_bytes(altered)
        assert look(log, folder) == UnreadableNote()
    for end in range(len(whole)):
        note(folder).write_bytes(whole[:end])
        assert look(log, folder) == UnreadableNote()


def test_a_note_that_may_not_be_read_is_not_known_and_one_that_may_not_be_written_says_so(
    log: Log, folder: Path
) -> None:
    folder.parent.mkdir()
    folder.write_bytes(b"a file where the folder should be")
    assert look(log, folder) in (NeverSeen(), UnreadableNote())
    with pytest.raises(OSError):  # noqa: PT011 - which one is the system's affair
        note_seen(log, folder, DAY)
    assert folder.read_bytes() == b"a file where the folder should be"


def test_a_write_that_fails_leaves_the_note_as_it_was(log: Log, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note_seen(log, folder, DAY)
    before = note(folder).read_bytes()

    def full(_self: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    log.events.append(1)
    with pytest.raises(OSError, match="No space"):
        note_seen(log, folder, 2 * DAY)
    assert note(folder).read_bytes() == before


def test_a_history_that_cannot_be_asked_is_not_taken_for_the_one_seen(
    log: Log, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note_seen(log, folder, DAY)
    before = note(folder).read_bytes()

    def damaged(_self: Log, _positions: Collection[int]) -> dict[int, bytes]:
        raise DamagedError("The event at position 100 is damaged.")

    with monkeypatch.context() as context:
        context.setattr(Log, "chains_at", damaged)
        assert look(log, folder) == UnreadableHistory()
        log.events.append(1)
        note_seen(log, folder, 2 * DAY)
    assert note(folder).read_bytes() == before


def test_an_empty_directory_was_seen_as_nothing(log: Log, folder: Path) -> None:
    log.events.clear()
    note_seen(log, folder, DAY)
    assert look(log, folder) == NeverSeen()
    log.events.append(1)
    note_seen(log, folder, 2 * DAY)
    log.events.clear()
    verdict = look(log, folder)
    assert isinstance(verdict, Rewritten)
    assert (verdict.from_position, verdict.exact, verdict.cut) == (1, True, True)
    accept(log, folder, 3 * DAY)
    assert look(log, folder) == NeverSeen()


def test_the_same_is_not_noted_again_within_a_minute_but_after_it_and_when_the_clock_was_set_back(
    log: Log, folder: Path
) -> None:
    seen_at = []
    for now in (DAY, DAY + 59_000_000, DAY + 61_000_000, DAY + 60_000_000):
        note_seen(log, folder, now)
        verdict = look(log, folder)
        assert isinstance(verdict, StillPart)
        seen_at.append(verdict.seen_at)
    assert seen_at == [DAY, DAY, DAY + 61_000_000, DAY + 60_000_000]


class SeenHeadsMachine(RuleBasedStateMachine):
    """Files of one directory at two paths, opened, continued, copied over each other, cut, restored, rewritten.

    The model remembers, for each path, the whole history that was last taken as seen; the right verdict follows from
    comparing it with the file's.
    """

    backups = Bundle("backups")

    @initialize()
    def begin(self) -> None:
        import tempfile

        self.folder = tempfile.TemporaryDirectory()
        below = Path(self.folder.name)
        self.heads = below / "heads"
        self.logs = [Log(below / "a.whowas", [0]), Log(below / "b.whowas", [0])]
        self.seen: list[list[int] | None] = [None, None]
        self.made: list[Kept] = []
        self.next, self.clock = 1, DAY

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.folder.cleanup()

    def right(self, which: int) -> type[Verdict]:  # type: ignore[valid-type]
        events, seen = self.logs[which].events, self.seen[which]
        if seen is None:
            return NeverSeen
        if events[: len(seen)] == seen:
            return StillPart
        is_backup = any(backup.head == self.logs[which].head() for backup in self.made)
        noted = [len(seen) - (1 << power) for power in range(12)]
        fits = all(events[:n] == seen[:n] for n in noted if 0 < n <= len(events))
        return Restored if is_backup and len(events) < len(seen) and fits else Rewritten

    @rule(which=st.integers(0, 1))
    def open(self, which: int) -> None:
        """Look, and go on as the program does: a restored backup is taken, an alarm is not."""
        self.clock += DAY
        log = self.logs[which]
        verdict = look(log, self.heads, lambda: self.made)
        assert type(verdict) is self.right(which)
        if isinstance(verdict, Rewritten):
            note_seen(log, self.heads, self.clock)
            assert look(log, self.heads, lambda: self.made) == verdict, "it is told until it is accepted"
            return
        (accept if isinstance(verdict, Restored) else note_seen)(log, self.heads, self.clock)
        self.seen[which] = list(log.events)
        assert look(log, self.heads, lambda: self.made) == StillPart(log.head(), self.clock), (
            "and once it is known, no more"
        )

    @rule(which=st.integers(0, 1))
    def accept_it(self, which: int) -> None:
        self.clock += DAY
        accept(self.logs[which], self.heads, self.clock)
        self.seen[which] = list(self.logs[which].events)

    @rule(which=st.integers(0, 1), count=st.integers(1, 9))
    def append(self, which: int, count: int) -> None:
        for _ in range(count):
            self.logs[which].events.append(self.next)
            self.next += 1

    @rule(which=st.integers(0, 1))
    def copy_over(self, which: int) -> None:
        self.logs[1 - which].events = list(self.logs[which].events)

    @rule(which=st.integers(0, 1), left=st.integers(1, 40))
    def truncate(self, which: int, left: int) -> None:
        del self.logs[which].events[left:]

    @rule(which=st.integers(0, 1), back=st.integers(1, 20))
    def rewrite(self, which: int, back: int) -> None:
        events = self.logs[which].events
        for place in range(max(1, len(events) - back), len(events)):
            events[place] = -self.next
            self.next += 1

    @rule(target=backups, which=st.integers(0, 1))
    def back_up(self, which: int) -> list[int]:
        self.made.append(Kept(self.logs[which].head()))
        return list(self.logs[which].events)

    @rule(which=st.integers(0, 1), backup=backups)
    def restore(self, which: int, backup: list[int]) -> None:
        self.logs[which].events = list(backup)

    @invariant()
    def every_verdict_is_right(self) -> None:
        for which in range(2) if hasattr(self, "logs") else ():
            assert type(look(self.logs[which], self.heads, lambda: self.made)) is self.right(which)


TestSeenHeads = SeenHeadsMachine.TestCase
