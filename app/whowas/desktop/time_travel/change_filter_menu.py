"""Choosing which changes count: the button above the timeline, its menu, and the bars and stops that follow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from whowas.desktop.kit import plain_text
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.session.change_selection import ALL_CHANGES, ANY_ACTOR, EVERYTHING, KINDS
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS, label
from whowas.projections.queries.change_filter import ChangeFilter, UserSet

ACTORS_OFFERED = 40
"""A menu of more people would be no menu: the changes list offers all of them."""

_Contents = tuple[ChangeFilter, str, tuple[UserSet, str], tuple[tuple[str, str], ...]]
"""What the menus show, but for the actors: what is wanted, of whom, who was selected, and the custom fields."""


class TimelineFilter(PageFeature):
    """Lets people choose which changes count, and says which do."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        page, menu = context.page, context.menus.counted
        self._counted = page.counted
        self._menu = menu
        self._actors = QMenu("Actor", menu)
        self._kinds = QMenu("Kind", menu)
        self._fields = QMenu("Field", menu)
        # As the menu opened, and not after every change.
        self._selected: tuple[UserSet, str] = UserSet(), ""
        self._filled_with: _Contents | None = None
        self._filled = True
        menu.setEnabled(True)
        self._on(menu.aboutToShow, self._prepare)
        self._on(menu.aboutToHide, self._closed)
        page.closing.connect(self._empty)
        page.timeline.filter.setMenu(menu)
        self._counted.wantedChanged.connect(self._show)
        self._counted.found.connect(self._show)
        self._counted.actorsFound.connect(self._show_actors)
        self._show()

    def _empty(self) -> None:
        """Leave nothing in the window's menu, which outlives the page."""
        self._menu.clear()
        self._menu.setEnabled(False)
        for submenu in (self._actors, self._kinds, self._fields):
            submenu.deleteLater()

    def add_to(self, menu: QMenu) -> None:
        """Offer to count only the changes of the users selected; nothing where nobody is."""
        users, called = self._selection()
        if users:
            action = plain_text.add_entry(menu, f"Only changes of {called}")
            action.triggered.connect(partial(self._counted.want, self._only_of(users), called))

    def _show(self) -> None:
        wanted, moments, button = self._counted.wanted, self._counted.moments, self._page.timeline.filter
        if wanted == EVERYTHING:
            button.setText(ALL_CHANGES)
            button.setToolTip("Which changes the timeline shows, stops at and plays")
        elif moments is not None:
            of = self._page.view.index.now
            button.setText(f"{len(moments):,} of {of:,} changes")
            button.setToolTip(plain_text.tool_tip(f"Only changes that count are shown: {self._told()}"))
        button.setAccessibleDescription(button.toolTip())
        # Not only as it opens: some people press its entries without. But never under somebody's pointer.
        self._filled = not any(menu.isVisible() for menu in (self._menu, self._actors, self._kinds, self._fields))
        if self._filled and self._filled_with != self._contents():
            self._fill()
        active = wanted != EVERYTHING
        if button.property("active") != active:
            button.setProperty("active", active)
            button.style().unpolish(button)
            button.style().polish(button)

    def _told(self) -> str:
        """Say in words what is asked for."""
        wanted = self._counted.wanted
        parts = [self._counted.called, f"“{wanted.text}”" if wanted.text else ""]
        parts.append(f"by {wanted.actor}" if wanted.actor is not None else "")
        parts.append(KINDS[wanted.kind].lower() if wanted.kind is not None else "")
        parts.append(self._label(wanted.field) if wanted.field is not None else "")
        return ", ".join(part for part in parts if part)

    def _label(self, field: str) -> str:
        return self._page.view.index.latest_directory().names.get(field) or label(field)

    def _selection(self) -> tuple[UserSet, str]:
        """Return the users selected, and what to call them."""
        numbers, index = self._page.selection.numbers(), self._page.view.index
        if not len(numbers):
            return UserSet(), ""
        selected = np.zeros(max(int(index.numbers[-1]), int(numbers.max())) + 1, dtype=np.bool_)
        selected[numbers] = True
        users = UserSet.of(index.users[selected[index.numbers]])
        names = [user.name for user in self._page.selection.users(1)] if len(numbers) == 1 else []
        return users, names[0] if names else f"{len(users):,} users"

    def _only_of(self, users: UserSet) -> ChangeFilter:
        return replace(self._counted.wanted, users=users, change_id=None)

    def _prepare(self) -> None:
        self._selected = self._selection()
        self._fill()
        self._counted.want_actors()

    def _closed(self) -> None:
        # What was chosen in it is only told after this, by an action that has to be there still.
        QTimer.singleShot(0, self, self._catch_up)

    def _catch_up(self) -> None:
        if not self._filled:
            self._show()

    def _show_actors(self) -> None:
        if self._actors.isVisible():
            self._filled, self._filled_with = False, None
        else:
            self._fill_actors()

    def _contents(self) -> _Contents:
        counted = self._counted
        fields = tuple(self._page.view.index.latest_directory().fields.items())
        return counted.wanted, counted.called, self._selected, fields

    def _fill(self) -> None:
        menu, wanted = self._menu, self._counted.wanted
        self._filled_with = self._contents()
        menu.clear()
        everything = menu.addAction(ALL_CHANGES)
        everything.setCheckable(True)
        everything.setChecked(wanted == EVERYTHING)
        everything.triggered.connect(self._want_everything)
        menu.addSeparator()
        users, called = self._selected
        if users and users != wanted.users:
            self._add(menu, f"Only of {called}", self._only_of(users), called)
        if self._counted.called:
            kept = plain_text.add_entry(menu, f"Only of {self._counted.called}")
            kept.setCheckable(True)
            kept.setChecked(True)
            kept.triggered.connect(self._want_everybody)
        for submenu in (self._actors, self._kinds, self._fields):
            menu.addMenu(submenu)
        self._fill_kinds()
        self._fill_fields()
        self._fill_actors()

    def _fill_actors(self) -> None:
        self._actors.clear()
        wanted, known = self._counted.wanted, self._counted.actors
        offered = [*known[:ACTORS_OFFERED]]
        if wanted.actor is not None and wanted.actor not in offered:
            offered.append(wanted.actor)
        choices = [(ANY_ACTOR, replace(wanted, actor=None)), *((one, replace(wanted, actor=one)) for one in offered)]
        self._offer(self._actors, choices)
        if len(known) > ACTORS_OFFERED:
            self._actors.addSeparator()
            more = self._actors.addAction(f"All {len(known):,}, in the changes list…")
            more.triggered.connect(self._show_list)

    def _show_list(self) -> None:
        self._page.show_changes()

    def _fill_kinds(self) -> None:
        self._kinds.clear()
        self._offer(self._kinds, ((text, replace(self._counted.wanted, kind=kind)) for kind, text in KINDS.items()))

    def _fill_fields(self) -> None:
        self._fields.clear()
        custom = [f"{ATTRIBUTE_PREFIX}{name}" for name in self._page.view.index.latest_directory().fields]
        wanted, fields = self._counted.wanted, [*LABELS, "groups", "status", "password", *custom]
        choices = [(self._label(field), replace(wanted, field=field)) for field in fields]
        self._offer(self._fields, [("Any field", replace(wanted, field=None)), *choices])

    def _offer(self, menu: QMenu, choices: Iterable[tuple[str, ChangeFilter]]) -> None:
        group = QActionGroup(menu)
        for text, filtered in choices:
            self._add(menu, text, filtered, self._counted.called, group)

    def _add(
        self, menu: QMenu, text: str, filtered: ChangeFilter, called: str, group: QActionGroup | None = None
    ) -> None:
        action = plain_text.add_entry(menu, text)
        if group is not None:
            action.setCheckable(True)
            action.setActionGroup(group)
        action.setChecked(filtered == self._counted.wanted)
        action.triggered.connect(partial(self._counted.want, filtered, called))

    def _want_everything(self) -> None:
        # Where all count already, pressing it took its tick away. It has to be there until it was pressed.
        self._filled_with = None
        QTimer.singleShot(0, self, self._show)
        self._counted.want(EVERYTHING)

    def _want_everybody(self) -> None:
        self._counted.want(replace(self._counted.wanted, users=UserSet(), change_id=None))
