"""Asking for another name of a custom field."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.field_row import LineRow
from whowas.domain.fields import NAME_LIMIT


class RenameFieldDialog(DialogFrame):
    """Asks what a custom field is to be called."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__("Rename field", parent)
        self.setMinimumWidth(380)
        self._name = LineRow("to", "Name")
        self._name.set_text(name)
        self._name.line.setMaxLength(NAME_LIMIT)
        self._name.line.selectAll()
        self.body.addWidget(self._name)
        self.add_cancel()
        rename = self.add_button("Rename", primary=True)
        rename.clicked.connect(self.accept)
        self._name.edited.connect(lambda: rename.setEnabled(bool(self._name.text().strip())))
        self._name.take_focus()

    def answer(self) -> str:
        """Return the name."""
        return self._name.text()
