"""Comparing moments in the window: the rows, their cells, the counts, and the comparison as a file."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMessageBox

from tests.command_line import whowas
from tests.desktop.window.test_main_window import ADA, BEN, CHI, RECORDS, Desk, desk, directory
from whowas.desktop.comparing.commands import CompareCommands
from whowas.desktop.table.columns import CellDifference, Roles
from whowas.domain.commands import CreateUser, DeleteUser, NameMoment, RestoreUser, UpdateUser

__all__ = ["desk", "directory"]

DAN = "01890000-0000-7000-8000-00000000000d"


@pytest.fixture(autouse=True)
def later(desk: Desk) -> int:
    """Ada gets a title, Ben goes and Dan comes; return the moment before that."""
    before = desk.page.view.index.now
    for command in (UpdateUser(ADA, {"title": "Clerk"}), DeleteUser(BEN), CreateUser(DAN, {"first_name": "Dan"})):
        desk.commands._dispatch(lambda change, command=command: change.dispatch(command))
        desk.settle()
    return before


def entries(desk: Desk) -> dict[str, QAction]:
    menu = desk.window.menus.compare
    menu.aboutToShow.emit()
    return {action.text(): action for action in menu.actions() if action.text()}


def shown(desk: Desk) -> dict[str, CellDifference | None]:
    """The names in the table, and what the comparison says of each of them."""
    model = desk.page.model
    return {
        str(model.data(model.index(row, 0))): model.data(model.index(row, 0), Roles.DIFFERENCE)
        for row in range(model.rowCount())
    }


def test_the_past_is_compared_with_now(desk: Desk, later: int) -> None:
    desk.page.view.show_moment(later)
    entries(desk)["With now"].trigger()
    desk.settle()
    assert shown(desk) == {
        "Ada": CellDifference("changed", changed=(("title", "Title"),)),
        "Ben": CellDifference("removed", "deleted since"),
        "Chi": None,
        "Dan": CellDifference("added", "not yet created"),
    }
    title = [column.key for column in desk.page.model.columns].index("title")
    changed = desk.page.model.data(desk.page.model.index(0, title), Roles.DIFFERENCE)
    assert changed == CellDifference("changed", before="", after="Clerk")
    spoken = Qt.ItemDataRole.AccessibleDescriptionRole
    assert desk.page.model.data(desk.page.model.index(0, title), spoken) == "empty → Clerk"
    assert desk.page.model.data(desk.page.model.index(3, 0), spoken) == "not yet created"
    assert "1 added" in _banner(desk)
    desk.window.grab()


def test_a_moment_is_kept_and_others_compared_with_it(desk: Desk, later: int) -> None:
    desk.page.view.show_moment(later)
    entries(desk)["Keep the moment shown, and compare others with it"].trigger()
    desk.page.return_to_now()
    desk.settle()
    assert shown(desk)["Dan"] == CellDifference("added", "added since")
    assert not desk.page.view.is_past
    assert desk.page.banner.isVisible()
    desk.page.view.show_moment(later)
    assert set(shown(desk).values()) == {None}


def test_the_past_is_compared_with_a_named_moment(desk: Desk, later: int) -> None:
    place = desk.page.view.index.steps.key_of(later)
    name = NameMoment("0199a3c4-0000-7000-8000-0000000000aa", "R & D moves", None, place.occurred_at, place.position)
    desk.commands._dispatch(lambda change: change.dispatch(name))
    desk.settle()
    entries(desk)["With R && D moves"].trigger()
    assert desk.page.view.pinned == later
    assert shown(desk)["Dan"] == CellDifference("added", "added since")


def test_only_differences_and_then_nothing_of_it(desk: Desk, later: int) -> None:
    desk.page.view.compare_with(later)
    entries(desk)["Only differences"].trigger()
    assert list(shown(desk)) == ["Ada", "Ben", "Dan"]
    entries(desk)["Stop comparing"].trigger()
    assert shown(desk) == {"Ada": None, "Chi": None, "Dan": None}
    assert not desk.page.banner.isVisible()
    assert not entries(desk)["Stop comparing"].isEnabled()


def test_an_edit_while_comparing_is_taken_in(desk: Desk, later: int) -> None:
    desk.page.view.compare_with(later)
    desk.commands._dispatch(lambda change: change.dispatch(UpdateUser(ADA, {"title": None})))
    desk.settle()
    assert shown(desk)["Ada"] is None


def test_what_a_job_is_still_comparing_cannot_be_exported(
    desk: Desk, later: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whowas.desktop.session.pinned.ROWS_COMPARED_AT_ONCE", 0)
    desk.page.view.compare_with(later)
    assert not entries(desk)["Export comparison…"].isEnabled()
    assert entries(desk)["Stop comparing"].isEnabled()
    desk.settle()
    assert entries(desk)["Export comparison…"].isEnabled()


CSV, WEB_PAGE = "CSV (*.csv)", "Web page (*.html)"


def save_as(monkeypatch: pytest.MonkeyPatch, target: Path, kind: str = CSV) -> None:
    """Have the dialog answer that."""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), kind))


def export(desk: Desk) -> None:
    entries(desk)["Export comparison…"].trigger()
    desk.settle()


def exported(desk: Desk, target: Path) -> list[dict[str, str]]:
    """The rows of the comparison shown, as the file holds them that the window makes of it."""
    with pytest.MonkeyPatch.context() as patch:
        save_as(patch, target)
        export(desk)
    with target.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("typed", "kind", "written"),
    [
        ("a.csv", CSV, "a.csv"),
        ("a.html", CSV, "a.html"),
        ("a.html", WEB_PAGE, "a.html"),
        ("a.csv", WEB_PAGE, "a.html"),
        ("a", CSV, "a.csv"),
        ("a", WEB_PAGE, "a.html"),
        ("of 3.2.2020", WEB_PAGE, "of 3.2.2020.html"),
        ("A.HTML", CSV, "A.HTML"),
    ],
)
def test_a_comparison_becomes_a_file_of_the_type_chosen(
    desk: Desk, later: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, kind: str, written: str
) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    save_as(monkeypatch, folder / typed, kind)
    desk.page.view.compare_with(later)
    export(desk)
    assert [path.name for path in folder.iterdir()] == [written]
    text = (folder / written).read_text(encoding="utf-8")
    assert text.count("Clerk") == 1
    assert text.startswith("<!DOCTYPE html>") == written.lower().endswith("html")
    for words in ("added", "removed", "Dan", "Ben"):
        assert words in text
    assert "Exported to" in desk.window.messages.message()


@pytest.mark.parametrize("typed", ["report", "report.html"])
@pytest.mark.parametrize("answer", ["Replace", "Cancel"])
def test_a_file_that_is_there_is_replaced_only_if_wanted(
    desk: Desk, later: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, typed: str
) -> None:
    (tmp_path / "report.html").write_text("precious")
    save_as(monkeypatch, tmp_path / typed, WEB_PAGE)
    asked: list[str] = []

    def press(box: QMessageBox) -> int:
        asked.append(box.text())
        next(button for button in box.buttons() if button.text().replace("&", "") == answer).click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", press)
    desk.page.view.compare_with(later)
    export(desk)
    assert asked == ["“report.html” exists already. Replace it?"]
    assert ((tmp_path / "report.html").read_text() == "precious") == (answer == "Cancel")


def test_nothing_chosen_is_nothing_written(desk: Desk, later: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    desk.page.view.compare_with(later)
    export(desk)
    assert desk.window.messages.message() == ""


def test_the_file_holds_what_diff_tells(desk: Desk, later: int, tmp_path: Path) -> None:
    desk.page.view.show_moment(later)
    desk.page.view.compare_with(desk.page.view.index.now)
    position = int(desk.page.view.index.steps.first_position[later - 1])
    rows = exported(desk, tmp_path / "a.csv")
    told = whowas("diff", desk.page._session.path, f"#{position}", "now", "--json").objects
    assert told
    expected = [
        (each["kind"], each["id"], each["name"], field, before or "", after or "")
        for each in told
        for field, (before, after) in (each["changes"] or {"": [None, None]}).items()
    ]
    held = [(row["difference"], row["id"], row["name"], row["field"], row["before"], row["after"]) for row in rows]
    assert sorted(held) == sorted(expected)


def test_counts_and_file_keep_to_section_and_search(desk: Desk, later: int, tmp_path: Path) -> None:
    view = desk.page.view
    view.compare_with(later)
    view.show_section("deleted")
    assert shown(desk) == {"Ben": CellDifference("removed", "deleted since")}
    assert {"0 added", "0 changed", "1 removed since"} <= set(_banner(desk))
    assert {row["name"] for row in exported(desk, tmp_path / "deleted.csv")} == {"Ben"}
    view.show_section("everyone")
    view.search("da")
    desk.settle()
    assert list(shown(desk)) == ["Ada", "Dan"] or list(shown(desk)) == ["Ada"]
    assert {"1 changed", "0 removed since"} <= set(_banner(desk))
    assert "Ben" not in {row["name"] for row in exported(desk, tmp_path / "found.csv")}


def test_a_page_says_whose_differences_it_holds(
    desk: Desk, later: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_as(monkeypatch, tmp_path / "a.html", WEB_PAGE)
    monkeypatch.setattr("whowas.desktop.kit.save_as._may_replace", lambda *_: True)
    view = desk.page.view
    view.compare_with(later)
    pages: list[str] = []
    for section in ("everyone", "suspended", f"group:{RECORDS}"):
        view.show_section(section)
        export(desk)
        pages.append((tmp_path / "a.html").read_text())
    view.search("clerk")
    desk.settle()
    export(desk)
    pages.append((tmp_path / "a.html").read_text())
    sentences = ("Everybody", "Users suspended at either moment", "Users in Records at either moment")
    for sentence, page in zip((*sentences, f"{sentences[2]}, if “clerk” is found"), pages, strict=True):
        assert f"<p>{sentence}</p>" in page


def test_who_is_restored_was_created_long_ago(desk: Desk, later: int) -> None:
    gone = desk.page.view.index.now
    desk.commands._dispatch(lambda change: change.dispatch(RestoreUser(BEN)))
    desk.settle()
    desk.page.view.compare_with(gone)
    assert shown(desk)["Ben"] == CellDifference("added", "restored since")
    desk.page.view.show_moment(gone)
    desk.page.view.compare_with(desk.page.view.index.now)
    assert shown(desk)["Ben"] == CellDifference("added", "not yet restored")
    assert "1 added" in _banner(desk)


@pytest.mark.parametrize("shown_is_earlier", [True, False])
def test_who_was_deleted_is_so_in_both_directions(desk: Desk, later: int, shown_is_earlier: bool) -> None:
    now = desk.page.view.index.now
    desk.page.view.show_moment(later if shown_is_earlier else now)
    desk.page.view.compare_with(now if shown_is_earlier else later)
    assert shown(desk)["Ben"] == CellDifference("removed", "deleted since")


def test_among_the_deleted_who_just_went_is_marked_and_the_others_are_there(desk: Desk, later: int) -> None:
    went = desk.page.view.index.now
    desk.commands._dispatch(lambda change: change.dispatch(DeleteUser(CHI)))
    desk.settle()
    desk.page.view.show_section("deleted")
    desk.page.view.compare_with(went)
    assert shown(desk) == {"Ben": None, "Chi": CellDifference("removed", "deleted since")}


def test_comparing_with_a_moment_by_its_name(desk: Desk, later: int) -> None:
    name = NameMoment("01890000-0000-7000-8000-0000000000aa", "R&D, 1st", None, *_place(desk, later))
    desk.commands._dispatch(lambda change: change.dispatch(name))
    desk.settle()
    entries(desk)["With R&&D, 1st"].trigger()
    assert desk.page.view.pinned == later
    assert shown(desk)["Dan"] == CellDifference("added", "added since")


def test_where_a_comparison_cannot_be_written_is_said(
    desk: Desk, later: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "none" / "a.csv"), ""))
    desk.page.view.compare_with(later)
    entries(desk)["Export comparison…"].trigger()
    desk.settle()
    assert "does not exist" in desk.window.messages.message()


def test_closing_the_directory_ends_it(desk: Desk, later: int) -> None:
    desk.page.view.compare_with(later)
    desk.window.close_directory()
    assert not desk.window.menus.compare.isEnabled()
    assert desk.window.findChild(CompareCommands) is None or desk.window.page is None


def _banner(desk: Desk) -> list[str]:
    from PySide6.QtWidgets import QLabel

    return [label.text() for label in desk.page.banner.findChildren(QLabel) if not label.isHidden()]


def _place(desk: Desk, moment: int) -> tuple[int, int]:
    """When the step before a moment occurred, and its one event's position."""
    steps = desk.page.view.index.steps
    return int(steps.occurred_at[moment - 1]), int(steps.first_position[moment - 1])
