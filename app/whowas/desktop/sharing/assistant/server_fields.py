"""The fields that say where a server is: in the network, on this computer, or by an address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from whowas.desktop.kit.field_row import LineRow
from whowas.desktop.sharing.assistant.said import ADDRESS, How, Said

_GAP = 8
_PLACES: Final[Mapping[str, tuple[int, int, int]]] = {
    "host": (0, 0, 3),
    "folder": (0, 0, 3),
    "address": (0, 0, 4),
    "port": (0, 3, 1),
    "dbname": (1, 0, 2),
    "schema": (1, 2, 2),
    "user": (2, 0, 2),
    "password": (2, 2, 2),
}
"""Row, column and how many columns wide each field is, of four."""
_LABELS: Final[Mapping[str, str]] = {
    "host": "Server",
    "folder": "Folder of the socket",
    "address": "Address",
    "port": "Port",
    "dbname": "Database",
    "schema": "Schema",
    "user": "Account",
    "password": "Password",
}
_SHOWN: Final[Mapping[How, tuple[str, ...]]] = {
    "server": ("host", "port", "dbname", "schema", "user", "password"),
    "computer": ("folder", "port", "dbname", "schema", "user", "password"),
    "address": ("address", "password"),
}
_PARTS: Final = {"folder": "host"}
"""What libpq calls a field, where it is another name."""
_HINTS: Final[Mapping[str, str]] = {
    "host": "db.example.org",
    "folder": "The usual one",
    "address": "postgresql://ines@db.example.org/staff",
    "port": "5432",
    "dbname": "As the account",
    "schema": "whowas",
}


class ServerFields(QWidget):
    """Shows the fields of one way to say it. The password stands in dots, and in no undo list once it is forgotten."""

    edited = Signal()

    def __init__(self, account: str, parent: QWidget | None = None) -> None:
        """``account`` is whom a server takes for the person where nothing is said."""
        super().__init__(parent)
        self._how: How = "server"
        self._hints = {**_HINTS, "user": account}
        self._rows: dict[str, LineRow] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(_GAP)
        self._grid.setVerticalSpacing(_GAP)
        for column in range(4):
            self._grid.setColumnStretch(column, 1)
        self.show_fields("server")

    def show_fields(self, how: How) -> None:
        """Show the fields of another way to say it; what was typed stays."""
        self._how = how
        shown = [self._made(key) for key in _SHOWN[how]]
        for row in self._rows.values():
            row.setVisible(row in shown)
        # Below the address there is nothing beside it.
        self._grid.addWidget(self._rows["password"], 2, 0 if how == ADDRESS else 2, 1, 2)
        self.clear_notes()

    def said(self) -> Said:
        """Return what is said; empty fields say nothing."""
        texts = {_PARTS.get(key, key): self._rows[key].text() for key in _SHOWN[self._how]}
        return Said(
            self._how, {key: text if key == "password" else text.strip() for key, text in texts.items() if text}
        )

    def refuse(self, key: str, sentence: str) -> bool:
        """Say what is wrong beside the field at fault; return whether there is one that is shown."""
        shown = _SHOWN[self._how]
        if self._how == "computer" and key == "host":
            key = "folder"
        place = key if key in shown else ADDRESS if self._how == ADDRESS else ""
        if not place:
            return False
        row = self._rows[place]
        row.set_note(sentence)
        row.take_focus()
        return True

    def clear_notes(self) -> None:
        """Say nothing beside the fields any more."""
        for row in self._rows.values():
            if row.note.sentence():  # as saying nothing anew would have the style looked up, for every field
                row.set_note("")

    def row(self, key: str) -> LineRow:
        """Return a field."""
        return self._made(key)

    def first(self) -> LineRow:
        """Return the field in which one begins to type."""
        return self._rows[_SHOWN[self._how][0]]

    def forget_password(self) -> None:
        """Leave no password in a field nobody sees."""
        password = self._rows["password"]
        password.set_text("")
        password.forget_typing()

    def _made(self, key: str) -> LineRow:
        """Return a field, which is made when it is first shown."""
        if key not in self._rows:
            row = self._rows[key] = LineRow(key, _LABELS[key])
            down, across, wide = _PLACES[key]
            self._grid.addWidget(row, down, across, 1, wide)
            row.edited.connect(self.edited)
            row.line.setPlaceholderText(self._hints.get(key, ""))
            if key == "password":
                row.line.setEchoMode(QLineEdit.EchoMode.Password)
        return self._rows[key]
