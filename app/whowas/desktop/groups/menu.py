"""The menu of a group, and what it does."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from whowas.desktop.groups.acts import GroupActs, what_stays
from whowas.desktop.kit.group_colours import token_of
from whowas.desktop.kit.icons import icon
from whowas.desktop.kit.plain_text import tool_tip
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.sections.rows import GROUP_ICON
from whowas.desktop.session.view import GROUP_PREFIX
from whowas.domain.groups import COLOURS


class GroupMenu(PageFeature):
    """Shows the menu of a group; and lets groups be dragged into order."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._acts = GroupActs(context)
        self._to_select: str | None = None
        """The key of the section whose members are to be selected once they are found."""
        self._page.groupMenuRequested.connect(self._show)
        self._page.sidebar.groupMoved.connect(self._moved)
        self._page.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Let groups be dragged where that can be saved, and select whoever is to be."""
        self._page.sidebar.set_ordering(self._page.view.may_change)
        if self._to_select is not None and not self._page.view.is_behind:
            key, self._to_select = self._to_select, None
            if key == self._page.view.section and (count := self._page.model.rowCount()):
                self._page.selection.select_rows([range(count)])

    def _show(self, key: str, place: QPoint) -> None:
        group_id = key.removeprefix(GROUP_PREFIX)
        directory = self._page.view.directory
        if not key.startswith(GROUP_PREFIX) or group_id not in directory.groups:
            return
        menu, acts = QMenu(self._window), self._acts
        menu.setToolTipsVisible(True)
        menu.addAction("Show members", partial(self._show_members, key))
        menu.addAction("Select members", partial(self._select_members, key))
        menu.addSeparator()
        order = [known for known, _ in directory.ordered_groups()]
        at = order.index(group_id)
        changing = [
            menu.addAction("Rename…", partial(acts.rename, group_id)),
            self._colours(menu, group_id).menuAction(),
            up := menu.addAction("Move up", partial(acts.move, group_id, at - 1)),
            down := menu.addAction("Move down", partial(acts.move, group_id, at + 1)),
        ]
        menu.addSeparator()
        changing += [
            merge := menu.addAction("Merge into another…", partial(acts.merge, group_id)),
            delete := menu.addAction("Delete", partial(acts.delete, group_id)),
        ]
        delete.setToolTip(tool_tip(f"Only the group: {what_stays(self._page.view.counts().by_group.get(group_id, 0))}"))
        for action in changing:
            action.setEnabled(self._page.view.may_change)
        up.setEnabled(up.isEnabled() and at > 0)
        down.setEnabled(down.isEnabled() and at < len(order) - 1)
        merge.setEnabled(merge.isEnabled() and len(order) > 1)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _colours(self, menu: QMenu, group_id: str) -> QMenu:
        colours = menu.addMenu("Colour")
        now = token_of(self._page.view.directory.looks.colours.get(group_id))
        chosen = QActionGroup(colours)
        for colour in (None, *COLOURS):
            token = token_of(colour)
            called = colour.capitalize() if colour else "None"
            action = colours.addAction(called, partial(self._acts.colour, group_id, colour))
            action.setIcon(icon("circle-check" if token == now else GROUP_ICON, token))
            action.setCheckable(True)
            action.setChecked(token == now)
            chosen.addAction(action)
        return colours

    def _show_members(self, key: str) -> None:
        self._page.sidebar.select(key)

    def _select_members(self, key: str) -> None:
        if self._page.view.search_text:
            self._page.clearSearchRequested.emit()
        self._page.sidebar.select(key)
        self._page.table.setFocus()
        self._to_select = key
        self.refresh()

    def _moved(self, key: str, place: int) -> None:
        self._acts.move(key.removeprefix(GROUP_PREFIX), place)
