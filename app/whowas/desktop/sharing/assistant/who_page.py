"""The second page: which accounts of the server may do what in the directory, and how an account comes to be there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from whowas.desktop.kit.announce import announce
from whowas.desktop.kit.icons import icon
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.sharing.rights.model import AccountLine, RightsModel
from whowas.desktop.sharing.rights.view import RightsView
from whowas.desktop.sharing.words import SQL_FOR_ACCOUNT, WHAT_RIGHTS_MEAN
from whowas.store.server.roles import Rights

_YOU = "You"
_INTRODUCTION = "Everybody uses an account of their own on the server, under whose name their changes stand."
_MISSING = "Is somebody missing? Whoever administers the server makes an account with such a command; then look again."


class WhoPage(QWidget):
    """Lists accounts; ``lookAgainWanted`` asks which there are now."""

    lookAgainWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = RightsModel(shows_notes="", parent=self)
        self.view = RightsView("Who may do what", self.model)
        self._command = QLineEdit(SQL_FOR_ACCOUNT)
        self._command.setReadOnly(True)
        self._command.setAccessibleName("Command")
        self._command.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._copy = QPushButton(icon("copy"), "Copy")
        self._copy.setIconSize(QSize(16, 16))
        self._look = QPushButton(icon("refresh"), "Look again")
        self._look.setIconSize(QSize(16, 16))
        for button in (self._copy, self._look):
            button.setAutoDefault(False)
        self._copy.clicked.connect(self._copy_command)
        self._look.clicked.connect(self.lookAgainWanted)
        self._lay_out()

    def show_accounts(self, accounts: Sequence[str], own: str) -> None:
        """Show the accounts there are; what was chosen stays. ``own`` is the person's, which has to be an admin's."""
        kept: Mapping[str, Rights | None] = self.model.rights
        mine = AccountLine(own, "admin", _YOU, fixed=True)
        others = [AccountLine(account, None) for account in accounts if account != own]
        self.model.show([mine, *others], kept)

    def chosen(self) -> dict[str, Rights]:
        """Return what others than the person may do; whoever may do nothing is not in it."""
        return {account: rights for account, rights in self.model.changes.items() if rights is not None}

    def take_focus(self) -> None:
        """Put the focus into the table."""
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _copy_command(self) -> None:
        QGuiApplication.clipboard().setText(SQL_FOR_ACCOUNT)
        announce(self._copy, "The command was copied.")

    def _lay_out(self) -> None:
        missing = QHBoxLayout()
        missing.setSpacing(8)
        missing.addWidget(self._command, 1)
        missing.addWidget(self._copy)
        missing.addWidget(self._look)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(0)
        column.addWidget(TextLabel(_INTRODUCTION, wrap=True))
        column.addSpacing(12)
        column.addWidget(self.view, 1)
        column.addSpacing(10)
        column.addWidget(TextLabel(WHAT_RIGHTS_MEAN, token="muted", size=12, wrap=True))
        column.addSpacing(14)
        column.addWidget(TextLabel(_MISSING, token="muted", size=12, wrap=True))
        column.addSpacing(6)
        column.addLayout(missing)
