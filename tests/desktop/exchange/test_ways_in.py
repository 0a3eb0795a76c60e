"""Every way in leads to the assistant, or to one sentence that says why not; the present is the only time for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from tests.desktop.kit.test_file_drop import dragged_to, enter, highlights, let_go, urls
from tests.desktop.window.test_main_window import Desk, desk, directory
from whowas.desktop.exchange.assistant.plan import ImportPlan
from whowas.desktop.exchange.commands import ReadSources
from whowas.domain.progress import unwatched
from whowas.interchange.source import Source

__all__ = ["desk", "directory"]

PAST = "Nothing can be imported into the past: return to now first."
NO_LIST = "What was copied is no list. Copy the rows in a spreadsheet, with the titles above them, and paste again."


class Assistant:
    """Stands for the assistant: what it was opened with."""

    def __init__(self) -> None:
        self.files: list[list[str]] = []
        self.sources: list[Source] = []
        self.called = ""

    def open_files(self, paths: Sequence[Path], *, plan: ImportPlan | None = None) -> None:
        self.files.append([path.name for path in paths])

    def open_sources(self, read: ReadSources, *, called: str, plan: ImportPlan | None = None) -> None:
        self.sources += read(unwatched)
        self.called = called


@pytest.fixture
def assistant(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Assistant:
    assistant = Assistant()
    for name in ("open_files", "open_sources"):
        monkeypatch.setattr(desk.commands.files, name, getattr(assistant, name))
    return assistant


def copied(text: str, html: str = "") -> None:
    data = QMimeData()
    if text:
        data.setText(text)
    if html:
        data.setHtml(html)
    QGuiApplication.clipboard().setMimeData(data)


def drop(desk: Desk, *paths: Path) -> None:
    dragged_to(desk.window, *paths)
    desk.runner.drain()


def paste(desk: Desk) -> None:
    desk.page.table.setFocus()
    QTest.keyClick(desk.page.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    desk.runner.drain()


def told(desk: Desk) -> str:
    return desk.window.messages.message()


def test_files_are_dropped_in_their_order(desk: Desk, assistant: Assistant, tmp_path: Path) -> None:
    drop(desk, tmp_path / "b.csv", tmp_path / "a.xlsx")
    assert assistant.files == [["b.csv", "a.xlsx"]]


def test_of_a_folder_its_lists_are_taken_by_name(desk: Desk, assistant: Assistant, tmp_path: Path) -> None:
    folder = tmp_path / "Members"
    (folder / "more.csv").mkdir(parents=True)
    for name in ("2020.CSV", "2019.ods", "~$2019.xlsx", ".hidden.csv", "letter.pdf", "changes.jsonl", "b.txt"):
        (folder / name).touch()
    drop(desk, tmp_path / "first.csv", folder)
    assert assistant.files == [["first.csv", "2019.ods", "2020.CSV", "b.txt"]]


def test_a_folder_without_lists_says_so(desk: Desk, assistant: Assistant, tmp_path: Path) -> None:
    (tmp_path / "Pictures").mkdir()
    drop(desk, tmp_path / "Pictures")
    assert not assistant.files
    assert told(desk) == "There is no list in the folder “Pictures” (.csv, .tsv, .txt, .xlsx, .ods)."


def test_a_folder_that_cannot_be_read_says_so(
    desk: Desk, assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(_folder: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", unreadable)
    drop(desk, tmp_path)
    assert not assistant.files
    assert told(desk) == f"The folder “{tmp_path.name}” cannot be read: Permission denied."


def test_what_lies_elsewhere_says_so(desk: Desk, assistant: Assistant) -> None:
    let_go(desk.window, urls("https://example.org/members.csv"))
    assert not assistant.files
    assert told(desk).startswith("Only files of this computer can be dropped here")


def test_in_the_past_nothing_is_taken_and_a_drop_says_why(desk: Desk, assistant: Assistant, tmp_path: Path) -> None:
    actions = desk.window.actions_
    assert actions.import_.isEnabled()
    assert actions.paste.isEnabled()
    desk.page.view.show_moment(1)
    desk.runner.drain()
    assert not actions.import_.isEnabled()
    assert not actions.paste.isEnabled()
    enter(desk.window, urls(str(tmp_path / "a.csv")))
    assert [each.accessibleDescription() for each in highlights(desk.window)] == [PAST]
    drop(desk, tmp_path / "a.csv")
    assert told(desk) == PAST
    copied("Email\tTitle\nada@example.org\tClerk")
    paste(desk)
    assert not assistant.files
    assert not assistant.sources


def test_so_does_a_what_if(desk: Desk, assistant: Assistant, tmp_path: Path) -> None:
    desk.page.view.show_moment(2)
    desk.runner.drain()
    desk.trigger("what_if")
    desk.settle()
    drop(desk, tmp_path / "a.csv")
    assert told(desk) == "Nothing can be imported into what is only imagined: leave it first."
    assert not assistant.files


def test_a_directory_that_is_read_only_says_why(desk: Desk, assistant: Assistant, tmp_path: Path) -> None:
    assert desk.window.session is not None
    desk.window.session.log.refuse_writing("It is kept as it is.")
    drop(desk, tmp_path / "a.csv")
    assert not assistant.files
    assert told(desk) == "Nothing can be imported. It is kept as it is."


def test_once_the_directory_is_closed_nothing_is_against_files(desk: Desk, tmp_path: Path) -> None:
    desk.page.view.show_moment(1)
    desk.window.go_to_welcome()
    desk.runner.drain()
    enter(desk.window, urls("/a.csv"))
    assert [each.accessibleName() for each in highlights(desk.window)] == ["Drop to import"]


def test_rows_are_pasted(desk: Desk, assistant: Assistant) -> None:
    copied("Email\tTitle\r\nada@example.org\tClerk\r\n", "<table>…</table>")
    paste(desk)
    (source,) = assistant.sources
    assert (source.name, assistant.called) == ("Pasted rows", "Pasted rows")
    assert source.content == b"Email\tTitle\r\nada@example.org\tClerk\r\n"


def test_files_that_were_copied_are_pasted(desk: Desk, assistant: Assistant, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.csv"))])
    QGuiApplication.clipboard().setMimeData(data)
    paste(desk)
    assert assistant.files == [["a.csv"]]


@pytest.mark.parametrize(("text", "html"), [("Ada", ""), ("", ""), ("\n\nAda\n", ""), ("", "<p>a</p><p>b</p>")])
def test_what_is_no_list_says_so(desk: Desk, assistant: Assistant, text: str, html: str) -> None:
    copied(text, html)
    paste(desk)
    assert not assistant.sources
    assert told(desk) == NO_LIST


def test_a_text_field_keeps_its_own_paste(desk: Desk, assistant: Assistant) -> None:
    copied("Ada Osei")
    field = desk.window.toolbar.search
    field.setFocus()
    line = field if isinstance(field, QLineEdit) else field.findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    QTest.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert line.text() == "Ada Osei"
    assert not assistant.sources
    assert not told(desk)
