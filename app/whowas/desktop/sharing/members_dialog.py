"""The dialog that lists who may do what in a shared directory, and who is here now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from whowas.desktop.kit.assistant.notice import AssistantNotice
from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.icons import icon
from whowas.desktop.kit.labels import ElidedLabel, TextLabel
from whowas.desktop.kit.plain_text import tool_tip
from whowas.desktop.sharing.rights.model import AccountLine, RightsModel
from whowas.desktop.sharing.rights.view import ROW, RightsView
from whowas.desktop.sharing.words import WHAT_RIGHTS_MEAN, admins_told, changes_told, here_told
from whowas.domain.errors import CancelledError, WhowasError

if TYPE_CHECKING:
    from whowas.store.server.roles import Rights
    from whowas.team.members import Member

_SIZE: Final = QSize(720, 520)
_ROWS = 6
_NO_ADMIN = "Somebody has to be an admin: choose another one first."
_NOTHING = "Rights count at once, also in windows that are open."
_YOURSELF = "You will not be an admin any more, so you cannot change this back yourself."


class MembersDialog(DialogFrame):
    """``saveWanted`` asks for what is chosen to be so, ``folderWanted`` for the team file to be shown.

    Only an admin chooses; everybody else sees it.
    """

    saveWanted = Signal()
    folderWanted = Signal()

    def __init__(self, name: str, place: str, team_file: str, parent: QWidget | None = None) -> None:
        """``place`` says where the directory is; ``team_file`` is the path of what opens it, "" where there is none."""
        super().__init__(f"Members of {name}", parent)
        self.resize(_SIZE)
        self._own = ""
        self._may = False
        self.model = RightsModel(shows_notes="Now", parent=self)
        self.view = RightsView("Members", self.model)
        self.view.setMinimumHeight((_ROWS + 1) * ROW)
        self.notice = AssistantNotice()
        self._told = TextLabel(token="muted", size=12, wrap=True)
        self._folder = QPushButton(icon("folder-open"), "Show in folder")
        self._folder.setIconSize(QSize(16, 16))
        self._folder.setAutoDefault(False)
        self._folder.clicked.connect(self.folderWanted)
        self._lay_out(place, team_file)
        self._close = self.add_button("Close")
        self._close.clicked.connect(self.reject)
        self._save = self.add_button("Save rights", primary=True)
        self._save.clicked.connect(self.saveWanted)
        self.model.chosen.connect(self._tell)
        self._tell()
        self.view.setFocus()

    def show_members(
        self,
        members: Sequence[Member],
        accounts: Sequence[str],
        own: str,
        *,
        may_change: bool,
        kept: Mapping[str, Rights | None] | None = None,
    ) -> None:
        """Show who may do what; ``accounts`` are all that the server has, of which an admin may let others in.

        What is ``kept`` stays chosen, though it is not so on the server.
        """
        self._own, self._may = own, may_change
        known = {member.account for member in members}
        lines = [AccountLine(one.account, one.rights, here_told(one, own)) for one in members]
        if may_change:
            lines += [AccountLine(account, None) for account in accounts if account not in known]
        self.model.show(lines, kept)
        self.model.set_editable(may_change)
        self.view.setEnabled(True)
        self._save.setVisible(may_change)
        self._close.setDefault(not may_change)
        self._tell()

    def wait(self) -> None:
        """Let nobody choose while rights are on their way to the server."""
        self.notice.clear()
        self.model.set_editable(False)
        self._save.setEnabled(False)
        self._told.setText("Saving…")

    def refuse(self, error: WhowasError) -> None:
        """Say why rights are not as they were chosen; that stays chosen."""
        self.model.set_editable(self._may)
        self._tell()
        if not self.model.rights:
            self._told.clear()  # nobody is asked any more
        if not isinstance(error, CancelledError):
            self.notice.say_why(error)

    def _tell(self) -> None:
        rights, changes = self.model.rights, self.model.changes
        admins = [account for account, may in rights.items() if may == "admin"]
        self.notice.clear()
        if not self._may:
            self._told.setText(admins_told(admins) if rights else "Asking the server…")
        elif rights and not admins:
            self._told.setText("")
            self.notice.say(_NO_ADMIN, wrong=True)
        else:
            self._told.setText(changes_told(changes) or _NOTHING)
            if changes.get(self._own, "admin") != "admin":
                self.notice.say(_YOURSELF, wrong=False)
        self._save.setEnabled(self._may and bool(changes) and bool(admins))

    def _lay_out(self, place: str, team_file: str) -> None:
        self.body.setSpacing(0)
        where = ElidedLabel(place, token="muted")
        self.body.addWidget(where)
        self.body.addSpacing(12)
        self.body.addWidget(self.view, 1)
        self.body.addSpacing(10)
        self.body.addWidget(TextLabel(WHAT_RIGHTS_MEAN, token="muted", size=12, wrap=True))
        if team_file:
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(TextLabel("Team file", token="muted", size=12))
            path = ElidedLabel(team_file)
            path.setToolTip(tool_tip(team_file))
            row.addWidget(path, 1)
            row.addWidget(self._folder)
            self.body.addSpacing(12)
            self.body.addLayout(row)
        self.body.addWidget(self.notice)
        self.buttons.insertWidget(0, self._told, 4)
