"""Labels that show plain text in a colour of the theme, and follow a change of theme."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QWidget

from whowas.desktop.kit import sizes, theme
from whowas.desktop.kit.theme import Token


class TextLabel(QLabel):
    """A QLabel that never interprets its text as markup. ``size`` is in pixels at 100 %, see ``sizes``."""

    def __init__(
        self,
        text: str = "",
        *,
        token: Token = "text",
        size: int = 13,
        weight: QFont.Weight = QFont.Weight.Normal,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.setText(text)
        self._token: Token = token
        self.set_type(size, weight)
        theme.signals.changed.connect(self._restyle)
        self._recolour()

    def set_token(self, token: Token) -> None:
        """Show the text in the colour of another token."""
        if token != self._token:
            self._token = token
            self._recolour()

    def set_type(self, size: int, weight: QFont.Weight) -> None:
        """Show the text in another size, in pixels at 100 %, and weight."""
        self._size, self._weight = size, weight
        self._set_font()

    def _set_font(self) -> None:
        font = self.font()
        font.setPixelSize(sizes.scaled(self._size))
        font.setWeight(self._weight)
        self.setFont(font)

    def _restyle(self) -> None:
        # A new stylesheet puts back the font that the label had as the one before was put on.
        self._set_font()
        self._recolour()

    def _recolour(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, theme.current().colour(self._token))
        self.setPalette(palette)


class ElidedLabel(TextLabel):
    """A TextLabel of one line whose text is shortened with "…" if it does not fit, unless there is a shorter one."""

    _shorter = ""

    def set_shorter(self, text: str) -> None:
        """Show this where there is no room for the text, "" where that is shortened."""
        self._shorter = text
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        # As one line, so that a text of several lines does not show halves of two.
        text = " ".join(self.text().split())
        if self._shorter and self.fontMetrics().horizontalAdvance(text) > self.contentsRect().width():
            text = self._shorter
        # Of a label with a buddy, "&&" is one "&".
        flags = int(Qt.TextFlag.TextSingleLine) | (int(Qt.TextFlag.TextShowMnemonic) if self.buddy() is not None else 0)
        shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, self.contentsRect().width(), flags)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(self.contentsRect(), int(self.alignment()) | flags, shown)
        painter.end()
