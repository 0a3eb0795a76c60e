"""Undoing one change, however old: shown first, with what later work it meets, and done when told so."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from whowas.command_bus.bus import Bus
from whowas.corrections.undo.sentences import why_nothing
from whowas.corrections.undo_one.outcome import carried_out
from whowas.corrections.undo_one.plan import UndoPlan
from whowas.desktop.putting_back.conversation import Conversation
from whowas.desktop.putting_back.undo_lines import Preview, part_for, part_of, preview
from whowas.desktop.putting_back.undo_one_dialog import UndoThisDialog
from whowas.domain.fields import counted, shortened
from whowas.domain.progress import Progress

_TITLE = 120
"""Characters of a step's sentence in a heading."""


class UndoThis:
    """One change on its way to be undone; ``called`` is the sentence of the step through which it was asked for.

    With ``among``, the ids of some users, only what it did to them.
    """

    def __init__(
        self, conversation: Conversation, change_id: str, called: str, among: Collection[str] | None = None
    ) -> None:
        self._conversation = conversation
        self._change_id = change_id
        self._called = shortened(called, _TITLE)
        self._among = None if among is None else frozenset(among)

    def begin(self) -> None:
        """Look what it would do and meets, and show that; nothing is done unasked."""
        session = self._conversation.session

        def work(progress: Progress) -> Preview | str:
            found = preview(session.queries.plan_undoing(self._change_id, progress, self._among))
            if found.lines or found.plan.conflicts:
                return found
            if self._among is not None:
                return (
                    f"There is nothing to take back for {counted(len(self._among), 'user')}: nothing of that is left."
                )
            return f"There is nothing to take back. {' '.join(found.kept) or why_nothing(session.log, found.plan.done)}"

        self._conversation.look("Undo this change", work, self._go_on)

    def _go_on(self, found: Preview | str) -> None:
        if isinstance(found, str):
            self._conversation.notify(found)
            return
        plan = found.plan
        told = self._told(plan)
        dialog = UndoThisDialog(
            self._title(plan), told, found.lines, plan.conflicts, found.kept, self._conversation.window
        )
        dialog.accepted.connect(partial(self._accept, plan, dialog))
        self._conversation.show(dialog)

    def _told(self, plan: UndoPlan) -> str:
        if self._among is not None:
            return part_for(plan.extent, len(self._among))
        return part_of(plan.extent) or "What this change did goes back; what came later stays."

    def _title(self, plan: UndoPlan) -> str:
        if plan.extent.source is not None:
            some = "" if self._among is None else f" for {counted(len(self._among), 'user')}"
            return f"Undo the import {shortened(plan.extent.source, _TITLE)}{some}"
        return f"Undo this change: {self._called}"

    def _accept(self, plan: UndoPlan, dialog: UndoThisDialog) -> None:
        places, reason = dialog.chosen_conflicts(), dialog.reason()

        def work(bus: Bus, progress: Progress) -> str:
            chosen = {plan.conflicts[place].key for place in places}
            return carried_out(bus, plan, chosen, reason, progress)

        self._conversation.carry_out(work, self._answer)

    def _answer(self, change_id: str) -> None:
        answers = self._conversation.page.answers
        if not change_id or self._among is not None:
            answers.done(change_id)
        else:
            answers.undone(change_id, self._change_id)
