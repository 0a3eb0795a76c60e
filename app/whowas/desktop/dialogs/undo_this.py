"""Undoing one change out of the middle: what later work it meets, field by field."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QTableWidget, QWidget

from whowas.desktop import moments
from whowas.desktop.dialogs.frame import DialogFrame
from whowas.desktop.dialogs.lines_view import ROW
from whowas.desktop.dialogs.put_back import add_choice, add_reason, lines_table, ticked
from whowas.desktop.text_label import TextLabel
from whowas.undoing_one import Conflict, Key

NAMES_SHOWN = 20
_WIDTH, _ROWS_SHOWN = 960, 8
_COLUMNS = (210, 150, 150, 150)
_HEADINGS = ("Take back", "Before", "This change", "Now", "Changed since by")


class UndoThisDialog(DialogFrame):
    """Shows each conflict with its values, the later one kept unless ticked; ``chosen`` returns the ticked ones."""

    def __init__(
        self, sentence: str, conflicts: Sequence[Conflict], kept: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(f"Undo this change: {sentence}", parent)
        self.setMinimumWidth(_WIDTH)
        self.conflicts = _table(conflicts)
        if conflicts:
            told = (
                "What nobody changed since is taken back. What follows was changed again since and stays as it is now, "
                "unless you tick it."
            )
            self.body.addWidget(TextLabel(told, token="muted", wrap=True))
            self.body.addSpacing(4)
            self.body.addWidget(self.conflicts, 1)
        if kept:
            self.body.addWidget(TextLabel(_kept_sentence(kept), wrap=True))
        self._reason = add_reason(self.body)
        self.add_cancel()
        self.add_button("Undo this change", primary=True).clicked.connect(self.accept)

    def reason(self) -> str:
        """Return what was given as the reason."""
        return self._reason.text()

    def chosen(self) -> list[Key]:
        """Return the keys of the ticked conflicts."""
        return ticked(self.conflicts)


def _table(conflicts: Sequence[Conflict]) -> QTableWidget:
    table = lines_table(_HEADINGS, _COLUMNS)
    table.setAccessibleName("Changed since")
    table.setMinimumHeight((min(len(conflicts), _ROWS_SHOWN) + 1) * ROW + 12)
    for conflict in conflicts:
        who = f"{conflict.actor}, {moments.long(conflict.occurred_at)}"
        values = [value or "empty" for value in (conflict.before, conflict.after, conflict.now)]
        texts = (f"{conflict.called}: {conflict.label}", *values, who)
        add_choice(table, texts, conflict.key, chosen=False)
    return table


def _kept_sentence(kept: Sequence[str]) -> str:
    names = ", ".join(kept[:NAMES_SHOWN])
    more = f" and {len(kept) - NAMES_SHOWN:,} more" if len(kept) > NAMES_SHOWN else ""
    if len(kept) == 1:
        return f"{names} stays: that user was edited after this import created them."
    return f"{len(kept):,} users stay, because they were edited after this import created them: {names}{more}."
