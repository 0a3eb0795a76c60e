"""The dialog for choosing field by field, after somebody else changed the user who was being edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QRadioButton, QScrollArea, QWidget

from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.plain_text import label
from whowas.domain.fields import shortened

Side = Literal["mine", "theirs"]
_SIDES: tuple[Side, ...] = ("mine", "theirs")
_LONGEST = 36
_WIDTH, _HIGHEST = 640, 360


@dataclass(frozen=True, slots=True)
class Contested:
    """A field that both people changed, with both texts ("" for none)."""

    field: str
    label: str
    mine: str
    theirs: str


class ConflictDialog(DialogFrame):
    """Shows both texts of every contested field; the person's own are preselected."""

    def __init__(self, contested: Sequence[Contested], parent: QWidget | None = None) -> None:
        super().__init__("Changed meanwhile", parent)
        self.ask_width(_WIDTH)
        self._chosen: dict[str, Side] = {conflict.field: "mine" for conflict in contested}
        sentence = "Somebody else changed this user while you were editing. Choose what to keep."
        self.body.addWidget(TextLabel(sentence, wrap=True))
        rows = QWidget()
        grid = QGridLayout(rows)
        grid.setContentsMargins(0, 8, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        for column, heading in enumerate(("", "Yours", "Theirs")):
            grid.addWidget(TextLabel(heading, token="muted", size=12, weight=QFont.Weight.Medium), 0, column)
            grid.setColumnStretch(column, 1 if column else 0)
        for line, conflict in enumerate(contested, 1):
            self._add(grid, line, conflict)
        grid.setRowStretch(len(contested) + 1, 1)
        area = QScrollArea()
        area.setWidget(rows)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumHeight(min(rows.sizeHint().height(), _HIGHEST))
        self.body.addWidget(area, 1)
        self.add_cancel()
        self.add_button("Save these", primary=True).clicked.connect(self.accept)

    def choices(self) -> dict[str, Side]:
        """Return {field: "mine" or "theirs"}."""
        return dict(self._chosen)

    def _add(self, grid: QGridLayout, line: int, conflict: Contested) -> None:
        grid.addWidget(TextLabel(conflict.label, weight=QFont.Weight.Medium), line, 0, Qt.AlignmentFlag.AlignTop)
        group = QButtonGroup(self)
        for column, (side, text) in enumerate(zip(_SIDES, (conflict.mine, conflict.theirs), strict=True), 1):
            shown = shortened(text, _LONGEST) or "(empty)"
            button = QRadioButton(label(shown))
            button.setAccessibleName(f"{conflict.label}, {'yours' if side == 'mine' else 'theirs'}: {shown}")
            button.setChecked(side == "mine")
            button.toggled.connect(partial(_choose, self._chosen, conflict.field, side))
            group.addButton(button)
            grid.addWidget(button, line, column, Qt.AlignmentFlag.AlignTop)


def _choose(chosen: dict[str, Side], field: str, side: Side, checked: bool) -> None:
    if checked:
        chosen[field] = side
