"""The right side of a page: the details of one user with the other tabs, or what several users share."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget


class RightSide(QStackedWidget):
    """Shows one of the two; that of several users is added once somebody selected them."""

    def __init__(self, details: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._details = details
        self.addWidget(details)

    def show_details(self) -> None:
        """Bring the tabs to the front."""
        self.setCurrentWidget(self._details)

    def shows(self, panel: QWidget) -> bool:
        """Say whether that is at the front."""
        return self.currentWidget() is panel

    def show_several(self, panel: QWidget) -> None:
        """Bring what several users share to the front."""
        if self.indexOf(panel) < 0:
            self.addWidget(panel)
        self.setCurrentWidget(panel)
