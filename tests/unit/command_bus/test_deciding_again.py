"""What the bus does where others append while a change is decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.command_line import json_lines, process
from tests.optimistic_log import OptimisticLog
from whowas.command_bus.bus import Bus, Receipt
from whowas.command_bus.unit_of_work import Change
from whowas.domain.commands import CreateUser, DefineField, DeleteUser, EraseUser, UpdateUser
from whowas.domain.errors import ConflictError, RefusedError
from whowas.store.decided import Committed, Moved
from whowas.store.event_log import EventLog

ADA, BEN, CLEO = (f"01890000-0000-7000-8000-00000000000{last}" for last in "abc")
COMMAND = "01890000-0000-7000-8000-0000000000c1"


class Two:
    """A directory with Ada and Ben in which somebody else does ``meanwhile`` what is given, one for each append."""

    def __init__(self, path: Path) -> None:
        self.log, other = EventLog.create(path), EventLog.open(path)
        self._other = other
        self.theirs = Bus(other, clock=lambda: 1_000_000, actor="theo")
        self.meanwhile: list[Callable[[], object]] = []
        self.optimistic = OptimisticLog(self.log, lambda: self.meanwhile.pop(0)() if self.meanwhile else None)
        self.mine = Bus(self.optimistic, clock=lambda: 1_000_000, actor="ines")
        for user_id, name in ((ADA, "Ada"), (BEN, "Ben")):
            self.mine.dispatch(CreateUser(user_id, {"first_name": name}))
        self.optimistic.answers.clear()

    @property
    def answers(self) -> list[type]:
        return [type(answer) for answer in self.optimistic.answers]

    def user(self, user_id: str) -> dict[str, str | None]:
        with self.theirs.change() as change:
            user = change.user(user_id)
            assert user is not None
            return {"title": user.title, "email": user.email, "phone": user.phone}

    def close(self) -> None:
        assert self.log.verify() is None
        self.log.close()
        self._other.close()


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    with closing(Two(tmp_path / "staff.whowas")) as two:
        yield two


def test_who_edits_another_user_is_not_in_the_way(two: Two) -> None:
    two.meanwhile = [lambda: two.theirs.dispatch(UpdateUser(BEN, {"title": "Clerk"}))]
    receipt = two.mine.dispatch(UpdateUser(ADA, {"title": "Bursar"}))
    assert (two.answers, receipt.first_position, receipt.last_position) == ([Committed], 4, 4)
    assert (two.user(ADA)["title"], two.user(BEN)["title"]) == ("Bursar", "Clerk")


def test_an_edit_of_the_same_user_is_decided_again(two: Two) -> None:
    two.meanwhile = [lambda: two.theirs.dispatch(UpdateUser(ADA, {"title": "Clerk"}))]
    receipts: list[Receipt] = []
    two.mine.subscribe(receipts.append)
    two.mine.dispatch(UpdateUser(ADA, {"phone": "12"}))
    assert (two.answers, two.user(ADA)) == ([Moved, Committed], {"title": "Clerk", "email": None, "phone": "12"})
    assert [receipt.last_position for receipt in receipts] == [4]


def test_what_the_other_made_of_it_is_decided_upon(two: Two) -> None:
    two.meanwhile = [lambda: two.theirs.dispatch(DeleteUser(ADA))]
    with pytest.raises(RefusedError, match="is deleted"):
        two.mine.dispatch(UpdateUser(ADA, {"phone": "12"}))
    two.meanwhile = [lambda: two.theirs.dispatch(UpdateUser(BEN, {"title": "Clerk"}))]
    with pytest.raises(ConflictError):
        two.mine.dispatch(UpdateUser(BEN, {"phone": "12"}), expected_version=1)


def test_a_stream_from_the_cache_was_read_too(two: Two) -> None:
    two.mine.dispatch(UpdateUser(ADA, {"phone": "1"}))  # from here on the bus remembers Ada
    two.meanwhile = [lambda: two.theirs.dispatch(UpdateUser(ADA, {"phone": "2"}))]
    with pytest.raises(ConflictError):
        two.mine.dispatch(UpdateUser(ADA, {"title": "Bursar"}), expected_version=2)


def test_the_directory_from_the_cache_was_read_too(two: Two) -> None:
    two.mine.dispatch(DefineField("Desk"))
    two.optimistic.answers.clear()
    two.meanwhile = [lambda: two.theirs.dispatch(DefineField("Room"))]
    assert two.mine.dispatch(DefineField("Room")).events == 0
    assert two.answers == [Moved]


def test_nothing_is_remembered_past_what_another_appended(two: Two) -> None:
    """Ben is remembered when only Ada's stream is looked at, and has changed by then."""
    two.mine.dispatch(UpdateUser(BEN, {"phone": "1"}))
    two.meanwhile = [lambda: two.theirs.dispatch(UpdateUser(BEN, {"phone": "2"}))]
    two.mine.dispatch(UpdateUser(ADA, {"title": "Bursar"}))
    with pytest.raises(ConflictError):
        two.mine.dispatch(UpdateUser(BEN, {"title": "Clerk"}), expected_version=2)


