"""The line at the bottom: its pieces beside each other, whatever room there is."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from whowas.desktop.chrome.standing import Standing
from whowas.desktop.chrome.status_bar import StatusBar
from whowas.desktop.chrome.status_words import status_line


def test_what_is_counted_does_not_move_apart_in_more_room(qtbot: QtBot) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.resize(900, bar.height())
    bar.show_line(status_line(Standing("staff.whowas", 3, 6, 6)))
    bar.show()
    users, changes = (label.parentWidget() for label in bar.findChildren(QLabel) if label.text() in _COUNTED)
    assert users is not None
    assert changes is not None
    row = users.parentWidget()
    row.resize(400, row.height())
    before = changes.x()
    row.resize(600, row.height())
    assert changes.x() == before > users.x()


def test_longer_words_have_their_room_before_they_are_painted(qtbot: QtBot) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.resize(900, bar.height())
    bar.show_line(status_line(Standing("", 3, 6, 6)))
    bar.show()
    qtbot.waitExposed(bar)
    bar.show_line(status_line(Standing("staff.whowas", 100_000, 366_661, 366_661)))
    labels = {label.text(): label for label in bar.findChildren(QLabel) if label.isVisible()}
    assert "staff.whowas · all changes saved" in labels
    assert [text for text, label in labels.items() if label.width() < label.sizeHint().width()] == []


def test_it_says_what_it_shows_the_progress_of_for_as_long_as_that_lasts(qtbot: QtBot) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.show()

    def said() -> list[str]:
        return [label.text() for label in bar.findChildren(QLabel) if label.isVisible() and label.text()]

    bar.show_progress(1, 4, "Reading the history…")
    assert said() == ["Reading the history…"]
    bar.show_progress(0, 0)
    assert said() == []


_COUNTED = ("3 users", "6 changes")
