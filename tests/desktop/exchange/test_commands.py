"""Every format can be written and read here, and an import takes what was previewed, whatever becomes of the file."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton
from whowas.desktop.exchange.import_preview import ImportPreviewDialog

from tests.desktop.window.test_main_window import ADA, BEN, CHI, RECORDS, Desk, dialog, directory, press, somebody_else
from tests.workbooks import write_xlsx
from whowas.desktop.exchange.commands import IMPORTABLE
from whowas.desktop.kit.dialogs.progress import ProgressDialog
from whowas.domain.commands import Command, CreateUser, DeleteUser, RenameGroup, SuspendUser, UpdateUser
from whowas.interchange.file_format import ExportFormat
from whowas.interchange.formats import EXPORTS

__all__ = ["directory"]

DAN = "0199a3c4-0000-7000-8000-000000000004"
LIST = "email,title\nada@example.org,Clerk\ndan@example.org,Counsel\n"


@pytest.fixture
def desk(qtbot: Any, tmp_path: Path, directory: Path) -> Iterator[Desk]:
    desk = Desk(qtbot, tmp_path / "config")
    desk.open(directory)
    yield desk
    desk.window.put_away()
    desk.runner.drain()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "more.csv"
    path.write_text(LIST)
    return path


def previewed(desk: Desk, source: Path) -> ImportPreviewDialog:
    desk.commands.files.preview(source)
    desk.runner.drain()
    return shown()


def shown() -> ImportPreviewDialog:
    found = dialog(ImportPreviewDialog)
    assert isinstance(found, ImportPreviewDialog)
    return found


def told(preview: ImportPreviewDialog) -> list[str]:
    title, *texts = [label.text() for label in preview.findChildren(QLabel) if label.text()]
    assert title == preview.windowTitle()
    return texts


def still_asked() -> bool:
    return any(isinstance(one, ImportPreviewDialog) and one.isVisible() for one in QApplication.topLevelWidgets())


def agree(desk: Desk, preview: ImportPreviewDialog) -> None:
    press(preview, "Import")
    desk.runner.drain()


def titles(desk: Desk) -> dict[str, str | None]:
    users = [desk.page.model.user(row) for row in range(desk.page.model.rowCount())]
    return {user.name: user.title for user in users if user is not None}


def replaced(source: Path) -> None:
    other = source.with_name("other.csv")
    other.write_text("email,title\nben@example.org,Intruder\n")
    other.replace(source)


def cut_off(source: Path) -> None:
    source.write_text("email,title\nada@exam")


def grown(source: Path) -> None:
    with source.open("a") as file:
        file.write("ben@example.org,Intruder\n")


@pytest.mark.parametrize("meanwhile", [replaced, cut_off, grown, Path.unlink])
def test_what_was_previewed_is_imported_whatever_becomes_of_the_file(
    meanwhile: Callable[[Path], None], desk: Desk, source: Path
) -> None:
    preview = previewed(desk, source)
    assert told(preview) == ["Would import: 1 created, 1 changed, 0 unchanged."]
    meanwhile(source)
    agree(desk, preview)
    assert titles(desk) == {"Ada": "Clerk", "Ben": None, "Chi": None, "dan@example.org": "Counsel"}
    assert desk.window.messages.message() == "Imported: 1 created, 1 changed, 0 unchanged."


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_what_can_be_read_only_once_is_imported_as_it_was_previewed(desk: Desk, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(LIST,))
    writer.start()
    preview = previewed(desk, pipe)
    writer.join()
    agree(desk, preview)
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
    preview = previewed(desk, source)
    somebody_else(directory, command)
    agree(desk, preview)
    assert titles(desk) == {**left, "Ben": None, "Chi": None}, "nothing was imported"
    again = shown()
    assert told(again)[0] == (
        "The directory was changed meanwhile, and nothing was imported. This is what it would do now: "
        "1 line comes out otherwise."
    )
    assert told(again)[1].startswith("Would import: ")
    assert desk.window.messages.message() == ""
    agree(desk, again)
    assert "Counsel" in titles(desk).values()
    assert not still_asked()


@pytest.mark.parametrize(
    "command", [SuspendUser(CHI), UpdateUser(BEN, {"title": "Judge"}), RenameGroup(RECORDS, "Rolls")]
)
def test_what_makes_no_difference_is_not_asked_about(
    command: Command, desk: Desk, source: Path, directory: Path
) -> None:
    preview = previewed(desk, source)
    somebody_else(directory, command)
    agree(desk, preview)
    assert not still_asked()
    assert titles(desk)["dan@example.org"] == "Counsel"


def test_lines_refused_by_now_are_shown_before_the_rest_is_taken(desk: Desk, tmp_path: Path, directory: Path) -> None:
    source = tmp_path / "more.csv"
    source.write_text("external_id,email\nd1,eve@example.org\nd2,dan@example.org\n")
    somebody_else(directory, CreateUser(DAN, {"external_id": "d1"}))
    preview = previewed(desk, source)
    somebody_else(directory, UpdateUser(BEN, {"email": "eve@example.org"}))
    agree(desk, preview)
    again = shown()
    assert "1 line cannot be imported:" in told(again)
    assert "dan@example.org" not in desk.names()
    press(again, "Cancel")
    assert not still_asked()
    assert "dan@example.org" not in desk.names()


def test_what_was_recognised_is_told_before_anything_is_done(desk: Desk, tmp_path: Path) -> None:
    source = tmp_path / "members.csv"
    source.write_text("Vorname;E-Mail;Verein;Chöre\nDan;dan@example.org;TSV;\n")
    told_of_it = " ".join(told(previewed(desk, source)))
    assert "Would import: 1 created, 0 changed, 0 unchanged." in told_of_it
    assert "The columns of “members.csv” are separated by semicolons." in told_of_it
    assert "“Verein”" in told_of_it


@pytest.mark.parametrize("rows", ["", "ada@,Ada\n"])
def test_where_there_is_nobody_to_import_nothing_is_offered(rows: str, desk: Desk, tmp_path: Path) -> None:
    source = tmp_path / "nobody.csv"
    source.write_text(f"email,status\n{rows}")
    preview = previewed(desk, source)
    assert [button.text() for button in preview.findChildren(QPushButton) if button.text()] == ["Close"]
    press(preview, "Close")
    assert not still_asked()


def test_a_spreadsheet_is_imported(desk: Desk, tmp_path: Path) -> None:
    source = tmp_path / "members.xlsx"
    write_xlsx(source, {"Members": [("First name", "E-mail", "Title"), ("Dan", "dan@example.org", "Counsel")]})
    agree(desk, previewed(desk, source))
    assert titles(desk) == {"Ada": None, "Ben": None, "Chi": None, "Dan": "Counsel"}


def test_a_change_log_is_imported(desk: Desk, tmp_path: Path) -> None:
    source = tmp_path / "changes.jsonl"
    source.write_text(
        '{"at": "2020-01-01", "op": "create", "id": "E4", "fields": {"first_name": "Dan", "title": "Clerk"}}'
    )
    agree(desk, previewed(desk, source))
    assert titles(desk)["Dan"] == "Clerk"


def test_who_is_missing_is_named_and_stays(desk: Desk, tmp_path: Path, source: Path) -> None:
    agree(desk, previewed(desk, source))
    shorter = tmp_path / "shorter.csv"
    shorter.write_text("".join(LIST.splitlines(keepends=True)[:2]))
    preview = previewed(desk, shorter)
    assert told(preview) == [
        "Would import: 0 created, 0 changed, 1 unchanged, 1 missing. Nothing changes.",
        "Missing from what was imported: “dan@example.org”.",
    ]
    agree(desk, preview)
    assert titles(desk)["dan@example.org"] == "Counsel"
    assert desk.window.messages.message().endswith("1 missing. Nothing changed.")


@pytest.mark.parametrize("content", ["Fee,Paid\n1,2\n", "", "first_name,first_name\nDan,Dan\n"])
def test_what_is_no_list_of_people_is_told_in_one_sentence(content: str, desk: Desk, tmp_path: Path) -> None:
    source = tmp_path / "fees.csv"
    source.write_text(content)
    desk.commands.files.preview(source)
    desk.runner.drain()
    assert not still_asked()
    assert desk.window.messages.message().startswith("fees.csv was not imported. ")


def copies(home: Path) -> list[Path]:
    """Private copies of what is imported."""
    return [path for path in home.rglob("import") if path.is_file()]


@pytest.mark.parametrize("answer", ["Import", "Cancel"])
def test_the_copy_of_a_large_file_goes_with_the_dialog(
    answer: str, desk: Desk, source: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whowas.interchange.source.HELD_BYTES", 8)
    preview = previewed(desk, source)
    assert len(copies(home)) == 1
    press(preview, answer)
    desk.runner.drain()
    assert copies(home) == []
    assert ("dan@example.org" in desk.names()) == (answer == "Import")


def test_the_copy_stays_until_what_has_changed_meanwhile_is_answered(
    desk: Desk, source: Path, home: Path, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whowas.interchange.source.HELD_BYTES", 8)
    preview = previewed(desk, source)
    somebody_else(directory, UpdateUser(ADA, {"title": "Judge"}))
    agree(desk, preview)
    assert len(copies(home)) == 1
    agree(desk, shown())
    assert copies(home) == []
    assert titles(desk)["Ada"] == "Clerk"


def test_reading_can_be_cancelled_and_leaves_nothing(
    desk: Desk, source: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whowas.interchange.source.HELD_BYTES", 8)
    desk.commands.files.preview(source)
    (progress,) = desk.window.findChildren(ProgressDialog)
    progress.cancelled.emit()
    desk.runner.drain()
    assert not still_asked()
    assert copies(home) == []
    assert "dan@example.org" not in desk.names()


@pytest.mark.parametrize("file_format", EXPORTS, ids=lambda known: known.name)
def test_every_format_is_offered_and_written(
    file_format: ExportFormat, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[str] = []

    def answer(_window: object, _title: str, _name: str, kinds: str, *_others: object) -> tuple[str, str]:
        (kind,) = [kind for kind in kinds.split(";;") if kind.endswith(f" (*{file_format.suffix})")]
        offered.append(kind)
        return str(tmp_path / "exported"), kind

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    desk.trigger("export")
    assert file_format.label in offered[0]
    written = (tmp_path / f"exported{file_format.suffix}").read_text(encoding="utf-8")
    assert "Ada" in written
    assert desk.window.messages.message().startswith("Exported to ")


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".txt", ".xlsx", ".ods", ".jsonl", ".ndjson", ".json"])
def test_every_format_that_can_be_read_is_offered(ending: str) -> None:
    offered, everything = IMPORTABLE.split(";;")
    assert f"*{ending}" in offered[offered.index("(") + 1 : -1].split()
    assert everything == "All files (*)"
