"""The first page of the assistant: what the titles of lists become, and by which rules the lists are taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from whowas.desktop.exchange.assistant.columns.columns_table import ColumnsTable
from whowas.desktop.exchange.assistant.columns.days_row import DaysRow
from whowas.desktop.exchange.assistant.columns.detected_row import DetectedRow
from whowas.desktop.exchange.assistant.columns.fields import CustomFields, with_field
from whowas.desktop.exchange.assistant.columns.keys import fitting
from whowas.desktop.exchange.assistant.columns.merged import merged
from whowas.desktop.exchange.assistant.columns.options import ImportOptions
from whowas.desktop.exchange.assistant.columns.status_box import HEIGHT, StatusBox
from whowas.desktop.exchange.assistant.columns.true_since import dated_by_names
from whowas.desktop.exchange.assistant.known import KnownDirectory
from whowas.desktop.exchange.assistant.plan import ImportPlan
from whowas.desktop.kit.announce import announce
from whowas.desktop.kit.kept_size import keep_height
from whowas.desktop.kit.labels import TextLabel
from whowas.domain.users import Status
from whowas.interchange.importing.given.rules import Missing
from whowas.interchange.importing.list_look import ListLook, WordLook
from whowas.interchange.mapping.chosen import Blank, Chosen, DayOrder
from whowas.interchange.mapping.status_words import word_key

NOBODY_NAMED = "Nothing names a person yet: choose which title holds a name, an email or an id."
HAS_TO_BE_SAID = (
    "Each list is compared with the directory as of its date. Choose what blank cells mean, and what becomes of users "
    "who are not in a list."
)
DAYS_UNTOLD = "Some dates may be days of two months. Choose whether their day or their month comes first."
_BELOW = 6
"""Space between the options and what a dialog has below the page, in pixels."""


class ColumnsPage(QWidget):
    """Shows lists and a plan for them, and takes down what a person says instead.

    ``planChanged`` follows a change of ``plan`` that needs no reading again, ``readingChanged`` one of how files are
    read or of what titles become, or any while files are being read: then the lists are read again, and ``show_lists``
    called with what they come to.
    ``filesWanted`` asks for the files and their dates.
    """

    planChanged = Signal()
    readingChanged = Signal()
    filesWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._looks: tuple[ListLook, ...] = ()
        self._plan = ImportPlan()
        self._known = KnownDirectory((), {}, 0, 0)
        self._merged = merged((), Chosen())
        self._missing_said = self._reading = False
        self.detected = DetectedRow()
        self.table = ColumnsTable(self.detected.remarks)
        self.options = ImportOptions()
        self.statuses = StatusBox(self.options.true_since.buttons()[-1])
        self.days = DaysRow()
        self._refusal = TextLabel(token="error", size=12, wrap=True)
        self._refusal.hide()
        self._hint = TextLabel(token="muted", size=12, wrap=True)
        self._hint.setContentsMargins(0, 8, 0, 0)
        self._hint.hide()
        self._lay_out()
        self._listen()

    @property
    def plan(self) -> ImportPlan:
        """What is said so far."""
        return self._plan

    def show_lists(self, looks: Sequence[ListLook], plan: ImportPlan, known: KnownDirectory) -> None:
        """Show lists and what is said of them; of several lists whose names say their dates, those are proposed."""
        names = tuple(look.name for look in looks)
        if names != tuple(look.name for look in self._looks):
            self._missing_said = self._missing_said or plan.rules.missing != "keep"
            if not plan.moments:
                plan = replace(plan, moments=dated_by_names(names))
        self._looks, self._known = tuple(looks), known
        self._clear_refusal()
        self._show(plan)

    def show_reading(self, reading: bool) -> None:
        """Say that files are read again, or no longer; everything can be corrected meanwhile."""
        self._reading = reading
        self.detected.show_reading(reading)

    def show_refusal(self, sentence: str, field: str = "") -> None:
        """Say why lists cannot be taken like that; ``field`` is that of the RefusedError, whose control is marked."""
        self._refusal.setText(sentence)
        self._refusal.show()
        self.detected.mark(field)
        self.options.keys.set_marked(field == "key")
        announce(self, sentence, urgent=True)

    def _lay_out(self) -> None:
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.options, 1, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self.statuses, 0, Qt.AlignmentFlag.AlignTop)
        keep_height(self.options, HEIGHT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, _BELOW)
        column.setSpacing(0)
        column.addWidget(self.detected)
        column.addSpacing(8)
        column.addWidget(self._refusal)
        column.addSpacing(8)
        column.addWidget(self.table, 1)
        column.addSpacing(20)
        column.addLayout(below)
        column.addWidget(self.days)
        column.addWidget(self._hint)

    def _listen(self) -> None:
        self.detected.howChanged.connect(lambda how: self._read(replace(self._plan, how=how)))
        self.detected.chosenChanged.connect(self._take_mapping)
        self.detected.filesWanted.connect(self.filesWanted)
        self.detected.failed.connect(lambda sentence: self.show_refusal(sentence, "mapping"))
        self.table.fieldChosen.connect(self._take_field)
        self.options.rulesChosen.connect(lambda rules: self._say(replace(self._plan, rules=rules)))
        self.options.blankChosen.connect(self._take_blank)
        self.options.missingChosen.connect(self._take_missing)
        self.days.daysChosen.connect(self._take_days)
        self.options.true_since.momentsChosen.connect(lambda moments: self._say(replace(self._plan, moments=moments)))
        self.options.true_since.filesWanted.connect(self.filesWanted)
        self.statuses.statusChosen.connect(self._take_status)

    def _take_mapping(self, chosen: Chosen) -> None:
        kept = self._plan.chosen
        chosen = replace(chosen, blank=chosen.blank or kept.blank, days=chosen.days or kept.days)
        self._read(replace(self._plan, chosen=chosen))

    def _take_field(self, title: str, field: str | None) -> None:
        columns = self._merged.columns
        if not any(column.title == title and column.field == field for column in columns):
            self._read(replace(self._plan, chosen=with_field(self._plan.chosen, columns, title, field)))

    def _take_blank(self, blank: Blank) -> None:
        self._say(replace(self._plan, chosen=replace(self._plan.chosen, blank=blank)))

    def _take_missing(self, missing: Missing) -> None:
        self._missing_said = True
        self._say(replace(self._plan, rules=replace(self._plan.rules, missing=missing)))

    def _take_days(self, days: DayOrder) -> None:
        self._say(replace(self._plan, chosen=replace(self._plan.chosen, days=days)))

    def _take_status(self, word: str, status: Status | None) -> None:
        said = {
            other: meant for other, meant in self._plan.chosen.statuses.items() if word_key(other) != word_key(word)
        }
        if status is not None:
            said[word] = status
        plan = replace(self._plan, chosen=replace(self._plan.chosen, statuses=said))
        if status is None:
            self._read(plan)  # as what was said of the word may be what it was read by
        else:
            self._say(plan)

    def _read(self, plan: ImportPlan) -> None:
        self._clear_refusal()
        self._show(plan)
        self.readingChanged.emit()

    def _say(self, plan: ImportPlan) -> None:
        self._clear_refusal()
        self._show(plan)
        # What is being read was asked for before this was said, and its plan would be shown in place of this one.
        (self.readingChanged if self._reading else self.planChanged).emit()

    def _show(self, plan: ImportPlan) -> None:
        """Show a plan, made to fit the lists, and keep it."""
        self._merged = merged(self._looks, plan.chosen)
        dated = len(self._looks) > 1 and bool(plan.moments)
        blank = not dated or plan.chosen.blank is not None
        missing = not dated or self._missing_said
        keys = fitting(plan.rules.keys, self._merged.gives)
        named = not self._looks or self._merged.names_somebody
        told = plan.chosen.days is not None or not self._merged.open_day
        agreed = blank and missing and named and told
        self._plan = replace(plan, rules=replace(plan.rules, keys=keys), agreed=agreed)
        self.detected.show_detected(self._looks, self._merged, plan.how, plan.chosen)
        self.table.show_columns(self._merged.columns, CustomFields(self._known.fields))
        self.options.show_plan(self._merged, self._plan, self._known, blank=blank, missing=missing)
        self.statuses.show_words(self._words())
        self.days.show_days(self._merged.open_day, plan.chosen.days)
        # What is hidden is still read by those who look through all that a screen reader finds.
        unsaid = HAS_TO_BE_SAID if named and not (blank and missing) else DAYS_UNTOLD if named else NOBODY_NAMED
        self._hint.setText("" if agreed else unsaid)
        self._hint.setHidden(agreed)

    def _words(self) -> Sequence[WordLook]:
        """Return the words of status as long as a title becomes the status."""
        return self._merged.words if "status" in self._merged.gives else ()

    def _clear_refusal(self) -> None:
        self._refusal.hide()
        self.detected.mark("")
        self.options.keys.set_marked(False)
