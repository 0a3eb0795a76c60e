"""Setting a user's password, typed twice."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.field_row import LineRow
from whowas.desktop.kit.labels import TextLabel

LEAST = 8
"""Characters a password must have."""


class SetPasswordDialog(DialogFrame):
    """Asks for a new password for ``name``, or whether to clear the one there is."""

    def __init__(self, name: str, has_password: bool, parent: QWidget | None = None) -> None:
        super().__init__("Set password", parent)
        self.ask_width(380)
        self._first = LineRow("password", "New password")
        self._again = LineRow("again", "Repeat password")
        self._show = QCheckBox("Show password")
        self._show.toggled.connect(self._reveal)
        self.body.addWidget(TextLabel(f"For {name}. At least {LEAST} characters.", token="muted", wrap=True))
        self.body.addSpacing(4)
        for row in (self._first, self._again):
            self.body.addWidget(row)
        self.body.addWidget(self._show)
        self.body.addStretch(1)
        if has_password:
            clear = self.add_button("Clear password")
            clear.clicked.connect(self._clear)
            self.buttons.insertWidget(0, clear)
        self.add_cancel()
        self.add_button("Set password", primary=True).clicked.connect(self._choose)
        self._chosen: str | None = None
        self._reveal(shown=False)
        self._first.take_focus()

    def password(self) -> str | None:
        """Return the password agreed on once the dialog was accepted; None means to clear it."""
        return self._chosen

    def done(self, result: int) -> None:
        """Close, and leave no password in a hidden field."""
        self._first.set_text("")
        self._again.set_text("")
        super().done(result)

    def _choose(self) -> None:
        password = self._first.text()
        self._first.set_note("")
        self._again.set_note("")
        if len(password) < LEAST:
            self._first.set_note(f"A password needs at least {LEAST} characters.")
            self._first.take_focus()
        elif password != self._again.text():
            self._again.set_note("The two passwords differ.")
            self._again.take_focus()
        else:
            self._chosen = password
            self.accept()

    def _clear(self) -> None:
        self._chosen = None
        self.accept()

    def _reveal(self, shown: bool) -> None:
        for row in (self._first, self._again):
            row.line.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
