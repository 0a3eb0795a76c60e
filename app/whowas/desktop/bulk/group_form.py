"""Asking for a group: its name is typed, or chosen among those that there are."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QListView, QMenu, QVBoxLayout, QWidget

from whowas.desktop.bulk.asked import BulkAsked, BulkForm
from whowas.desktop.kit.field_row import LABEL_GAP, LABEL_HEIGHT, LineRow
from whowas.desktop.kit.menu_box import MenuBox, add_choice
from whowas.domain.errors import RefusedError
from whowas.domain.fields import name_key

_OFFERED = 200
"""So many groups have room in a menu; the others are found by typing."""
_LOWER = 3
"""By so many pixels the button begins below the top of the field, which is higher."""


class GroupForm(BulkForm):
    """A field for the name of a group, with a menu of those offered: their names, and what is told of each there."""

    def __init__(self, offered: Mapping[str, str], menu: str, parent: QWidget | None = None) -> None:
        """``menu`` is what the menu is called."""
        super().__init__(parent)
        self._offered = offered
        self.row = LineRow("group", "Group")
        self.row.line.setCompleter(_completer(sorted(offered, key=name_key), self))
        self.row.edited.connect(self.edited)
        self.existing = MenuBox(menu, self._fill, "small")
        self.existing.say(menu)
        self.existing.setEnabled(bool(offered))
        across = QHBoxLayout()
        across.setSpacing(8)
        across.addWidget(self.row, 1)
        beside = QVBoxLayout()
        beside.addSpacing(LABEL_HEIGHT + LABEL_GAP + _LOWER)
        beside.addWidget(self.existing)
        beside.addStretch(1)
        across.addLayout(beside)
        self.column.addLayout(across)

    def name(self) -> str:
        """Return the name that is typed, without spaces around it."""
        return self.row.text().strip()

    @abstractmethod
    def asked(self) -> BulkAsked | None: ...

    def refuse(self, error: RefusedError) -> bool:
        if error.field != self.row.key:
            return False
        self.row.set_note(str(error))
        return True

    def take_focus(self) -> None:
        self.row.take_focus()

    def _fill(self, menu: QMenu) -> None:
        names = sorted(self._offered, key=name_key)
        for name in names[:_OFFERED]:
            told = f"{name}  {self._offered[name]}".rstrip()
            add_choice(menu, told, partial(self._choose, name), chosen=name == self.name())
        if len(names) > _OFFERED:
            menu.addAction(f"{len(names) - _OFFERED:,} more: type the name").setEnabled(False)

    def _choose(self, name: str) -> None:
        self.row.line.setText(name)
        self.row.take_focus()


def _completer(names: list[str], parent: QWidget) -> QCompleter:
    completer = QCompleter(names, parent)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    popup = QListView()
    popup.setStyleSheet("QListView { border: 1px solid palette(mid); } QListView::item { padding: 5px 10px; }")
    completer.setPopup(popup)
    return completer
