"""What an edit would change, read in blocks as it is looked at: the same lines as if all were read at once."""

from __future__ import annotations

import pytest

from tests.desktop.conftest import fail
from tests.desktop.manual_jobs import ManualJobRunner
from whowas.desktop.bulk.asked import BulkAsked
from whowas.desktop.bulk.seen_edit import lines_of_edit, look
from whowas.desktop.session.bulk_edits import SelectedUsers, selected_users
from whowas.desktop.session.session import Session
from whowas.domain.bulk_edit import Edit, rewriting, setting
from whowas.domain.commands import CreateUser, UpdateUser
from whowas.domain.errors import CancelledError
from whowas.domain.progress import unwatched

PEOPLE = 150
IDS = [f"0199a3c4-0000-7000-8000-{number:012}" for number in range(PEOPLE)]


def asking(session: Session, edit: Edit) -> BulkAsked:
    directory = session.shown.index.latest_directory()
    return BulkAsked(lambda _change: edit, edit, directory, "Changing", str, lambda _users, _cells: "Change")


@pytest.fixture
def selected(session: Session, runner: ManualJobRunner) -> SelectedUsers:
    """Everybody; every third has a last name in small letters, every second a title in small letters."""
    users = (
        CreateUser(
            IDS[number],
            {
                "first_name": f"P{number:03}",
                "last_name": "small" if number % 3 == 0 else "BIG",
                "title": "clerk" if number % 2 == 0 else None,
            },
        )
        for number in range(PEOPLE)
    )
    session.writer.change(lambda change: change.dispatch(*users), done=lambda *_: None, failed=fail)
    runner.drain()
    index = session.shown.index
    return selected_users(session, index.numbers[index.alive(index.now)].tolist())


def test_lines_come_in_order_from_wherever_one_looks(session: Session, selected: SelectedUsers) -> None:
    asked = asking(session, rewriting(["last_name", "title"], str.upper))
    seen = look(selected, asked, unwatched)
    expected = []
    for user in selected.read():
        if user.last_name == "small":
            expected.append((user.name, "Last name", "small", "SMALL"))
        if user.title:
            expected.append((user.name, "Title", "clerk", "CLERK"))
    assert (seen.users, seen.cells, seen.refused) == (100, len(expected), 0)
    for places in (range(len(expected)), range(len(expected) - 1, -1, -1)):
        lines = lines_of_edit(session, seen, asked)
        assert len(lines) == len(expected)
        for place in places:
            assert lines[place].texts() == expected[place]


def test_it_is_read_again_as_it_was_where_others_change_it_meanwhile(
    session: Session, runner: ManualJobRunner, selected: SelectedUsers
) -> None:
    asked = asking(session, rewriting(["title"], str.upper))
    seen = look(selected, asked, unwatched)
    session.writer.change(
        lambda change: change.dispatch(UpdateUser(IDS[0], {"title": "head"})), done=lambda *_: None, failed=fail
    )
    runner.drain()
    assert lines_of_edit(session, seen, asked)[0].texts() == ("P000 small", "Title", "clerk", "CLERK")


def test_who_cannot_be_changed_is_counted_and_the_first_is_told(session: Session, selected: SelectedUsers) -> None:
    seen = look(selected, asking(session, setting({"external_id": "E-1"})), unwatched)
    assert (seen.users, seen.refused) == (1, PEOPLE - 1)
    assert seen.refusal.startswith(f"Not possible for {PEOPLE - 1} users. P001 BIG: Another user has the external id")


def test_it_is_cancelled_on_the_way(session: Session, selected: SelectedUsers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whowas.desktop.bulk.seen_edit._REPORTED_EVERY", 10)
    told: list[int] = []

    def stop(done: int, total: int) -> None:
        told.append(done)
        assert total == PEOPLE
        if done >= 20:
            raise CancelledError("Cancelled; nothing was changed.")

    with pytest.raises(CancelledError):
        look(selected, asking(session, setting({"title": "Head"})), stop)
    assert told == [10, 20]