def test_an_email_that_somebody_took_meanwhile_is_refused(two: Two) -> None:
    two.meanwhile = [lambda: two.theirs.dispatch(UpdateUser(BEN, {"email": "a@example.org"}))]
    with pytest.raises(RefusedError, match="Another user has the email") as refused:
        two.mine.dispatch(UpdateUser(ADA, {"email": "A@example.org"}))
    assert (refused.value.field, two.answers) == ("email", [Moved])


def test_two_who_create_users_with_one_external_id(two: Two) -> None:
    two.meanwhile = [lambda: two.theirs.dispatch(CreateUser(CLEO, {"first_name": "C", "external_id": "7"}))]
    with pytest.raises(RefusedError, match="Another user has the external id"):
        two.mine.dispatch(UpdateUser(ADA, {"external_id": "7"}))


def test_a_command_that_another_carried_out_meanwhile_is_done(two: Two) -> None:
    """The same request reaches two windows; neither knows of the other's when it decides."""
    create = CreateUser(CLEO, {"first_name": "Cleo"})
    two.meanwhile = [lambda: two.theirs.dispatch(create, command_id=COMMAND)]
    receipt = two.mine.dispatch(create, command_id=COMMAND)
    assert (receipt.repeated, receipt.first_position, receipt.last_position) == (True, 3, 3)
    assert two.answers == [Moved]


@pytest.mark.parametrize(("whole", "attempts"), [(False, 8), (True, 3)])
def test_after_some_times_nobody_else_writes_while_it_is_decided(two: Two, whole: bool, attempts: int) -> None:
    titles = iter("ABCDEFGHIJKL")
    two.meanwhile = [lambda: two.theirs.dispatch(UpdateUser(ADA, {"title": next(titles)})) for _ in range(12)]
    decided: list[int] = []

    def decide(change: Change) -> str:
        decided.append(change.head_position)
        change.dispatch(UpdateUser(ADA, {"phone": "12"}))
        return "done"

    result, receipt = two.mine.carry_out(decide, whole=whole)
    assert (result, receipt.last_position) == ("done", attempts + 3)
    assert (decided, two.answers) == ([*range(2, attempts + 3)], [*[Moved] * attempts, Committed])
    assert two.user(ADA)["title"] == "ABCDEFGH"[attempts - 1]


def test_a_whole_change_is_decided_again_whatever_was_written(two: Two) -> None:
    two.meanwhile = [lambda: two.theirs.dispatch(UpdateUser(BEN, {"title": "Clerk"}))]
    two.mine.carry_out(lambda change: change.dispatch(UpdateUser(ADA, {"title": "Bursar"})), whole=True)
    assert two.answers == [Moved, Committed]


def test_what_an_abandoned_attempt_read_counts(two: Two) -> None:
    """It was decided to do something else instead because of what Ben was then."""
    two.meanwhile = [lambda: two.theirs.dispatch(UpdateUser(BEN, {"title": "Clerk"}))]

    def decide(change: Change) -> None:
        change.dispatch(DeleteUser(BEN))
        change.abandon()
        change.dispatch(UpdateUser(ADA, {"title": "Bursar"}))

    two.mine.carry_out(decide)
    assert two.answers == [Moved, Committed]


