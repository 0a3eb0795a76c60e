"""A section of the settings: a title over rows, each a label with what is chosen beside it, and a hint below."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QMenu, QVBoxLayout, QWidget

from whowas.desktop.kit import sizes, theme
from whowas.desktop.kit.field_row import FIELD_COMPACT, FIELD_HEIGHT
from whowas.desktop.kit.kept_size import keep_height
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.menu_box import MenuBox, add_choice
from whowas.desktop.kit.segments import Segments

_LABELS = 132
"""How wide the labels are, in pixels at 100 %."""


class Section(QWidget):
    """``chosen`` carries what was chosen by its name, as in ``CHOICES``, and how it is kept."""

    chosen = Signal(str, str)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._segments: dict[str, Segments] = {}
        self._boxes: dict[str, tuple[MenuBox, Mapping[str, str]]] = {}
        self._kept: Mapping[str, str] = {}
        heading = TextLabel(title, weight=QFont.Weight.DemiBold)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(heading)
        self.rows = QGridLayout()
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setHorizontalSpacing(12)
        self.rows.setVerticalSpacing(8)
        self.rows.setColumnStretch(1, 1)
        column.addLayout(self.rows)
        theme.signals.changed.connect(self._fit)
        self._fit()

    def show_kept(self, kept: Mapping[str, str]) -> None:
        """Show what is chosen, by name and as it is kept."""
        self._kept = kept
        for name, segments in self._segments.items():
            segments.choose(kept[name])
        for name, (box, words) in self._boxes.items():
            box.say(words[kept[name]])

    def add_row(self, text: str, control: QWidget, *, to: QWidget | None = None) -> TextLabel:
        """Add a row; ``to`` is what its label belongs to, where that is only a part of ``control``."""
        label = TextLabel(text)
        label.setBuddy(to or control)
        row = self.rows.rowCount()
        if to:  # with a note below it
            keep_height(label, FIELD_HEIGHT, FIELD_COMPACT)
        self.rows.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop if to else Qt.AlignmentFlag.AlignVCenter)
        self.rows.addWidget(control, row, 1)
        return label

    def add_hint(self, sentence: str) -> TextLabel:
        """Add a muted sentence below the rows so far."""
        hint = TextLabel(sentence, token="muted", size=12, wrap=True)
        self.rows.addWidget(hint, self.rows.rowCount(), 1)
        return hint

    def add_segments(self, name: str, text: str, words: Mapping[str, str]) -> None:
        """Add a choice of a few words, all of them shown, by how each is kept."""
        segments = Segments(text)
        for kept, word in words.items():
            segments.add(kept, word)
        segments.chosen.connect(partial(self.chosen.emit, name))
        self._segments[name] = segments
        self.add_row(text, segments)
        self.rows.setAlignment(segments, Qt.AlignmentFlag.AlignLeft)

    def add_box(self, name: str, text: str, words: Mapping[str, str]) -> None:
        """Add a choice of longer words, of which only the one that is chosen is shown."""
        box = MenuBox(text, self._filling(name, words))
        self._boxes[name] = box, words
        self.add_row(text, box)

    def _filling(self, name: str, words: Mapping[str, str]) -> Callable[[QMenu], None]:
        def fill(menu: QMenu) -> None:
            for kept, word in words.items():
                add_choice(menu, word, partial(self.chosen.emit, name, kept), chosen=kept == self._kept.get(name))

        return fill

    def _fit(self) -> None:
        self.rows.setColumnMinimumWidth(0, sizes.scaled(_LABELS))
