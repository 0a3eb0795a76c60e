"""What goes on while the members of a shared directory are shown: asking the server, and saving other rights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from whowas.desktop.session.latest_job import LatestJob
from whowas.desktop.session.session import Session
from whowas.desktop.sharing.members_dialog import MembersDialog
from whowas.desktop.sharing.words import place_told
from whowas.domain.errors import RefusedError, StoreError
from whowas.domain.progress import Progress

if TYPE_CHECKING:
    from whowas.desktop.session.live_directory import LiveDirectory
    from whowas.store.server.address import ServerAddress
    from whowas.store.server.roles import Rights
    from whowas.team.members import Member


@dataclass(frozen=True, slots=True)
class FoundMembers:
    """Who may do what; ``accounts`` are all of the server, ``own`` is the one that asked, ``may_change`` an admin's.

    ``refused`` says why not everything that was asked for is so.
    """

    members: list[Member]
    accounts: tuple[str, ...]
    own: str
    may_change: bool
    refused: RefusedError | None = None


class Members(QObject):
    """Fills its ``dialog``, which owns it."""

    def __init__(self, session: Session, shared: LiveDirectory, window: QWidget) -> None:
        self._session = session
        self._address = shared.address
        path = session.path
        team_file = str(path) if path.is_file() else ""
        self.dialog = MembersDialog(path.stem, place_told(shared.address), team_file, window)
        super().__init__(self.dialog)
        self._job = LatestJob()
        self.dialog.saveWanted.connect(self._save)
        self.dialog.folderWanted.connect(self._show_folder)
        self.dialog.finished.connect(self._job.stop)
        found = partial(found_at, self._address)
        self._job.start(partial(self._session.queries.ask_server, found), self._show, self.dialog.refuse)

    def _save(self) -> None:
        changes = self.dialog.model.changes
        self.dialog.wait()
        # In line with the other jobs, for whose end a window that is closed waits.
        saved = partial(saved_at, self._address, changes)
        self._job.start(partial(self._session.queries.run, saved), self._show, self.dialog.refuse)

    def _show(self, found: FoundMembers) -> None:
        kept = None if found.refused is None else self.dialog.model.rights
        self.dialog.show_members(found.members, found.accounts, found.own, may_change=found.may_change, kept=kept)
        if found.refused is not None:
            self.dialog.refuse(found.refused)

    def _show_folder(self) -> None:
        folder = self._session.path.parent
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self.dialog.notice.say_why(StoreError(f"Nothing here can show folders. It is in {folder}."))


def found_at(address: ServerAddress, progress: Progress) -> FoundMembers:
    """Return who may do what in the directory at an address, as part of a job. Raises StoreError."""
    from whowas.team.connected import server_at
    from whowas.team.members import members
    from whowas.team.prospect import accounts_at

    progress(0, 0)
    with server_at(address) as server:
        found, own, may_change = members(server), server.account, server.rights == "admin"
    return FoundMembers(found, accounts_at(address) if may_change else (), own, may_change)


def saved_at(address: ServerAddress, changes: Mapping[str, Rights | None], progress: Progress) -> FoundMembers:
    """Give accounts other rights, and return who may do what then. Raises StoreError."""
    from whowas.team.connected import server_at
    from whowas.team.members import grant, revoke

    progress(0, 0)
    refused = None
    with server_at(address) as server:
        # New admins first, so that there is one throughout; whoever is to be none any more comes last.
        order = sorted(changes.items(), key=lambda change: (change[1] != "admin", change[0] == server.account))
        for account, rights in order:
            try:
                if rights is None:
                    revoke(server, account)
                else:
                    grant(server, account, rights)
            except RefusedError as error:
                refused = refused or error
    return replace(found_at(address, progress), refused=refused)
