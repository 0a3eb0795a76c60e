"""The parts around the fields of the details form: the area in which they scroll, and the foot with the buttons."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from whowas.desktop.kit import theme
from whowas.desktop.kit.field_row import RowNote
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.metrics import EDGE
from whowas.desktop.kit.plain_text import tool_tip
from whowas.desktop.kit.viewports import own_viewport

_GAP = 8


class FieldsArea(QScrollArea):
    """A scroll area as high as its fields, so that the buttons come right below them and always stay visible.

    Its scroll bar is laid over the margin. A scroll bar in the layout would make the fields narrower, and thereby
    sometimes higher, when it appears; if that decides whether it is needed, it would appear and disappear for ever.
    """

    moreBelow = Signal(bool)
    """Whether there are fields further down, out of view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        own_viewport(self)
        self._fields = QWidget()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._bar = QScrollBar(Qt.Orientation.Vertical, self)
        self._bar.hide()
        self._bar.valueChanged.connect(self.verticalScrollBar().setValue)
        self.verticalScrollBar().rangeChanged.connect(self._follow)
        self.verticalScrollBar().valueChanged.connect(self._follow)

    def show_fields(self, fields: QWidget) -> None:
        """Set the widget with the fields; create it as a child of the viewport, or it is styled twice."""
        self._fields = fields
        self.setWidget(fields)
        fields.setContentsMargins(EDGE, 12, EDGE, 12 - _GAP)

    def sizeHint(self) -> QSize:
        return QSize(self._fields.minimumSizeHint().width(), self._fields.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 120)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        bar = self._bar.sizeHint().width()
        self._bar.setGeometry(self.width() - bar, 0, bar, self.height())
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # By itself, a scroll area does not update its own geometry when its content does.
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def reveal(self, child: QWidget) -> None:
        """Scroll so that all of ``child`` is visible, with a little space around it."""
        # A widget that was just added or has grown must be laid out before it can be scrolled to.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        self.ensureWidgetVisible(child, 0, 8)

    def _follow(self) -> None:
        hidden = self.verticalScrollBar()
        self._bar.setRange(hidden.minimum(), hidden.maximum())
        # Qt emits rangeChanged before it sets the page step.
        self._bar.setPageStep(self.viewport().height())
        self._bar.setSingleStep(hidden.singleStep())
        self._bar.setValue(hidden.value())
        self._bar.setVisible(hidden.maximum() > hidden.minimum())
        self.moreBelow.emit(hidden.value() < hidden.maximum())


class FormFoot(QWidget):
    """Save and Discard, the link "True since", a note about the whole form, and a muted line of text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._overlapping = False
        self.note = RowNote(self)
        self._buttons = QWidget(self)
        self.save = QPushButton("Save", self._buttons)
        self.save.setProperty("primary", True)
        self.discard = QPushButton("Discard", self._buttons)
        self.since = QPushButton(self._buttons)
        self.since.setProperty("link", True)
        self.since.setAccessibleName("True since")
        self.since.setToolTip("Say since when this is true, if that was earlier")
        self.set_since("")
        self.footer = TextLabel(token="muted", size=12, wrap=True, parent=self)
        line = QHBoxLayout(self._buttons)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.save)
        line.addWidget(self.discard)
        line.addStretch(1)
        line.addWidget(self.since)
        column = QVBoxLayout(self)
        column.setContentsMargins(EDGE, _GAP, EDGE, 12)
        column.setSpacing(_GAP)
        column.addWidget(self.note)
        column.addWidget(self._buttons)
        column.addWidget(self.footer)

    def set_since(self, day: str, when: str = "now") -> None:
        """Show since when the next save is true: ``day`` in the link ("" for now), ``when`` for screen readers."""
        self.since.setText(f"Since {day}" if day else "True since now")
        self.since.setAccessibleDescription(when)

    def set_overlapping(self, overlapping: bool) -> None:
        """Draw a line above the foot if there are fields hidden behind it."""
        if overlapping != self._overlapping:
            self._overlapping = overlapping
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._overlapping:
            painter = QPainter(self)
            painter.fillRect(0, 0, self.width(), 1, theme.current().line)
            painter.end()

    def show_buttons(self, *, editable: bool, drafted: bool, busy: bool, saving_off: str) -> None:
        """Show the buttons if the form is ``editable``, enabled if there is a draft that is not being saved.

        ``saving_off`` says why nothing can be saved, "" where it can.
        """
        self._buttons.setVisible(editable)
        self.since.setVisible(drafted)
        self.save.setEnabled(drafted and not busy and not saving_off)
        self.save.setToolTip(tool_tip(f"{saving_off} What you type is kept as a draft." if saving_off else ""))
        self.save.setAccessibleDescription(saving_off)
        self.discard.setEnabled(drafted and not busy)

    def has_focus(self) -> bool:
        """Return whether one of the buttons has the focus, or will have it when its window is active."""
        return self.window().focusWidget() in {self.save, self.discard, self.since}
