"""What the menus do to the users selected (password, suspend, delete, restore, erase), and to the form."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from whowas.command_bus.bus import Bus
from whowas.desktop.kit.editing_keys import OnlyFrom
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.session.bulk_edits import bulk_edit, selected_users
from whowas.desktop.session.jobs import JobProgress
from whowas.desktop.users.erase_dialog import EraseDialog
from whowas.desktop.users.erased_on_server import erased_on_server
from whowas.desktop.users.password_dialog import SetPasswordDialog
from whowas.domain.bulk_edit import each
from whowas.domain.commands import (
    ClearPassword,
    DeleteUser,
    ReactivateUser,
    RestoreUser,
    SetPassword,
    SuspendUser,
    UserCommand,
)
from whowas.domain.done_sentences import became
from whowas.domain.fields import counted
from whowas.domain.progress import Progress
from whowas.domain.users import Status
from whowas.erasure import erase
from whowas.system import folders
from whowas.system.passwords import hashed

if TYPE_CHECKING:
    from whowas.corrections.bulk_edit import BulkOutcome

_ALLOWED: dict[Status, tuple[str, ...]] = {
    "active": ("set_password", "suspend", "delete"),
    "suspended": ("set_password", "reactivate", "delete"),
    "deleted": ("restore",),
}


class UserCommands(PageFeature):
    """Connects the actions on users to one page and its session."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        a, page, messages = context.actions, context.page, context.messages
        for action, slot in (
            (a.new_user, page.start_new_user),
            (a.save, page.details.save),
            (a.discard, page.details.discard),
            (a.set_password, self._set_password),
            (a.suspend, partial(self._on_users, SuspendUser, "Suspending", "suspended")),
            (a.reactivate, partial(self._on_users, ReactivateUser, "Reactivating", "reactivated")),
            (a.delete, partial(self._on_users, DeleteUser, "Deleting", "deleted")),
            (a.restore, partial(self._on_users, RestoreUser, "Bringing back", "restored")),
            (a.erase, self._ask_to_erase),
        ):
            self._on(action.triggered, slot)
        OnlyFrom(page.table, a.of_user())
        page.changed.connect(self.refresh)
        page.selectionChanged.connect(self.refresh)
        page.draftChanged.connect(self.refresh)
        page.details.failed.connect(messages.show_failure)
        page.details.saved.connect(self._answer)
        page.details.discarded.connect(messages.succeed)
        page.details.failing = messages.failing
        page.details.passwordRequested.connect(self._set_password)
        page.details.bringBackWanted.connect(self._bring_back)
        page.panel.form.set_status_actions([a.suspend, a.reactivate, a.delete, a.restore])
        self.refresh()

    def refresh(self) -> None:
        """Bring the actions to the users that are selected and to the moment that is shown."""
        a, page = self._actions, self._page
        writable = page.view.may_change
        users = page.selection.users() if writable else []
        allowed = {name for user in users for name in _ALLOWED[user.status]}
        for name in ("set_password", "suspend", "reactivate", "delete", "restore"):
            getattr(a, name).setEnabled(name in allowed)
        single = writable and page.selection.count == 1
        if not single:
            a.set_password.setEnabled(False)
        a.erase.setEnabled(single and self._may_erase)
        has_draft = page.details.may_edit and page.details.draft_keeper.has_draft
        a.new_user.setEnabled(page.view.may_draft)
        a.save.setEnabled(has_draft and writable)
        a.discard.setEnabled(has_draft)

    @property
    def _may_erase(self) -> bool:
        """Whether the server lets the person erase, who may then do so; a file lets everybody."""
        live = self._session.live
        return live is None or live.reached.rights == "admin"

    def _on_users(self, command: Callable[[str], UserCommand], doing: str, done: str) -> None:
        numbers = self._page.selection.numbers().tolist()
        if numbers:
            start = bulk_edit(self._session, selected_users(self._session, numbers), lambda _change: each(command))
            title = f"{doing} {counted(len(numbers), 'user')}"
            self._progress.follow(title, start, partial(self._edited, done), self._messages.failing())

    def _edited(self, verb: str, outcome: BulkOutcome) -> None:
        self._answer(outcome.change_id, partial(became, verb=verb))

    def _bring_back(self, user_id: str) -> None:
        self._dispatch(lambda change: change.dispatch(RestoreUser(user_id)))

    def _set_password(self) -> None:
        users = self._page.selection.users()
        if len(users) != 1:
            return
        (user,) = users
        dialog = SetPasswordDialog(user.name, user.password is not None, self._window)
        dialog.accepted.connect(partial(self._password_chosen, user.id, dialog))
        self._open(dialog)

    def _ask_to_erase(self) -> None:
        users = self._page.selection.users()
        if len(users) != 1:
            return
        (user,) = users
        dialog = EraseDialog(user.name, self._window, shared=self._session.live is not None)
        dialog.accepted.connect(partial(self._erase, user.id))
        self._open(dialog)

    def _erase(self, user_id: str) -> None:
        session = self._session
        shared = None if session.live is None else session.live.shared

        def work(bus: Bus, progress: JobProgress) -> list[str]:
            progress.begin_commit()  # the file may be migrated first
            drafts, reports = folders.drafts(session.log.directory_id), folders.reports()
            done = erase(
                bus,
                session.log,
                user_id,
                cache=folders.cache(),
                drafts=drafts,
                reports=reports,
                catch_up=partial(session.file.catch_up, progress),
            )
            return done.told() if shared is None else [*done.told(), *erased_on_server(shared)]

        self._progress.follow("Erasing", partial(session.writer.on_bus, work), self._erased, self._messages.failing())

    def _erased(self, told: list[str]) -> None:
        self._messages.show_notice(" ".join(["The user is erased.", *told]))

    def _password_chosen(self, user_id: str, dialog: SetPasswordDialog) -> None:
        password = dialog.password()

        def work(bus: Bus, _progress: Progress) -> str:
            command = ClearPassword(user_id) if password is None else SetPassword(user_id, hashed(password))
            return bus.dispatch(command).changed

        self._session.writer.on_bus(work, done=self._answer, failed=self._messages.failing())
