"""Putting it back: restoring to the moment shown, and what would be without the change shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QWidget

from whowas.bus import Bus
from whowas.desktop import moments
from whowas.desktop.actions import Actions
from whowas.desktop.banner import MessageBar
from whowas.desktop.dialogs.progress import ProgressDialog
from whowas.desktop.dialogs.put_back import PutBackDialog, RestoreDialog
from whowas.desktop.directory_page import DirectoryPage
from whowas.desktop.session import Session
from whowas.domain.errors import CancelledError, WhowasError
from whowas.domain.fields import label
from whowas.domain.progress import Progress
from whowas.domain.sentences import FieldChange
from whowas.restoring import Plan, Restoration, carried_out, with_fields
from whowas.what_if.applying import apply
from whowas.what_if.imagining import imagine
from whowas.what_if.outcome import WhatIf


class PutBackCommands(QObject):
    """Shows what would become of whom, and does it when told so."""

    def __init__(
        self, window: QWidget, page: DirectoryPage, session: Session, actions: Actions, messages: MessageBar
    ) -> None:
        super().__init__(page)
        self._window = window
        self._page = page
        self._session = session
        self._actions = actions
        self._messages = messages
        self._progress: ProgressDialog | None = None
        self._connections = [
            (actions.undo_this, self._undo_this),
            (actions.restore_moment, self._restore),
            (actions.what_if, self._what_if),
        ]
        for action, slot in self._connections:
            action.triggered.connect(slot)
        page.banner.restore.connect(self._restore)

    def retire(self) -> None:
        """Let go of the window's actions, which outlive the page."""
        for action, slot in self._connections:
            action.triggered.disconnect(slot)

    def refresh(self) -> None:
        """Bring the actions to the moment that is shown."""
        view = self._page.view
        self._actions.restore_moment.setEnabled(view.is_past)
        self._actions.what_if.setEnabled(view.moment > 0)
        self._actions.undo_this.setEnabled(view.moment > 0)

    def _restore(self) -> None:
        if self._page.view.is_past:
            _RestoreQuestion(self).ask()

    def _undo_this(self) -> None:
        change_id = self._session.change_of(self._page.view.moment)
        if change_id is not None:
            self.carry_out(partial(self._session.take_back_change, change_id))

    def _what_if(self) -> None:
        view = self._page.view
        change_id = self._session.change_of(view.moment)
        told = self._session.step_sentence(view.moment)
        if change_id is None or told is None:
            return

        def work(progress: Progress) -> WhatIf:
            return imagine(self._session.log, [change_id], progress)

        self._begin("What if")
        job = self._session.run(
            work, done=partial(self._imagined, told.sentence), failed=self.tell, reported=self._report
        )
        self._cancel_with(job.cancel)

    def _imagined(self, sentence: str, what_if: WhatIf) -> None:
        self._finish()
        lines = _what_if_lines(what_if)
        title = f"What if this had not been: {sentence}?"
        told = f"{len(what_if.user_differences):,} users would be different now; every later change was decided again."
        dialog = PutBackDialog(title, told, "Make it so", self._window)
        dialog.show_lines(lines or ["Nothing would be different now."], possible=bool(lines))
        dialog.accepted.connect(partial(self._make_so, what_if, dialog))
        show(dialog)

    def _make_so(self, what_if: WhatIf, dialog: PutBackDialog) -> None:
        reason = dialog.reason()
        self.carry_out(lambda bus, progress: apply(bus, what_if, reason, progress))

    def carry_out(self, work: Callable[[Bus, Progress], bool]) -> None:
        """Run ``work(bus, progress)`` as one change, with its progress shown."""
        self._begin("Putting back")
        job = self._session.on_bus(work, done=self._done, failed=self.tell, reported=self._report)
        self._cancel_with(job.cancel)

    def tell(self, error: WhowasError) -> None:
        """Say why nothing was done."""
        self._finish()
        if not isinstance(error, CancelledError):
            self._messages.show_error(str(error))

    @property
    def window(self) -> QWidget:
        """The window that dialogs belong to."""
        return self._window

    @property
    def page(self) -> DirectoryPage:
        """The page that shows the moment."""
        return self._page

    @property
    def session(self) -> Session:
        """The directory."""
        return self._session

    def _done(self, changed: bool) -> None:
        self._finish()
        if changed:
            self._page.return_to_now()
            self._messages.show_notice("Done. Undo takes all of it back.")
        else:
            self._messages.show_notice("There was nothing to change.")

    def _begin(self, title: str) -> None:
        self._progress = ProgressDialog(title, self._window)

    def _cancel_with(self, cancel: Callable[[], None]) -> None:
        if self._progress is not None:
            self._progress.cancelled.connect(cancel)
            self._progress.open()

    def _report(self, done: int, total: int) -> None:
        if self._progress is not None:
            self._progress.set_progress(done, total)

    def _finish(self) -> None:
        if self._progress is not None:
            self._progress.finish()
            self._progress.deleteLater()
            self._progress = None


