"""What every log of a directory does with a change that somebody decided: the contract, and how a file keeps it.

Other logs keep it too: a subclass says by its fixtures which one is tried.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.decisions import decided
from tests.examples import at_most
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser, DeleteUser, UpdateUser
from whowas.domain.errors import CancelledError, ConflictError, RefusedError
from whowas.domain.events import Event, PasswordSet, UserCreated, UserErased, UserUpdated
from whowas.domain.progress import Progress, unwatched
from whowas.store import codec
from whowas.store.chain import ChainedRow, Head, first_damage
from whowas.store.decided import Committed, Decided, Moved
from whowas.store.directory_log import DirectoryLog
from whowas.store.event_log import EventLog
from whowas.store.recorded_event import NewEvent, from_blob, to_blob

ADA, BEN, CLEO, DAN = (f"01890000-0000-7000-8000-00000000000{last}" for last in "abcd")
CHANGE, COMMAND = (f"01890000-0000-7000-8000-0000000000c{last}" for last in "12")
SECOND = 1_000_000

_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40)
SAID = st.tuples(st.sampled_from((ADA, BEN, CLEO, DAN)), _TEXTS, _TEXTS, st.integers(0, 1_700_000_000_000_000))
"""Of an event: its stream, the name of a custom field, a text, and when it occurred."""


class Append(Protocol):
    """Appends a change, wherever and whenever it was decided."""

    def __call__(
        self, decided: Decided, about_to_commit: Callable[[], None] = ..., progress: Progress = ...
    ) -> Committed | Moved: ...


class Stored(Protocol):
    """What is in the log by now."""

    def rows(self) -> Sequence[ChainedRow]:
        """Return all rows."""

    def owners_of_email(self, key: str) -> Sequence[str]:
        """Return the ids of the users who own it."""

    def owners_of_external_id(self, key: str) -> Sequence[str]:
        """Return the ids of the users who own it."""


def now() -> int:
    """Return the present moment in UTC microseconds: servers have a clock of their own."""
    return time.time_ns() // 1000


def new(
    user_id: str,
    version: int = 1,
    event: Event | None = None,
    *,
    occurred_at: int | None = None,
    is_backdated: bool = False,
    actor: str = "ines",
    command_id: str | None = None,
) -> NewEvent:
    """Return an event of a user: unless given, they are created, or get a title."""
    made = UserCreated(user_id, {"first_name": "x"}, {}) if version == 1 else UserUpdated({"title": f"{version}"}, {})
    when = now() if occurred_at is None else occurred_at
    return NewEvent(user_id, version, event or made, when, actor, command_id, is_backdated)


def head_of(stored: Stored) -> Head:
    rows = stored.rows()
    return Head(rows[-1][0][0], rows[-1][2]) if rows else Head(0, bytes(32))


class AppendContract:
    """What becomes of a change that is appended; ``append`` and ``stored`` are those of one log, empty at first."""

    @pytest.fixture
    def append(self) -> Append:
        raise NotImplementedError

    @pytest.fixture
    def stored(self) -> Stored:
        raise NotImplementedError

    def test_positions_have_no_gap_and_versions_count_on(self, append: Append, stored: Stored) -> None:
        answers = [
            append(decided(head_of(stored), new(ADA), new(BEN))),
            append(decided(head_of(stored), new(ADA, 2), new(ADA, 3))),
            append(decided(head_of(stored), new(BEN, 2))),
        ]
        assert answers == [Committed(1, 2), Committed(3, 4), Committed(5, 5)]
        assert [(row[0][0], from_blob(row[0][2]), row[0][3]) for row in stored.rows()] == [
            (1, ADA, 1),
            (2, BEN, 1),
            (3, ADA, 2),
            (4, ADA, 3),
            (5, BEN, 2),
        ]
        assert first_damage(stored.rows()) is None

    @settings(
        max_examples=at_most(20),
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
    )
    @given(st.lists(SAID, min_size=1, max_size=6))
    def test_rows_hold_what_was_decided_and_chain_byte_by_byte(
        self, append: Append, stored: Stored, said: list[tuple[str, str, str, int]]
    ) -> None:
        before, wanted = stored.rows(), list[NewEvent]()
        versions = {from_blob(row[0][2]): row[0][3] for row in before}
        for stream, name, text, occurred_at in said:
            versions[stream] = version = versions.get(stream, 0) + 1
            began = UserCreated(stream, {"first_name": text}, {name: text})
            event = began if version == 1 else UserUpdated({"title": text, "email": None}, {name: text})
            when_us = 0 if version == 1 else occurred_at  # nothing happens to anybody before they are created
            wanted.append(new(stream, version, event, occurred_at=when_us, is_backdated=True))
        change = decided(head_of(stored), *wanted)
        assert append(change) == Committed(len(before) + 1, len(before) + len(wanted))
        rows = stored.rows()
        assert rows[: len(before)] == before
        assert first_damage(rows) is None, "each chain value is that of its columns, and each digest of its payload"
        for row, asked in zip(rows[len(before) :], wanted, strict=True):
            called, event_schema, body = codec.EVENTS.encode(asked.event)
            assert row[0][2:6] == (to_blob(asked.stream), asked.version, called, event_schema)
            assert row[0][7:10] == (asked.occurred_at, asked.actor, to_blob(change.change_id))
            assert (row[0][11], row[4]) == (None, body)

    def test_ids_of_events_and_salts_are_never_the_same(self, append: Append, stored: Stored) -> None:
        append(decided(head_of(stored), *(new(ADA, version) for version in range(1, 31))))
        rows = stored.rows()
        assert len({row[0][1] for row in rows}) == len({row[3] for row in rows}) == 30

    def test_what_others_appended_to_other_streams_is_not_in_the_way(self, append: Append, stored: Stored) -> None:
        append(decided(head_of(stored), new(ADA)))
        mine = decided(head_of(stored), new(ADA, 2))
        assert append(decided(head_of(stored), new(BEN))) == Committed(2, 2)
        assert append(mine) == Committed(3, 3)
        assert first_damage(stored.rows()) is None

    @pytest.mark.parametrize("theirs", ["the stream that is written", "one that was read", "one that was not there"])
    def test_a_stream_that_moved(self, append: Append, stored: Stored, theirs: str) -> None:
        append(decided(head_of(stored), new(ADA), new(BEN)))
        mine = decided(head_of(stored), new(ADA, 2), read={BEN: 1, CLEO: 0})
        append(
            decided(
                head_of(stored),
                {"the stream that is written": new(ADA, 2), "one that was read": new(BEN, 2)}.get(theirs, new(CLEO)),
            )
        )
        self.refuses(append, stored, mine)

    def test_a_whole_change_stands_only_where_nothing_was_appended(self, append: Append, stored: Stored) -> None:
        mine = decided(head_of(stored), new(ADA), whole=True)
        append(decided(head_of(stored), new(BEN)))
        self.refuses(append, stored, mine)
        assert append(decided(head_of(stored), new(ADA), whole=True)) == Committed(2, 2)

    @pytest.mark.parametrize("kind", ["emails", "external_ids"])
    def test_an_owner_who_came_meanwhile(self, append: Append, stored: Stored, kind: str) -> None:
        mine = decided(head_of(stored), new(ADA), **{f"claimed_{kind}": [("x", ADA)]})
        append(decided(head_of(stored), new(BEN), **{f"claimed_{kind}": [("x", BEN)]}))
        self.refuses(append, stored, mine)
        assert owners(stored, kind, "x") == [BEN]

    @pytest.mark.parametrize("kind", ["emails", "external_ids"])
    def test_values_change_hands_within_a_change(self, append: Append, stored: Stored, kind: str) -> None:
        given_out = {f"claimed_{kind}": [("x", ADA), ("y", BEN)]}
        append(decided(head_of(stored), new(ADA), new(BEN), **given_out))
        swapped = {f"released_{kind}": [("x", ADA), ("y", BEN)], f"claimed_{kind}": [("y", ADA), ("x", BEN)]}
        mine = decided(head_of(stored), new(ADA, 2), new(BEN, 2), **swapped)
        append(decided(head_of(stored), new(CLEO)))
        assert append(mine) == Committed(4, 5)
        assert (owners(stored, kind, "x"), owners(stored, kind, "y")) == ([BEN], [ADA])

    @pytest.mark.parametrize("kind", ["emails", "external_ids"])
    def test_a_value_is_given_up_and_taken_again(self, append: Append, stored: Stored, kind: str) -> None:
        append(decided(head_of(stored), new(ADA), **{f"claimed_{kind}": [("x", ADA)]}))
        again = {f"released_{kind}": [("x", ADA)], f"claimed_{kind}": [("x", ADA)]}
        mine = decided(head_of(stored), new(ADA, 2), **again)
        append(decided(head_of(stored), new(CLEO)))
        assert append(mine) == Committed(3, 3)
        assert owners(stored, kind, "x") == [ADA]
        append(decided(head_of(stored), new(ADA, 3), **{f"released_{kind}": [("x", ADA)]}))
        assert owners(stored, kind, "x") == []

    @pytest.mark.parametrize("kind", ["emails", "external_ids"])
    def test_several_may_own_a_value_where_that_is_decided_on_everything(
        self, append: Append, stored: Stored, kind: str
    ) -> None:
        both = {f"claimed_{kind}": [("x", ADA), ("x", BEN)]}
        assert append(decided(head_of(stored), new(ADA), new(BEN), whole=True, **both)) == Committed(1, 2)
        third = {f"claimed_{kind}": [("x", CLEO)]}
        assert append(decided(head_of(stored), new(CLEO), whole=True, **third)) == Committed(3, 3)
        assert owners(stored, kind, "x") == [ADA, BEN, CLEO]
        mine = decided(head_of(stored), new(BEN, 2), **{f"released_{kind}": [("x", BEN)]})
        append(decided(head_of(stored), new(ADA, 2)))
        assert append(mine) == Committed(5, 5)
        assert owners(stored, kind, "x") == [ADA, CLEO]

    def test_a_change_that_is_sent_again_is_told_where_it_is(self, append: Append, stored: Stored) -> None:
        """Whoever lost the answer sends it again; meanwhile others may have gone on."""
        mine = decided(head_of(stored), new(ADA, command_id=COMMAND), new(BEN), change_id=CHANGE)
        assert append(mine) == Committed(1, 2)
        rows = stored.rows()
        assert append(mine) == Committed(1, 2, repeated=True)
        assert stored.rows() == rows
        append(decided(head_of(stored), new(ADA, 2), new(CLEO)))
        assert append(mine) == Committed(1, 2, repeated=True)
        assert len(stored.rows()) == 4

    def test_a_command_that_is_there_in_another_change_is_decided_again(self, append: Append, stored: Stored) -> None:
        mine = decided(head_of(stored), new(ADA, command_id=COMMAND))
        append(decided(head_of(stored), new(BEN, command_id=COMMAND)))
        self.refuses(append, stored, mine)

    def test_moments_of_recording_never_go_back(self, append: Append, stored: Stored) -> None:
        begun = now()
        slow = begun - 3600 * SECOND
        append(decided(head_of(stored), new(ADA), recorded_at=begun))
        mine = decided(head_of(stored), new(CLEO, occurred_at=slow), recorded_at=slow)
        append(decided(head_of(stored), new(BEN, occurred_at=begun), recorded_at=begun))
        assert append(mine) == Committed(3, 3)
        first, second, third = (row[0] for row in stored.rows())
        assert begun <= first[6] <= second[6] <= third[6]
        assert third[7] == third[6], "what is not backdated occurs when it is recorded"

    def test_what_is_backdated_stays_so(self, append: Append, stored: Stored) -> None:
        append(decided(head_of(stored), new(ADA, occurred_at=7 * SECOND, is_backdated=True)))
        assert stored.rows()[0][0][7] == 7 * SECOND

    def test_nothing_occurs_before_what_its_stream_had_already(self, append: Append, stored: Stored) -> None:
        """The clocks of machines differ, so something may have occurred half a minute ahead."""
        ahead = now() + 30 * SECOND
        append(decided(head_of(stored), new(ADA, occurred_at=ahead, is_backdated=True)))
        append(decided(head_of(stored), new(ADA, 2, occurred_at=ahead)))
        assert stored.rows()[1][0][7] >= ahead

    def test_who_is_erased_loses_the_payloads_and_the_chain_holds(self, append: Append, stored: Stored) -> None:
        hashed = PasswordSet("$argon2id$one")
        append(decided(head_of(stored), new(ADA), new(BEN), new(ADA, 2, hashed), claimed_emails=[("a", ADA)]))
        gone = {"erased": (ADA,), "released_emails": [("a", ADA)]}
        assert append(decided(head_of(stored), new(ADA, 3, UserErased()), **gone)) == Committed(4, 4)
        rows = stored.rows()
        assert [row[4] is None for row in rows][:3] == [True, False, True]
        assert [row[3] is None for row in rows][:3] == [True, False, True]
        assert first_damage(rows, erased={to_blob(ADA): 4}) is None
        assert owners(stored, "emails", "a") == []

    def test_what_is_raised_before_the_commit_leaves_nothing(self, append: Append, stored: Stored) -> None:
        def refuse() -> None:
            raise ZeroDivisionError

        mine = decided(head_of(stored), new(ADA), claimed_emails=[("a", ADA)])
        with pytest.raises(ZeroDivisionError):
            append(mine, refuse)
        assert (stored.rows(), owners(stored, "emails", "a")) == ([], [])
        assert append(mine) == Committed(1, 1), "it can be appended after all"

    def test_it_is_told_before_the_commit_and_only_where_there_is_one(self, append: Append, stored: Stored) -> None:
        told: list[int] = []
        whole = decided(head_of(stored), new(BEN), whole=True)
        append(decided(head_of(stored), new(ADA)), lambda: told.append(1))
        assert isinstance(append(whole, lambda: told.append(2)), Moved)
        assert told == [1]

    def test_whoever_stops_it_leaves_all_or_nothing(self, append: Append, stored: Stored) -> None:
        def stop(_done: int, _total: int) -> None:
            raise CancelledError

        mine = decided(head_of(stored), new(ADA), claimed_emails=[("a", ADA)])
        try:
            answer = append(mine, progress=stop)
        except CancelledError:
            assert (stored.rows(), owners(stored, "emails", "a")) == ([], [])
        else:
            assert (answer, len(stored.rows()), owners(stored, "emails", "a")) == (Committed(1, 1), 1, [ADA])

    @staticmethod
    def refuses(append: Append, stored: Stored, change: Decided) -> None:
        rows = stored.rows()
        assert isinstance(append(change), Moved)
        assert stored.rows() == rows


def owners(stored: Stored, kind: str, key: str) -> list[str]:
    return sorted(stored.owners_of_email(key) if kind == "emails" else stored.owners_of_external_id(key))


class _InFile:
    """What is in a log, by the file that it is read from."""

    def __init__(self, file: Callable[[], EventLog]) -> None:
        self._file = file

    def rows(self) -> Sequence[ChainedRow]:
        return list(self._file().rows())

    def owners_of_email(self, key: str) -> Sequence[str]:
        return self._file().owners_of_email(key)

    def owners_of_external_id(self, key: str) -> Sequence[str]:
        return self._file().owners_of_external_id(key)


class DirectoryLogContract(AppendContract):
    """What the write side of a directory does: ``log`` and ``other`` write to the same one, ``file`` is what is read.

    That is a function, as a follower has to be brought up to its server first.
    """

    @pytest.fixture
    def log(self) -> DirectoryLog:
        raise NotImplementedError

    @pytest.fixture
    def other(self) -> DirectoryLog:
        raise NotImplementedError

    @pytest.fixture
    def file(self) -> Callable[[], EventLog]:
        raise NotImplementedError

    @pytest.fixture
    def append(self, log: DirectoryLog) -> Append:
        def append(
            decided: Decided, about_to_commit: Callable[[], None] = lambda: None, progress: Progress = unwatched
        ) -> Committed | Moved:
            with log.deciding(locked=False) as deciding:
                return deciding.append(decided, about_to_commit, progress)

        return append

    @pytest.fixture
    def stored(self, file: Callable[[], EventLog]) -> Stored:
        return _InFile(file)

    def test_what_is_decided_on_is_what_was_appended(self, log: DirectoryLog, append: Append, stored: Stored) -> None:
        first = new(ADA, command_id=COMMAND)
        change = decided(
            head_of(stored), first, new(BEN), claimed_emails=[("a", ADA)], claimed_external_ids=[("7", BEN)]
        )
        append(change)
        append(decided(head_of(stored), new(ADA, 2)))
        for block in (log.deciding(locked=False), log.deciding(locked=True), log.reading()):
            with block as reader:
                assert (reader.directory_id, reader.head) == (log.directory_id, head_of(stored))
                assert [event for _, event in reader.stream_events(ADA)] == [first.event, new(ADA, 2).event]
                assert list(reader.stream_events(CLEO)) == []
                assert reader.change_of_command(COMMAND) == (change.change_id, 1, 2)
                assert reader.change_of_command(CHANGE) is None
                assert list(reader.owners_of_email("a")) == [ADA]
                assert list(reader.owners_of_external_id("7")) == [BEN]
                assert reader.last_recorded_at == stored.rows()[-1][0][6]
                assert reader.users_of_source("list") == set()
        assert len(stored.rows()) == 3, "nobody has appended anything"

    def test_what_is_read_is_of_one_moment(self, log: DirectoryLog, other: DirectoryLog, append: Append) -> None:
        append(decided(Head(0, bytes(32)), new(ADA)))
        with log.reading() as reader:
            with other.deciding(locked=False) as deciding:
                answer = deciding.append(decided(deciding.head, new(ADA, 2), claimed_emails=[("a", ADA)]), lambda: None)
                assert answer == Committed(2, 2)
            assert reader.head.position == len(reader.stream_events(ADA)) == 1
            assert list(reader.owners_of_email("a")) == []
        with log.reading() as reader:
            assert (reader.head.position, list(reader.owners_of_email("a"))) == (2, [ADA])

    def test_nobody_else_writes_while_it_is_locked(
        self, log: DirectoryLog, other: DirectoryLog, append: Append, stored: Stored
    ) -> None:
        append(decided(head_of(stored), new(ADA)))
        theirs, answers = decided(head_of(stored), new(BEN)), list[Committed | Moved]()

        def append_too() -> None:
            with other.deciding(locked=False) as deciding:
                answers.append(deciding.append(theirs, lambda: None))

        thread = threading.Thread(target=append_too)
        with log.deciding(locked=True) as deciding:
            thread.start()
            thread.join(0.3)
            assert answers == []
            assert deciding.append(decided(deciding.head, new(ADA, 2), whole=True), lambda: None) == Committed(2, 2)
        thread.join()
        assert answers == [Committed(3, 3)]
        assert first_damage(stored.rows()) is None

    def test_what_failed_under_the_lock_leaves_nothing(self, log: DirectoryLog, append: Append, stored: Stored) -> None:
        with pytest.raises(ZeroDivisionError), log.deciding(locked=True):
            raise ZeroDivisionError
        assert append(decided(head_of(stored), new(ADA))) == Committed(1, 1)

    def test_two_who_write_in_turns_know_of_each_other(
        self, log: DirectoryLog, other: DirectoryLog, file: Callable[[], EventLog]
    ) -> None:
        mine, theirs = (Bus(one, clock=now, actor="ines") for one in (log, other))
        mine.dispatch(CreateUser(ADA, {"first_name": "Ada", "email": "a@example.org"}))
        theirs.dispatch(UpdateUser(ADA, {"title": "Clerk"}))
        with pytest.raises(ConflictError):
            mine.dispatch(UpdateUser(ADA, {"title": "Bursar"}), expected_version=1)
        mine.dispatch(UpdateUser(ADA, {"phone": "12"}))
        with pytest.raises(RefusedError, match="Another user has the email"):
            theirs.dispatch(CreateUser(BEN, {"email": "A@example.org"}))
        theirs.dispatch(DeleteUser(ADA))
        mine.dispatch(CreateUser(BEN, {"email": "A@example.org"}), command_id=COMMAND)
        assert theirs.dispatch(CreateUser(BEN, {"email": "A@example.org"}), command_id=COMMAND).repeated
        assert [recorded.version for recorded in file().stream(ADA)] == [1, 2, 3, 4]
        assert file().verify() is None

    def test_two_who_write_at_once_lose_nothing(
        self, log: DirectoryLog, other: DirectoryLog, file: Callable[[], EventLog]
    ) -> None:
        """Each has users of its own, and every fourth time both edit Ada."""
        Bus(log, clock=now, actor="ines").dispatch(CreateUser(ADA, {"first_name": "Ada"}))

        def write(one: DirectoryLog, name: str) -> list[tuple[int, str]]:
            bus = Bus(one, clock=now, actor=name)
            done: list[tuple[int, str]] = []
            for number in range(20):
                creation = CreateUser(f"01890000-0000-7000-8000-{name}{number:010}", {"first_name": "x"})
                edit = UpdateUser(ADA, {"title": f"{name}{number}"})
                done.append((bus.dispatch(creation if number % 4 else edit).last_position, name))
            return done

        with ThreadPoolExecutor() as pool:
            written = [*chain.from_iterable(pool.map(write, (log, other), ("aa", "bb")))]
        assert [(recorded.position, recorded.actor) for recorded in file().read(after=1)] == sorted(written)
        assert len(written) == len({position for position, _ in written}) == 40
        assert [recorded.version for recorded in file().stream(ADA)] == list(range(1, 12))
        assert file().verify() is None


class TestFile(DirectoryLogContract):
    """A ``.whowas`` file, which is read and written by the same connection."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        EventLog.create(tmp_path / "staff.whowas").close()
        return tmp_path / "staff.whowas"

    @pytest.fixture
    def log(self, path: Path) -> Iterator[EventLog]:
        with closing(EventLog.open(path)) as log:
            yield log

    @pytest.fixture
    def other(self, path: Path) -> Iterator[EventLog]:
        with closing(EventLog.open(path)) as other:
            yield other

    @pytest.fixture
    def file(self, log: EventLog) -> Callable[[], EventLog]:
        return lambda: log
