"""The status of several users: theirs in common, or "Mixed"; one is chosen for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QToolButton, QWidget

from whowas.desktop.details.selection_draft import StatusForAll
from whowas.desktop.kit.plain_text import add_entry
from whowas.desktop.kit.read_only_row import FactRow
from whowas.desktop.selection.words import MIXED, WAS_MIXED, statuses
from whowas.domain.users import STATUS_LABELS, Status

_CHOICES: tuple[StatusForAll, ...] = ("active", "suspended")


class SharedStatus(FactRow):
    """Offers what all of them can be; whoever is deleted is brought back by an action of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("status", "Status", "Choose a status", "chevron-down", parent)
        self._shared: Mapping[Status, int] | None = None
        self._chosen: StatusForAll | None = None
        menu = QMenu(self.button)
        for status in _CHOICES:
            add_entry(menu, STATUS_LABELS[status]).triggered.connect(partial(self.choose, status))
        self.button.setMenu(menu)
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.editor.installEventFilter(self)
        self.putBackRequested.connect(self.drop_choice)

    @property
    def chosen(self) -> StatusForAll | None:
        """The status that all are to have, None where everybody keeps theirs."""
        return self._chosen

    def choose(self, status: StatusForAll, _checked: bool = False) -> None:
        """Choose a status for all; the one that they share is no choice."""
        self._chosen = None if self._common == status else status
        self._show()
        self._changed()

    def drop_choice(self) -> None:
        """Drop the choice."""
        self._chosen = None
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show()
        self._changed()

    def show_choice(self, status: StatusForAll | None) -> None:
        """Show what was chosen before for the users shown, None for nothing."""
        if self.note.sentence():
            self.set_note("")
        self._chosen = None if self._common == status else status
        self._show()

    def set_shared(self, by_status: Mapping[Status, int] | None) -> None:
        """Show how many of the users have which status, None while that is being found out; the choice stays."""
        self._shared = by_status
        if self._chosen == self._common:
            self._chosen = None
        self._show()

    def take_saved(self, status: StatusForAll) -> None:
        """Show a status that all have from now on, unless another was chosen meanwhile."""
        if self._chosen == status:
            self._chosen = None
            self.set_shared({status: 1})

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease
        if pressed and watched is self.editor and not self.button.isHidden():
            self.button.showMenu()
        return super().eventFilter(watched, event)

    @property
    def _common(self) -> Status | None:
        there = [status for status, count in (self._shared or {}).items() if count]
        return there[0] if len(there) == 1 else None

    def _show(self) -> None:
        status = self._chosen or self._common
        mixed = self._shared is not None and status is None
        self.set_text(STATUS_LABELS[status] if status else "")
        if isinstance(self.editor, QLineEdit):
            self.editor.setPlaceholderText(MIXED if mixed else "")
        said = statuses(self._shared or {})
        was = f"was {said}" if said else "was not counted yet"
        self.show_was(was if self._chosen else "", WAS_MIXED if said and self._common is None else "")
        if self._chosen is None:
            self.editor.setAccessibleDescription(f"{MIXED}, {said}" if mixed else "")
