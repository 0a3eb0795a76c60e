"""What is typed while a save is on its way is no part of it, and stays a draft, whoever is looked at by then."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLineEdit

from tests.desktop.page.test_one_refresh import title
from tests.desktop.window.test_main_window import ADA, Desk, desk, directory

__all__ = ["desk", "directory"]


def test_it_stays_where_somebody_else_is_looked_at_when_the_save_is_done(desk: Desk) -> None:
    desk.select("Ada")
    title(desk).setText("Clerk")
    desk.window.actions_.save.trigger()
    title(desk).setText("Clerk of works")
    desk.select("Ben")
    desk.settle()
    assert desk.shown(ADA).title == "Clerk"
    assert desk.page.details.draft_keeper.count == 1
    desk.select("Ada")
    assert title(desk).text() == "Clerk of works"
    desk.trigger("save")
    assert desk.shown(ADA).title == "Clerk of works", "nobody else changed it, so there is nothing to ask"
    assert desk.page.details.draft_keeper.count == 0


def test_it_is_of_the_user_who_was_created_by_then(desk: Desk) -> None:
    desk.trigger("new_user")
    (first_name,) = desk.page.panel.form.rows.texts["first_name"].findChildren(QLineEdit)
    first_name.setText("Dan")
    desk.window.actions_.save.trigger()
    title(desk).setText("Clerk")
    desk.select("Ben")
    desk.settle()
    assert desk.page.details.draft_keeper.count == 1
    desk.select("Dan")
    assert title(desk).text() == "Clerk"
    desk.trigger("new_user")
    assert not first_name.text()


def test_it_stays_until_the_next_start(desk: Desk, directory: Path) -> None:
    desk.select("Ada")
    title(desk).setText("Clerk")
    desk.page.keep_draft()
    desk.window.actions_.save.trigger()
    title(desk).setText("Clerk of works")
    desk.select("Ben")
    desk.settle()
    desk.open(directory)
    desk.select("Ada")
    assert title(desk).text() == "Clerk of works"


def test_nothing_stays_where_nothing_was_typed(desk: Desk) -> None:
    desk.select("Ada")
    title(desk).setText("Clerk")
    desk.window.actions_.save.trigger()
    desk.select("Ben")
    desk.settle()
    assert desk.shown(ADA).title == "Clerk"
    assert desk.page.details.draft_keeper.count == 0
