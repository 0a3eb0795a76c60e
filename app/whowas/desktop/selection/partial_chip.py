"""A group that some users of a selection are in: a dashed chip that has the others join it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from whowas.desktop.details.group_chips import CHIP_HEIGHT
from whowas.desktop.kit import sizes, theme
from whowas.desktop.kit.icons import pixmap
from whowas.desktop.kit.plain_text import tool_tip
from whowas.desktop.kit.theme import Token

_PADDING = 8
_GAP = 5
_PLUS = 12
_WIDEST = 220
"""Of the whole chip, so that the narrowest panel has room for it; a long name is shortened."""
_NAME_LEAST = 40
_DASHES = (3.0, 2.0)


class PartialChip(QPushButton):
    """To a screen reader a button called "Night shift, 12 of 30"; it can be of one group after the other."""

    joinWanted = Signal(str)
    """Emitted with the name of the group."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = self._count = self._shown = ""
        self._read_only = False
        self._token: Token | None = None
        self._letters = self.font()
        self.clicked.connect(self._ask_to_join)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setStyleSheet("QPushButton { border: none; background: transparent; padding: 0; min-height: 0; }")
        theme.signals.changed.connect(self._fit)

    def say(self, name: str, count: int, total: int) -> None:
        """Show a group, and how many of ``total`` users are in it."""
        self.name, self._count = name, f"{count:,} of {total:,}"
        self.setAccessibleName(f"{name}, {self._count}")
        self.set_read_only(self._read_only)

    def set_colour(self, token: Token | None) -> None:
        """Have an edge in the colour of the group, None for one that has none."""
        if token != self._token:
            self._token = token
            self.update()

    def set_read_only(self, read_only: bool) -> None:
        """Only say how many are in the group, or offer to have the others join."""
        self._read_only = read_only
        self.setToolTip(tool_tip("" if read_only else f"Add the others to {self.name}"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if read_only else Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, read_only)
        self._fit()

    def sizeHint(self) -> QSize:
        letters = QFontMetrics(self._letters)
        words = letters.horizontalAdvance(self._shown) + _GAP + letters.horizontalAdvance(self._count)
        return QSize(2 * _PADDING + words + (0 if self._read_only else _GAP - 1 + _PLUS), sizes.scaled(CHIP_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = tokens.dash if self._token is None else tokens.colour(self._token)
        edge = QPen(tokens.accent if self.hasFocus() else colour, 1)
        edge.setDashPattern(_DASHES)
        painter.setPen(edge)
        painter.setBrush(tokens.hover if self.underMouse() and not self._read_only else tokens.surface)
        inside = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(inside, inside.height() / 2, inside.height() / 2)
        self._draw_words(painter)
        if not self._read_only:
            plus = QRect(self.width() - _PADDING - _PLUS, (self.height() - _PLUS) // 2, _PLUS, _PLUS)
            painter.drawPixmap(plus, pixmap("plus", _PLUS, self.devicePixelRatioF(), "text"))
        painter.end()

    def _ask_to_join(self) -> None:
        self.joinWanted.emit(self.name)

    def _fit(self) -> None:
        """Be as large as the words, or what there is room for of the name."""
        self._letters = QFont(self.font())
        self._letters.setPixelSize(sizes.scaled(12))
        self._letters.setWeight(QFont.Weight.Normal)
        letters = QFontMetrics(self._letters)
        beside = 2 * _PADDING + 2 * _GAP + _PLUS + letters.horizontalAdvance(self._count)
        room, name = max(_WIDEST - beside, sizes.scaled(_NAME_LEAST)), " ".join(self.name.split())
        self._shown = letters.elidedText(name, Qt.TextElideMode.ElideRight, room)
        self.setFixedSize(self.sizeHint())
        self.update()

    def _draw_words(self, painter: QPainter) -> None:
        tokens, middle = theme.current(), int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(self._letters)
        painter.setPen(tokens.text)
        area = self.rect().adjusted(_PADDING, 0, 0, 0)
        painter.drawText(area, middle, self._shown)
        painter.setPen(tokens.muted)
        width = QFontMetrics(self._letters).horizontalAdvance(self._shown)
        painter.drawText(area.adjusted(width + _GAP, 0, 0, 0), middle, self._count)
