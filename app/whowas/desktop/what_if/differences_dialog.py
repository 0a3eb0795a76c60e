"""What would be different: a list to look through, however long it is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from whowas.desktop.kit.dialogs.change_preview import Line
from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.dialogs.lines_table import LinesView
from whowas.desktop.kit.labels import TextLabel

_HEADINGS = "Who", "What", "Now", "Would be"
_COLUMNS = 180, 190, 150
_WIDTH, _HEIGHT = 820, 380


class DifferencesDialog(DialogFrame):
    """Lists lines and does nothing; ``lines`` are asked for only where they are seen."""

    def __init__(self, title: str, sentence: str, lines: Sequence[Line], parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.ask_width(_WIDTH)
        self.sentence = TextLabel(sentence, token="muted", wrap=True)
        self.list = LinesView("What would be different", _HEADINGS, _COLUMNS)
        self.list.setMinimumHeight(_HEIGHT)
        self.list.lines.show(lines)
        self.body.addWidget(self.sentence)
        self.body.addWidget(self.list, 1)
        self.add_button("Close", primary=True).clicked.connect(self.accept)
