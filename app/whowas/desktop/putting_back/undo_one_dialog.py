"""Undoing one change: what would go back, and what later work it meets, field by field."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from whowas.corrections.undo_one.plan import GROUP_NAME, MOMENT_NAME, WHOLE_USER, Conflict
from whowas.desktop.kit import dates
from whowas.desktop.kit.dialogs.change_preview import NOT_THERE, Line, PutBackDialog
from whowas.desktop.kit.dialogs.lines_table import Fetched, LinesView, row_height
from whowas.desktop.kit.labels import TextLabel

_WIDTH = 960
_ROWS, _ROWS_OF_BOTH = 8, 4
"""How many rows the dialog has room for at first: in its one table, or in each of both."""
_COLUMNS = (210, 150, 150, 170)
_HEADINGS = ("Take back", "Before", "This change", "Now", "Changed since by")
_ABSENT = (WHOLE_USER, GROUP_NAME, MOMENT_NAME)
"""Of these it is said that they are not there, of fields that they are empty."""
_TOLD = "What follows was changed again since. It stays as it is now, unless you tick it."


class ConflictLine:
    """A line about one conflict."""

    def __init__(self, conflict: Conflict) -> None:
        self._conflict = conflict

    def texts(self) -> tuple[str, ...]:
        """Return a text for each column."""
        one = self._conflict
        none = NOT_THERE if one.field in _ABSENT else "empty"
        what = one.called if one.field == WHOLE_USER else f"{one.called}: {one.label}"
        values = (value or none for value in (one.before, one.after, one.now))
        return what, *values, f"{one.actor}, {dates.long(one.occurred_at)}"


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
        kept: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, sentence, "Undo this change", parent)
        self._anything = bool(lines)
        self.show_lines([*lines, *(Line(told) for told in kept)], possible=self._anything)
        self.conflicts = LinesView("Changed since", _HEADINGS, _COLUMNS)
        rows = _ROWS_OF_BOTH if conflicts else _ROWS
        self.list.setMinimumHeight(_height(min(len(lines) + len(kept), rows)))
        self.list.setVisible(bool(lines or kept))
        if conflicts:
            self._add_conflicts(conflicts, _ROWS_OF_BOTH if lines or kept else _ROWS)

    def chosen_conflicts(self) -> list[int]:
        """Return the places of the ticked conflicts."""
        return self.conflicts.lines.chosen()

    def _add_conflicts(self, conflicts: Sequence[Conflict], rows: int) -> None:
        self.ask_width(_WIDTH)
        places = range(len(conflicts))
        self.conflicts.lines.show(_told(conflicts), places, unticked=places)
        self.conflicts.lines.ticked.connect(self._see_what_is_possible)
        self.conflicts.setMinimumHeight(_height(min(len(conflicts), rows)))
        below = self.body.indexOf(self.list) + 1
        self.body.insertLayout(below, self._all_or_none())
        self.body.insertWidget(below + 1, self.conflicts, 1)

    def _see_what_is_possible(self) -> None:
        self._do.setEnabled(self._anything or self.conflicts.lines.any_ticked)

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


def _height(rows: int) -> int:
    return (rows + 1) * row_height() + 12
