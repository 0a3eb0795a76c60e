"""The file is renamed, replaced or removed under the window: said at once, refused, kept, and saved elsewhere."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from tests.command_line import json_lines, whowas
from tests.desktop.manual_jobs import ManualJobRunner
from tests.desktop.window.test_main_window import ADA, BEN, CHI, Desk, desk, directory
from whowas.command_bus.bus import Bus
from whowas.desktop.chrome.message_bar import MessageBar
from whowas.desktop.chrome.standing import FILE, Severity, bars
from whowas.desktop.chrome.status_words import status_line
from whowas.desktop.session.file_watch import QUIET_LOOKS, FileWatch
from whowas.desktop.session.session import Session
from whowas.domain.commands import CreateUser
from whowas.domain.errors import StoreError
from whowas.store.event_log import EventLog

__all__ = ["desk", "directory"]


def look(desk: Desk) -> None:
    """Let the session look, as it does several times a second."""
    session = desk.window.session
    assert session is not None
    session.file.look()
    desk.runner.drain()


def bar_of_file(desk: Desk) -> MessageBar | None:
    """The bar that tells where the file is not, if it is to be seen."""
    bars = desk.window.findChildren(MessageBar)
    return next((bar for bar in bars if not bar.isHidden() and bar.condition.about == FILE), None)


def press_save_a_copy(desk: Desk) -> None:
    bar = bar_of_file(desk)
    assert bar is not None
    (button,) = bar.findChildren(QPushButton)
    assert button.text() == "Save a copy…"
    button.click()


def choose(monkeypatch: pytest.MonkeyPatch, target: Path) -> None:
    monkeypatch.setattr("whowas.desktop.window.moved_file.ask_where_to_save", lambda *_, **__: target)


def field(desk: Desk, name: str) -> QLineEdit:
    (editor,) = desk.page.panel.form.rows.texts[name].findChildren(QLineEdit)
    return editor


def draft(desk: Desk, name: str, text: str) -> None:
    desk.select("Ada")
    field(desk, name).setText(text)


def move(directory: Path, how: str) -> None:
    if how == "renamed":
        directory.rename(directory.with_name("other name.whowas"))
    elif how == "removed":
        directory.unlink()
    else:
        other = directory.with_name("other.whowas")
        whowas("run", other, stdin=json_lines({"command": "CreateUser", "first_name": "Other"}))
        other.replace(directory)


@pytest.mark.parametrize("how", ["renamed", "removed", "replaced"])
def test_nothing_is_lost_when_the_file_goes_under_the_window(
    desk: Desk, directory: Path, how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bar_of_file(desk) is None
    draft(desk, "title", "Archivist")
    desk.trigger("save")
    draft(desk, "phone", "1234")
    move(directory, how)
    desk.trigger("save")
    assert "so nothing was written" in desk.window.messages.message()
    look(desk)
    assert desk.window.messages.message() == (
        "Another file has taken the place of staff.whowas: nothing can be saved to it."
        if how == "replaced"
        else "staff.whowas is no longer in its folder: nothing can be saved to it."
    )
    assert desk.page.details.draft_keeper.has_draft
    said = status_line(desk.window.messages.standing).file.text
    assert said == "staff.whowas · not in its folder"

    copy = tmp_path / "elsewhere" / "copy.whowas"
    copy.parent.mkdir()
    choose(monkeypatch, copy)
    press_save_a_copy(desk)
    desk.qtbot.waitUntil(lambda: desk.equipped() and desk.window.session.path == copy)  # type: ignore[union-attr]
    desk.settle()
    assert desk.shown(ADA).title == "Archivist"
    assert desk.window.windowTitle() == "copy — Whowas"
    assert bar_of_file(desk) is None
    desk.select("Ada")
    assert field(desk, "phone").text() == "1234", "the draft came along"
    desk.trigger("save")
    assert desk.shown(ADA).phone == "1234"
    assert whowas("verify", copy).code == 0
    if how == "replaced":
        assert [user["first_name"] for user in whowas("list", directory, "--json").objects] == ["Other"]


def test_saving_goes_on_when_the_file_is_back(desk: Desk, directory: Path) -> None:
    draft(desk, "title", "Archivist")
    move(directory, "renamed")
    look(desk)
    assert bar_of_file(desk) is not None
    desk.trigger("save")
    assert desk.page.details.draft_keeper.has_draft
    directory.with_name("other name.whowas").rename(directory)
    look(desk)
    assert bar_of_file(desk) is None
    desk.trigger("save")
    assert desk.shown(ADA).title == "Archivist"
    assert not desk.page.details.draft_keeper.has_draft


def test_what_was_saved_goes_with_the_file_at_once(desk: Desk, directory: Path) -> None:
    draft(desk, "title", "Archivist")
    desk.trigger("save")
    move(directory, "renamed")
    look(desk)
    renamed = directory.with_name("other name.whowas")
    assert next(user["title"] for user in whowas("list", renamed, "--json").objects) == "Archivist"
    assert directory.with_name("staff.whowas-wal").stat().st_size == 0, "nothing is left for the next"


def test_a_copy_is_never_saved_over_anything(
    desk: Desk, directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    move(directory, "removed")
    look(desk)
    letter = tmp_path / "letter.whowas"
    letter.write_text("Dear friend")
    choose(monkeypatch, letter)
    press_save_a_copy(desk)
    desk.settle()
    assert letter.read_text() == "Dear friend"
    assert "exists already; nothing was written" in desk.window.messages.message()
    assert desk.window.session is not None
    assert desk.window.session.path == directory


def test_the_log_is_emptied_in_quiet_moments_only(tmp_path: Path) -> None:
    log = EventLog.create(tmp_path / "staff.whowas")
    watch = FileWatch(log)
    bus = Bus(log, clock=lambda: 1_000_000, actor="test")
    for _ in range(2 * QUIET_LOOKS):
        watch.look()
    bus.dispatch(CreateUser(ADA, {"first_name": "Ada"}))
    for _ in range(QUIET_LOOKS):
        watch.look()
        assert not log.is_settled
    watch.look()
    assert log.is_settled
    other = EventLog.open(log.path)
    version = other.changed_elsewhere()
    for _ in range(3 * QUIET_LOOKS):
        watch.look()
    assert other.changed_elsewhere() == version, "an empty log is not emptied again, which others would take for news"
    other.close()
    log.close()


def test_the_log_is_emptied_in_the_next_quiet_moment_where_another_read_it_in_the_first(tmp_path: Path) -> None:
    log = EventLog.create(tmp_path / "staff.whowas")
    bus = Bus(log, clock=lambda: 1_000_000, actor="test")
    for user_id in (ADA, BEN, CHI):
        bus.dispatch(CreateUser(user_id, {"first_name": "Ada"}))
    watch = FileWatch(log)
    with closing(EventLog.open(log.path)) as other, other.reading() as reading:
        assert reading.head.position == 3
        for _ in range(QUIET_LOOKS + 1):
            watch.look()
        assert not log.is_settled
    for _ in range(QUIET_LOOKS):
        watch.look()
    assert log.is_settled
    log.close()


def test_the_log_is_not_emptied_while_another_reads_it(tmp_path: Path) -> None:
    log = EventLog.create(tmp_path / "staff.whowas")
    bus = Bus(log, clock=lambda: 1_000_000, actor="test")
    for user_id in (ADA, BEN, CHI):
        bus.dispatch(CreateUser(user_id, {"first_name": "Ada"}))
    with closing(EventLog.open(log.path)) as other, other.reading() as reading:
        assert reading.head.position == 3
        assert log.settle_if_unused() is False
    assert log.settle_if_unused() is True
    log.close()


@pytest.mark.parametrize(("kind", "says"), [("nfs4", "shared or network folder (nfs4)"), (None, "")])
def test_a_shared_folder_is_told_when_a_directory_is_opened(
    qtbot: QtBot, tmp_path: Path, directory: Path, monkeypatch: pytest.MonkeyPatch, kind: str | None, says: str
) -> None:
    monkeypatch.setattr("whowas.desktop.session.open_directory.kind_of_shared_folder", lambda _folder: kind)
    desk = Desk(qtbot, tmp_path / "config")
    desk.open(directory)
    message = desk.window.messages.message()
    assert says in message
    assert bool(message) is bool(kind)
    if kind:
        assert [one.severity for one in bars(desk.window.messages.standing)] == [Severity.CALM]
    desk.window.put_away()
    desk.runner.drain()


def test_the_log_of_another_file_that_was_set_aside_is_told(desk: Desk, directory: Path, tmp_path: Path) -> None:
    draft(desk, "title", "Archivist")
    desk.trigger("save")
    wal = directory.with_name(f"{directory.name}-wal")
    kept = wal.read_bytes()
    desk.window.close_directory()
    desk.runner.drain()
    move(directory, "replaced")
    wal.write_bytes(kept)
    desk.open(directory)
    assert "kept as “staff.whowas-wal set aside”" in desk.window.messages.message()
    assert desk.names() == ["Other"]


def test_each_move_is_told_once(session: Session, runner: ManualJobRunner, tmp_path: Path) -> None:
    assert session.file.whereabouts == "in place"
    told: list[str] = []
    session.file.moved.connect(lambda: told.append(session.file.whereabouts))
    session.path.rename(tmp_path / "renamed.whowas")
    for _ in range(3):
        session.file.look()
        runner.drain()
    assert told == ["gone"], "told once"
    (tmp_path / "renamed.whowas").rename(session.path)
    session.file.look()
    runner.drain()
    assert told == ["gone", "in place"]


def test_a_move_is_told_where_what_is_shown_cannot_be_brought_up(
    desk: Desk, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = desk.window.session
    assert session is not None

    def failing(_progress: object) -> None:
        raise StoreError("The disk failed.")

    monkeypatch.setattr(session.file, "catch_up", failing)
    session.file.fall_behind()
    move(directory, "removed")
    look(desk)
    assert bar_of_file(desk) is not None


def test_the_open_directory_is_not_read_as_an_import(desk: Desk, directory: Path) -> None:
    """Reading it raw would lose the locks of its connections."""
    link = directory.with_name("list.csv")
    link.symlink_to(directory)
    desk.commands.files.open_files([link])
    desk.runner.drain()
    assert desk.window.messages.message() == "“list.csv” is this directory: there is nothing to import from it."


@pytest.mark.parametrize("suffix", ["-wal", "-shm"])
def test_what_lies_beside_the_open_directory_is_not_read_as_an_import(desk: Desk, directory: Path, suffix: str) -> None:
    """On the one SQLite keeps its locks."""
    beside = directory.with_name(f"{directory.name}{suffix}")
    assert beside.exists()
    desk.commands.files.open_files([beside])
    desk.runner.drain()
    said = f"“{beside.name}” is this directory: there is nothing to import from it."
    assert desk.window.messages.message() == said
