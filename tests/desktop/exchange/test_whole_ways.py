"""The ways in as a person goes them, to the end: through the assistant, its jobs turned by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from tests.desktop.exchange.assisting import opened, previewed, shown, still_asked, take
from tests.desktop.exchange.test_ways_in import copied, paste
from tests.desktop.kit.test_file_drop import dragged_to
from tests.desktop.window.test_import_new import welcomed
from tests.desktop.window.test_main_window import Desk, desk, directory, press
from whowas.desktop.exchange import save_refused
from whowas.desktop.exchange.assistant.frame.dialog import AssistantDialog
from whowas.desktop.kit.file_drop import FileDrop
from whowas.desktop.session.job_progress import ShownProgress
from whowas.desktop.window import import_new
from whowas.interchange.importing.given.rules import ImportRules
from whowas.interchange.importing.ready import Request, made_ready
from whowas.interchange.source import Source

__all__ = ["desk", "directory"]

LIST = "email,title\ndan@example.org,Clerk\neve@,Judge\n"


@pytest.fixture
def empty_desk(qtbot: Any, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(qtbot, tmp_path / "config")
    desk.window.start(None)
    qtbot.waitUntil(lambda: desk.window.findChild(FileDrop) is not None)
    yield desk
    desk.window.put_away()
    desk.runner.drain()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "members.csv"
    path.write_text(LIST)
    return path


def welcomed_with(desk: Desk, source: Path, monkeypatch: pytest.MonkeyPatch) -> AssistantDialog:
    """Drop a list on the welcome page, and name the directory as is proposed, in the folder of the test."""
    monkeypatch.setattr(
        import_new, "ask_where_to_save", lambda _window, _title, name, *_, **__: source.parent / Path(name).name
    )
    dragged_to(desk.window, source)
    desk.qtbot.waitUntil(desk.equipped)
    desk.runner.drain()
    return shown(AssistantDialog)


def test_a_list_that_is_dropped_on_the_welcome_page_becomes_a_directory(
    empty_desk: Desk, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = welcomed_with(empty_desk, source, monkeypatch)
    press(dialog, "Next")
    empty_desk.runner.drain()
    take(empty_desk, dialog)
    empty_desk.settle()
    assert not still_asked()
    assert empty_desk.names() == ["dan@example.org"]
    assert (source.parent / "members.whowas").is_file()


def test_whoever_cancels_there_is_welcomed_again_and_no_file_is_left(
    empty_desk: Desk, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = welcomed_with(empty_desk, source, monkeypatch)
    dialog.reject()
    empty_desk.settle()
    assert welcomed(empty_desk)
    assert sorted(path.name for path in source.parent.iterdir() if path.name != "config") == ["members.csv"]


def test_rows_are_pasted_and_taken(desk: Desk) -> None:
    copied("email\ttitle\r\ndan@example.org\tClerk\r\n")
    paste(desk)
    dialog = shown(AssistantDialog)
    assert "Pasted rows" in dialog.windowTitle()
    press(dialog, "Next")
    desk.runner.drain()
    take(desk, dialog)
    assert "dan@example.org" in desk.names()
    QGuiApplication.clipboard().clear()


def test_the_refused_rows_are_saved_from_the_preview_and_come_back_corrected(
    desk: Desk, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, list[str]]] = []

    def ask(_window: object, title: str, name: str, endings: dict[str, str]) -> Path:
        assert title == "Save the refused rows"
        asked.append((name, list(endings.values())))
        return Path(name)

    monkeypatch.setattr(save_refused, "ask_where_to_save", ask)
    dialog = previewed(desk, source)
    dialog.refused_button.click()
    desk.runner.drain()
    saved = source.with_name("members (refused).csv")
    assert asked == [(str(saved), [".csv"])]
    assert dialog.notice.text == f"1 row saved to {saved}."
    dialog.reject()
    desk.runner.drain()

    saved.write_text(saved.read_text().replace("eve@,", "eve@example.org,"))
    take(desk, previewed(desk, saved))

    assert "eve@example.org" in desk.names()


def test_where_they_cannot_be_saved_the_assistant_says_so(
    desk: Desk, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(save_refused, "ask_where_to_save", lambda *_: source)
    dialog = previewed(desk, source)
    dialog.refused_button.click()
    desk.runner.drain()
    assert dialog.notice.text == "“members.csv” is itself what is read here; choose another file."
    assert source.read_text() == LIST
    dialog.reject()


def test_of_several_lists_the_rows_are_saved_in_a_folder(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "out"))
    for month in ("01", "02"):
        (tmp_path / f"2019-{month}.csv").write_text(LIST)
    session = desk.window.session
    assert session is not None
    told: list[str] = []

    sources = [Source.of(f"2019-{month}.csv", LIST.encode()) for month in ("01", "02")]
    ready = made_ready(sources, Request(rules=ImportRules(skip_refused=True)))
    outcome = ready.take(session.writer.load_bus(), session.log, dry_run=True)
    save_refused.ask_to_save_refused(
        desk.window,
        session,
        ShownProgress(desk.window, session),
        ready,
        outcome,
        [],
        saved=told.append,
        failed=lambda error: pytest.fail(str(error)),
    )
    desk.runner.drain()
    assert told == [f"2 rows saved in {tmp_path / 'out'}."]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "2019-01 (refused).csv",
        "2019-02 (refused).csv",
    ]


def test_imported_again_it_is_the_same_file_by_the_same_rules(
    desk: Desk, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(desk, previewed(desk, source))
    source.write_text(LIST.replace("Clerk", "Counsel"))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda _window, _title, name, _kinds: ([name], ""))
    assert "“members.csv”" in desk.window.actions_.import_again.toolTip()
    desk.trigger("import_again")
    dialog = shown(AssistantDialog)
    press(dialog, "Next")
    desk.runner.drain()
    take(desk, dialog)
    users = [desk.page.model.user(row) for row in range(desk.page.model.rowCount())]
    assert {user.email: user.title for user in users if user is not None}["dan@example.org"] == "Counsel"


def test_a_second_list_waits_for_the_first(desk: Desk, source: Path) -> None:
    dialog = opened(desk, source)
    dragged_to(desk.window, source)
    desk.runner.drain()
    assert shown(AssistantDialog) is dialog
    dialog.reject()
