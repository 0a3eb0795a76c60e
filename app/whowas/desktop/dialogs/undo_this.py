"""Undoing one change: what would go back, and what later work it meets, field by field."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from whowas.desktop import moments
from whowas.desktop.dialogs.lines_view import ROW, Fetched, LinesView
from whowas.desktop.dialogs.put_back import Line, PutBackDialog
from whowas.desktop.text_label import TextLabel
from whowas.undoing_one.plan import Conflict, Key

_WIDTH, _ROWS_SHOWN = 960, 8
_COLUMNS = (230, 160, 160, 160)
_HEADINGS = ("Take back", "Before", "This change", "Now", "Changed since by")
_TOLD = "What follows was changed again since. It stays as it is now, unless you tick it."


class ConflictLine:
    """A line about one conflict."""

    def __init__(self, conflict: Conflict) -> None:
        self._conflict = conflict

    def texts(self) -> tuple[str, ...]:
        """Return a text for each column."""
        one = self._conflict
        values = (value or "empty" for value in (one.before, one.after, one.now))
        return f"{one.called}: {one.label}", *values, f"{one.actor}, {moments.long(one.occurred_at)}"


class UndoThisDialog(PutBackDialog):
    """Shows ``lines`` of what goes back in any case, then each conflict, whose later value is kept unless ticked.

    ``chosen_conflicts`` returns the ticked ones; without any, and without lines, there is nothing to be done.
    """

    def __init__(
        self,
        title: str,
        sentence: str,
        lines: Sequence[Line],
        conflicts: Sequence[Conflict],
        kept: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, sentence, "Undo this change", parent)
        self.show_lines(lines, possible=bool(lines))
        self.conflicts = LinesView("Changed since", _HEADINGS, _COLUMNS)
        self._keys: list[Key] = [conflict.key for conflict in conflicts]
        self.list.setMinimumHeight(_height(len(lines)))
        self.list.setVisible(bool(lines))
        below = self.body.indexOf(self.list) + 1
        if conflicts:
            self.setMinimumWidth(_WIDTH)
            self.conflicts.lines.show(_told(conflicts), self._keys, frozenset(self._keys))
            self.conflicts.lines.ticked.connect(self._see_what_is_possible)
            self.conflicts.setMinimumHeight(_height(len(conflicts)))
            self.body.insertLayout(below, self._all_or_none())
            self.body.insertWidget(below + 1, self.conflicts, 1)
        if kept:
            self.body.insertWidget(self.body.indexOf(self.sentence) + 1, TextLabel(kept, wrap=True))

    def chosen_conflicts(self) -> list[Key]:
        """Return the keys of the ticked conflicts."""
        return self.conflicts.lines.chosen()

    def _see_what_is_possible(self) -> None:
        self._do.setEnabled(self.list.lines.rowCount() > 0 or self.conflicts.lines.any_ticked)

    def _all_or_none(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(TextLabel(_TOLD, token="muted", wrap=True), 1)
        for text, ticked in (("Take all back", True), ("Keep all", False)):
            button = QPushButton(text)
            button.setProperty("link", True)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, ticked=ticked: self.conflicts.lines.tick_all(ticked=ticked))
            row.addWidget(button)
        return row


def _told(conflicts: Sequence[Conflict]) -> Fetched[ConflictLine]:
    def fetch(first: int, beyond: int) -> list[ConflictLine]:
        return [ConflictLine(conflict) for conflict in conflicts[first:beyond]]

    return Fetched(len(conflicts), fetch, ConflictLine(conflicts[0]))


def _height(lines: int) -> int:
    return (min(lines, _ROWS_SHOWN) + 1) * ROW + 12
