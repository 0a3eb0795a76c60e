"""The menu of columns: which are shown, which one is sorted by, and their order."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from whowas.desktop.kit.plain_text import add_entry
from whowas.desktop.table.column_choice import TableColumns

Task = Literal["show", "sort", "left", "right", "reset"]


class _Tasks(QObject):
    """Carries out the actions of one menu; it is deleted when the menu is filled again."""

    def __init__(self, menu: QMenu, columns: TableColumns) -> None:
        super().__init__(menu)
        self._columns = columns
        self._group = QActionGroup(self)
        self._group.setExclusionPolicy(QActionGroup.ExclusionPolicy.None_)
        self._group.triggered.connect(self._do)

    def add(self, menu: QMenu, text: str, task: Task, key: str = "", *, checked: bool | None = None) -> QAction:
        action = add_entry(menu, text)
        action.setData((task, key))
        if checked is not None:
            action.setCheckable(True)
            action.setChecked(checked)
        self._group.addAction(action)
        return action

    def _do(self, action: QAction) -> None:
        task, key = action.data()
        match task:
            case "show":
                self._columns.show(key, shown=action.isChecked())
            case "sort":
                by, descending = self._columns.sorted_by()
                self._columns.sort_by(key, descending=by == key and not descending)
            case "left":
                self._columns.move(key, -1)
            case "right":
                self._columns.move(key, 1)
            case _:
                self._columns.reset()


def fill_column_menu(menu: QMenu, columns: TableColumns) -> None:
    """Replace the entries of ``menu`` by the present choices about ``columns``."""
    menu.clear()
    for old in menu.findChildren(_Tasks):
        old.deleteLater()
    for submenu in menu.findChildren(QMenu):
        submenu.deleteLater()
    tasks = _Tasks(menu, columns)
    shown = columns.shown()
    for column in columns.all():
        action = tasks.add(menu, column.title, "show", column.key, checked=column in shown)
        action.setEnabled(column.kind != "name")
    menu.addSeparator()
    sort = menu.addMenu("Sort by")
    by, descending = columns.sorted_by()
    for column in shown:
        direction = (" (descending)" if descending else " (ascending)") if column.key == by else ""
        tasks.add(sort, column.title + direction, "sort", column.key, checked=column.key == by)
    left, right = menu.addMenu("Move left"), menu.addMenu("Move right")
    for column in shown[1:]:
        tasks.add(left, column.title, "left", column.key)
    for column in shown[:-1]:
        tasks.add(right, column.title, "right", column.key)
    menu.addSeparator()
    tasks.add(menu, "Reset columns", "reset")
