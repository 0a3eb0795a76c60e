"""The program's icons: SVG drawings in ``resources/icons``, which are coloured and rendered when painted."""

from __future__ import annotations

from functools import cache, lru_cache

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap

from whowas.desktop.kit import theme
from whowas.desktop.kit.theme import Token
from whowas.system import resources

Colour = QColor | Token | None
_DISABLED = 0.4
"""Opacity of a disabled icon."""


class _SvgEngine(QIconEngine):
    """Renders at the requested size, in a colour that is looked up while painting, so that icons follow the theme."""

    def __init__(self, name: str, colour: Colour) -> None:
        super().__init__()
        self._name = name
        self._colour = QColor(colour) if isinstance(colour, QColor) else colour

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        painter.drawPixmap(rect, self.scaledPixmap(rect.size(), mode, state, painter.device().devicePixelRatio()))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, _state: QIcon.State, scale: float) -> QPixmap:
        return _rendered(self._name, self._rgb(), size.width(), size.height(), scale, mode == QIcon.Mode.Disabled)

    def clone(self) -> QIconEngine:
        return _SvgEngine(self._name, self._colour)

    def key(self) -> str:
        return "whowas"

    def _rgb(self) -> str:
        match self._colour:
            case QColor():
                return self._colour.name()
            case None:
                return theme.current().text.name()
            case token:
                return theme.current().colour(token).name()


def icon(name: str, colour: Colour = None) -> QIcon:
    """Return the icon ``name`` in a fixed ``colour``, or in that of a theme token (by default that of text).

    An icon with a token follows the theme by itself. Raises FileNotFoundError if there is no drawing of that name.
    """
    if isinstance(colour, QColor):
        return _fixed(name, colour.rgba())
    return _themed(name, colour)


def pixmap(name: str, size: int, ratio: float, colour: Colour = None) -> QPixmap:
    """Return the icon as a square of ``size`` logical pixels, for a screen with ``ratio`` pixels to a logical one."""
    return icon(name, colour).pixmap(QSize(size, size), ratio)


@cache
def _themed(name: str, token: Token | None) -> QIcon:
    return _made(name, token)


@lru_cache(maxsize=256)
def _fixed(name: str, rgba: int) -> QIcon:
    return _made(name, QColor.fromRgba(rgba))


def _made(name: str, colour: Colour) -> QIcon:
    resources.path("icons", f"{name}.svg")
    return QIcon(_SvgEngine(name, colour))


@lru_cache(maxsize=512)
def _rendered(name: str, rgb: str, width: int, height: int, ratio: float, disabled: bool) -> QPixmap:
    """Draw an icon in the middle of ``width`` × ``height`` logical pixels; ``ratio`` is the screen's pixels to each."""
    # Imported here, because a process that shows no window does not need it.
    from PySide6.QtSvg import QSvgRenderer

    source = resources.path("icons", f"{name}.svg").read_bytes().replace(b"currentColor", rgb.encode("ascii"))
    drawn = QPixmap(round(width * ratio), round(height * ratio))
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side = min(width, height)
    QSvgRenderer(source).render(painter, QRectF((width - side) // 2, (height - side) // 2, side, side))
    if disabled:
        # Faded as a whole after drawing, so that crossing lines are not darker where they cross.
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        painter.fillRect(0, 0, width, height, QColor.fromRgbF(0, 0, 0, _DISABLED))
    painter.end()
    return drawn
