"""Undoing one change, however old: at once where it meets no later work, else after asking."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from whowas.bus import Bus
from whowas.desktop.dialogs.undo_this import UndoThisDialog
from whowas.domain.progress import Progress
from whowas.undoing_one import Key, UndoPlan, carried_out

if TYPE_CHECKING:
    from whowas.desktop.put_back_commands import PutBackCommands


class UndoThis:
    """One change on its way to be undone; ``called`` is its sentence."""

    def __init__(self, commands: PutBackCommands, change_id: str, called: str) -> None:
        self._commands = commands
        self._change_id = change_id
        self._called = called

    def begin(self) -> None:
        """Look what it meets, and go on from there."""
        plan = partial(self._commands.session.plan_undoing, self._change_id)
        self._commands.look("Undo this change", plan, self._go_on)

    def _go_on(self, plan: UndoPlan) -> None:
        if not plan.conflicts and not plan.kept:
            self._carry_out(plan, [], "")
            return
        dialog = UndoThisDialog(self._called, plan.conflicts, plan.kept, self._commands.window)
        dialog.accepted.connect(partial(self._accept, plan, dialog))
        self._commands.show(dialog)

    def _accept(self, plan: UndoPlan, dialog: UndoThisDialog) -> None:
        self._carry_out(plan, dialog.chosen(), dialog.reason())

    def _carry_out(self, plan: UndoPlan, chosen: list[Key], reason: str) -> None:
        log = self._commands.session.log

        def work(bus: Bus, progress: Progress) -> bool:
            return carried_out(bus, log, plan, chosen, reason, progress)

        self._commands.carry_out(work)
