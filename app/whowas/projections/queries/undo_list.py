"""What a person can undo and redo: followed from the log's changes, so it outlives every session.

What nobody can take back any more is not on the list: whom it changed was erased since, or by it.
"""

from __future__ import annotations

from dataclasses import dataclass

from whowas.domain.causation import RedoOf, UndoOf, from_text
from whowas.projections.tables.read_model import ReadModel

_SELECT = (
    "SELECT number, change_id, first_position, last_position, recorded_at, causation FROM change "
    "WHERE number > ? AND actor = ? AND (? = 0 OR (SELECT sum(gone) FROM step WHERE step.change = change.number) "
    "< last_position - first_position + 1) ORDER BY number"
)
"""Of a directory without erasures (the last parameter is 0) no step need be looked at."""

CHANGES_FOLLOWED = 10_000
"""So many of a person's last changes can be taken back one after the other; older ones one by one, by their lines."""

_SELECT_BEFORE = "SELECT number FROM change WHERE actor = ? ORDER BY number DESC LIMIT 1 OFFSET ?"


@dataclass(frozen=True, slots=True)
class DoneChange:
    """A change on the list: its id, its positions (first to last), when it was recorded (UTC microseconds)."""

    change_id: str
    first_position: int
    last_position: int
    recorded_at: int


def change_called(read_model: ReadModel, change_id: str) -> DoneChange | None:
    """Return any change by its id, or None."""
    sql = "SELECT change_id, first_position, last_position, recorded_at FROM change WHERE change_id = ?"
    return next((DoneChange(*row) for row in read_model.select(sql, (change_id,))), None)


class UndoList:
    """One person's changes in a directory: those to undo, the last one first in line, and those to redo."""

    def __init__(self, actor: str) -> None:
        self.actor = actor
        self._followed = 0
        self._is_whole = True
        """Whether all changes of the person were looked at, and not only the last of them."""
        self._erasures = 0
        self._done: list[DoneChange] = []
        self._undone: list[DoneChange] = []

    @property
    def to_undo(self) -> DoneChange | None:
        """The change that an undo would take back."""
        return self._done[-1] if self._done else None

    @property
    def to_redo(self) -> DoneChange | None:
        """The undo that a redo would take back."""
        return self._undone[-1] if self._undone else None

    def pass_over(self, change: DoneChange) -> None:
        """Leave out a change that has nothing to take back: its commands cancelled each other out."""
        for changes in (self._done, self._undone):
            if changes and changes[-1] == change:
                changes.pop()

    def follow(self, read_model: ReadModel) -> None:
        """Take in the changes that the read model got since the last call; all anew where somebody was erased."""
        checkpoint = read_model.checkpoint()
        erasures = 0 if checkpoint is None else checkpoint.erasure_count
        if erasures != self._erasures:
            self._erasures, self._followed, self._is_whole = erasures, 0, True
            self._done.clear()
            self._undone.clear()
        if not self._followed:
            for (before,) in read_model.select(_SELECT_BEFORE, (self.actor, CHANGES_FOLLOWED)):
                self._followed, self._is_whole = before, False
        for number, change_id, first, last, recorded_at, causation in read_model.select(
            _SELECT, (self._followed, self.actor, self._erasures)
        ):
            self._followed = number
            self._take(DoneChange(change_id, first, last, recorded_at), causation)

    def _take(self, change: DoneChange, causation: str | None) -> None:
        match from_text(causation):
            case UndoOf(change_id) if self._done and self._done[-1].change_id == change_id:
                self._done.pop()
                self._undone.append(change)
            case UndoOf() if not (self._is_whole or self._done):  # of a change of before those that are followed
                self._undone.append(change)
            case RedoOf(change_id) if self._undone and self._undone[-1].change_id == change_id:
                self._undone.pop()
                self._done.append(change)
            case _:
                self._done.append(change)
                self._undone.clear()
