"""What can be done with a group: the menu of its section."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QInputDialog, QMenu

from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.session.view import GROUP_PREFIX
from whowas.domain.commands import Command, DeleteGroup, RenameGroup


class GroupMenu(PageFeature):
    """Renames and deletes groups."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._page.groupMenuRequested.connect(self._show)

    def _show(self, key: str, place: QPoint) -> None:
        group_id = key.removeprefix(GROUP_PREFIX)
        name = self._page.view.directory.groups.get(group_id)
        if not key.startswith(GROUP_PREFIX) or name is None or not self._page.view.may_change:
            return
        menu = QMenu(self._window)
        rename, delete = menu.addAction("Rename group…"), menu.addAction("Delete group")
        chosen = menu.exec(place)
        menu.deleteLater()
        if chosen is rename:
            new_name, agreed = QInputDialog.getText(self._window, "Rename group", "Name", text=name)
            if agreed:
                self._dispatch_one(RenameGroup(group_id, new_name))
        elif chosen is delete:
            self._dispatch_one(DeleteGroup(group_id))

    def _dispatch_one(self, command: Command) -> None:
        self._dispatch(lambda change: change.dispatch(command))
