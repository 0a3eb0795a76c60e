"""A damaged directory in the window: read only, under a red strip, and what can be read of it saved elsewhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from tests.altered_files import alter
from tests.command_line import whowas
from tests.desktop.window.test_main_window import ADA, Desk, dialog, directory
from tests.desktop.window.test_main_window import press as press_in
from whowas.desktop.chrome.message_bar import MessageBar
from whowas.desktop.chrome.standing import READ_ONLY, bars
from whowas.desktop.chrome.status_words import status_line
from whowas.store.chain import Damage
from whowas.store.event_log import EventLog

__all__ = ["directory"]

CHI_CREATED = 4
"""The position of the event that creates Chi; Ada joins a group after that."""

WRITING = ("new_user", "import_", "undo", "redo", "save", "set_password", "suspend", "delete", "erase", "name_moment")
MORE_WRITING = ("restore_moment", "undo_this", "what_if")


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(qtbot, tmp_path / "config")
    yield desk
    desk.window.put_away()
    desk.runner.drain()


@pytest.fixture
def damaged(directory: Path) -> Path:
    """What creates Chi was altered so that it cannot be read any more."""
    alter(directory, f"UPDATE payload SET body = x'7b' WHERE position = {CHI_CREATED}")
    return directory


def strip(desk: Desk) -> MessageBar:
    (bar,) = [
        bar for bar in desk.window.findChildren(MessageBar) if bar.condition.about == READ_ONLY and bar.isVisible()
    ]
    return bar


def press(bar: MessageBar, name: str) -> None:
    next(button for button in bar.findChildren(QPushButton) if button.text().replace("&", "") == name).click()


def enabled(desk: Desk) -> set[str]:
    return {name for name in (*WRITING, *MORE_WRITING) if getattr(desk.window.actions_, name).isEnabled()}


def test_what_is_before_the_damage_is_shown_and_nothing_can_be_written(desk: Desk, damaged: Path) -> None:
    before = damaged.read_bytes()
    desk.open(damaged)
    assert desk.names() == ["Ada", "Ben"]
    condition = strip(desk).condition
    assert condition.heading == "The history is not as it was written."
    assert condition.sentence == (
        "Change 4 was altered after it was saved; the 3 before it are sound. Opened read-only."
    )
    assert not condition.closable
    line = status_line(desk.window.messages.standing)
    assert (line.history.text, line.history.token) == ("history damaged at change 4", "error")
    assert line.file.text == "staff.whowas · read-only"
    desk.select("Ada")
    assert enabled(desk) == set()
    assert desk.page.timeline.slider._damage == (3, "Damaged: change 4 was altered after it was saved")
    assert not desk.page.timeline.controls.name_moment.isEnabled()
    fields = [field for field in desk.page.panel.form.findChildren(QLineEdit) if field.isVisible()]
    assert fields
    assert all(field.isReadOnly() for field in fields)
    assert damaged.read_bytes() == before


def test_show_it_goes_to_the_last_sound_moment(desk: Desk, damaged: Path) -> None:
    desk.open(damaged)
    desk.page.view.show_moment(1)
    press(strip(desk), "Show it")
    assert desk.page.view.moment == desk.page.view.index.now
    assert desk.page.timeline.controls.label.text() == "The last sound moment · change 3"


def test_the_past_of_a_damaged_directory_offers_no_restoring(desk: Desk, damaged: Path) -> None:
    desk.open(damaged)
    desk.page.view.show_moment(1)
    assert enabled(desk) == set()
    assert not desk.page.banner._restore.isEnabled()


def test_what_can_be_read_is_saved_and_opened(desk: Desk, damaged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = damaged.with_name("saved.whowas")
    monkeypatch.setattr("whowas.desktop.keeping.read_only.ask_where_to_save", lambda *_, **__: target)
    desk.open(damaged)
    press(strip(desk), "Save what can be read…")
    desk.settle()
    (told,) = [bar for bar in desk.window.findChildren(MessageBar) if "Open it" in bar.condition.actions]
    assert told.condition.sentence.startswith(
        f"Changes 1 to 3 were saved into {target}; what comes after that is missing: change 4"
    )
    press(told, "Open it")
    desk.qtbot.waitUntil(desk.equipped)
    desk.settle()
    assert desk.window.session is not None
    assert desk.window.session.path == target
    assert not bars(desk.window.messages.standing)
    assert desk.names() == ["Ada", "Ben"]
    assert "new_user" in enabled(desk)
    assert whowas("verify", target).code == 0


def test_damage_found_while_it_is_open(desk: Desk, directory: Path) -> None:
    """Nothing can be written from then on, and the drafts stay: also that for somebody who is not shown any more."""
    desk.open(directory)
    for name, text in (("Chi", "555-1"), ("Ada", "555-2")):
        desk.select(name)
        (editor,) = desk.page.panel.form.rows.texts["phone"].findChildren(QLineEdit)
        editor.setText(text)
    session = desk.window.session
    assert session is not None
    session.found_damaged(Damage(CHI_CREATED, "the payload was altered"))
    assert enabled(desk) == set()
    assert session.read_only
    desk.settle()
    assert desk.names() == ["Ada", "Ben"]
    assert strip(desk).condition.sentence.startswith("Change 4 was altered")
    assert len(desk.page.drafts) == 2
    line = status_line(desk.window.messages.standing)
    assert (line.file.text, line.drafts) == ("staff.whowas · read-only,", "2 drafts not saved")
    assert desk.page.details.user_id == ADA
    desk.page.details.save()
    desk.settle()
    with closing(EventLog.open(directory)) as log:
        assert log.head().position == 5


def test_verifying_unasked_finds_what_opening_did_not(desk: Desk, directory: Path) -> None:
    desk.open(directory)
    desk.window.close_directory()
    desk.runner.drain()
    alter(directory, f"UPDATE event SET actor = 'mallory' WHERE position = {CHI_CREATED}")
    desk.open(directory)
    assert strip(desk).condition.heading == "The history is not as it was written."
    assert desk.names() == ["Ada", "Ben"]
    assert enabled(desk) == set()


def test_damage_at_no_change_leaves_everything_shown(desk: Desk, directory: Path) -> None:
    desk.open(directory)
    assert desk.window.session is not None
    desk.window.session.found_damaged(Damage(None, "an index is not right"))
    desk.settle()
    assert desk.names() == ["Ada", "Ben", "Chi"]
    assert strip(desk).condition.actions == ("Save what can be read…",)
    assert status_line(desk.window.messages.standing).history.text == "file damaged"
    assert enabled(desk) == set()
    assert desk.page.timeline.slider._damage is None


def test_what_a_job_found_out_is_said(desk: Desk, directory: Path) -> None:
    desk.open(directory)
    session = desk.window.session
    assert session is not None
    session.log.refuse_writing("A trigger is missing.")
    session.file.look()
    desk.settle()
    assert (strip(desk).condition.heading, strip(desk).condition.sentence) == (
        "This directory is damaged.",
        "A trigger is missing.",
    )
    assert desk.names() == ["Ada", "Ben", "Chi"]
    session.log.refuse_writing("Seen.", damage=Damage(CHI_CREATED, "the payload was altered"))
    session.file.look()
    desk.settle()
    assert desk.names() == ["Ada", "Ben"]
    assert enabled(desk) == set()


def test_damage_that_comes_while_it_is_open_is_found_by_following_the_file(desk: Desk, directory: Path) -> None:
    desk.open(directory)
    whowas("run", directory, stdin='{"command": "CreateUser", "first_name": "Eve"}\n')
    whowas("run", directory, stdin='{"command": "CreateUser", "first_name": "Fay"}\n')
    alter(directory, "UPDATE payload SET body = x'7b' WHERE position = 7")
    session = desk.window.session
    assert session is not None
    session.file.look()
    desk.settle()
    assert desk.names() == ["Ada", "Ben", "Chi", "Eve"]
    assert strip(desk).condition.sentence.startswith("Change 7 was altered after it was saved; the 6 before it")
    assert enabled(desk) == set()


def test_it_counts_changes_also_where_one_is_many_events(
    desk: Desk, directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "more.csv"
    source.write_text("first_name,email\nDan,dan@example.org\nEve,eve@example.org\n")
    assert whowas("import", directory, source).code == 0
    whowas("run", directory, stdin='{"command": "CreateUser", "first_name": "Fay"}\n')
    with closing(EventLog.open(directory)) as log:
        last = log.head().position
    assert last > 7, "the import is one change of several events"
    alter(directory, f"UPDATE payload SET body = x'7b' WHERE position = {last}")
    desk.open(directory)
    assert strip(desk).condition.sentence.startswith("Change 7 was altered")
    target = tmp_path / "saved.whowas"
    monkeypatch.setattr("whowas.desktop.keeping.read_only.ask_where_to_save", lambda *_, **__: target)
    press(strip(desk), "Save what can be read…")
    desk.settle()
    told = f"Changes 1 to 6 were saved into {target}; what comes after that is missing: change 7 was altered"
    assert told in desk.window.messages.message()


def test_what_is_refused_afterwards_says_why_only_once(desk: Desk, directory: Path) -> None:
    """A dialog that was open before can still ask for something to be written."""
    desk.open(directory)
    desk.trigger("undo")
    session = desk.window.session
    assert session is not None
    session.found_damaged(Damage(CHI_CREATED, "the payload was altered"))
    desk.settle()
    press_in(dialog(QMessageBox), "Undo it")
    desk.settle()
    assert desk.window.messages.message().splitlines() == [
        strip(desk).condition.text,
        "This was not saved, as this directory is read-only now.",
    ]
    with closing(EventLog.open(directory)) as log:
        assert log.head().position == 5


def test_a_save_that_finds_the_file_altered_makes_the_window_read_only_at_once(desk: Desk, directory: Path) -> None:
    desk.open(directory)
    desk.select("Ada")
    (editor,) = desk.page.panel.form.rows.texts["phone"].findChildren(QLineEdit)
    editor.setText("555-2")
    with closing(sqlite3.connect(directory)) as connection:
        connection.execute("DROP TRIGGER event_is_gapless")
    desk.page.details.save()
    desk.settle()
    assert enabled(desk) == set()
    assert desk.window.messages.message().splitlines() == [
        strip(desk).condition.text,
        "This was not saved, as this directory is read-only now.",
    ]
    assert status_line(desk.window.messages.standing).history.text == "file damaged"
    assert len(desk.page.drafts) == 1
