"""What if not, in the window: the directory as it would have become is looked at, left, or made so."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from tests.desktop.window.test_main_window import ADA, BEN, Desk, desk, directory
from whowas.command_bus.bus import Bus
from whowas.desktop.kit.dates import microseconds_now
from whowas.desktop.kit.dialogs.change_preview import PutBackDialog
from whowas.desktop.kit.dialogs.lines_table import LinesView
from whowas.desktop.kit.toast import Toast
from whowas.desktop.session.lens import AsKnown, Now
from whowas.desktop.session.session import Session
from whowas.desktop.what_if.differences_dialog import DifferencesDialog
from whowas.domain.causation import ImportOf, WhatIfOf
from whowas.domain.commands import (
    Command,
    CreateGroup,
    CreateUser,
    DefineField,
    DeleteUser,
    JoinGroup,
    NameMoment,
    RenameMoment,
    UpdateUser,
)
from whowas.domain.progress import Progress
from whowas.projections.queries.change_filter import ChangeFilter, UserSet
from whowas.store.event_log import EventLog

__all__ = ["desk", "directory"]

DAN = "01890000-0000-7000-8000-00000000000d"
AUDIT = "01890000-0000-7000-8000-0000000000a1"
CREW = "01890000-0000-7000-8000-0000000000f2"


@pytest.fixture(autouse=True)
def before(desk: Desk) -> int:
    """Ada gets a title and later another, Dan comes and gets one; return the moment before that."""
    moment = desk.page.view.index.now
    do(desk, UpdateUser(ADA, {"title": "Clerk"}))
    do(desk, CreateUser(DAN, {"first_name": "Dan"}))
    do(desk, UpdateUser(DAN, {"title": "Bursar"}))
    return moment


def do(desk: Desk, *commands: Command) -> None:
    desk.commands._dispatch(lambda change: change.dispatch(*commands))
    desk.settle()


def session(desk: Desk) -> Session:
    assert desk.window.session is not None
    return desk.window.session


def without(desk: Desk, moment: int) -> None:
    """Go to a moment and ask what would be without the change that led there."""
    desk.page.view.show_moment(moment)
    desk.window.actions_.what_if.trigger()
    desk.settle()


def titles(desk: Desk) -> dict[str, str | None]:
    users = [desk.page.model.user(row) for row in range(desk.page.model.rowCount())]
    return {user.first_name or "": user.title for user in users if user is not None}


def told(desk: Desk) -> str:
    """What the bar says; nothing where it is not shown."""
    banner = desk.page.what_if_banner
    if banner.isHidden():
        return ""
    return " | ".join(label.text() for label in banner.findChildren(QLabel) if label.text())


def press(desk: Desk, text: str) -> None:
    (button,) = (one for one in desk.page.what_if_banner.findChildren(QPushButton) if one.text() == text)
    assert button.isEnabled()
    button.click()
    desk.settle()


def enabled(desk: Desk, text: str) -> bool:
    (button,) = (one for one in desk.page.what_if_banner.findChildren(QPushButton) if one.text() == text)
    return button.isEnabled()


def rows_of(shown: LinesView) -> list[str]:
    model = shown.lines
    return [" | ".join(str(model.index(row, column).data()) for column in range(4)) for row in range(model.rowCount())]


def differences(desk: Desk) -> list[str]:
    """What the list of differences holds; it is closed again."""
    press(desk, "See what differs…")
    (dialog,) = (one for one in desk.window.findChildren(DifferencesDialog) if one.isVisible())
    rows = rows_of(dialog.list)
    next(one for one in dialog.findChildren(QPushButton) if one.text() == "Close").click()
    desk.settle()
    return rows


def make_so(desk: Desk, reason: str = "") -> list[str]:
    """Make it so; return what was listed before."""
    press(desk, "Make it so…")
    (dialog,) = (one for one in desk.window.findChildren(PutBackDialog) if one.isVisible())
    rows = rows_of(dialog.list)
    dialog.findChild(QLineEdit).setText(reason)
    next(one for one in dialog.findChildren(QPushButton) if one.text() == "Make it so").click()
    desk.settle()
    return rows


def test_the_directory_is_looked_at_as_it_would_be_and_left_as_it_was(desk: Desk, before: int) -> None:
    now, head = titles(desk), session(desk).log.head()
    without(desk, before + 1)
    assert told(desk) == (
        "What if not: “Ada: Title changed (empty → Clerk)” | imagined, nothing is written · 1 user would be different"
    )
    assert titles(desk) == {"Ada": None, "Ben": None, "Chi": None, "Dan": "Bursar"}
    assert desk.page.view.index.now == before + 2, "its step is not in the timeline"
    assert desk.page.view.moment == before + 2
    assert not desk.page.banner.isVisible()
    press(desk, "Discard")
    assert told(desk) == ""
    assert desk.page.view.moment == before + 1, "where the look began"
    assert desk.page.banner.isVisible()
    desk.page.return_to_now()
    assert titles(desk) == now
    assert session(desk).log.head() == head


def test_of_a_step_of_an_import_the_whole_import_is_named(desk: Desk, before: int) -> None:
    people = [CreateUser(str(UUID(int=number)), {"first_name": f"N{number}"}) for number in (1, 2)]

    def imported(bus: Bus, _progress: Progress) -> None:
        with bus.change(causation=ImportOf("old.jsonl")) as change:
            for place, person in enumerate(people):
                change.dispatch(person, occurred_at=1_000_000 + place)

    session(desk).writer.on_bus(imported, done=lambda _: None, failed=lambda error: pytest.fail(str(error)))
    desk.settle()
    without(desk, 2)
    assert told(desk).startswith("What if not: “Import of old.jsonl” | ")
    assert "2 users would be different" in told(desk)
    assert not {"N1", "N2"} & titles(desk).keys()


def test_what_could_not_have_been_is_told_first(desk: Desk, before: int) -> None:
    without(desk, before + 2)
    assert "1 user would be different · 1 later change refused" in told(desk)
    assert titles(desk) == {"Ada": "Clerk", "Ben": None, "Chi": None}
    assert differences(desk) == [
        "Dan | Title changed | happened | refused: There is no such user.",
        "Dan | Status | active | would not be there",
    ]


def test_names_of_moments_and_custom_fields_are_told_too(desk: Desk) -> None:
    do(desk, NameMoment(AUDIT, "Audit", "Noted.", 1, 0))
    do(
        desk,
        UpdateUser(ADA, {"title": "Head"}),
        RenameMoment(AUDIT, "Inspection", None),
        DefineField("Desk"),
        CreateGroup(CREW, "Crew"),
        JoinGroup(BEN, CREW),
    )
    without(desk, desk.page.view.index.now)
    expected = [
        "Ada | Title | Head | Clerk",
        "Ben | Groups | Crew | empty",
        "Directory | Group | Crew | would not be there",
        "Directory | Named moment | Inspection | Audit (Noted.)",
        "Directory | Custom field | Desk | would not be there",
    ]
    assert differences(desk) == expected
    assert make_so(desk, "a slip") == expected
    directory = session(desk).shown.index.latest_directory()
    assert [(named.name, named.note) for named in directory.moments.values()] == [("Audit", "Noted.")]
    assert (directory.fields, "Crew" in directory.groups.values()) == ({"Desk": "Desk"}, False)


def test_only_the_name_of_a_moment_can_be_made_so(desk: Desk) -> None:
    do(desk, NameMoment(AUDIT, "Audit", None, 1, 0))
    without(desk, desk.page.view.index.now)
    assert "0 users would be different" in told(desk)
    assert make_so(desk) == ["Directory | Named moment | Audit | would not be there"]
    assert session(desk).shown.index.latest_directory().moments == {}


def test_only_a_custom_field_is_told_and_cannot_be_made_so(desk: Desk) -> None:
    do(desk, DefineField("Desk"))
    without(desk, desk.page.view.index.now)
    assert differences(desk) == ["Directory | Custom field | Desk | would not be there"]
    assert not enabled(desk, "Make it so…")


def test_where_nothing_would_be_different_there_is_nothing_to_see(desk: Desk, before: int) -> None:
    do(desk, UpdateUser(ADA, {"title": "Head"}))
    without(desk, before + 1)
    assert titles(desk)["Ada"] == "Head"
    assert not enabled(desk, "See what differs…")
    assert not enabled(desk, "Make it so…")


def test_it_is_made_so_as_one_change_with_its_reason_and_undone(desk: Desk, before: int) -> None:
    now = titles(desk)
    without(desk, before + 2)
    make_so(desk, "never came")
    assert told(desk) == ""
    assert not desk.page.view.is_past
    assert titles(desk) == {"Ada": "Clerk", "Ben": None, "Chi": None}
    last = list(session(desk).log.read())[-1].causation
    assert isinstance(last, WhatIfOf)
    assert last.reason == "never came"
    (toast,) = (one for one in desk.page.findChildren(Toast) if one.isVisible())
    assert toast.accessibleName().startswith("Made it so: without “")
    desk.trigger("undo")
    desk.settle()
    assert titles(desk) == now


def test_nothing_can_be_written_while_it_is_looked_at(desk: Desk, before: int) -> None:
    do(desk, NameMoment(AUDIT, "Audit", None, 1, 0))
    desk.select("Ada")
    without(desk, before + 2)
    assert desk.page.selection.select(ADA)
    a = desk.window.actions_
    writing = (
        *(a.new_user, a.save, a.undo, a.redo, a.import_, a.name_moment, a.undo_this, a.restore_moment, a.as_known),
        *a.of_user(),
    )
    assert [action.text() for action in writing if action.isEnabled()] == []
    first = desk.page.panel.form.findChild(QLineEdit)
    assert first is not None
    assert first.isReadOnly()
    desk.page.nameMomentRequested.emit()
    assert not any(dialog.isVisible() for dialog in desk.window.findChildren(PutBackDialog))
    menu = desk.window.menus.named
    menu.aboutToShow.emit()
    named = menu.actions()[0].menu()
    assert named is not None
    assert [entry.text() for entry in named.actions() if entry.isEnabled()] == ["Show this moment"]  # type: ignore[attr-defined]


def test_a_draft_is_still_there_afterwards(desk: Desk, before: int) -> None:
    desk.select("Ada")
    desk.settle()
    title = next(one for one in desk.page.panel.form.findChildren(QLineEdit) if one.accessibleName() == "Title")
    title.setText("Draughtswoman")
    assert desk.window.actions_.save.isEnabled()
    without(desk, before + 2)
    assert not desk.window.actions_.save.isEnabled()
    assert title.text() != "Draughtswoman"
    press(desk, "Discard")
    desk.page.return_to_now()
    desk.settle()
    assert title.text() == "Draughtswoman"
    assert desk.window.actions_.save.isEnabled()


def test_search_sections_and_earlier_moments_are_those_of_what_is_imagined(desk: Desk, before: int) -> None:
    do(desk, DeleteUser(DAN))
    desk.page.view.search("bursar")
    desk.page.view.show_section("deleted")
    desk.settle()
    assert titles(desk) == {"Dan": "Bursar"}
    without(desk, before + 3)
    assert titles(desk) == {}
    desk.page.view.search("dan")
    desk.settle()
    assert titles(desk) == {"Dan": None}
    desk.page.view.search("")
    desk.page.view.show_section("everyone")
    desk.page.view.show_moment(before + 2)
    desk.settle()
    assert titles(desk) == {"Ada": "Clerk", "Ben": None, "Chi": None, "Dan": None}
    assert told(desk).split(" | ")[1].split(" · ")[1] == "imagined, nothing is written", "the moment stands before it"


def test_it_is_sorted_as_before_and_compared_with_nothing(desk: Desk, before: int) -> None:
    desk.page.view.sort_by("title", True)
    desk.page.view.compare_with(0)
    desk.settle()
    without(desk, before + 3)
    assert "title" in desk.page.view.index.orders
    assert desk.page.view.pinned is None, "the moment it was compared with is none of this timeline"
    desk.page.view.sort_by("email", False)
    desk.settle()
    press(desk, "Discard")
    assert "email" in desk.page.view.index.orders
    assert desk.page.view.pinned == 0


def test_changes_of_some_users_are_not_those_of_others_there(desk: Desk, before: int) -> None:
    desk.page.counted.want(ChangeFilter(users=UserSet.of({2}), kind="changed"), "Ben")
    desk.settle()
    without(desk, 2)
    assert desk.page.counted.wanted == ChangeFilter(kind="changed")
    assert desk.page.counted.called == ""


def test_a_second_change_is_taken_out_as_well(desk: Desk, before: int) -> None:
    without(desk, before + 1)
    without(desk, before + 1)
    assert told(desk).startswith("What if not: these 2 changes | ")
    assert titles(desk) == {"Ada": None, "Ben": None, "Chi": None}
    press(desk, "Discard")
    assert desk.page.view.moment == before + 1
    assert titles(desk)["Ada"] == "Clerk"


def test_from_what_was_known_then_it_leads_back_to_today(desk: Desk, before: int) -> None:
    desk.page.view.show_moment(before + 2)
    desk.window.actions_.as_known.trigger()
    desk.settle()
    assert isinstance(session(desk).shown.lens, AsKnown)
    line = session(desk).reads.change_line(before + 1)
    assert line is not None
    desk.page.whatIfRequested.emit([line.change_id], "Ada: Title changed")
    desk.settle()
    assert titles(desk) == {"Ada": None, "Ben": None, "Chi": None, "Dan": "Bursar"}
    press(desk, "Discard")
    assert session(desk).shown.lens == Now()
    assert desk.page.view.moment == before + 2


def test_what_others_write_meanwhile_is_seen_afterwards_and_never_overwritten(
    desk: Desk, directory: Path, before: int
) -> None:
    without(desk, before + 1)
    log = EventLog.open(directory)
    Bus(log, clock=microseconds_now, actor="kofi").dispatch(UpdateUser(ADA, {"title": "Head"}))
    log.close()
    session(desk).file.look()
    desk.settle()
    assert titles(desk)["Ada"] is None
    make_so(desk)
    assert "Please look again" in desk.window.messages.message()
    assert told(desk) != ""
    press(desk, "Discard")
    desk.page.return_to_now()
    assert titles(desk)["Ada"] == "Head"


def test_the_users_who_would_be_are_exported(desk: Desk, before: int, tmp_path: Path) -> None:
    without(desk, before + 2)
    desk.commands.files.exports.export(tmp_path / "out.csv")
    desk.settle()
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["first_name"] for row in csv.DictReader(file)] == ["Ada", "Ben", "Chi"]


def test_nothing_is_left_behind(
    desk: Desk, before: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    without(desk, before + 1)
    assert len(list(tmp_path.glob(".whowas-*"))) == 1
    without(desk, before + 1)
    assert len(list(tmp_path.glob(".whowas-*"))) == 1, "the one before is gone"
    press(desk, "Discard")
    assert not list(tmp_path.glob(".whowas-*"))
    without(desk, before + 1)
    desk.window.close_directory()
    desk.settle()
    assert not list(tmp_path.glob(".whowas-*"))


def test_cancelled_it_leaves_everything(
    desk: Desk, before: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    desk.page.view.show_moment(before + 1)
    desk.window.actions_.what_if.trigger()
    desk.runner.jobs[-1].cancel()
    desk.settle()
    assert session(desk).shown.lens == Now()
    assert desk.page.view.moment == before + 1
    assert desk.window.messages.message() == ""
    assert not list(tmp_path.glob(".whowas-*"))


def test_a_long_list_is_only_read_where_it_is_seen(desk: Desk) -> None:
    from whowas.corrections.what_if.rerun import imagine
    from whowas.desktop.what_if.lines import WhatIfLines

    do(desk, CreateUser(DAN.replace("d", "e"), {"first_name": "Eli"}))
    lines_shown = [session(desk).reads.change_line(moment) for moment in (2, 3, 4)]
    change_ids = [line.change_id for line in lines_shown if line is not None]
    lines = WhatIfLines(imagine(session(desk).log, change_ids))
    assert lines[1:3] == [lines[1], lines[2]]
    assert [line.who for line in lines] == ["Ada", "Ada", "Ada", "Ben", "Chi"]
    with pytest.raises(IndexError):
        lines[5]


def test_the_list_can_be_walked_through_with_the_keyboard(desk: Desk, before: int, qtbot: QtBot) -> None:
    without(desk, before + 2)
    press(desk, "See what differs…")
    (dialog,) = (one for one in desk.window.findChildren(DifferencesDialog) if one.isVisible())
    assert dialog.list.accessibleName() == "What would be different"
    dialog.list.setFocus()
    qtbot.keyClick(dialog.list, Qt.Key.Key_Down)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Down)
    assert dialog.list.currentIndex().row() == 1
    dialog.reject()
