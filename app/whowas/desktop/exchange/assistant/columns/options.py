"""By which rules lists are taken: keys, blank cells, users who are not in them, and since when they are true."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QMenu, QWidget

from whowas.desktop.exchange.assistant.columns.among_box import AmongBox
from whowas.desktop.exchange.assistant.columns.keys import keys_offered, keys_words
from whowas.desktop.exchange.assistant.columns.merged import MergedLook
from whowas.desktop.exchange.assistant.columns.true_since import TRUE_SINCE, TrueSince
from whowas.desktop.exchange.assistant.known import KnownDirectory
from whowas.desktop.exchange.assistant.plan import ImportPlan
from whowas.desktop.kit import sizes
from whowas.desktop.kit.kept_size import keep_height
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.menu_box import MenuBox, add_choice
from whowas.desktop.kit.segments import COMPACT, HEIGHT, Segments
from whowas.interchange.importing.given.rules import ImportRules

LABELS = 164
_GAP = 8
_KEYS = 206
_BY, _BLANK = "Users are recognised by", "Blank cells"
_MISSING = ("Users not in this file", "Users not in these files")


class ImportOptions(QWidget):
    """Shows the rules of a plan; each signal tells what a person chose instead."""

    rulesChosen = Signal(object)
    missingChosen = Signal(str)
    blankChosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rules = ImportRules()
        self._gives: tuple[str, ...] = ()
        self.keys = MenuBox(_BY, self._fill_keys)
        self.keys.setFixedWidth(sizes.scaled(_KEYS))
        keep_height(self.keys, HEIGHT, COMPACT)
        self.blank = segments_of(_BLANK, {"keep": "Leave as they are", "clear": "Clear"})
        self.missing = segments_of(_MISSING[0], {"keep": "Leave", "suspend": "Suspend", "delete": "Delete"})
        self.among = AmongBox()
        self.true_since = TrueSince()
        self.blank.chosen.connect(self.blankChosen)
        self.missing.chosen.connect(self.missingChosen)
        self.among.amongChosen.connect(lambda among: self.rulesChosen.emit(replace(self._rules, among=among)))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(0)
        grid.setVerticalSpacing(_GAP)
        grid.setColumnMinimumWidth(0, sizes.scaled(LABELS) + 4 * (sizes.percent() > 100))
        grid.setColumnStretch(1, 1)
        missing = QHBoxLayout()
        missing.setSpacing(_GAP)
        missing.addWidget(self.missing)
        missing.addWidget(self.among, 1, Qt.AlignmentFlag.AlignLeft)
        self._missing_label = self._add(grid, 2, _MISSING[0], self.missing)
        for row, (text, widget) in {
            0: (_BY, self.keys),
            1: (_BLANK, self.blank),
            3: (TRUE_SINCE, self.true_since),
        }.items():
            self._add(grid, row, text, widget)
            grid.addWidget(widget, row, 1, Qt.AlignmentFlag.AlignLeft)
        grid.addLayout(missing, 2, 1)
        order = [self.keys, *self.blank.buttons(), *self.missing.buttons(), self.among, *self.true_since.buttons()]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def show_plan(
        self, merged: MergedLook, plan: ImportPlan, known: KnownDirectory, *, blank: bool, missing: bool
    ) -> None:
        """Show a plan for lists; ``blank`` and ``missing`` say whether those are chosen yet."""
        self._rules, self._gives = plan.rules, merged.gives
        self.keys.say(keys_words(plan.rules.keys, merged.gives))
        self.blank.choose(plan.chosen.blank or "keep" if blank else None)
        self.missing.choose(plan.rules.missing if missing else None)
        text = _MISSING[len(merged.names) > 1]
        self._missing_label.setText(text)
        self.missing.setAccessibleName(text)
        self.among.show_among(plan.rules.among, known)
        self.true_since.show_moments(merged.names, plan.moments)

    def _fill_keys(self, menu: QMenu) -> None:
        for keys in keys_offered(self._gives):
            rules = replace(self._rules, keys=keys)
            text = keys_words(keys, self._gives)
            add_choice(menu, text, partial(self.rulesChosen.emit, rules), chosen=keys == self._rules.keys)

    @staticmethod
    def _add(grid: QGridLayout, row: int, text: str, of: QWidget) -> TextLabel:
        label = TextLabel(text, weight=QFont.Weight.Normal)
        keep_height(label, HEIGHT, COMPACT)
        label.setBuddy(of)
        grid.addWidget(label, row, 0)
        return label


def segments_of(name: str, words: dict[str, str]) -> Segments:
    """Return segments of that accessible name, with the words beside their keys."""
    segments = Segments(name)
    for key, text in words.items():
        segments.add(key, text)
    return segments
