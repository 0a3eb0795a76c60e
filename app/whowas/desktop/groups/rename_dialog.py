"""Asking for another name of a group."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.labels import TextLabel
from whowas.domain.fields import NAME_LIMIT


class RenameGroupDialog(DialogFrame):
    """Asks what a group is to be called."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__("Rename group", parent)
        self.ask_width(380)
        self._name = QLineEdit(name)
        self._name.setAccessibleName("Name")
        self._name.setMaxLength(NAME_LIMIT)
        heading = TextLabel("Name", token="muted", size=12)
        heading.setBuddy(self._name)
        self.body.addWidget(heading)
        self.body.addWidget(self._name)
        self.add_cancel()
        rename = self.add_button("Rename", primary=True)
        rename.clicked.connect(self.accept)
        self._name.textChanged.connect(lambda text: rename.setEnabled(bool(text.strip())))
        self._name.selectAll()
        self._name.setFocus()

    def answer(self) -> str:
        """Return the name."""
        return self._name.text()
