"""What an import did to each user, and the buttons that undo it for all or for some of them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from whowas.desktop.exchange.imported.words import summary, told
from whowas.desktop.exchange.preview.filtered_rows import EmptyWords, FilteredRows
from whowas.desktop.exchange.preview.rows.preview_rows import PreviewRows
from whowas.desktop.exchange.preview.table.view import PreviewTable
from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.labels import ElidedLabel, TextLabel
from whowas.domain.fields import counted, shortened
from whowas.interchange.importing.made_import import MadeImport

_SIZE: Final = QSize(960, 680)
_ROOM: Final = QSize(40, 60)
"""How much of a small screen is left around it, in pixels."""
_TITLE = 120
"""Characters of the name, which lists every file."""
_SELECT = "Select users to undo it for them alone"
_EMPTY = EmptyWords("Nobody", "This import changed no user.", "No user shown here has all of these words.")


class MadeImportDialog(DialogFrame):
    """Lists users with what was done to them; ``undoWanted`` asks to undo all of it, or for the ids of some users.

    The signal carries a list of ids, or None for all. With ``may_undo`` False nothing can be undone.
    """

    undoWanted = Signal(object)

    def __init__(
        self, made: MadeImport, rows: PreviewRows, parent: QWidget | None = None, *, may_undo: bool = True
    ) -> None:
        super().__init__(f"Import of {shortened(made.source, _TITLE)}", parent)
        self._made = made
        self._may_undo = may_undo
        self.table = PreviewTable(lambda _ids: {}, checks=False, lines=False)
        self.table.setAccessibleName("Users")
        self._rows = FilteredRows(self.table, "Search users", _EMPTY)
        self.chips, self.search = self._rows.chips, self._rows.search
        self._chosen = ElidedLabel(token="muted", size=12)
        # Selecting comes row by row, and counting a hundred thousand rows each time would take long.
        self._count_soon = QTimer(self, singleShot=True, interval=0)
        self._lay_out()
        self._connect()
        self.chips.show_counts(rows.counts, done=True)
        self.table.show_rows(rows)
        self._rows.say_why_empty()
        self._show_chosen()
        self.table.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Fit the screen, as few have room for all of it and the window around it."""
        screen = self.screen().availableSize() - _ROOM
        self.resize(_SIZE.boundedTo(screen))
        super().showEvent(event)

    def _lay_out(self) -> None:
        subtitle = TextLabel(summary(self._made), token="muted", wrap=True)
        self.setAccessibleDescription(subtitle.text())
        self.body.addWidget(subtitle)
        if sentences := told(self._made):
            self.body.addWidget(TextLabel(" ".join(sentences), token="muted", wrap=True))
        self.body.addSpacing(4)
        self.body.addWidget(self._rows, 1)
        self.buttons.insertWidget(0, self._chosen, 1)
        self.add_button("Close").clicked.connect(self.reject)
        self._some = self.add_button("Undo for some users…")
        self._whole = self.add_button("Undo the whole import…")
        self._whole.setEnabled(self._may_undo)

    def _connect(self) -> None:
        self._count_soon.timeout.connect(self._show_chosen)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._count_soon.start())
        self.table.preview.modelReset.connect(self._count_soon.start)
        self._some.clicked.connect(self._undo_for_some)
        self._whole.clicked.connect(lambda: self._undo(None))

    def _show_chosen(self) -> None:
        """Say for whom it would be undone."""
        count = self._made.rows.users(self.table.selected_numbers())
        self._some.setText(f"Undo for {counted(count, 'user')}…" if count else "Undo for some users…")
        self._some.setEnabled(bool(count) and self._may_undo)
        self._chosen.setText(
            f"{count:,} of {counted(self._made.users, 'user')} selected" if count else _SELECT if self._may_undo else ""
        )

    def _undo_for_some(self) -> None:
        if ids := self._made.rows.user_ids(self.table.selected_numbers()):
            self._undo(ids)

    def _undo(self, ids: list[str] | None) -> None:
        self.accept()
        self.undoWanted.emit(ids)
