"""Whether cells light up as the history goes past: as the person chose, or else as the desktop wants it just now."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from whowas.desktop.kit import theme
from whowas.desktop.settings.stored import Settings

APPEARED_FOR_MS = 300
"""How long the window has been there when the menu's mark is looked up first."""


class Motion(QObject):
    """Joins the choice in a menu with the settings.

    Qt tells nobody when the desktop asks for less motion, so that it is looked at each time something would move.
    """

    def __init__(self, action: QAction, menu: QMenu, settings: Settings) -> None:
        super().__init__(action)
        self._action = action
        self._settings = settings
        # Asking the style takes milliseconds of a start, and nobody can see the answer before the menu is shown.
        action.triggered.connect(settings.set_flashes)
        menu.aboutToShow.connect(self._show)

    def look_soon(self) -> None:
        """Look the mark up, now that the window is on the screen."""
        QTimer.singleShot(APPEARED_FOR_MS, self, self._show)

    def wanted(self) -> bool:
        """Say whether anything may light up."""
        chosen = self._settings.flashes()
        return theme.motion_is_wanted() if chosen is None else chosen

    def _show(self) -> None:
        self._action.setChecked(self.wanted())
