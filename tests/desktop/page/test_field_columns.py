"""Which custom fields have a column, in which order, and what is copied of them."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication

from tests.desktop.putting_back.test_undo_one import together
from tests.desktop.window.test_main_window import ADA, Desk, desk, directory
from whowas.desktop.kit import dates
from whowas.domain.commands import DefineField, DescribeField, OrderFields, UpdateUser

__all__ = ["desk", "directory"]


@pytest.fixture
def fields(desk: Desk) -> list[str]:
    """The titles of the columns of custom fields that there are before: Room, Since and Night."""
    together(desk, *map(DefineField, ("Room", "Since", "Night")))
    together(desk, DescribeField("Since", type="date"), DescribeField("Night", type="yes or no"))
    together(desk, UpdateUser(ADA, {}, {"Since": "2024-04-03", "Night": "yes", "Room": "9"}))
    return [title for title in titles(desk) if title not in ("Room", "Since", "Night")]


def titles(desk: Desk) -> list[str]:
    return [column.title for column in desk.page.model.columns if column.key.startswith("attributes.")]


def test_columns_are_in_the_order_of_the_fields_and_hidden_ones_have_none(desk: Desk, fields: list[str]) -> None:
    assert titles(desk) == [*fields, "Room", "Since", "Night"]
    together(desk, OrderFields(("Night", "Room")))
    assert titles(desk)[:2] == ["Night", "Room"]
    desk.page.table.columns.show("attributes.Room")
    assert "Room" in [column.title for column in desk.page.table.columns.shown()]
    together(desk, DescribeField("Room", hidden=True))
    assert "Room" not in titles(desk)
    assert "Room" not in [column.title for column in desk.page.table.columns.all()], "nor can it be chosen"
    desk.page.view.show_moment(desk.page.view.moment - 1)
    assert "Room" in titles(desk), "it was not hidden then"
    desk.page.view.show_moment(desk.page.view.index.now)
    together(desk, DescribeField("Room", hidden=False))
    assert "Room" in [column.title for column in desk.page.table.columns.shown()], "shown as it was before"


def test_what_is_shown_of_a_day_is_copied(desk: Desk, fields: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("Since", "Night"):
        desk.page.table.columns.show(f"attributes.{name}")
    desk.select("Ada")
    desk.trigger("copy_rows")
    copied = QGuiApplication.clipboard().text().splitlines()[-1].split("\t")
    assert "3 Apr 2024" in copied
    assert "yes" in copied
    monkeypatch.setattr(dates, "_style", "american")
    desk.trigger("copy_rows")
    assert "Apr 3, 2024" in QGuiApplication.clipboard().text().splitlines()[-1].split("\t")
