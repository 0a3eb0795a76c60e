"""Undoing one change, however old: shown first, with what later work it meets, and done when told so."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from whowas.command_bus.bus import Bus
from whowas.corrections.undo.sentences import why_nothing
from whowas.corrections.undo_one.outcome import carried_out
from whowas.corrections.undo_one.plan import UndoPlan
from whowas.desktop.putting_back.undo_lines import Preview, part_of, preview
from whowas.desktop.putting_back.undo_one_dialog import UndoThisDialog
from whowas.domain.fields import shortened
from whowas.domain.progress import Progress

if TYPE_CHECKING:
    from whowas.desktop.putting_back.commands import PutBackCommands

_TITLE = 120
"""Characters of a step's sentence in a heading."""


class UndoThis:
    """One change on its way to be undone; ``called`` is the sentence of the step through which it was asked for."""

    def __init__(self, commands: PutBackCommands, change_id: str, called: str) -> None:
        self._commands = commands
        self._change_id = change_id
        self._called = shortened(called, _TITLE)

    def begin(self) -> None:
        """Look what it would do and meets, and show that; nothing is done unasked."""
        session = self._commands.session

        def work(progress: Progress) -> Preview | str:
            found = preview(session.queries.plan_undoing(self._change_id, progress))
            if found.lines or found.plan.conflicts:
                return found
            return f"There is nothing to take back. {' '.join(found.kept) or why_nothing(session.log, found.plan.done)}"

        self._commands.look("Undo this change", work, self._go_on)

    def _go_on(self, found: Preview | str) -> None:
        if isinstance(found, str):
            self._commands.notify(found)
            return
        plan = found.plan
        told = part_of(plan.extent) or "What this change did goes back; what came later stays."
        dialog = UndoThisDialog(self._title(plan), told, found.lines, plan.conflicts, found.kept, self._commands.window)
        dialog.accepted.connect(partial(self._accept, plan, dialog))
        self._commands.show(dialog)

    def _title(self, plan: UndoPlan) -> str:
        if plan.extent.source is not None:
            return f"Undo the import {plan.extent.source}"
        return f"Undo this change: {self._called}"

    def _accept(self, plan: UndoPlan, dialog: UndoThisDialog) -> None:
        places, reason = dialog.chosen_conflicts(), dialog.reason()

        def work(bus: Bus, progress: Progress) -> bool:
            chosen = {plan.conflicts[place].key for place in places}
            return carried_out(bus, plan, chosen, reason, progress)

        self._commands.carry_out(work)
