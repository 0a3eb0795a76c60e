"""Several files: which can be taken, when each was true, and what is asked before they are imported together."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDateEdit, QLabel, QRadioButton

from tests.desktop.exchange.assisting import all_shown, columns_of, opened, previewed, shown, still_asked, take
from tests.desktop.window.test_main_window import Desk, desk, directory, press
from whowas.desktop.exchange.assistant.files.dialog import EACH_DATED, TOGETHER, FilesDialog
from whowas.desktop.exchange.assistant.files.table import FilesView
from whowas.desktop.exchange.assistant.frame.dialog import AssistantDialog
from whowas.desktop.kit.scrim import Scrim
from whowas.desktop.kit.toast import Toast
from whowas.domain.commands import RenameField

__all__ = ["desk", "directory"]

FILE, ROWS, DATE, WRONG = range(4)


@pytest.fixture(autouse=True)
def large_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is one of which a private copy is made."""
    monkeypatch.setattr("whowas.interchange.source.HELD_BYTES", 8)


def lists(folder: Path, *names: str) -> list[Path]:
    """A list each, of the users before and one more."""
    people = [f"p{number}@example.org" for number in range(len(names))]
    paths = []
    for number, name in enumerate(names, start=1):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("email\n" + "".join(f"{one}\n" for one in people[:number]))
        paths.append(path)
    return paths


def broken(folder: Path) -> Path:
    """A list that names nobody."""
    path = folder / "broken.csv"
    path.write_text("fee,paid\n1,2\n")
    return path


def asked(desk: Desk, *paths: Path) -> FilesDialog:
    desk.commands.files.open_files(list(paths))
    desk.runner.drain()
    return shown(FilesDialog)


def cell(dialog: FilesDialog, row: int, column: int) -> str:
    return str(table(dialog).model().index(row, column).data())


def column(dialog: FilesDialog, number: int) -> list[str]:
    return [cell(dialog, row, number) for row in range(table(dialog).model().rowCount())]


def table(dialog: FilesDialog) -> FilesView:
    found = dialog.findChild(FilesView)
    assert isinstance(found, FilesView)
    return found


def said(dialog: FilesDialog) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]


def date(dialog: FilesDialog, row: int, text: str) -> None:
    """Type the date of a file, as in ``2 Mar 2020``."""
    index = table(dialog).model().index(row, DATE)
    table(dialog).edit(index)
    (editor,) = table(dialog).findChildren(QDateEdit)
    editor.setDate(editor.locale().toDate(text, "d MMM yyyy"))
    table(dialog).commitData(editor)
    table(dialog).closeEditor(editor, table(dialog).itemDelegate().EndEditHint.NoHint)


def choose(dialog: FilesDialog, text: str) -> None:
    (button,) = [button for button in dialog.findChildren(QRadioButton) if button.text() == text]
    button.click()


def go_on(desk: Desk) -> AssistantDialog:
    press(shown(FilesDialog), "Next")
    desk.runner.drain()
    assert not all_shown(FilesDialog)
    return shown(AssistantDialog)


def test_lists_that_say_their_dates_are_asked_nothing_but_the_rules(desk: Desk, tmp_path: Path) -> None:
    desk.commands.files.open_files(lists(tmp_path, "members 2019-03.csv", "members 2019-04.csv"))
    desk.runner.drain()
    dialog = shown(AssistantDialog)
    assert dialog.windowTitle() == "Import 2 files"
    assert not dialog.next.isEnabled(), "what blank cells mean has to be said"
    columns_of(dialog).options.blankChosen.emit("keep")
    columns_of(dialog).options.missingChosen.emit("keep")
    press(dialog, "Next")
    desk.runner.drain()
    assert dialog.subtitle.text().endswith("true from 1 Mar 2019 to 1 Apr 2019")
    take(desk, dialog)
    assert "p1@example.org" in desk.names()
    (toast,) = desk.page.findChildren(Toast)
    assert toast.accessibleName() == "Imported 2 users from 2 files"


def test_a_broken_file_is_named_and_the_rest_is_offered(desk: Desk, tmp_path: Path, home: Path) -> None:
    dialog = asked(desk, *lists(tmp_path, "2020-02.csv", "2020-01.csv"), broken(tmp_path))
    assert [scrim.isVisible() for scrim in desk.window.findChildren(Scrim)] == [True]
    assert column(dialog, FILE) == ["broken.csv", "2020-01.csv", "2020-02.csv"]
    assert column(dialog, ROWS) == ["", "2", "1"]
    assert column(dialog, DATE) == ["", "1 Jan 2020", "1 Feb 2020"]
    assert cell(dialog, 0, WRONG).startswith("Nothing in this list names a person")
    assert "1 file cannot be imported and is left out; the other 2 are imported as one change." in said(dialog)
    assistant = go_on(desk)
    assert assistant.windowTitle() == "Import 2 files"
    assert [path.name for path in home.rglob("import") if path.is_file()] != []
    assistant.reject()
    desk.runner.drain()
    assert [path for path in home.rglob("import") if path.is_file()] == []


