"""The dialog about many users: what is asked for, every cell that would change, and a button that says how many."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from whowas.desktop.bulk.asked import BulkForm
from whowas.desktop.kit.announce import announce
from whowas.desktop.kit.dialogs.change_preview import Line
from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.dialogs.lines_table import LinesView
from whowas.desktop.kit.field_row import RowNote
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.plain_text import label

_WIDTH, _HEIGHT = 760, 210
_COLUMNS = (200, 120, 190)


class BulkDialog(DialogFrame):
    """Shows a form, and below it what comes of what is asked for in it."""

    def __init__(self, title: str, selected: str, form: BulkForm, parent: QWidget | None = None) -> None:
        """``selected`` says how many users this is about."""
        super().__init__(title, parent)
        self.ask_width(_WIDTH)
        self.form = form
        self._result = TextLabel(" ", token="muted", wrap=True)
        self._refusal = RowNote()
        self.list = LinesView("What would change", ("User", "Field", "Now", "Would be"), _COLUMNS)
        self.list.setMinimumHeight(_HEIGHT)
        self.body.addWidget(TextLabel(selected, token="muted", wrap=True))
        self.body.addWidget(form)
        self.body.addWidget(self._refusal)
        self.body.addWidget(self._result)
        self.body.addWidget(self.list, 1)
        self.add_cancel()
        self._do = self.add_button("Change", primary=True)
        self._do.clicked.connect(self.accept)
        self._do.setEnabled(False)
        form.take_focus()

    def show_looking(self, words: str) -> None:
        """Say that it is being found out what would change, and how far that is; nothing can be done meanwhile."""
        self._do.setEnabled(False)
        self._result.setText(f"Looking… {words}".rstrip())

    def show_nothing(self, sentence: str = "") -> None:
        """Show no lines, and say why, where it is to be said."""
        self.show_lines([], sentence or " ", "Change", possible=False)

    def show_lines(
        self, lines: Sequence[Line], sentence: str, button: str, *, possible: bool, by_enter: bool = True
    ) -> None:
        """Show what would change, in a sentence and cell by cell, and what the button does if it is possible.

        Unless ``by_enter``, it has to be pressed itself: Enter in a field does nothing.
        """
        self.list.lines.show(lines)
        self._result.setText(sentence)
        self._do.setText(label(button))
        self._do.setDefault(by_enter)
        self._do.setEnabled(possible)
        self._grow()
        if sentence.strip():
            announce(self.list, sentence)

    def refuse(self, sentence: str) -> None:
        """Say why what is asked for cannot be done; "" takes that back."""
        self._refusal.say(sentence, error=True)
        self._grow()
        if sentence:
            announce(self.list, sentence, urgent=True)

    def _grow(self) -> None:
        """Make room for what takes more lines."""
        layout = self.layout()
        assert layout is not None
        layout.activate()  # else the layouts within it still know the heights of before
        self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))
