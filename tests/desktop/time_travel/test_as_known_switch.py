"""As it was, or as we knew it: the window shows what the command line answers for both clocks."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from tests.command_line import whowas
from tests.desktop.window.test_main_window import Desk, desk, directory
from whowas.command_bus.bus import Bus
from whowas.desktop.kit import dates
from whowas.domain.causation import ImportOf
from whowas.domain.commands import Command, CreateUser, DeleteUser, UpdateUser
from whowas.interchange.iso_moments import written
from whowas.store.event_log import EventLog

__all__ = ["desk", "directory"]

EVA = "01890000-0000-7000-8000-0000000000ea"
FAY = "01890000-0000-7000-8000-0000000000fa"
DAY = 86_400_000_000


@pytest.fixture
def days(directory: Path) -> list[int]:
    """Three days: Eva comes on the first, Fay on the third; later Eva is said to have been Head since the second.

    Whoever was there before went on the day before, so that the table is short.
    """
    log = EventLog.open(directory)
    known = {event.stream for event in log.read() if event.stream != log.directory_id}
    start = max(event.recorded_at for event in log.read()) // DAY * DAY + 2 * DAY
    now = start - DAY
    bus = Bus(log, clock=lambda: now, actor="ines")
    days = [start, start + DAY, start + 2 * DAY]

    def do(when: int, command: Command, occurred_at: int | None = None) -> None:
        nonlocal now
        now = when
        bus.dispatch(command, occurred_at=occurred_at)

    for user_id in sorted(known):
        do(start - DAY, DeleteUser(user_id))
    do(days[0], CreateUser(EVA, {"first_name": "Eva", "title": "Clerk", "external_id": "E"}))
    do(days[2], CreateUser(FAY, {"first_name": "Fay", "external_id": "F"}))
    do(days[2] + DAY, UpdateUser(EVA, {"title": "Head"}), days[1])
    log.close()
    return days


def titles(desk: Desk) -> dict[str, str | None]:
    users = [desk.page.model.user(row) for row in range(desk.page.model.rowCount())]
    return {user.first_name or "": user.title for user in users if user is not None}


def told(directory: Path, moment: int, *options: str) -> dict[str, str | None]:
    answer = whowas("list", directory, "--at", written(moment), *options, "--json")
    return {user["first_name"]: user["title"] for user in answer.objects}


def shown_at(desk: Desk, moment: int) -> None:
    desk.page.view.show_moment(desk.page.view.index.steps.moment_at(moment))
    desk.settle()


def switch(desk: Desk) -> None:
    button = next(one for one in desk.page.banner.findChildren(QPushButton) if one.text() == "As we knew it")
    button.click()
    desk.settle()


@pytest.fixture
def opened(days: list[int], request: pytest.FixtureRequest) -> Desk:
    found = request.getfixturevalue("desk")
    assert isinstance(found, Desk)
    return found


def test_a_backdated_change_shows_then_but_was_not_known_then(opened: Desk, directory: Path, days: list[int]) -> None:
    desk = opened
    shown_at(desk, days[1])
    assert titles(desk) == told(directory, days[1]) == {"Eva": "Head"}
    switch(desk)
    assert titles(desk) == told(directory, days[1], "--known", written(days[1])) == {"Eva": "Clerk"}
    assert desk.page.view.is_past
    assert not desk.window.actions_.new_user.isEnabled()
    assert not desk.window.actions_.undo_this.isEnabled()
    assert not desk.window.actions_.restore_moment.isEnabled()
    assert desk.window.actions_.as_known.isChecked()
    switch(desk)
    assert titles(desk) == {"Eva": "Head"}
    assert not desk.window.actions_.as_known.isChecked()
    assert desk.page.view.is_past


def test_every_moment_is_what_the_command_line_answers(opened: Desk, directory: Path, days: list[int]) -> None:
    for moment in (days[0], days[0] + 1, days[1], days[2]):
        shown_at(opened, moment)
        at = opened.page.view.occurred_at()
        assert at is not None
        switch(opened)
        assert titles(opened) == told(directory, at, "--known", written(at))
        switch(opened)


def test_return_to_now_knows_everything_again(opened: Desk, days: list[int]) -> None:
    steps = opened.page.view.index.now
    shown_at(opened, days[1])
    switch(opened)
    assert opened.page.view.index.now < steps
    opened.page.return_to_now()
    opened.settle()
    assert opened.page.view.index.now == steps
    assert not opened.page.view.is_past
    assert titles(opened) == {"Eva": "Head", "Fay": None}


def test_what_another_program_writes_meanwhile_is_seen_afterwards(
    opened: Desk, directory: Path, days: list[int]
) -> None:
    shown_at(opened, days[1])
    switch(opened)
    log = EventLog.open(directory)
    later = max(event.recorded_at for event in log.read()) + DAY
    Bus(log, clock=lambda: later, actor="kofi").dispatch(UpdateUser(FAY, {"title": "Bursar"}))
    log.close()
    assert opened.window.session is not None
    opened.window.session.file.look()
    opened.settle()
    assert titles(opened) == {"Eva": "Clerk"}
    opened.page.return_to_now()
    opened.settle()
    opened.window.session.file.look()
    opened.settle()
    assert titles(opened) == {"Eva": "Head", "Fay": "Bursar"}


def test_searching_and_sorting_work_on_what_was_known(opened: Desk, days: list[int]) -> None:
    shown_at(opened, days[1])
    switch(opened)
    opened.page.view.search("head")
    opened.settle()
    assert titles(opened) == {}
    opened.page.view.search("clerk")
    opened.settle()
    assert titles(opened) == {"Eva": "Clerk"}
    opened.page.view.sort_by("title", True)
    opened.settle()
    assert titles(opened) == {"Eva": "Clerk"}


def test_nothing_is_left_behind(opened: Desk, days: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = set(tmp_path.iterdir())
    shown_at(opened, days[1])
    switch(opened)
    assert set(tmp_path.iterdir()) > before
    switch(opened)
    assert set(tmp_path.iterdir()) == before


@pytest.fixture
def imported(tmp_path: Path) -> tuple[Path, int]:
    """Two years of history taken in at once, and two edits after it; and when that was."""
    path = tmp_path / "imported.whowas"
    log = EventLog.create(path)
    begun = 1_764_331_200_000_000
    days = iter(range(begun, begun + 10 * DAY, DAY))
    bus = Bus(log, clock=lambda: next(days), actor="ines")
    with bus.change(causation=ImportOf("staff.jsonl")) as change:
        change.dispatch(CreateUser(EVA, {"first_name": "Eva", "title": "Clerk"}), occurred_at=begun - 700 * DAY)
        change.dispatch(UpdateUser(EVA, {"title": "Head"}), occurred_at=begun - 300 * DAY)
    bus.dispatch(UpdateUser(EVA, {"title": "Bursar"}))
    bus.dispatch(UpdateUser(EVA, {"title": "Dean"}))
    log.close()
    return path, begun


def test_where_nothing_had_been_recorded_by_then_the_switch_is_off_and_says_why(
    desk: Desk, imported: tuple[Path, int]
) -> None:
    path, begun = imported
    desk.open(path)
    action = desk.window.actions_.as_known
    button = next(one for one in desk.page.banner.findChildren(QPushButton) if one.text() == "As we knew it")
    for moment in (1, 2):
        desk.page.view.show_moment(moment)
        desk.settle()
        why = f"Nothing had been recorded here by then: this directory was begun on {dates.day(begun)}."
        assert not action.isEnabled()
        assert not button.isEnabled()
        assert [action.toolTip(), action.statusTip(), button.toolTip(), button.accessibleDescription()] == [why] * 4
    desk.page.view.show_moment(0)
    desk.settle()
    assert not button.isEnabled()
    assert button.accessibleDescription() == "Before the first change nothing was known."
    desk.page.view.show_moment(3)
    desk.settle()
    assert action.isEnabled()
    assert button.isEnabled()
    assert "Nothing" not in button.toolTip() + button.accessibleDescription() + action.toolTip()
    switch(desk)
    assert titles(desk) == {"Eva": "Bursar"}
    assert button.isEnabled()
    assert action.isEnabled()
