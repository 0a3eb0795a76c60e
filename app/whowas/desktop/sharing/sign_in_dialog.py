"""Asking for account and password of a server that lets nobody in without."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.field_row import LineRow
from whowas.desktop.kit.labels import TextLabel

_WIDTH = 440

_KEPT = (
    "Whowas keeps the password only until it is closed. To be asked no more, put it into ~/.pgpass, as for other "
    "programs that use PostgreSQL."
)


class SignInDialog(DialogFrame):
    """Asks who is to be signed in to the directory ``name``; ``wrong`` says why that did not work before."""

    def __init__(self, name: str, account: str, wrong: str = "", parent: QWidget | None = None) -> None:
        super().__init__(f"Sign in to {name}", parent)
        self.ask_width(_WIDTH)
        self._account = LineRow("account", "Account")
        self._account.set_text(account)
        self._password = LineRow("password", "Password")
        self._show = QCheckBox("Show password")
        self._show.toggled.connect(self._reveal)
        self.body.addWidget(TextLabel("The account is yours on the PostgreSQL server.", token="muted", wrap=True))
        self.body.addSpacing(4)
        for row in (self._account, self._password):
            row.submitted.connect(self._sign_in)
            self.body.addWidget(row)
        self.body.addWidget(self._show)
        self.body.addSpacing(4)
        self.body.addWidget(TextLabel(_KEPT, token="muted", size=12, wrap=True))
        self.body.addStretch(1)
        self.add_cancel()
        self.add_button("Sign in", primary=True).clicked.connect(self._sign_in)
        self._chosen: tuple[str, str] | None = None
        self._reveal(shown=False)
        if wrong:
            self._password.set_note(wrong)
        (self._password if account else self._account).take_focus()

    def answer(self) -> tuple[str, str] | None:
        """Return account and password once the dialog was accepted."""
        return self._chosen

    def done(self, result: int) -> None:
        """Close, and leave no password in a hidden field."""
        self._password.set_text("")
        super().done(result)

    def _sign_in(self) -> None:
        account, password = self._account.text().strip(), self._password.text()
        if not account:
            self._account.set_note("Type the name of your account.")
            self._account.take_focus()
        elif not password:
            self._password.set_note("Type the password.")
            self._password.take_focus()
        else:
            self._chosen = account, password
            self.accept()

    def _reveal(self, shown: bool) -> None:
        self._password.line.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
