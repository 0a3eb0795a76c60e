"""The assistant by keyboard: every control is a stop of the Tab key, in the order in which they are read, and named."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from whowas.desktop.sharing.assistant.dialog import ShareDialog
from whowas.desktop.sharing.words import what_happens
from whowas.team.checking import Finding


@pytest.fixture
def dialog(qtbot: QtBot) -> ShareDialog:
    dialog = ShareDialog("staff", "ines")
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def stops(dialog: ShareDialog) -> Iterator[str]:
    """The names of what the Tab key comes to, once round."""
    first = dialog.focusWidget()
    widget: QWidget | None = first
    while widget is not None:
        yield widget.accessibleName() or (widget.text() if isinstance(widget, QPushButton) else "")
        dialog.focusNextChild()
        widget = dialog.focusWidget()
        if widget is first:
            return


def test_the_first_page_begins_in_the_server_and_goes_through_every_field(dialog: ShareDialog) -> None:
    assert list(stops(dialog)) == [
        *("Server", "Port", "Database", "Schema", "Account", "Password"),
        *("The server's certificate", "Try connection", "Cancel", "Next", "A server in the network"),
    ]


def test_the_next_pages_begin_in_what_they_are_about(dialog: ShareDialog) -> None:
    dialog.who.show_accounts(["ada"], "ines")
    dialog.show_step("Who")
    assert list(stops(dialog)) == ["Who may do what", "Command", "Copy", "Look again", "Cancel", "Back", "Next"]
    dialog.check.show_findings([Finding("fine", "All is well.")])
    dialog.check.show_steps(what_happens("a", "b", "c", 0), "/c")
    dialog.show_step("Check")
    assert list(stops(dialog)) == ["Another place…", "Cancel", "Back", "Share"]
    dialog.show_step("Move")
    assert list(stops(dialog)) == ["Cancel"]


def test_enter_goes_on_where_nothing_is_moved_and_never_shares(dialog: ShareDialog) -> None:
    wanted: list[str] = []
    dialog.nextWanted.connect(lambda: wanted.append("next"))
    dialog.shareWanted.connect(lambda: wanted.append("share"))
    QTest.keyClick(dialog.where.fields.row("host").line, Qt.Key.Key_Return)
    assert wanted == ["next"]
    dialog.show_step("Check")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert wanted == ["next"]
    dialog.share.setFocus()
    QTest.keyClick(dialog.share, Qt.Key.Key_Space)
    assert wanted == ["next", "share"]
