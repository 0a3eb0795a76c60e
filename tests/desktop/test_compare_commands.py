"""Comparing moments in the window: the rows, their cells, the counts, and the comparison as a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog

from tests.desktop.test_main_window import ADA, BEN, Desk, desk, directory
from whowas.desktop.columns import Difference, Roles
from whowas.desktop.compare_commands import CompareCommands
from whowas.domain.commands import CreateUser, DeleteUser, NameMoment, UpdateUser

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


def shown(desk: Desk) -> dict[str, Difference | None]:
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
        "Ada": Difference("changed"),
        "Ben": Difference("removed", "deleted since", "gone"),
        "Chi": None,
        "Dan": Difference("added", "not yet created", "new"),
    }
    title = [column.key for column in desk.page.model.columns].index("title")
    changed = desk.page.model.data(desk.page.model.index(0, title), Roles.DIFFERENCE)
    assert changed == Difference("changed", before="", after="Clerk")
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
    assert shown(desk)["Dan"] == Difference("added", "added since", "new")
    assert not desk.page.view.is_past
    assert desk.page.banner.isVisible()
    desk.page.view.show_moment(later)
    assert set(shown(desk).values()) == {None}


def test_the_past_is_compared_with_a_named_moment(desk: Desk, later: int) -> None:
    place = desk.page.view.index.steps.place_of(later)
    name = NameMoment("0199a3c4-0000-7000-8000-0000000000aa", "R & D moves", None, place.occurred_at, place.position)
    desk.commands._dispatch(lambda change: change.dispatch(name))
    desk.settle()
    entries(desk)["With R && D moves"].trigger()
    assert desk.page.view.pinned == later
    assert shown(desk)["Dan"] == Difference("added", "added since", "new")


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


@pytest.mark.parametrize("name", ["difference.csv", "difference.html"])
def test_a_comparison_becomes_a_file(
    desk: Desk, later: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / name), ""))
    desk.page.view.compare_with(later)
    entries(desk)["Export comparison…"].trigger()
    desk.settle()
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert text.count("Clerk") == 1
    for words in ("added", "removed", "Dan", "Ben"):
        assert words in text
    assert "Exported to" in desk.window.messages.message()


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
