"""The changes of the directory: a list below the fields of its filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from whowas.desktop.changes.list import ChangeDelegate, ChangesList
from whowas.desktop.changes.model import ChangesModel
from whowas.desktop.kit.labels import ElidedLabel
from whowas.desktop.kit.metrics import EDGE
from whowas.desktop.kit.search_field import PATIENCE_MS
from whowas.desktop.session.change_selection import ALL_CHANGES, ANY_ACTOR, KINDS
from whowas.projections.queries.change_filter import ChangeFilter


class ChangesPanel(QWidget):
    """``filterChanged`` is emitted when ``wanted`` has changed, ``appeared`` when the list becomes visible."""

    filterChanged = Signal()
    appeared = Signal()

    def __init__(self, changes: ChangesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._others = ChangeFilter()
        self._label = ""
        self._text = QLineEdit()
        self._actor = _chooser("Actor")
        self._actors: Sequence[str] = ()
        self._kind = _chooser("Kind")
        self._summary = ElidedLabel(token="muted", size=12)
        self._everything = QPushButton(ALL_CHANGES)
        self._everything.setProperty("link", True)
        self.list = ChangesList(changes)
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._set_up()
        self._lay_out()
        self._connect()

    @property
    def wanted(self) -> ChangeFilter:
        """The filter: what is chosen here together with what was chosen elsewhere."""
        text, kind = self._text.text().strip(), self._kind.currentData()
        return replace(self._others, text=text, actor=self._chosen_actor(), kind=kind)

    def set_actors(self, actors: Sequence[str]) -> None:
        """Offer these actors besides anyone, in this order; the chosen one stays chosen."""
        if actors is self._actors:
            return
        chosen, self._actors = self._chosen_actor(), actors
        self._actor.blockSignals(True)
        self._actor.clear()
        self._actor.addItems([ANY_ACTOR, *actors])
        self._choose_actor(chosen)
        self._actor.blockSignals(False)

    def show_filter(self, wanted: ChangeFilter, called: str, field: str = "") -> None:
        """Show a filter; ``called`` is the text for the users or the one change in it, "" for neither.

        ``field`` is what its field is called.
        """
        self._others = replace(wanted, text="", actor=None, kind=None)
        self._label = " · ".join(part for part in (called, field) if part)
        if wanted == self.wanted:
            return
        for widget in (self._text, self._actor, self._kind):
            widget.blockSignals(True)
        self._text.setText(wanted.text)
        self._choose_actor(wanted.actor)
        self._kind.setCurrentIndex(self._kind.findData(wanted.kind))
        for widget in (self._text, self._actor, self._kind):
            widget.blockSignals(False)

    def set_counts(self, listed: int, of: int) -> None:
        """Show how many of all changes are listed."""
        everything = self.wanted == ChangeFilter()
        changes = f"{of:,} change{'' if of == 1 else 's'}"
        counts = changes if everything else f"{listed:,} of {changes}"
        self._summary.setText(f"{self._label} · {counts}" if self._label else counts)
        self._everything.setVisible(not everything)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.appeared.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.wanted != ChangeFilter():
            self._show_everything()
        else:
            super().keyPressEvent(event)

    def _set_up(self) -> None:
        self._text.setAccessibleName("Filter changes")
        self._text.setPlaceholderText("Filter by person, value or group…")
        self._text.setClearButtonEnabled(True)
        self._actor.addItem(ANY_ACTOR)
        for kind, name in KINDS.items():
            self._kind.addItem(name, kind)
        self._everything.setAccessibleName(ALL_CHANGES)
        self._everything.hide()

    def _lay_out(self) -> None:
        choosers = QHBoxLayout()
        choosers.setSpacing(8)
        choosers.addWidget(self._actor, 1)
        choosers.addWidget(self._kind, 1)
        words = QHBoxLayout()
        words.addWidget(self._summary, 1)
        words.addWidget(self._everything)
        head = QVBoxLayout()
        head.setContentsMargins(EDGE, 12, EDGE, 4)
        head.setSpacing(8)
        head.addWidget(self._text)
        head.addLayout(choosers)
        head.addLayout(words)
        beyond = EDGE - ChangeDelegate.PADDING
        rows = QVBoxLayout()
        rows.setContentsMargins(beyond, 0, beyond, 0)
        rows.addWidget(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(rows, 1)

    def _connect(self) -> None:
        self._patience.timeout.connect(self._emit_filter)
        self._text.textChanged.connect(self._wait)
        self._text.returnPressed.connect(self._emit_filter)
        self._actor.currentIndexChanged.connect(self._emit_filter)
        self._kind.currentIndexChanged.connect(self._emit_filter)
        self._everything.clicked.connect(self._show_everything)
        self.list.typed.connect(self._type)

    def _chosen_actor(self) -> str | None:
        return self._actor.currentText() if self._actor.currentIndex() > 0 else None

    def _choose_actor(self, actor: str | None) -> None:
        if actor is not None and actor not in self._actors:
            self._actor.addItem(actor)
            self._actor.setCurrentIndex(self._actor.count() - 1)
        else:
            self._actor.setCurrentIndex(0 if actor is None else self._actors.index(actor) + 1)

    def _type(self, text: str) -> None:
        self._text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._text.setText(text)

    def _wait(self) -> None:
        self._patience.start()

    def _emit_filter(self) -> None:
        self._patience.stop()
        self.filterChanged.emit()

    def _show_everything(self) -> None:
        self.show_filter(ChangeFilter(), "")
        self._emit_filter()


def _chooser(name: str) -> QComboBox:
    """Return a combo box that can be narrower than its entries."""
    box = QComboBox()
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(6)
    return box