class _RestoreQuestion(QObject):
    """One dialog that asks what to restore to the moment shown, and shows it before it is done."""

    def __init__(self, commands: PutBackCommands) -> None:
        super().__init__(commands)
        self._commands = commands
        self._moment = commands.page.view.moment
        users = commands.page.selected_users()
        self._scopes: list[tuple[str, list[str] | None]] = [("Everybody, and the groups", None)]
        if users:
            names = users[0].name if len(users) == 1 else f"The {len(users):,} selected users"
            self._scopes.insert(0, (names, [user.id for user in users]))
        self._plan: Plan | None = None
        self._dialog = RestoreDialog(
            self._when(), [text for text, _ in self._scopes], self._pick, parent=commands.window
        )
        self._dialog.finished.connect(self.deleteLater)
        self._dialog.accepted.connect(self._accept)

    def ask(self) -> None:
        self._pick(0)
        show(self._dialog)

    def _when(self) -> str:
        occurred_at = self._commands.page.view.occurred_at()
        return "before the first change" if occurred_at is None else moments.long(occurred_at)

    def _pick(self, scope: int) -> None:
        self._plan = None
        self._dialog.show_lines(["Looking…"], possible=False)
        self._commands.session.plan_restoring(
            self._moment, self._scopes[scope][1], done=self._show, failed=self._commands.tell
        )

    def _show(self, plan: Plan) -> None:
        self._plan = plan
        later = self._commands.page.view.index.now - self._moment
        if self._fields(plan) is not None:
            self._dialog.show_choices([(change.field, _arrow(change)) for change in plan.users[0].changes])
        elif plan:
            self._dialog.show_lines(_plan_lines(plan, later), possible=True)
        else:
            self._dialog.show_lines(["Nothing would change: all of it is as it was then."], possible=False)

    @staticmethod
    def _fields(plan: Plan) -> Restoration | None:
        """Return the one user whose fields can be chosen among."""
        one = plan.users[0] if len(plan.users) == 1 and not plan.groups else None
        return one if one is not None and one.now.status != "deleted" and one.then.status != "deleted" else None

    def _accept(self) -> None:
        plan, reason = self._plan, self._dialog.reason()
        if plan is None:
            return
        if (one := self._fields(plan)) is not None:
            chosen = with_fields(one, self._dialog.chosen())
            plan = Plan(plan.position, plan.place, (chosen,), plan.groups)
        final = plan

        def work(bus: Bus, progress: Progress) -> bool:
            return carried_out(bus, final, reason, progress)

        self._commands.carry_out(work)


def show(dialog: QDialog) -> None:
    """Show a dialog over its window without stopping everything else; it is gone once closed."""
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def _plan_lines(plan: Plan, later: int) -> list[str]:
    lines = [f"This takes back what {later:,} later changes did, whoever made them."]
    lines += [f"Group: {name or 'ends'}" for name in plan.groups.values()]
    return lines + [_restoration_line(restoration) for restoration in plan.users]


def _restoration_line(restoration: Restoration) -> str:
    return f"{restoration.now.name}: " + "; ".join(_arrow(change) for change in restoration.changes)


def _what_if_lines(what_if: WhatIf) -> list[str]:
    lines = [
        f"{difference.now.name}: "
        + ("would not be there" if difference.would_be is None else "; ".join(map(_arrow, difference.changes)))
        for difference in what_if.user_differences
    ]
    lines += [
        f"Group {group.now or group.would_be}: {group.would_be or 'would not be there'}"
        for group in what_if.group_differences
    ]
    refused = [
        f"Could not have been: {refused.person or 'Directory'}: {refused.title} ({refused.reason})"
        for refused in what_if.refused
    ]
    return lines + refused


def _arrow(change: FieldChange) -> str:
    return f"{label(change.field)}: {change.before or 'empty'} → {change.after or 'empty'}"
