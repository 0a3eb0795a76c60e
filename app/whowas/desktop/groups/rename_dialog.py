"""Asking for another name of a group."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.field_row import LineRow
from whowas.domain.errors import RefusedError
from whowas.domain.fields import checked_name


class RenameGroupDialog(DialogFrame):
    """Asks what a group is to be called."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__("Rename group", parent)
        self.ask_width(380)
        self._name = LineRow("name", "Name")
        self._name.set_text(name)
        self._name.select_all()
        self.body.addWidget(self._name)
        self.add_cancel()
        rename = self.add_button("Rename", primary=True)
        rename.clicked.connect(self.accept)
        self._name.edited.connect(lambda: rename.setEnabled(bool(self._name.text().strip())))
        self._name.take_focus()

    def accept(self) -> None:
        """Close with the name, unless it cannot be one."""
        try:
            checked_name(self._name.key, self._name.text())
        except RefusedError as error:
            self._name.set_note(str(error))
            self.fit_screen()
        else:
            super().accept()

    def answer(self) -> str:
        """Return the name."""
        return self._name.text()
