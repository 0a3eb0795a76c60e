"""What can be undone and redone: the person's own changes, as of the last time the file was followed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from whowas.domain.causation import Causation, RedoOf, UndoOf
from whowas.domain.errors import RefusedError
from whowas.domain.fields import listed
from whowas.domain.progress import Progress
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.undo_list import DoneChange, UndoList
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

if TYPE_CHECKING:
    from whowas.command_bus.bus import Bus


@dataclass(frozen=True, slots=True)
class TookBack:
    """What taking a change back came to: the ids of it and of the one that did ("" for none), and what stays of it.

    ``rest`` is a sentence about that, "" where nothing does.
    """

    change_id: str
    by: str
    rest: str


TakingBack = Callable[["Bus", Progress], TookBack]


class UndoRedo:
    """The next change to undo and the next to redo, and the sentences that menus show for them.

    A change with nothing to take back is passed over, so that the next undo goes on with the change before.
    """

    def __init__(self, log: EventLog, actor: str, opened_at: int) -> None:
        """``opened_at`` (UTC microseconds) is by the clock that says when changes are recorded."""
        self.undo_sentence: str | None = None
        """What the next undo would take back; None where there is nothing."""
        self.redo_sentence: str | None = None
        """What the next redo would bring back; None where there is nothing."""
        self._log = log
        self._list = UndoList(actor)
        self._opened_at = opened_at

    @property
    def to_undo(self) -> DoneChange | None:
        """The change that the next undo takes back."""
        return self._list.to_undo

    @property
    def to_redo(self) -> DoneChange | None:
        """The undo that the next redo takes back."""
        return self._list.to_redo

    @property
    def is_from_before(self) -> bool:
        """Whether the next undo takes back something done before the directory was opened."""
        return self.to_undo is not None and self.to_undo.recorded_at < self._opened_at

    def act_as(self, actor: str) -> None:
        """Follow what is done by another name from now on; what was done before can still be undone."""
        self._list.actor = actor

    def follow(self, side: ReadSide, index: VersionIndex) -> None:
        """Take in the changes that the side got since the last call; ``index`` is its present one.

        For jobs. Raises DamagedReadSideError or what the driver says of damaged tables, see ``ReadSide.asked``.
        """
        self._list.follow(side.read_model)
        undo, redo = self._list.to_undo, self._list.to_redo
        titles = side.change_titles(index, {change.change_id for change in (undo, redo) if change is not None})
        self.undo_sentence = titles.get(undo.change_id) if undo else None
        self.redo_sentence = titles.get(redo.change_id) if redo else None

    def undoing(self, change: DoneChange | None, title: str | None) -> TakingBack:
        """Return work that undoes one change, called ``title``, and no other; the last one is ``to_undo``.

        It raises RefusedError where there is none, AlteredAgainError where later work stands in the way, StoreError.
        """
        return self._taking_back(change, title, UndoOf)

    def redoing(self, change: DoneChange | None, title: str | None) -> TakingBack:
        """Return work that undoes one undo; the last one is ``to_redo``. See ``undoing``."""
        return self._taking_back(change, title, RedoOf)

    def _taking_back(
        self, change: DoneChange | None, title: str | None, kind: Callable[[str], Causation]
    ) -> TakingBack:
        log, undo_list = self._log, self._list

        def work(bus: Bus, progress: Progress) -> TookBack:
            from whowas.corrections.undo.last_change import take_back
            from whowas.corrections.undo.sentences import fields_left, groups_left, why_nothing

            if change is None:
                raise RefusedError("", "There is nothing to take back.")
            if by := take_back(bus, log, change, kind(change.change_id), progress):
                rest = ""
                if kept := groups_left(log, change):
                    rest = f"It is undone, but somebody is in a group that it made: {listed(kept)}."
                elif kept := fields_left(log, change):
                    rest = f"It is undone, but somebody has a value in a custom field that it made: {listed(kept)}."
                return TookBack(change.change_id, by, rest)
            undo_list.pass_over(change)
            rest = f"There is nothing to take back of “{title}”. {why_nothing(log, change)}"
            return TookBack(change.change_id, "", rest)

        return work
