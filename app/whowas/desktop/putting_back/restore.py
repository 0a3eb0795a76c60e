"""Asking what to restore to the moment shown, and showing it before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtCore import QObject

from whowas.command_bus.bus import Bus
from whowas.corrections.restore import Plan, Restoration, carried_out, with_fields
from whowas.desktop.kit import dates
from whowas.desktop.kit.dialogs.change_preview import Line
from whowas.desktop.page.answers import Said
from whowas.desktop.putting_back.conversation import Conversation
from whowas.desktop.putting_back.restore_dialog import RestoreDialog
from whowas.desktop.putting_back.restore_lines import (
    choices,
    later_lines,
    nothing_sentence,
    password_sentence,
    passwords_offer,
    plan_lines,
    plan_sentence,
    read,
)
from whowas.desktop.session.jobs import Job
from whowas.domain.errors import WhowasError
from whowas.domain.progress import Progress


class RestoreQuestion(QObject):
    """One dialog that asks what to restore to the moment shown, and shows it before it is done.

    Passwords are brought back only if the person asks for it: whoever changed theirs since would be locked out, and
    one that was given up because somebody had learned it would work again.
    """

    def __init__(self, conversation: Conversation) -> None:
        super().__init__(conversation.page)
        self._conversation = conversation
        # Not as a moment or as rows, which may be others once somebody has backdated a change.
        self._place = self._place_shown()
        self._erasure_count = conversation.page.view.index.epoch.erasure_count
        self._when = dates.BEFORE_ALL if self._place is None else dates.long(self._place[0])
        self._scopes: list[tuple[str, Sequence[int] | None]] = [("Everybody, and the groups", None)]
        if users := self._selected():
            one = conversation.page.selection.users(1) if len(users) == 1 else []
            called = one[0].name if one else f"The {len(users):,} selected users"
            self._scopes.insert(0, (called, users))
        self._scope = 0
        self._plan: Plan | None = None
        # The only one who would change, whose fields can be chosen among.
        self._only: Restoration | None = None
        self._asked = 0
        self._job: Job | None = None
        self._dialog = RestoreDialog(
            self._when, [text for text, _ in self._scopes], self._pick, self._look, parent=conversation.window
        )
        self._dialog.finished.connect(self._close)
        self._dialog.accepted.connect(self._accept)

    def ask(self) -> None:
        """Show the dialog with what is restored first."""
        self._look()
        self._conversation.show(self._dialog)

    def _place_shown(self) -> tuple[int, int] | None:
        """Return where the step before the moment shown lies, as (occurred_at, position)."""
        view = self._conversation.page.view
        steps, moment = view.index.steps, view.moment
        return (int(steps.occurred_at[moment - 1]), int(steps.first_position[moment - 1])) if moment else None

    def _selected(self) -> list[int]:
        """Return the numbers of the users selected."""
        index = self._conversation.page.view.index
        rows = np.searchsorted(index.numbers, self._conversation.page.selection.numbers())
        users: list[int] = index.users[rows].tolist()
        return users

    def _pick(self, scope: int) -> None:
        self._scope = scope
        self._dialog.offer_passwords("")
        self._look()

    def _look(self) -> None:
        """Find what restoring would do; what was being looked for is not wanted any more."""
        self._stop()
        self._plan = self._only = None
        asked = self._asked
        self._tell("")
        self._dialog.show_lines([Line("Looking…")], possible=False)
        self._dialog.show_later([])
        self._job = self._conversation.session.queries.plan_restoring(
            self._place,
            self._scopes[self._scope][1],
            erasure_count=self._erasure_count,
            passwords=self._one_asked_for or self._dialog.passwords.isChecked(),
            done=partial(self._show, asked),
            failed=partial(self._fail, asked),
            reported=partial(self._report, asked),
        )

    @property
    def _one_asked_for(self) -> bool:
        """Whether a single user is to be restored, whose password has a line and a box of its own."""
        users = self._scopes[self._scope][1]
        return users is not None and len(users) == 1

    def _stop(self) -> None:
        self._asked += 1
        if self._job is not None:
            self._job.cancel()

    def _close(self) -> None:
        self._stop()
        self.deleteLater()

    def _tell(self, sentence: str) -> None:
        self._dialog.set_sentence(f"Bring back how it was: {self._when}. {sentence}".rstrip())

    def _report(self, asked: int, done: int, total: int) -> None:
        if asked == self._asked and total:
            self._dialog.show_lines([Line(f"Looking… {done:,} of {total:,}")], possible=False)

    def _fail(self, asked: int, error: WhowasError) -> None:
        if asked == self._asked:
            self._dialog.show_lines([Line(str(error))], possible=False)

    def _show(self, asked: int, plan: Plan) -> None:
        if asked != self._asked:
            return  # something else was picked meanwhile, or the dialog closed
        session, sentence = self._conversation.session, plan_sentence(plan)
        if not self._one_asked_for:
            self._dialog.offer_passwords(passwords_offer(plan))
        if not plan:
            self._dialog.show_lines(
                [Line(nothing_sentence(plan, everybody=self._scopes[self._scope][1] is None))], possible=False
            )
        elif len(plan.users) == 1 and not plan.groups:
            if not (users := read(session, plan, slice(1))):
                self._dialog.show_lines(
                    [Line("What is shown has to be made again. Please look once more.")], possible=False
                )
                return
            (self._only,) = users
            unticked = {"password"} if self._one_asked_for else set()
            sentence = f"{sentence} {password_sentence(self._only)}" if self._one_asked_for else sentence
            self._dialog.show_choices(choices(self._only), unticked)
        else:
            self._dialog.show_lines(plan_lines(session, plan), possible=plan.possible)
        self._plan = plan
        self._tell(sentence)
        self._dialog.show_later(later_lines(session, plan))

    def _accept(self) -> None:
        plan, reason = self._plan, self._dialog.reason()
        if plan is None:
            return
        if self._only is not None:
            plan = replace(plan, users=(with_fields(self._only, self._dialog.chosen()),))
        final = plan

        def work(bus: Bus, progress: Progress) -> str:
            return carried_out(bus, final, reason, progress)

        everybody = self._scopes[self._scope][1] is None
        answer = partial(self._conversation.page.answers.done, said=self._restored(everybody=everybody))
        self._conversation.carry_out(work, answer, backing_up=everybody)

    def _restored(self, *, everybody: bool) -> Said:
        """Return what is said of it once it is done."""
        if everybody:
            return f"Restored everybody: {self._when}"
        return lambda users: f"Restored {users}: {self._when}"
