"""The red flag on the timeline where the history was found damaged, and the red baseline from there on."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from whowas.desktop.kit import icons, sizes
from whowas.desktop.kit.theme import Theme

WORD = "Damaged"
_HEIGHT = 18
_PADDING = 6
_ICON = 11
_GAP = 4
_CORNER = 4.0


def flag_rect(x: float, width: int, font: QFont) -> QRectF:
    """Return where the flag is whose pole stands at pixel ``x`` of a timeline so wide: to the left without room."""
    wide = QFontMetricsF(_flag_font(font)).horizontalAdvance(WORD) + _ICON + _GAP + 2 * _PADDING
    left = x if x + wide <= width else x - wide
    return QRectF(round(left), 0, round(wide), sizes.scaled(_HEIGHT))


def draw_damage_flag(
    painter: QPainter, x: float, width: int, baseline: int, font: QFont, theme: Theme, ratio: float
) -> None:
    """Draw the flag with its pole at pixel ``x``, and the baseline from there to the end in red."""
    rect = flag_rect(x, width, font)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRectF(x, baseline, width - x, 2), theme.error)
    painter.fillRect(QRectF(round(x) - 1, 0, 2, baseline), theme.error)
    painter.setPen(QPen(theme.error, 1.0))
    painter.setBrush(theme.removed)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), _CORNER, _CORNER)
    painter.setFont(_flag_font(font))
    icon = icons.pixmap("alert", _ICON, ratio, theme.error)
    painter.drawPixmap(QPointF(rect.x() + _PADDING, rect.y() + (rect.height() - _ICON) / 2), icon)
    words = rect.adjusted(_PADDING + _ICON + _GAP, 0, -_PADDING + 1, 0)
    painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), WORD)
    painter.restore()


def _flag_font(font: QFont) -> QFont:
    flag = QFont(font)
    flag.setPixelSize(sizes.scaled(11))
    flag.setWeight(QFont.Weight.Medium)
    return flag
