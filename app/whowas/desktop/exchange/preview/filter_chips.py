"""The chips above a preview: which kinds of rows are shown, and how many there are of each."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QRadioButton, QWidget

from whowas.desktop.exchange.preview.table.marks import mark_icon
from whowas.desktop.exchange.preview.words.row_words import KINDS, kind_called
from whowas.desktop.kit import theme
from whowas.desktop.kit.flow_layout import FlowLayout
from whowas.desktop.kit.icons import pixmap
from whowas.interchange.importing.told.outcome import What

HEIGHT = 28
_RADIUS = 14
_PADDING = 13
_ICON = 13
_ICON_GAP = 6
_COUNT_GAP = 8
_BETWEEN = 8


class FilterChip(QRadioButton):
    """One kind of rows, or all; ``what`` is None for all. Its count stands behind its word."""

    def __init__(self, what: What | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.what = what
        self._word = self._count = ""
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedHeight(HEIGHT)
        self.set_count(0, several_files=False, done=False)
        theme.signals.changed.connect(self.update)

    def set_count(self, count: int, *, several_files: bool, done: bool) -> None:
        """Show how many rows there are of this kind."""
        self._word = kind_called(self.what, several_files=several_files, done=done) if self.what else "All"
        self._count = f"{count:,}"
        self.setText(f"{self._word} {self._count}")
        self.setAccessibleName(self.text())
        self._fix_width()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._font(QFont.Weight.DemiBold))
        words = metrics.horizontalAdvance(self._word) + _COUNT_GAP + metrics.horizontalAdvance(self._count)
        drawn = _ICON + _ICON_GAP if self._drawing else 0
        return QSize(2 * _PADDING + drawn + words, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fix_width()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens, chosen = theme.current(), self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = self.hasFocus()
        painter.setPen(tokens.accent if chosen or focused else tokens.line)
        fill = tokens.accent_soft if chosen else tokens.hover if self.underMouse() else tokens.surface
        painter.setBrush(fill)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, _RADIUS - 0.5, _RADIUS - 0.5)
        if chosen and focused:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), _RADIUS - 1.5, _RADIUS - 1.5)
        left = _PADDING
        if self._drawing:
            drawing, colour = self._drawing
            drawn = pixmap(drawing, _ICON, self.devicePixelRatioF(), "accent" if chosen else colour)
            painter.drawPixmap(left - 1, (HEIGHT - _ICON) // 2, drawn)
            left += _ICON + _ICON_GAP
        font = self._font(QFont.Weight.DemiBold if chosen else QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(tokens.accent if chosen else tokens.text)
        self._draw_text(painter, left, self._word)
        left += QFontMetrics(font).horizontalAdvance(self._word) + _COUNT_GAP
        painter.setPen(tokens.accent if chosen else tokens.muted)
        self._draw_text(painter, left, self._count)
        painter.end()

    def _fix_width(self) -> None:
        self.setFixedWidth(self.sizeHint().width())

    @property
    def _drawing(self) -> tuple[str, theme.Token] | None:
        return mark_icon(self.what) if self.what else None

    def _draw_text(self, painter: QPainter, left: int, text: str) -> None:
        area = QRect(left, 0, self.width() - left, HEIGHT)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)

    def _font(self, weight: QFont.Weight) -> QFont:
        font = QFont(self.font())
        font.setWeight(weight)
        return font


class FilterChips(QWidget):
    """One chip is chosen; the arrow keys go from one to the next. Emits ``chosen(What | None)``, None for all."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Rows shown")
        self._chips: dict[What | None, FilterChip] = {what: FilterChip(what, self) for what in (None, *KINDS)}
        flow = FlowLayout(_BETWEEN, self)
        flow.setContentsMargins(0, 0, 0, 0)
        for chip in self._chips.values():
            flow.addWidget(chip)
            # A FlowLayout gives the last of its items the rest of the line, which no chip is to fill.
            flow.setAlignment(chip, Qt.AlignmentFlag.AlignLeft)
            chip.toggled.connect(self._take_choice)
        self._chips[None].setChecked(True)
        self.show_counts({})

    @property
    def what(self) -> What | None:
        """Which kind of rows is chosen, None for all."""
        return next((what for what, chip in self._chips.items() if chip.isChecked()), None)

    def show_counts(self, counts: Mapping[What, int], *, several_files: bool = False, done: bool = False) -> None:
        """Show how many rows there are of each kind; kinds of which there are none are not offered."""
        for what, chip in self._chips.items():
            count = sum(counts.values()) if what is None else counts.get(what, 0)
            chip.set_count(count, several_files=several_files, done=done)
            chip.setVisible(count > 0 or what is None)
            if chip.isChecked() and chip.isHidden():
                self._chips[None].setChecked(True)

    def _take_choice(self, checked: bool) -> None:
        if checked:
            self.chosen.emit(self.what)
