"""What the Help menu does: it opens the keyboard shortcuts and About."""

from __future__ import annotations

from PySide6.QtCore import QObject

from whowas.desktop.window.main_window import MainWindow


class HelpCommands(QObject):
    """Connects the help actions to the window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.actions_.shortcuts.triggered.connect(self._show_shortcuts)
        window.actions_.about.triggered.connect(self._show_about)

    def _show_shortcuts(self) -> None:
        from whowas.desktop.window.about_dialog import ShortcutsDialog

        ShortcutsDialog(self._window.actions_.all(), self._window).open()

    def _show_about(self) -> None:
        from whowas.desktop.window.about_dialog import AboutDialog

        AboutDialog(self._window.settings, self._window).open()
