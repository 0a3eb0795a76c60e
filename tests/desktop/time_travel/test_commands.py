"""Naming moments in the window, and playing from the menu."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton

from tests.desktop.window.test_main_window import Desk, desk, directory
from whowas.desktop.time_travel.moment_name_dialog import MomentNameDialog
from whowas.projections.queries.named_moments import named_moments

__all__ = ["desk", "directory"]


def answer(desk: Desk, name: str, note: str = "") -> None:
    dialog = desk.window.findChild(MomentNameDialog)
    assert dialog is not None
    dialog.findChild(QLineEdit).setText(name)
    dialog.findChild(QPlainTextEdit).setPlainText(note)
    next(one for one in dialog.findChildren(QPushButton) if one.text() == "Save").click()
    desk.settle()


def test_what_cannot_be_kept_is_refused_in_the_dialog(desk: Desk) -> None:
    desk.trigger("name_moment")
    answer(desk, "x" * 101)
    dialog = desk.window.findChild(MomentNameDialog)
    assert dialog is not None
    assert dialog.isVisible()
    assert any("at most 100 plain characters" in one.text() for one in dialog.findChildren(QLabel))
    assert names(desk) == []
    answer(desk, "Audit", "a\x07b")
    assert dialog.isVisible()
    answer(desk, "Audit", "Two\nlines")
    assert [known[:2] for known in names(desk)] == [("Audit", "Two\nlines")]


def test_a_note_of_ten_megabytes_is_one_sentence(desk: Desk) -> None:
    desk.trigger("name_moment")
    dialog = desk.window.findChild(MomentNameDialog)
    assert dialog is not None
    note = dialog.findChild(QPlainTextEdit)
    QGuiApplication.clipboard().setText("x" * 10_000_000)
    note.paste()
    QGuiApplication.clipboard().clear()
    assert note.toPlainText() == ""
    assert any(one.text().startswith("That is too long") for one in dialog.findChildren(QLabel))
    dialog.reject()


def names(desk: Desk) -> list[tuple[str, str | None, int]]:
    return [(known.name, known.note, known.moment) for known in named_moments(desk.page.view.index)]


def choose(desk: Desk, moment: str, what: str) -> None:
    menu = desk.window.menus.named
    menu.aboutToShow.emit()
    entry = next(action.menu() for action in menu.actions() if action.text() == moment)
    next(action for action in entry.actions() if action.text() == what).trigger()
    desk.settle()


def test_a_moment_of_the_past_gets_a_name_is_found_again_renamed_and_let_go(desk: Desk) -> None:
    desk.page.view.show_moment(2)
    desk.window.actions_.name_moment.trigger()
    answer(desk, "Before Ben", "as agreed")
    assert names(desk) == [("Before Ben", "as agreed", 2)]
    desk.page.return_to_now()
    choose(desk, "Before Ben", "Show this moment")
    assert desk.page.view.moment == 2
    choose(desk, "Before Ben", "Rename…")
    answer(desk, "Ben & co", "")
    assert names(desk) == [("Ben & co", None, 2)]
    choose(desk, "Ben && co", "Delete name")
    assert names(desk) == []


def test_a_name_used_twice_is_refused_in_a_sentence(desk: Desk) -> None:
    for moment in (1, 2):
        desk.page.view.show_moment(moment)
        desk.window.actions_.name_moment.trigger()
        answer(desk, "audit")
    assert names(desk) == [("audit", None, 1)]
    assert "audit" in desk.window.messages.message()


def test_without_names_the_menu_says_so(desk: Desk) -> None:
    menu = desk.window.menus.named
    menu.aboutToShow.emit()
    assert [(action.text(), action.isEnabled()) for action in menu.actions()] == [("No moment has a name yet", False)]


def test_the_menu_plays_and_stops(desk: Desk) -> None:
    playback = desk.page.timeline.playback
    desk.window.actions_.play.trigger()
    assert playback.playing
    assert desk.page.view.is_past
    desk.window.actions_.play.trigger()
    assert not playback.playing


def test_the_slider_says_what_happened_where_it_rests(desk: Desk) -> None:
    desk.page.view.show_moment(desk.page.view.index.now - 1)
    desk.qtbot.waitUntil(lambda: "Chi: Created" in desk.page.timeline.slider.accessibleDescription())
    assert "ines" in desk.page.timeline.slider.accessibleDescription()
