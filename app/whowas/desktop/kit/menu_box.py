"""A drop-down whose choices are a menu that is made when it opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QFont, QFontMetrics, QHelpEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from whowas.desktop.kit import plain_text, sizes, theme
from whowas.desktop.kit.icons import pixmap
from whowas.desktop.kit.line_text import one_line
from whowas.desktop.kit.painted_tip import show_tip
from whowas.domain.fields import shortened

Look = Literal["field", "small", "link"]

_HEIGHTS: dict[Look, int] = {"field": 25, "small": 24, "link": 24}
_PADDINGS: dict[Look, int] = {"field": 9, "small": 8, "link": 3}
_SIZES: dict[Look, int] = {"field": 13, "small": 12, "link": 12}
_CHEVRONS: dict[Look, int] = {"field": 14, "small": 12, "link": 10}
_GAPS: dict[Look, int] = {"field": 6, "small": 6, "link": 3}
_RADIUS = 5
_LONGEST_SAID = 200
_LONGEST = 230
"""The width of a drop-down that would like to be wider, in pixels."""
_OPENING = frozenset({Qt.Key.Key_F4, Qt.Key.Key_Down, Qt.Key.Key_Up})


class MenuBox(QPushButton):
    """Shows what is chosen; a click, Space, F4 and the arrow keys open the menu that ``fill`` fills.

    To a screen reader it is a button called ``name``, and what it shows is its description: a QComboBox would be called
    by what is chosen in it. A ``field`` is as wide as its layout wants; ``small`` ones and ``link``, which looks like
    muted text, are as wide as their texts.
    """

    def __init__(
        self, name: str, fill: Callable[[QMenu], None], look: Look = "field", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._fill = fill
        self._look: Look = look
        self._muted = look == "link"
        self._marked = False
        self.setAccessibleName(name)
        self._shown = self._details = ""
        self.setAutoDefault(False)
        self.clicked.connect(self.open_menu)
        self._set_font()
        wide = QSizePolicy.Policy.Expanding if look == "field" else QSizePolicy.Policy.Maximum
        self.setSizePolicy(wide, QSizePolicy.Policy.Fixed)
        theme.signals.changed.connect(self._set_font)

    def say(self, text: str, *, muted: bool = False, marked: bool = False) -> None:
        """Show ``text``; ``marked`` says by its edge that something is wrong with it, or still has to be chosen."""
        self._muted, self._marked = muted or self._look == "link", marked
        if text != self._shown:
            self._shown = text
            self.updateGeometry()
        self._describe()
        self.update()

    def set_details(self, details: str) -> None:
        """Have screen readers say more than what is shown."""
        self._details = details
        self._describe()

    @property
    def shown(self) -> str:
        """What is shown as chosen, whole."""
        return self._shown

    @property
    def marked(self) -> bool:
        """Whether its edge says that something is wrong."""
        return self._marked

    def set_marked(self, marked: bool) -> None:
        """Let its edge say that something is wrong, or no longer."""
        self._marked = marked
        self.update()

    def open_menu(self) -> None:
        """Make the menu and open it, at what is chosen."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill(menu)
        if self._look != "link":
            menu.setMinimumWidth(self.width())
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 1)))
        chosen = next((action for action in menu.actions() if action.isChecked()), None)
        if chosen is not None:
            menu.setActiveAction(chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _OPENING:
            self.open_menu()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show the whole text as a tool tip where there is no room for it, else what the tool tip is."""
        is_tip = event.type() == QEvent.Type.ToolTip and (self._is_cut or not self.toolTip())
        if is_tip and isinstance(event, QHelpEvent):
            show_tip(event, self._shown if self._is_cut else "", self)
            return True
        return super().event(event)

    def sizeHint(self) -> QSize:
        look = self._look
        text = QFontMetrics(self.font()).horizontalAdvance(one_line(self._shown))
        wanted = text + 1 + 2 * _PADDINGS[look] + _GAPS[look] + _CHEVRONS[look]
        return QSize(min(wanted, sizes.scaled(_LONGEST)), sizes.scaled(_HEIGHTS[look]))

    def minimumSizeHint(self) -> QSize:
        return QSize(60 if self._look == "field" else 40, sizes.scaled(_HEIGHTS[self._look]))

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        framed, focused = self._look != "link", self.hasFocus()
        edge = tokens.error if self._marked else tokens.accent if focused else tokens.line
        if framed or focused:
            under = self.underMouse() and self.isEnabled()
            fill = tokens.hover if under else tokens.window if self._look == "field" else tokens.surface
            painter.setBrush(fill if framed else Qt.BrushStyle.NoBrush)
            painter.setPen(edge)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
            if focused and framed:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), _RADIUS - 1, _RADIUS - 1)
        padding = _PADDINGS[self._look]
        area = self.rect().adjusted(padding, 0, -padding, 0)
        side = _CHEVRONS[self._look]
        chevron = QRect(area.right() - side + 2, (self.height() - side) // 2, side, side)
        painter.drawPixmap(chevron, pixmap("chevron-down", side, self.devicePixelRatioF(), "muted"))
        area.setRight(chevron.left() - _GAPS[self._look] + 1)
        enabled = tokens.muted if self._muted else tokens.text
        painter.setPen(enabled if self.isEnabled() else tokens.faint)
        painter.setFont(self.font())
        shown = QFontMetrics(self.font()).elidedText(one_line(self._shown), Qt.TextElideMode.ElideRight, area.width())
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
        painter.drawText(area, flags, shown)
        painter.end()

    def _set_font(self) -> None:
        font = QFont(self.font())
        font.setPixelSize(sizes.scaled(_SIZES[self._look]))
        self.setFont(font)
        self.updateGeometry()
        self.update()

    def _describe(self) -> None:
        said = shortened(self._shown, _LONGEST_SAID)
        self.setAccessibleDescription(f"{said}; {self._details}" if self._details else said)

    @property
    def _is_cut(self) -> bool:
        look, text = self._look, self._shown
        room = self.width() - 2 * _PADDINGS[look] - _GAPS[look] - _CHEVRONS[look]
        return one_line(text) != text or QFontMetrics(self.font()).horizontalAdvance(text) > room


def add_choice(menu: QMenu, text: str, do: Callable[[], None], *, chosen: bool = False) -> QAction:
    """Add an entry to a drop-down's menu that calls ``do``; the one that is ``chosen`` has a tick."""
    action = plain_text.add_entry(menu, text)
    action.setCheckable(True)
    action.setChecked(chosen)
    action.triggered.connect(lambda _checked=False: do())
    return action
