"""What the server promises: the wrong first, each with its word, and why nothing could be found out."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from whowas.desktop.sharing.check_dialog import CheckServerDialog
from whowas.desktop.sharing.points import SignedLine
from whowas.team.checking import Finding

FOUND = [Finding("fine", "It is encrypted."), Finding("to know", "Backups."), Finding("wrong", "It is full.")]


def lines(dialog: CheckServerDialog) -> list[str]:
    return [line.accessibleName() for line in dialog.findChildren(SignedLine) if not line.isHidden()]


def texts(dialog: CheckServerDialog) -> set[str]:
    return {label.text() for label in dialog.findChildren(QLabel) if label.isVisible()}


def test_findings_are_told_by_word_and_the_wrong_first(qtbot: QtBot) -> None:
    dialog = CheckServerDialog("the server")
    qtbot.addWidget(dialog)
    dialog.show()
    assert "Checking the server…" in texts(dialog)
    dialog.show_findings(FOUND)
    assert lines(dialog) == ["Wrong: It is full.", "To know: Backups.", "Fine: It is encrypted."]
    assert "1 thing is wrong" in texts(dialog)
    dialog.show_findings(FOUND[:2])
    assert "Nothing is wrong" in texts(dialog)
    assert "Wrong: It is full." not in lines(dialog)


def test_why_nothing_could_be_found_out_is_said(qtbot: QtBot) -> None:
    dialog = CheckServerDialog("the server")
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.show_failure("The server is away.")
    assert {"The server could not be checked", "The server is away."} <= texts(dialog)
