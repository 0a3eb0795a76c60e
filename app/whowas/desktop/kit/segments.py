"""A segmented control: a few words side by side, one of which is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from whowas.desktop.kit import plain_text, sizes, theme
from whowas.desktop.kit.icons import pixmap
from whowas.desktop.kit.theme import Token

HEIGHT, COMPACT = 28, 24
"""In pixels at 100 %, see ``sizes.spaced``."""
_PADDING = 11
_ICON = 14
_RADIUS = 6
_BACK = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Up})
_ON = frozenset({Qt.Key.Key_Right, Qt.Key.Key_Down})


def _height() -> int:
    return sizes.spaced(HEIGHT, COMPACT)


class SegmentButton(QPushButton):
    """One word of a segmented control, with an icon before it where ``drawing`` names one."""

    def __init__(self, text: str, drawing: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._drawing = drawing
        self.first = self.last = False
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.set_text(text)
        self._set_font()
        theme.signals.changed.connect(self._set_font)

    def set_text(self, text: str) -> None:
        """Show another text."""
        self.setText(plain_text.label(text))
        self.setAccessibleName(text)

    def sizeHint(self) -> QSize:
        text = QFontMetrics(self.font()).horizontalAdvance(self.accessibleName())
        return QSize(text + 1 + 2 * _PADDING + (_ICON + 6 if self._drawing else 0), _height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen, under = self.isChecked(), self.underMouse() and self.isEnabled()
        painter.setPen(tokens.accent if chosen or self.hasFocus() else tokens.line)
        painter.setBrush(tokens.accent_soft if chosen else tokens.hover if under else tokens.surface)
        painter.drawPath(self._outline(0.5))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(self._outline(1.5))
        area = self.rect().adjusted(_PADDING, 0, -_PADDING, 0)
        if self._drawing:
            box = QRect(area.left(), (self.height() - _ICON) // 2, _ICON, _ICON)
            token: Token = "accent" if chosen else "text"
            painter.drawPixmap(box, pixmap(self._drawing, _ICON, self.devicePixelRatioF(), token))
            area.setLeft(box.right() + 7)
        painter.setPen(tokens.faint if not self.isEnabled() else tokens.accent if chosen else tokens.text)
        painter.setFont(self.font())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine), self.accessibleName())
        painter.end()

    def _set_font(self) -> None:
        font = QFont(self.font())
        font.setPixelSize(sizes.scaled(13))
        font.setWeight(QFont.Weight.Medium)
        self.setFont(font)
        self.update()

    def _outline(self, inset: float) -> QPainterPath:
        """Return the edge, round where no neighbour is; ``inset`` is in pixels."""
        area = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        path.addRoundedRect(area, _RADIUS, _RADIUS)
        for straight, left in ((not self.first, area.left()), (not self.last, area.right() - _RADIUS)):
            if straight:
                path.addRect(left, area.top(), _RADIUS, area.height())
        return path.simplified()


class Segments(QWidget):
    """Buttons, one of which is chosen, or none until somebody chooses.

    ``chosen(key)`` is emitted when a person chooses another one, ``pressed(key)`` whenever one is pressed, also the
    one that is chosen already. Arrow keys choose the next one; Tab leaves.
    """

    chosen = Signal(str)
    pressed = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: dict[str, SegmentButton] = {}
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        # Queued, as each segment takes in its size first.
        theme.signals.changed.connect(self._arrange, Qt.ConnectionType.QueuedConnection)

    def add(self, key: str, text: str, drawing: str = "") -> SegmentButton:
        """Add a segment at the right."""
        button = SegmentButton(text, drawing, self)
        # Not clicked: a screen reader toggles a button without a click.
        button.toggled.connect(partial(self._toggled, key))
        button.installEventFilter(self)
        self._buttons[key] = button
        buttons = list(self._buttons.values())
        for each in buttons:
            each.first, each.last = each is buttons[0], each is buttons[-1]
        if len(buttons) > 1:
            QWidget.setTabOrder(buttons[-2], button)
        self._set(self.current())
        self._arrange()
        return button

    def button(self, key: str) -> SegmentButton:
        """Return the segment of that key."""
        return self._buttons[key]

    def buttons(self) -> list[SegmentButton]:
        """Return all segments in their order."""
        return list(self._buttons.values())

    def current(self) -> str | None:
        """Return the key of the chosen segment, None where none is."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), None)

    def choose(self, key: str | None) -> None:
        """Show a segment as chosen, or none, without telling anybody."""
        self._set(key)

    def set_text(self, key: str, text: str) -> None:
        """Show another text in a segment."""
        if self._buttons[key].accessibleName() != text:
            self._buttons[key].set_text(text)
            self._arrange()

    def show_only(self, keys: Sequence[str]) -> None:
        """Show only these segments."""
        for key, button in self._buttons.items():
            button.setHidden(key not in keys)
        shown = [self._buttons[key] for key in keys]
        for button in shown:
            button.first, button.last = button is shown[0], button is shown[-1]
        self._set(self.current())
        self._arrange()

    def sizeHint(self) -> QSize:
        shown = self._shown()
        return QSize(sum(button.sizeHint().width() for button in shown) - max(0, len(shown) - 1), _height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let arrow keys choose a neighbour."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = -1 if event.key() in _BACK else 1 if event.key() in _ON else 0
            if step and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
                self._move(watched, step)
                return True
        return super().eventFilter(watched, event)

    def _shown(self) -> list[SegmentButton]:
        return [button for button in self._buttons.values() if not button.isHidden()]

    def _move(self, button: QObject, step: int) -> None:
        shown = self._shown()
        at = next(place for place, each in enumerate(shown) if each is button) + step
        if 0 <= at < len(shown):
            key = next(key for key, each in self._buttons.items() if each is shown[at])
            self._take(key)
            shown[at].setFocus(Qt.FocusReason.TabFocusReason)

    def _toggled(self, key: str, checked: bool) -> None:
        """Follow whoever pressed a segment: what is shown as chosen was set here."""
        if checked != (key == self._shown_as_chosen):
            self._press(key)

    def _press(self, key: str) -> None:
        self._take(key)
        self.pressed.emit(key)

    def _take(self, key: str) -> None:
        before = self._shown_as_chosen
        self._set(key)
        if key != before:
            self.chosen.emit(key)

    def _set(self, key: str | None) -> None:
        self._shown_as_chosen = key
        shown = self._shown()
        stop = self._buttons.get(key or "")
        if stop not in shown:
            stop = shown[0] if shown else None
        for other, button in self._buttons.items():
            button.setChecked(other == key)
            if other == key:
                button.raise_()
            # One stop for the Tab key; without a mouse the others are reached by arrow keys.
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if button is stop else Qt.FocusPolicy.ClickFocus)

    def _arrange(self) -> None:
        left = 0
        for button in self._shown():
            width = button.sizeHint().width()
            button.setGeometry(left, 0, width, _height())
            left += width - 1  # the edges of neighbours are one
        self.updateGeometry()
