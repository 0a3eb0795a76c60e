"""The menu bar, and the menus within its menus."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu

from whowas.desktop.chrome.actions import Actions


class Menus:
    """Fills the window's menu bar with its actions; those that change with the directory are fields of it."""

    def __init__(self, window: QMainWindow, actions: Actions) -> None:
        self.recent = QMenu("Open recent", window)
        self.named = QMenu("Named moments", window)
        self.counted = QMenu("Changes that count", window)
        self.compare = QMenu("Compare", window)
        self.columns = QMenu("Columns", window)
        for menu in (self.compare, self.counted):
            menu.setEnabled(False)
        self.view = QMenu("&View", window)
        for title, entries in self._entries(actions).items():
            menu = self.view if title == self.view.title() else QMenu(title, window)
            window.menuBar().addMenu(menu)
            _fill(menu, entries)

    def _entries(self, a: Actions) -> dict[str, list[QAction | QMenu | None]]:
        return {
            "&File": [
                *(a.new_directory, a.open, a.open_shared, self.recent, a.sample, None),
                *(a.import_, a.import_again, a.export, None),
                *(a.backups, None, a.share, a.members, a.check_server, a.take_back, None, a.close, a.quit),
            ],
            "&Edit": [
                a.undo,
                a.redo,
                None,
                a.copy_rows,
                a.copy_emails,
                a.paste,
                None,
                a.find,
                None,
                a.fields,
                a.settings,
            ],
            "&User": [
                *(a.new_user, a.save, a.discard, a.drafts, None, a.set_password, None),
                *(*a.in_bulk(), None, a.suspend, a.reactivate, None),
                *(a.delete, a.restore, None, a.erase),
            ],
            "&History": [
                *(a.play, a.previous, a.next, a.go_to_date, a.return_to_now, None),
                *(a.name_moment, self.named, self.counted, None),
                *(a.as_known, self.compare, a.undo_this, a.restore_moment, a.what_if, None, a.verify),
            ],
            "&View": [self.columns, a.flash],
            "&Help": [a.shortcuts, a.about],
        }


def _fill(menu: QMenu, entries: list[QAction | QMenu | None]) -> None:
    menu.setToolTipsVisible(True)
    for entry in entries:
        if entry is None:
            menu.addSeparator()
        elif isinstance(entry, QMenu):
            menu.addMenu(entry)
        else:
            menu.addAction(entry)
