"""Undo and redo as jobs: at once, with a sentence where something stays or there is nothing to take back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from whowas.domain.causation import Causation
from whowas.domain.errors import RefusedError
from whowas.domain.fields import listed
from whowas.domain.progress import Progress
from whowas.projections.queries.undo_list import DoneChange, UndoList
from whowas.store.event_log import EventLog

if TYPE_CHECKING:
    from whowas.command_bus.bus import Bus


def taking_back(
    log: EventLog, undo_list: UndoList, change: DoneChange | None, called: str | None, kind: Callable[[str], Causation]
) -> Callable[[Bus, Progress], str]:
    """Return work that takes ``change`` back, whose title is ``called``.

    The work returns "" when all of that is done, else a sentence about the rest.

    A change with nothing to take back is passed over, so that the next undo goes on with the change before.
    """

    def work(bus: Bus, progress: Progress) -> str:
        from whowas.corrections.undo.last_change import take_back
        from whowas.corrections.undo.sentences import groups_left, why_nothing

        if change is None:
            raise RefusedError("", "There is nothing to take back.")
        if take_back(bus, log, change, kind(change.change_id), progress):
            kept = groups_left(log, change)
            return f"It is undone, but somebody is in a group that it made: {listed(kept)}." if kept else ""
        undo_list.pass_over(change)
        return f"There is nothing to take back of “{called}”. {why_nothing(log, change)}"

    return work
