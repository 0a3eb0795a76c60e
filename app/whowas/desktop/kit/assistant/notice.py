"""A sentence above the foot of an assistant, with at most one button."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from whowas.desktop.kit import theme
from whowas.desktop.kit.announce import announce
from whowas.desktop.kit.icons import pixmap
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.theme import Token
from whowas.domain.errors import CancelledError, WhowasError

_ICON = 16


class AssistantNotice(QWidget):
    """Is out of sight as long as there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour: Token = "muted"
        self._sign = QLabel()
        self._sentence = TextLabel(wrap=True)
        self._button = QPushButton()
        self._button.setProperty("link", True)
        self._button.setAutoDefault(False)
        self._button.clicked.connect(self._act)
        self._do: Callable[[], None] | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 10, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._sentence, 1)
        row.addWidget(self._button)
        theme.signals.changed.connect(self._draw)
        self.clear()

    @property
    def text(self) -> str:
        """What is said; "" where there is nothing."""
        return self._sentence.text()

    def say(self, sentence: str, *, wrong: bool, button: str = "", do: Callable[[], None] | None = None) -> None:
        """Say something, that went wrong or not; ``button`` does something about it."""
        self._colour = "error" if wrong else "muted"
        self._sentence.setText(sentence)
        self._sentence.set_token("error" if wrong else "text")
        self._button.setText(button)
        self._button.setVisible(bool(button))
        self._do = do
        self._draw()
        self.show()
        announce(self, sentence, urgent=wrong)

    def say_why(self, error: WhowasError) -> None:
        """Say why something was not done, unless the person wanted it so."""
        if not isinstance(error, CancelledError):
            self.say(str(error), wrong=True)

    def clear(self) -> None:
        """Say nothing any more."""
        self._sentence.clear()
        self._do = None
        self.hide()

    def _act(self) -> None:
        if self._do is not None:
            self._do()

    def _draw(self) -> None:
        name = "alert" if self._colour == "error" else "info"
        self._sign.setPixmap(pixmap(name, _ICON, self.devicePixelRatioF(), self._colour))
