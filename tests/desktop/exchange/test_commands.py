"""What was previewed is imported, whatever becomes of its file, and what cannot be is told in a sentence."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from tests.desktop.exchange.assisting import all_shown, opened, previewed, still_asked, take, titles
from tests.desktop.window.test_main_window import ADA, BEN, CHI, RECORDS, Desk, desk, directory, press, somebody_else
from tests.workbooks import write_xlsx
from whowas.desktop.exchange.assistant.frame.dialog import AssistantDialog
from whowas.desktop.exchange.commands import IMPORTABLE
from whowas.desktop.kit.toast import Toast
from whowas.domain.commands import Command, CreateUser, DeleteUser, RenameGroup, SuspendUser, UpdateUser
from whowas.domain.errors import StoreError
from whowas.interchange.source import Source

__all__ = ["desk", "directory"]

DAN = "0199a3c4-0000-7000-8000-000000000004"
LIST = "email,title\nada@example.org,Clerk\ndan@example.org,Counsel\n"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "more.csv"
    path.write_text(LIST)
    return path


def toasts(desk: Desk) -> list[str]:
    return [toast.accessibleName() for toast in desk.page.findChildren(Toast) if toast.isVisibleTo(desk.page)]


def replaced(source: Path) -> None:
    other = source.with_name("other.csv")
    other.write_text("email,title\nben@example.org,Intruder\n")
    other.replace(source)


def cut_off(source: Path) -> None:
    source.write_text("email,title\nada@exam")


def grown(source: Path) -> None:
    with source.open("a") as file:
        file.write("ben@example.org,Intruder\n")


ALTERED = "“more.csv” was changed since it was read. Read it again, or import what was read."
GONE = "“more.csv” is no longer there. What was read of it can be imported."


@pytest.mark.parametrize(
    ("meanwhile", "sentence"),
    [(replaced, ALTERED), (cut_off, ALTERED), (grown, ALTERED), (Path.unlink, GONE)],
    ids=["replaced", "cut off", "grown", "gone"],
)
def test_what_was_previewed_is_imported_once_it_was_told_what_became_of_the_file(
    meanwhile: Callable[[Path], None], sentence: str, desk: Desk, source: Path
) -> None:
    dialog = previewed(desk, source)
    meanwhile(source)
    take(desk, dialog)
    assert dialog.notice.text == sentence
    assert titles(desk) == {"Ada": None, "Ben": None, "Chi": None}, "nothing was imported yet"
    take(desk, dialog)
    assert titles(desk) == {"Ada": "Clerk", "Ben": None, "Chi": None, "dan@example.org": "Counsel"}
    assert toasts(desk) == ["Imported 2 users from more.csv"]


def test_a_file_that_was_changed_can_be_read_again(desk: Desk, source: Path) -> None:
    dialog = previewed(desk, source)
    source.write_text("email,title\nben@example.org,Judge\n")
    take(desk, dialog)
    press(dialog, "Read again")
    desk.runner.drain()
    assert not dialog.on_preview
    press(dialog, "Next")
    desk.runner.drain()
    take(desk, dialog)
    assert titles(desk) == {"Ada": None, "Ben": "Judge", "Chi": None}
    assert not still_asked()


def test_a_file_that_is_gone_cannot_be_read_again(desk: Desk, source: Path) -> None:
    dialog = previewed(desk, source)
    source.unlink()
    take(desk, dialog)
    press(dialog, "Read again")
    desk.runner.drain()
    assert dialog.notice.text == "“more.csv” cannot be read: No such file or directory."
    assert dialog.on_preview
    take(desk, dialog)
    assert titles(desk)["Ada"] == "Clerk"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_what_can_be_read_only_once_is_imported_as_it_was_previewed(desk: Desk, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(LIST,))
    writer.start()
    dialog = previewed(desk, pipe)
    writer.join()
    take(desk, dialog)
    assert titles(desk) == {"Ada": "Clerk", "Ben": None, "Chi": None, "dan@example.org": "Counsel"}


@pytest.mark.parametrize(
    ("command", "left"),
    [
        pytest.param(UpdateUser(ADA, {"title": "Clerk"}), {"Ada": "Clerk"}, id="changed so already"),
        pytest.param(UpdateUser(ADA, {"title": "Judge"}), {"Ada": "Judge"}, id="changed otherwise"),
        pytest.param(DeleteUser(ADA), {}, id="gone"),
        pytest.param(
            CreateUser(DAN, {"email": "dan@example.org"}), {"Ada": None, "dan@example.org": None}, id="there already"
        ),
    ],
)
def test_what_the_directory_makes_of_it_by_now_is_shown_again_before_it_is_done(
    command: Command, left: dict[str, str | None], desk: Desk, source: Path, directory: Path
) -> None:
    dialog = previewed(desk, source)
    somebody_else(directory, command)
    take(desk, dialog)
    assert titles(desk) == {**left, "Ben": None, "Chi": None}, "nothing was imported"
    assert dialog.on_preview
    assert dialog.notice.text == (
        "The directory was changed meanwhile, and nothing was imported. This is what it would do now: "
        "1 row comes out otherwise."
    )
    take(desk, dialog)
    assert "Counsel" in titles(desk).values()
    assert not still_asked()


@pytest.mark.parametrize(
    "command", [SuspendUser(CHI), UpdateUser(BEN, {"title": "Judge"}), RenameGroup(RECORDS, "Rolls")]
)
def test_what_makes_no_difference_is_not_asked_about(
    command: Command, desk: Desk, source: Path, directory: Path
) -> None:
    dialog = previewed(desk, source)
    somebody_else(directory, command)
    take(desk, dialog)
    assert not still_asked()
    assert titles(desk)["dan@example.org"] == "Counsel"


def test_a_spreadsheet_is_imported(desk: Desk, tmp_path: Path) -> None:
    source = tmp_path / "members.xlsx"
    write_xlsx(source, {"Members": [("First name", "E-mail", "Title"), ("Dan", "dan@example.org", "Counsel")]})
    take(desk, previewed(desk, source))
    assert titles(desk) == {"Ada": None, "Ben": None, "Chi": None, "Dan": "Counsel"}


def test_a_change_log_shows_at_once_what_it_does(desk: Desk, tmp_path: Path) -> None:
    source = tmp_path / "changes.jsonl"
    source.write_text(
        '{"at": "2020-01-01", "op": "create", "id": "E4", "fields": {"first_name": "Dan", "title": "Clerk"}}'
    )
    dialog = opened(desk, source)
    assert dialog.on_preview
    assert not dialog.back.isVisible()
    take(desk, dialog)
    assert titles(desk)["Dan"] == "Clerk"


@pytest.mark.parametrize("content", ["", "first_name,first_name\nDan,Dan\n"])
def test_what_is_no_list_of_people_is_told_in_one_sentence(content: str, desk: Desk, tmp_path: Path) -> None:
    source = tmp_path / "fees.csv"
    source.write_text(content)
    desk.commands.files.open_files([source])
    desk.runner.drain()
    assert not still_asked()
    assert desk.window.messages.message().startswith("fees.csv was not imported. ")


def test_a_directory_is_not_imported(desk: Desk, tmp_path: Path) -> None:
    desk.commands.files.open_files([tmp_path / "other.whowas"])
    assert desk.window.messages.message() == (
        "“other.whowas” is a directory of Whowas: open it, as a directory is not imported into another one."
    )
    assert desk.runner.idle


def test_nothing_is_imported_into_the_past(desk: Desk, source: Path) -> None:
    desk.page.view.show_moment(2)
    desk.commands.files.open_files([source])
    desk.runner.drain()
    assert desk.window.messages.message() == "Nothing can be imported into the past: return to now first."
    assert not still_asked()


def test_several_files_can_be_chosen(desk: Desk, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(source)], ""))
    desk.trigger("import_")
    assert still_asked()


def test_what_comes_from_no_file_is_imported(desk: Desk) -> None:
    desk.commands.files.open_sources(lambda _progress: [Source.of("Pasted rows", LIST.encode())], called="Pasted rows")
    desk.runner.drain()
    (dialog,) = all_shown(AssistantDialog)
    press(dialog, "Next")
    desk.runner.drain()
    take(desk, dialog)
    assert titles(desk)["dan@example.org"] == "Counsel"
    assert toasts(desk) == ["Imported 2 users from Pasted rows"]


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".txt", ".xlsx", ".ods", ".jsonl", ".ndjson", ".json"])
def test_every_format_that_can_be_read_is_offered(ending: str) -> None:
    offered, everything = IMPORTABLE.split(";;")
    assert f"*{ending}" in offered[offered.index("(") + 1 : -1].split()
    assert everything == "All files (*)"


def test_several_files_are_told_of_as_several(desk: Desk, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> None:
        raise StoreError("The disk failed.")

    monkeypatch.setattr("whowas.desktop.exchange.assistant.jobs.looking.see_files", failing)
    desk.commands.files.open_files([source, source.with_name("other.csv")])
    desk.runner.drain()
    assert desk.window.messages.message() == "2 files were not imported. The disk failed."
