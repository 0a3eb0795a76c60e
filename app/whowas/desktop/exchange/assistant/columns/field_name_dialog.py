"""Asking what a new field is called."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.field_row import LineRow
from whowas.domain.errors import RefusedError
from whowas.domain.fields import checked_name


class FieldNameDialog(DialogFrame):
    """Asks for the name of a custom field; ``named(name)`` is emitted when there is one that can be a name."""

    named = Signal(str)

    def __init__(self, proposed: str, parent: QWidget | None = None) -> None:
        super().__init__("New field", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.ask_width(380)
        self._name = LineRow("map", "Name")
        self._name.set_text(proposed)
        self._name.line.selectAll()
        self.body.addWidget(self._name)
        self.add_cancel()
        self.add_button("Use this name", primary=True).clicked.connect(self.accept)
        self._name.take_focus()

    def accept(self) -> None:
        """Close with the name, unless it cannot be one."""
        try:
            name = checked_name("map", self._name.text())
        except RefusedError as error:
            self._name.set_note(str(error))
            return
        super().accept()
        self.named.emit(name)
