"""The parts of the groups field: a chip, the field for a new one, and the box around them."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, QStringListModel, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCompleter, QFrame, QHBoxLayout, QLineEdit, QListView, QToolButton, QWidget

from whowas.desktop.kit import sizes, theme
from whowas.desktop.kit.field_row import FIELD_COMPACT, FIELD_HEIGHT
from whowas.desktop.kit.flow_layout import FlowLayout
from whowas.desktop.kit.icons import icon
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.theme import Token
from whowas.desktop.kit.whole_pastes import WholePastes
from whowas.domain.fields import LINE_LIMIT

CHIP_HEIGHT = 20
_WIDEST = 180
_COMMIT = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class Chip(QFrame):
    """One group's name with a button that removes it."""

    removed = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self._token: Token | None = None
        label = self._label = TextLabel(size=12)
        label.setAccessibleName(name)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = QToolButton()
        self.button.setStyleSheet("QToolButton { padding: 0; min-height: 0; border-radius: 7px; }")
        self.button.setFixedSize(QSize(14, 14))
        self.button.setIconSize(QSize(10, 10))
        self.button.setAccessibleName(f"Remove {name}")
        self.button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.button.clicked.connect(self._ask_removal)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 0, 4, 0)
        self._row.setSpacing(3)
        self._row.addWidget(label, 1)
        self._row.addWidget(self.button)
        self.button.setIcon(icon("x", "muted"))
        theme.signals.changed.connect(self._fit)
        self._fit()

    def set_plain(self, plain: bool) -> None:
        """Show the chips alone, where none can be added."""
        self.setProperty("plain", plain)
        self._fit()

    def _fit(self) -> None:
        """Be as large as the name, or what there is room for of it."""
        metrics, widest = QFontMetrics(self._label.font()), sizes.scaled(_WIDEST)
        self._label.setText(metrics.elidedText(self.name, Qt.TextElideMode.ElideRight, widest))
        self.setFixedHeight(sizes.scaled(CHIP_HEIGHT))
        # Fixed, so that the form keeps its layout when the past is shown and the chip is read only.
        removable = 8 + self._label.sizeHint().width() + 3 + self.button.width() + 4
        self.setFixedWidth(removable)
        self.update()

    def set_read_only(self, read_only: bool) -> None:
        """Show or hide the button."""
        self.button.setVisible(not read_only)
        self._row.setContentsMargins(8, 0, 8 if read_only else 4, 0)

    def set_colour(self, token: Token | None) -> None:
        """Have an edge in the colour of the group, None for one that has none."""
        if token != self._token:
            self._token = token
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = theme.current()
        edge = tokens.line if self._token is None else tokens.colour(self._token)
        _paint_box(self, QPen(edge, 1), self.height() / 2, tokens.surface)

    def _ask_removal(self) -> None:
        self.removed.emit(self.name)


class AddGroup(QLineEdit):
    """The field for a new group. ``entered`` is emitted after Enter, after a choice, or on leaving the field.

    ``typed`` carries its text at every change, and ``refused`` a sentence about a text that it does not take.
    """

    entered = Signal()
    typed = Signal(str)
    refused = Signal(str)
    focused = Signal()
    backspaced = Signal()
    """Backspace was pressed in the empty field."""

    def __init__(self, names: QStringListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText("Add group")
        self.setAccessibleName("Add group")
        # Every group in a list that is pasted becomes a chip.
        self._whole = WholePastes(self, LINE_LIMIT)
        self._whole.refused.connect(self.refused)
        self.textChanged.connect(self._take_text)
        theme.signals.changed.connect(self._style)
        self._style()
        self.setMinimumWidth(68)
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        completer = QCompleter(names, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        # Queued, because the completer writes its choice into the field only after emitting the signal.
        completer.activated.connect(self.entered, Qt.ConnectionType.QueuedConnection)
        self._popup = QListView()
        self._popup.setMinimumWidth(180)
        self._popup.setStyleSheet(
            "QListView { border: 1px solid palette(mid); } QListView::item { padding: 5px 10px; }"
        )
        completer.setPopup(self._popup)
        self.setCompleter(completer)

    def _take_text(self) -> None:
        if not self._whole.too_much():
            self.typed.emit(self.text())

    def _style(self) -> None:
        """Be as high as a chip."""
        height = sizes.scaled(CHIP_HEIGHT)
        self.setStyleSheet(
            "QLineEdit, QLineEdit:focus { border: none; background: transparent; padding: 0;"
            f" min-height: {height}px; max-height: {height}px; }}"
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _COMMIT and not event.modifiers() and self.text().strip():
            self._popup.hide()
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text() and not self._popup.isVisible():
            self.clear()
        elif event.key() == Qt.Key.Key_Backspace and not self.text():
            self.backspaced.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit()
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.entered.emit()


class GroupBox(QFrame):
    """Looks like a text field, and contains the chips and the field for a new one."""

    def __init__(self, field: AddGroup, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self.flow = FlowLayout(4, self)
        self.flow.addWidget(field)
        field.focused.connect(self.update)
        theme.signals.changed.connect(self._fit)
        self._fit()

    def set_plain(self, plain: bool) -> None:
        """Show the chips alone, where none can be added."""
        self.setProperty("plain", plain)
        self._fit()

    def _fit(self) -> None:
        """Be as high as a field of one line, where there is one row of chips."""
        beyond = (sizes.spaced(FIELD_HEIGHT, FIELD_COMPACT) - sizes.scaled(CHIP_HEIGHT)) // 2
        self.flow.setContentsMargins(2 if self.property("plain") else 9, beyond, 6, beyond)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.property("plain"):
            return
        tokens = theme.current()
        focused, error = self._field.hasFocus(), bool(self.property("error"))
        colour = tokens.error if error else tokens.accent if focused else tokens.line
        rim = QPen(colour, 2 if focused else 1)
        _paint_box(self, rim, 6, tokens.window)


def _paint_box(widget: QWidget, pen: QPen, radius: float, fill: QColor) -> None:
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.setBrush(fill)
    inset = pen.widthF() / 2
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(inset, inset, -inset, -inset), radius, radius)
    painter.end()
