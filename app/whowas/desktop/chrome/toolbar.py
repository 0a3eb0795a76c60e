"""The line of buttons under the menus, with the search at its right."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from whowas.desktop.kit import icons
from whowas.desktop.kit.kept_size import keep_icon, keep_width
from whowas.desktop.kit.plain_text import tool_tip
from whowas.desktop.kit.search_field import SearchField

_ICON = QSize(22, 16)
"""Wider than the drawing, which keeps its distance from the text."""
_SEARCH_WIDTH = 330
_ICON_ONLY_WIDTH = 36


class ActionButton(QPushButton):
    """Does what an action does, and can be used when that can; a ``primary`` one is filled, others are flat."""

    def __init__(self, action: QAction, *, primary: str = "", text: bool = True, parent: QWidget | None = None) -> None:
        """``primary`` is the name of the icon of a filled button, as the action's own has the wrong colour there."""
        super().__init__(parent)
        self._action = action
        self._primary = primary
        self._has_text = text
        self.setProperty("primary", bool(primary))
        self.setFlat(not primary)
        keep_icon(self, _ICON)
        if not text:
            keep_width(self, _ICON_ONLY_WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        action, name = self._action, self._action.text().replace("&", "").removesuffix("…")
        # Without the mnemonic, which belongs to the menu's line.
        self.setText(name if self._has_text else "")
        self.setAccessibleName(name)
        self.setToolTip(tool_tip(action.toolTip()))
        self.setEnabled(action.isEnabled())
        if self._primary:
            self.setIcon(icons.icon(self._primary, "on_accent" if action.isEnabled() else "muted"))
        else:
            self.setIcon(action.icon())


class Toolbar(QWidget):
    """Everything on it follows the actions: whether it can be used, what its tool tip says."""

    def __init__(
        self,
        new_user: QAction,
        import_: QAction,
        export: QAction,
        undo: QAction,
        redo: QAction,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("toolbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.search = SearchField()
        self.search.setMaximumWidth(_SEARCH_WIDTH)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 9)
        row.setSpacing(8)
        row.addWidget(ActionButton(new_user, primary="user-plus"))
        for action in (import_, export):
            row.addWidget(ActionButton(action))
        for action in (undo, redo):
            row.addWidget(ActionButton(action, text=False))
        row.addStretch(1)
        row.addWidget(self.search, 2)
