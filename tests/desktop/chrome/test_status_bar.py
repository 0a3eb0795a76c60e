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


_COUNTED = ("3 users", "6 changes")
