"""The right side of the window for several users: who they are, what they share, and editing all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from whowas.desktop.details.foot import FieldsArea
from whowas.desktop.details.panel import DetailsPanel
from whowas.desktop.details.selection_draft import SelectionDraft
from whowas.desktop.kit.announce import announce
from whowas.desktop.selection.fields import SharedFields
from whowas.desktop.selection.foot import SelectionFoot
from whowas.desktop.selection.head import SelectionHead
from whowas.desktop.selection.words import subtitle
from whowas.projections.queries.selection_summary import SelectionSummary

_SAVING = "Saving…"


class SelectionPanel(QWidget):
    """``saveRequested`` carries the SelectionDraft that is to become of all users shown.

    ``draftChanged`` is emitted when there is something to be saved, or no longer.
    """

    saveRequested = Signal(object)
    draftChanged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self._off = ""
        self._editable = self._busy = self._told = False
        self._stops: list[QWidget] = []
        self._area = FieldsArea(self)
        inside = QWidget(self._area.viewport())
        self._head = SelectionHead(inside)
        self.fields = SharedFields(inside)
        self.foot = SelectionFoot(self)
        within = QVBoxLayout(inside)
        within.setContentsMargins(0, 0, 0, 0)
        within.setSpacing(12)
        within.addWidget(self._head)
        within.addWidget(self.fields)
        self._area.show_fields(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._area)
        column.addWidget(self.foot)
        column.addStretch(1)
        self.fields.edited.connect(self._edited)
        self.fields.submitted.connect(self.save)
        self.foot.save.clicked.connect(self.save)
        self.foot.discard.clicked.connect(self.discard)

    def set_actions(self, shown: Sequence[tuple[QAction, str]], more: Sequence[QAction | None]) -> None:
        """See SelectionHead."""
        self._head.set_actions(shown, more)
        self._order_stops()

    def show_users(self, names: Sequence[str], count: int, selected: int, not_listed: str) -> None:
        """Show at once how many users there are, and the names of the first; see SelectionHead.

        Where none of those ``selected`` is in the list, ``count`` is 0 and nothing can be done to them.
        """
        self._count = count
        self._head.show_users(names, count or selected, not_listed)
        if not count:
            self._head.set_subtitle("")
        self.fields.setVisible(count > 0)
        self._show_buttons()

    def show_summary(self, summary: SelectionSummary | None) -> None:
        """Show what they share; None while that is being found out."""
        self._head.set_subtitle("Counting…" if summary is None else subtitle(summary))
        self.fields.show_summary(summary)
        self._show_buttons()

    def set_editable(self, editable: bool, why_not: str = "") -> None:
        """Allow editing, or only reading, ``why_not`` being said below."""
        self._off = why_not
        if editable != self._editable:
            self._editable = editable
            self.fields.set_read_only(not editable)
        self._show_buttons()

    def set_busy(self, busy: bool) -> None:
        """Allow no second save while one is running."""
        self._busy = busy
        self._show_buttons()

    def set_error(self, field: str, sentence: str, *, take_focus: bool = True) -> None:
        """Show ``sentence`` beneath a field (named as RefusedError names it), else above the buttons."""
        row = self.fields.row(field)
        if row is None:
            self.foot.note.say(sentence, error=True)
            announce(self, sentence, urgent=True)
            self._show_buttons()
            return
        row.set_note(sentence)
        if take_focus:
            row.take_focus()
            self._area.reveal(row)

    def focus_edited(self) -> None:
        """Put the cursor into the first field that was edited, where one was."""
        if (row := self.fields.first_edited()) is not None:
            row.take_focus()
            self._area.reveal(row)

    def focus_field(self, key: str) -> None:
        """Put the cursor into the field of a column and select its text; into the first one where it has none here."""
        row = self.fields.row(key)
        if row is None or not row.can_take_focus():
            row = self.fields.texts["title"].row
        row.take_focus()
        row.select_all()
        self._area.reveal(row)

    def take_saved(self, draft: SelectionDraft) -> None:
        """Show what was saved as what all of them have."""
        self.foot.note.say("", error=True)
        self.fields.take_saved(draft)
        self._show_buttons()

    @property
    def has_draft(self) -> bool:
        """Whether anything is edited that has not been saved."""
        return self._editable and bool(self.fields.draft())

    def save(self) -> None:
        """Emit ``saveRequested`` if anything is edited that can be saved."""
        draft = self.fields.draft()
        if draft and self._editable and not self._busy and not self._off and self._count:
            self.foot.note.say("", error=True)
            self.saveRequested.emit(draft)

    def show_draft(self, draft: SelectionDraft, groups: Mapping[str, str]) -> None:
        """Show what was edited before for those shown; ``groups`` maps ids to names, also of deleted ones."""
        self.fields.show_draft(draft, groups)
        self._show_buttons()

    def clear_draft(self) -> None:
        """Show nothing of what was edited, which is for others than those shown from now on."""
        self.foot.note.say("", error=True)
        self.fields.clear_draft()
        self._show_buttons()

    def discard(self) -> None:
        """Drop everything that was edited."""
        self.foot.note.say("", error=True)
        for row in self.fields.rows():
            if row.note.sentence():
                row.set_note("")
        self.fields.put_back()
        self._show_buttons()

    def sizeHint(self) -> QSize:
        return QSize(DetailsPanel.WIDTH, 600)

    def minimumSizeHint(self) -> QSize:
        return QSize(260, 200)

    def _edited(self) -> None:
        self.foot.note.say("", error=True)  # it was about other values
        self._show_buttons()

    def _show_buttons(self) -> None:
        drafted, off = bool(self.fields.draft()), self._off or (_SAVING if self._busy else "")
        if self.foot.has_focus() and not (self._editable and drafted and not off):
            # Away from a button before it is disabled, or the focus would be lost.
            self.fields.texts["title"].row.take_focus()
        self._order_stops()
        self.foot.show_buttons(self._count, editable=self._editable and self._count > 0, drafted=drafted, off=off)
        if self.has_draft != self._told:
            self._told = self.has_draft
            self.draftChanged.emit()

    def _order_stops(self) -> None:
        """Have the Tab key go from top to bottom, whatever was made last."""
        stops = [*self._head.stops(), *self.fields.stops(), self.foot.save, self.foot.discard]
        if stops != self._stops:
            self._stops = stops
            for before, after in pairwise(stops):
                QWidget.setTabOrder(before, after)