def test_what_a_block_that_was_taken_back_read_counts(two: Two) -> None:
    two.meanwhile = [lambda: two.theirs.dispatch(UpdateUser(BEN, {"title": "Clerk"}))]

    def decide(change: Change) -> None:
        with suppress(ZeroDivisionError), change.together():
            change.dispatch(CreateUser(CLEO, {"first_name": "Cleo"}), UpdateUser(BEN, {"title": "Bursar"}))
            raise ZeroDivisionError
        with pytest.raises(RefusedError):
            change.dispatch(UpdateUser("nobody", {}))
        change.dispatch(UpdateUser(ADA, {"title": "Bursar"}))

    two.mine.carry_out(decide)
    assert two.answers == [Moved, Committed]


def test_who_comes_to_share_a_value_decides_on_everything(two: Two) -> None:
    """Of the owners of an email that several have, nobody could tell which of them was there when it was decided."""
    two.meanwhile = [lambda: two.theirs.dispatch(CreateUser(CLEO, {"first_name": "Cleo"}))]

    def decide(change: Change) -> None:
        with change.together(lambda _contested: True):
            change.dispatch(UpdateUser(ADA, {"email": "x@example.org"}), UpdateUser(BEN, {"email": "x@example.org"}))

    two.mine.carry_out(decide)
    assert two.answers == [Moved, Committed]
    assert two.user(ADA)["email"] == two.user(BEN)["email"] == "x@example.org"
    two.meanwhile = [lambda: two.theirs.dispatch(UpdateUser(CLEO, {"title": "Clerk"}))]
    two.optimistic.answers.clear()
    two.mine.carry_out(lambda change: change.dispatch(DeleteUser(ADA)))  # gives up what it shared
    assert two.answers == [Committed]


def test_values_that_change_hands_are_not_in_their_own_way(two: Two) -> None:
    two.mine.dispatch(UpdateUser(ADA, {"email": "x@example.org"}))
    two.mine.dispatch(UpdateUser(BEN, {"email": "y@example.org"}))
    two.optimistic.answers.clear()
    two.meanwhile = [lambda: two.theirs.dispatch(CreateUser(CLEO, {"first_name": "Cleo"}))]

    def decide(change: Change) -> None:
        with change.together():
            change.dispatch(UpdateUser(ADA, {"email": "y@example.org"}), UpdateUser(BEN, {"email": "x@example.org"}))

    two.mine.carry_out(decide)
    assert two.answers == [Committed]
    assert (two.user(ADA)["email"], two.user(BEN)["email"]) == ("y@example.org", "x@example.org")


def test_an_edit_of_somebody_who_is_erased_meanwhile_is_refused(two: Two) -> None:
    two.meanwhile = [lambda: two.theirs.dispatch(EraseUser(ADA))]
    with pytest.raises(RefusedError, match="erased"):
        two.mine.dispatch(UpdateUser(ADA, {"phone": "12"}))


def test_another_process_may_write_meanwhile(two: Two, tmp_path: Path) -> None:
    line = json_lines({"command": "UpdateUser", "id": ADA, "title": "Clerk"})
    two.meanwhile = [lambda: process("run", tmp_path / "staff.whowas", stdin=line)]
    two.mine.dispatch(UpdateUser(ADA, {"phone": "12"}))
    assert (two.answers, two.user(ADA)["title"]) == ([Moved, Committed], "Clerk")


def test_trying_out_writes_nothing_and_keeps_nobody_from_writing(two: Two) -> None:
    def decide(change: Change) -> tuple[str | None, int]:
        change.dispatch(UpdateUser(ADA, {"title": "Bursar"}))
        two.theirs.dispatch(UpdateUser(ADA, {"title": "Clerk"}))
        user = change.user(ADA)
        assert user is not None
        return user.title, two.log.head().position

    assert two.mine.try_out(decide) == ("Bursar", 2), "whatever is read during it is of one moment"
    assert (two.user(ADA)["title"], two.log.head().position) == ("Clerk", 3)


def test_what_is_only_tried_out_may_fail(two: Two) -> None:
    with pytest.raises(RefusedError, match="no such user"):
        two.mine.try_out(lambda change: change.dispatch(DeleteUser(CLEO)))
    assert two.mine.dispatch(DeleteUser(ADA)).events == 1
