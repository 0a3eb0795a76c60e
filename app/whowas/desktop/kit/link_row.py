"""A field for the address of a page, which a button or Ctrl+click opens."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QMouseEvent
from PySide6.QtWidgets import QWidget

from whowas.desktop.kit.button_line import ButtonLine
from whowas.desktop.kit.field_row import LineRow
from whowas.domain.errors import RefusedError
from whowas.domain.field_definitions import FieldDefinition
from whowas.domain.field_values import checked_as

_LINK = FieldDefinition("link")


class LinkRow(LineRow):
    """Opens only what a field of the type link can hold: http and https."""

    def __init__(self, key: str, label: str, parent: QWidget | None = None) -> None:
        line = ButtonLine("Open link", "external-link")
        super().__init__(key, label, parent, line=line)
        self.button = line.button
        self.button.clicked.connect(self.open_link)
        self.line.textChanged.connect(self._show_button)
        self.line.installEventFilter(self)
        self._show_button()

    def link(self) -> str:
        """Return the link that can be opened, "" for none."""
        try:
            link = checked_as(_LINK, self._label, self.line.text()) or ""
        except RefusedError:
            return ""
        return link if QUrl(link).isValid() else ""

    def open_link(self) -> None:
        """Open the link in the browser."""
        if link := self.link():
            QDesktopServices.openUrl(QUrl(link))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let a click with Ctrl open the link."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
            with_ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if with_ctrl and event.button() == Qt.MouseButton.LeftButton and self.link():
                self.open_link()
                return True
        return super().eventFilter(watched, event)

    def _show_button(self) -> None:
        self.button.setVisible(bool(self.link()))
