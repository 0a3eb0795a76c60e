"""What the settings do to the window that is there: each choice is kept, and holds at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from whowas.desktop.chrome.standing import SETTINGS, Condition, Severity
from whowas.desktop.kit.loading_parts import LoadingParts
from whowas.desktop.settings.in_force import apply_looks, begin_timeline
from whowas.desktop.settings.preferences import Preferences
from whowas.desktop.window.main_window import MainWindow
from whowas.system.person import os_user

if TYPE_CHECKING:
    from whowas.desktop.settings.dialog import SettingsDialog

_PARTS = (
    "whowas.safekeeping.backup_places",
    "whowas.desktop.keeping.backup_choice",
    "whowas.desktop.kit.menu_box",
    "whowas.desktop.settings.dialog",
)


class SettingsCommands(QObject):
    """Opens the settings, and says once that not all that was kept of them could be read."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._told = not window.settings.unread
        window.actions_.settings.triggered.connect(self._ask)
        window.welcomeShown.connect(self._tell)
        window.equipped.connect(self._tell)

    def _ask(self) -> None:
        LoadingParts(_PARTS, self).then(self._show)

    def _show(self) -> None:
        from whowas.desktop.settings.dialog import SettingsDialog

        if QApplication.activeModalWidget() is not None:
            return  # another question was asked meanwhile
        session = self._window.session
        account = session.actor if session is not None and session.live is not None else ""
        dialog = SettingsDialog(self._window.settings.preferences, os_user(), account, self._window)
        dialog.changed.connect(partial(self._take, dialog))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _take(self, dialog: SettingsDialog, chosen: Preferences) -> None:
        settings, window = self._window.settings, self._window
        before = settings.preferences
        dialog.say(settings.set_preferences(chosen))
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        apply_looks(application, chosen, before)
        window.act_as(chosen.actor or os_user())
        page = window.page
        if page is None:
            return
        if (chosen.dates, chosen.first_day) != (before.dates, before.first_day):
            page.show_view()
        playing = chosen.by_change, chosen.date_speed, chosen.change_speed
        if playing != (before.by_change, before.date_speed, before.change_speed):
            begin_timeline(page.timeline, chosen)

    def _tell(self) -> None:
        if not self._told:
            self._told = True
            sentence = self._window.settings.unread
            self._window.messages.hold(Condition(SETTINGS, Severity.CALM, sentence, passing=True))
