"""The scrim covers a window as long as a dialog is open over it."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from whowas.desktop.kit import theme
from whowas.desktop.kit.scrim import Scrim


def test_it_covers_the_window_until_the_dialog_is_closed(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(600, 400)
    window.show()
    dialog = QDialog(window)
    scrim = Scrim(window, dialog)
    dialog.open()
    assert scrim.geometry() == window.rect()
    window.resize(800, 500)
    assert scrim.geometry() == window.rect()
    dialog.reject()
    assert not scrim.isVisible()


def test_what_lies_below_shines_through(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(60, 40)
    window.setStyleSheet("background: #ffffff")
    window.show()
    Scrim(window, QDialog(window))
    seen = window.grab().toImage().pixelColor(30, 20)
    scrim = theme.current().colour("scrim")
    expected = round(scrim.red() * scrim.alphaF() + 255 * (1 - scrim.alphaF()))
    assert abs(seen.red() - expected) <= 1
