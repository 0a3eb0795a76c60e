"""Asking before drafts are lost: they are kept on disk, so nothing is asked unless that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

if TYPE_CHECKING:
    from whowas.desktop.page.directory_page import DirectoryPage


def may_leave(window: QWidget, page: DirectoryPage | None) -> bool:
    """Keep the drafts of a page; say whether it may go, which is asked where they could not be kept."""
    if page is None:
        return True
    page.keep_draft()
    why = page.unkept
    return not why or _may_lose(window, why)


def _may_lose(window: QWidget, why: str) -> bool:
    box = QMessageBox(
        QMessageBox.Icon.Warning,
        "Drafts cannot be kept",
        f"What you have not saved cannot be kept on disk: {why}. Leave all the same, and lose it?",
        QMessageBox.StandardButton.Cancel,
        window,
    )
    box.setTextFormat(Qt.TextFormat.PlainText)
    lose = box.addButton("Lose it", QMessageBox.ButtonRole.DestructiveRole)
    box.exec()
    return box.clickedButton() is lose