def test_of_two_hundred_files_one_is_broken(desk: Desk, tmp_path: Path) -> None:
    names = [f"{1900 + number}.csv" for number in range(100)] + [f"{1900 + number}-07.csv" for number in range(100)]
    dialog = asked(desk, *lists(tmp_path, *names), broken(tmp_path))
    assert table(dialog).model().rowCount() == 201
    assert column(dialog, FILE)[:3] == ["broken.csv", "1900.csv", "1900-07.csv"]
    assert "1 file cannot be imported and is left out; the other 200 are imported as one change." in said(dialog)
    press(dialog, "Cancel")
    desk.runner.drain()
    assert not all_shown(FilesDialog)


def test_a_file_that_is_not_there_is_one_that_is_broken(desk: Desk, tmp_path: Path) -> None:
    dialog = asked(desk, *lists(tmp_path, "2020-02.csv", "2020-01.csv"), tmp_path / "gone.csv")
    assert cell(dialog, 0, WRONG) == "“gone.csv” cannot be read: No such file or directory."


def test_where_no_file_can_be_taken_that_is_told_in_one_sentence(desk: Desk, tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.touch()
    desk.commands.files.open_files([empty, tmp_path / "gone.csv"])
    desk.runner.drain()
    assert not all_shown(FilesDialog)
    assert desk.window.messages.message() == ("None of the 2 files can be imported. empty.csv: The file is empty.")


def test_a_date_that_no_name_says_is_asked_for(desk: Desk, tmp_path: Path) -> None:
    dialog = asked(desk, *lists(tmp_path, "2020-02.csv", "members.csv"))
    assert column(dialog, FILE) == ["members.csv", "2020-02.csv"]
    assert (cell(dialog, 0, DATE), cell(dialog, 0, WRONG)) == (
        "choose a date",
        "Its name says no date that can be read.",
    )
    assert not dialog._next.isEnabled()
    date(dialog, 0, "3 Mar 2020")
    assert cell(dialog, 0, DATE) == "3 Mar 2020"
    assert dialog._next.isEnabled()
    assistant = go_on(desk)
    assert len(columns_of(assistant).plan.moments) == 2


def test_two_lists_of_one_date_are_asked_about(desk: Desk, tmp_path: Path) -> None:
    dialog = asked(desk, *lists(tmp_path, "2020-01.csv", "January 2020.csv"))
    assert column(dialog, WRONG) == ["“January 2020.csv” has the same date.", "“2020-01.csv” has the same date."]
    assert "“2020-01.csv”: “January 2020.csv” has the same date." in said(dialog)
    date(dialog, 1, "15 Jan 2020")
    assert dialog._next.isEnabled()


def test_a_date_that_is_still_to_come_is_asked_about(desk: Desk, tmp_path: Path) -> None:
    dialog = asked(desk, *lists(tmp_path, "2020-01.csv", f"{datetime.now(UTC).year + 1}-12.csv"))
    assert column(dialog, WRONG) == ["", "This date is still to come."]
    assert not dialog._next.isEnabled()


def test_parts_of_one_list_are_taken_together(desk: Desk, tmp_path: Path) -> None:
    dialog = asked(desk, *lists(tmp_path, "a.csv", "b.csv"))
    assert [button.text() for button in dialog.findChildren(QRadioButton) if button.isChecked()] == [TOGETHER]
    assert column(dialog, DATE) == ["", ""]
    assistant = go_on(desk)
    assert columns_of(assistant).plan.moments == {}
    press(assistant, "Next")
    desk.runner.drain()
    take(desk, assistant)
    assert "p0@example.org" in desk.names()
    assert not still_asked()


def test_who_wants_no_dates_gets_none(desk: Desk, tmp_path: Path) -> None:
    dialog = asked(desk, *lists(tmp_path, "2020-01.csv", "members.csv"))
    choose(dialog, TOGETHER)
    assert dialog._next.isEnabled()
    assert not table(dialog).model().flags(table(dialog).model().index(0, DATE)) & Qt.ItemFlag.ItemIsEditable
    choose(dialog, EACH_DATED)
    assert not dialog._next.isEnabled()
    choose(dialog, TOGETHER)
    assert columns_of(go_on(desk)).plan.moments == {}


def test_files_of_one_name_are_told_apart_by_their_folders(desk: Desk, tmp_path: Path) -> None:
    dialog = asked(desk, *lists(tmp_path, "north/members.csv", "south/members.csv"))
    assert column(dialog, FILE) == ["north/members.csv", "south/members.csv"]
    assistant = previewed_from(desk)
    take(desk, assistant)
    assert "p1@example.org" in desk.names()


def previewed_from(desk: Desk) -> AssistantDialog:
    assistant = go_on(desk)
    press(assistant, "Next")
    desk.runner.drain()
    return assistant


def test_the_same_file_twice_is_one(desk: Desk, tmp_path: Path) -> None:
    (path,) = lists(tmp_path, "members.csv")
    assert previewed(desk, path, path).import_button.text() == "Import 1 user"


def test_lists_and_change_logs_are_not_taken_together(desk: Desk, tmp_path: Path) -> None:
    log = tmp_path / "changes.jsonl"
    log.write_text('{"at": "2020-01-01", "op": "create", "id": "E4", "fields": {"first_name": "Dan"}}\n')
    dialog = asked(desk, *lists(tmp_path, "members.csv"), log)
    press(dialog, "Next")
    desk.runner.drain()
    assert "Lists, change logs and logs cannot be imported together; import one after the other." in said(dialog)
    assert not all_shown(AssistantDialog)
    press(dialog, "Cancel")


def test_the_dates_can_be_said_again_from_the_first_page(desk: Desk, tmp_path: Path) -> None:
    asked(desk, *lists(tmp_path, "2020-01.csv", "members.csv"))
    date(shown(FilesDialog), 0, "3 Mar 2020")
    assistant = go_on(desk)
    columns_of(assistant).filesWanted.emit()
    dialog = shown(FilesDialog)
    assert sorted(column(dialog, DATE)) == ["1 Jan 2020", "3 Mar 2020"]
    row = column(dialog, FILE).index("members.csv")
    date(dialog, row, "4 Apr 2020")
    press(dialog, "Next")
    desk.runner.drain()
    moments = columns_of(assistant).plan.moments
    assert re.fullmatch(r"\d+", str(moments["members.csv"] - moments["2020-01.csv"]))
    assert still_asked()


@pytest.mark.parametrize("leave", [lambda desk: desk.window.go_to_welcome(), lambda desk: desk.window.put_away()])
def test_a_directory_that_is_closed_meanwhile_leaves_nothing_behind(
    leave: Callable[[Desk], None], desk: Desk, tmp_path: Path, home: Path
) -> None:
    asked(desk, *lists(tmp_path, "2020-01.csv", "members.csv"))
    leave(desk)
    desk.runner.drain()
    assert not all_shown(FilesDialog)
    assert [path for path in home.rglob("import") if path.is_file()] == []


def test_a_model_of_files_says_what_it_is_asked(desk: Desk, tmp_path: Path) -> None:
    model = table(asked(desk, *lists(tmp_path, "a.csv", "b.csv"))).model()
    assert [model.headerData(number, Qt.Orientation.Horizontal) for number in range(3)] == [
        "File",
        "Rows",
        "True since",
    ]
    assert model.rowCount(model.index(0, 0)) == 0
    assert not model.setData(model.index(0, FILE), "x")


def test_what_is_remembered_of_a_field_holds_when_it_is_renamed(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("email,place\nada@example.org,12\n")
    assistant = opened(desk, path)
    columns_of(assistant).table.fieldChosen.emit("place", "attributes.Room")
    desk.runner.drain()
    press(assistant, "Next")
    desk.runner.drain()
    take(desk, assistant)
    desk.commands._dispatch(lambda change: change.dispatch(RenameField("Room", "Desk")))
    desk.runner.drain()
    again = opened(desk, path)
    assert columns_of(again).plan.chosen.fields == {"place": "attributes.Desk"}
    again.reject()
    desk.runner.drain()


def test_of_lists_with_other_titles_each_is_remembered_by_its_own(desk: Desk, tmp_path: Path) -> None:
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text("email,title\nada@example.org,Clerk\n")
    other.write_text("email,phone\nben@example.org,555-0100\n")
    asked(desk, one, other)
    assistant = go_on(desk)
    columns_of(assistant).table.fieldChosen.emit("title", "department")
    columns_of(assistant).table.fieldChosen.emit("phone", None)
    desk.runner.drain()
    press(assistant, "Next")
    desk.runner.drain()
    take(desk, assistant)
    for path, fields in ((one, {"title": "department"}), (other, {"phone": None})):
        again = opened(desk, path)
        assert again.notice.text == "The columns are taken as the last time a file had these titles."
        assert columns_of(again).plan.chosen.fields == fields
        again.reject()
        desk.runner.drain()
