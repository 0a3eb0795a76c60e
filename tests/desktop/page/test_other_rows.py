"""Rows that mean other users from one moment to the next: somebody is erased elsewhere, or another side is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog

from tests.desktop.what_if.test_commands import press, session, without
from tests.desktop.window.test_main_window import Desk, desk
from whowas.command_bus.bus import Bus
from whowas.desktop.kit.dates import microseconds_now
from whowas.desktop.putting_back.restore import RestoreQuestion
from whowas.desktop.session.lens import Now, WhatIf
from whowas.domain.commands import CreateUser, UpdateUser
from whowas.erasure import erase
from whowas.projections.queries.change_lines import change_lines
from whowas.projections.queries.field_history import Span
from whowas.store.event_log import EventLog
from whowas.system import folders

__all__ = ["desk"]

NAMES = ("Ada", "Ben", "Chi", "Dan", "Eve")
IDS = {name: f"0199a3c4-0000-7000-8000-{number:012}" for number, name in enumerate(NAMES)}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Five users, each of whom got a title after all had been created."""
    path = tmp_path / "staff.whowas"
    log = EventLog.create(path)
    bus = Bus(log, clock=microseconds_now, actor="ines")
    for name, user_id in IDS.items():
        bus.dispatch(CreateUser(user_id, {"first_name": name}))
    for user_id in IDS.values():
        bus.dispatch(UpdateUser(user_id, {"title": "Clerk"}))
    log.close()
    return path


def erase_elsewhere(desk: Desk, name: str) -> None:
    """Have another program erase somebody; the window does not know of it yet."""
    log = EventLog.open(session(desk).path)
    bus = Bus(log, clock=microseconds_now, actor="otto")
    drafts = folders.drafts(log.directory_id)
    erase(bus, log, IDS[name], cache=folders.cache(), drafts=drafts, reports=folders.reports())
    log.close()


def take_in(desk: Desk) -> None:
    session(desk).file.follow(lambda: None)
    desk.settle()


def selected(desk: Desk) -> list[str]:
    return sorted(user.name for user in desk.page.selection.users())


def open_dialogs() -> list[QDialog]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]


def test_a_selection_never_slides_to_others_as_somebody_is_erased(desk: Desk) -> None:
    desk.select("Ada", "Chi")
    erase_elsewhere(desk, "Ben")
    take_in(desk)
    assert desk.names() == ["Ada", "Chi", "Dan", "Eve"]
    assert selected(desk) == ["Ada", "Chi"]


def test_the_draft_of_somebody_who_is_erased_is_no_longer_counted(desk: Desk) -> None:
    for name in ("Ben", "Chi"):
        desk.select(name)
        desk.page.panel.form.rows.texts["title"].editor.setText("Judge")
    assert desk.window.messages.standing.drafts == 2
    erase_elsewhere(desk, "Ben")
    take_in(desk)
    assert desk.window.messages.standing.drafts == 1
    erase_elsewhere(desk, "Chi")
    take_in(desk)
    assert desk.window.messages.standing.drafts == 0


def test_a_selection_never_slides_to_others_as_another_side_is_shown(desk: Desk) -> None:
    desk.select("Ada", "Chi")
    line = session(desk).reads.change_line(2)
    assert line is not None
    desk.commands._what_if.look([line.change_id], "Ben had come")
    desk.settle()
    assert desk.names() == ["Ada", "Chi", "Dan", "Eve"]
    assert selected(desk) == ["Ada", "Chi"]
    desk.select("Ada", "Chi")
    press(desk, "Discard")
    desk.page.return_to_now()
    assert selected(desk) == ["Ada", "Chi"]


def test_what_was_asked_of_some_is_not_done_to_others(desk: Desk) -> None:
    desk.select("Ben", "Chi")
    erase_elsewhere(desk, "Ada")
    session(desk).file.follow(lambda: None)
    desk.window.actions_.suspend.trigger()
    desk.settle()
    users = [desk.page.model.user(row) for row in range(desk.page.model.rowCount())]
    assert {user.status for user in users if user is not None} == {"active"}
    assert "look again" in desk.window.messages.message()


def test_the_filter_lets_go_of_users_whose_numbers_are_others(desk: Desk) -> None:
    desk.select("Ben")
    users, called = desk.commands._filter._selection()
    desk.page.counted.want(desk.commands._filter._only_of(users), called)
    desk.settle()
    moments = desk.page.counted.moments
    assert moments is not None
    lines = session(desk).reads.ask(lambda read: change_lines(read, desk.page.view.index, moments.tolist()))
    assert {line.text.split(":")[0] for line in lines or []} == {"Ben"}
    erase_elsewhere(desk, "Ada")
    take_in(desk)
    assert not desk.page.counted.wanted.users
    assert desk.page.counted.called == ""


def test_restoring_somebody_is_not_planned_for_another(desk: Desk) -> None:
    desk.page.view.show_moment(5)
    desk.select("Ben", "Chi")
    desk.window.actions_.restore_moment.trigger()
    desk.settle()
    (question,) = desk.page.findChildren(RestoreQuestion)
    erase_elsewhere(desk, "Ada")
    take_in(desk)
    question._look()
    desk.settle()
    assert "look again" in question._dialog.list.lines.index(0, 0).data()
    question._dialog.reject()


def test_nothing_flashes_as_somebody_is_erased(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    lit: list[object] = []
    monkeypatch.setattr(desk.page.table, "set_lit", lit.append)
    desk.page.flashes.wanted = lambda: True
    erase_elsewhere(desk, "Ada")
    take_in(desk)
    assert not lit


def test_what_is_imagined_to_be_empty_stops_playing(desk: Desk) -> None:
    lines = [session(desk).reads.change_line(moment) for moment in range(1, desk.page.view.index.now + 1)]
    every = [line.change_id for line in lines if line is not None]
    desk.page.timeline.play_or_stop()
    assert desk.page.timeline.playback.playing
    desk.commands._what_if.look(every, "all of it")
    desk.settle()
    assert desk.page.view.index.now == 0
    assert not desk.page.timeline.playback.playing


def test_an_answer_is_of_what_is_shown_by_then(desk: Desk) -> None:
    without(desk, 6)
    answers: list[list[Span]] = []
    session(desk).queries.field_history(IDS["Ada"], "title", answers.append)
    session(desk).shown.show_now()
    desk.settle()
    assert [[span.value for span in spans] for spans in answers] == [["Clerk", None]]


def test_no_dialog_outlives_its_directory(desk: Desk) -> None:
    without(desk, 6)
    press(desk, "Make it so…")
    assert len(open_dialogs()) == 1
    desk.window.go_to_welcome()
    desk.settle()
    assert open_dialogs() == []


def test_no_dialog_outlives_what_it_is_about(desk: Desk) -> None:
    without(desk, 6)
    press(desk, "Make it so…")
    erase_elsewhere(desk, "Eve")
    take_in(desk)
    assert session(desk).shown.lens == Now()
    assert open_dialogs() == []


def test_a_look_that_ends_after_closing_leaves_no_progress(desk: Desk) -> None:
    desk.page.view.show_moment(6)
    desk.window.actions_.what_if.trigger()
    desk.window.actions_.close.trigger()
    desk.qtbot.wait(400)
    desk.runner.drain()
    desk.qtbot.wait(100)
    assert open_dialogs() == []


def test_a_history_undoes_nothing_while_it_is_imagined(desk: Desk) -> None:
    without(desk, 6)
    desk.select("Ben")
    desk.page._undo_step(2)
    desk.settle()
    assert isinstance(session(desk).shown.lens, WhatIf)
    assert open_dialogs() == []
