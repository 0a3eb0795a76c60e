"""The words for a status that lists use, in how many rows they stand, and what each is taken for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QRect, Signal
from PySide6.QtGui import QFont, QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from whowas.desktop.exchange.assistant.columns.columns_table import paint_frame, scrolled
from whowas.desktop.kit import theme
from whowas.desktop.kit.icons import pixmap
from whowas.desktop.kit.line_text import CellTexts
from whowas.desktop.kit.menu_box import MenuBox, add_choice
from whowas.desktop.kit.painted_tip import show_tip
from whowas.domain.fields import counted, shortened
from whowas.domain.users import STATUSES, Status
from whowas.interchange.importing.list_look import WordLook

BLANK_CELLS = "(blank)"
UNCHOSEN = "Choose…"
SAYS_NOTHING = "Leave as it is"
WIDTH, HEIGHT = 378, 136

_HEADER, _ROW, _SEEN = 29, 35, 3
_WORD, _ROWS, _ARROW, _BOX, _EDGE = 12, 96, 159, 190, 9
_ARROW_SIZE = 14
_LEAST_WORD = 40

StatusChosen = Callable[[str, Status | None], None]


class StatusBox(QWidget):
    """``statusChosen(word, status)`` is emitted when a person says what a word is taken for.

    Nothing is guessed: an unknown word is marked until somebody says what it means. None takes back what was said of
    blank cells.
    """

    statusChosen = Signal(str, object)

    def __init__(self, before: QWidget, parent: QWidget | None = None) -> None:
        """``before`` is what has the focus before the first word, going by the Tab key."""
        super().__init__(parent)
        self._before = before
        self._texts = _WordTexts(self.font())
        self._heading = CellTexts(self.font(), 12, QFont.Weight.DemiBold)
        self.rows: list[_WordRow] = []
        body = QWidget()
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self._scroll = scrolled("Words of status", body, _ROW, self)
        around = QVBoxLayout(self)
        around.setContentsMargins(1, _HEADER, 1, 1)
        around.addWidget(self._scroll)
        self.setFixedWidth(WIDTH)
        theme.signals.changed.connect(self.update)

    def show_words(self, words: Sequence[WordLook]) -> None:
        """Show the words of lists, or what they are taken for now."""
        for row in self.rows[len(words) :]:
            self._column.removeWidget(row)
            row.setParent(None)
            row.deleteLater()
        del self.rows[len(words) :]
        for at, word in enumerate(words):
            if at == len(self.rows):
                row = _WordRow(self._texts, self.statusChosen.emit)
                self._column.insertWidget(at, row)
                QWidget.setTabOrder(self.rows[-1].box if self.rows else self._before, row.box)
                self.rows.append(row)
            self.rows[at].show_word(word, last=at == len(words) - 1)
        self.setFixedHeight(min(HEIGHT, _HEADER + len(words) * _ROW + 1))
        self.setVisible(bool(words))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_frame(painter, self.rect(), _HEADER)
        painter.setPen(theme.current().muted)
        for left, text in ((_WORD, "Words of status"), (_BOX, "Becomes")):
            self._heading.draw(painter, QRect(left + 1, 1, WIDTH - left, _HEADER - 1), text)
        painter.end()


class _WordTexts:
    """Draws a word, and in how many rows it stands."""

    def __init__(self, base: QFont) -> None:
        self.word = CellTexts(base, 13, QFont.Weight.Normal)
        self.rows = CellTexts(base, 12, QFont.Weight.Normal)


class _WordRow(QWidget):
    """One word; its whole text is a tool tip."""

    def __init__(self, texts: _WordTexts, chosen: StatusChosen) -> None:
        super().__init__()
        self._texts = texts
        self._word = WordLook("", 0, None)
        self._last = False
        self._chosen = chosen
        self.box = MenuBox("", self._fill, parent=self)
        self.setFixedHeight(_ROW)
        theme.signals.changed.connect(self.update)

    def show_word(self, word: WordLook, *, last: bool) -> None:
        """Show another word, or what it is taken for now."""
        self._word, self._last = word, last
        unknown = word.status is None
        silent = unknown and not word.word
        text = word.status.capitalize() if word.status else SAYS_NOTHING if silent else UNCHOSEN
        self.box.say(text, muted=unknown, marked=unknown and not silent)
        self.box.setAccessibleName(f"{shortened(self._called)} becomes")
        rows = counted(word.rows, "row")
        refused = f"{rows}, refused as long as nobody says what the word means"
        self.box.set_details(refused if self.box.marked else rows)
        self.update()

    @property
    def _called(self) -> str:
        return self._word.word or BLANK_CELLS

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.box.setGeometry(_BOX, (_ROW - 25) // 2, self.width() - _BOX - _EDGE + 1, 25)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            show_tip(event, self._called, self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        if not self._last:
            painter.fillRect(0, _ROW - 1, self.width(), 1, tokens.line)
        rows = counted(self._word.rows, "row")
        left = self._left_of(rows)
        painter.setPen(tokens.text if self._word.word else tokens.muted)
        self._texts.word.draw(painter, QRect(_WORD, 0, left - _WORD - 8, _ROW - 1), self._called)
        painter.setPen(tokens.muted)
        self._texts.rows.draw(painter, QRect(left, 0, _ARROW - left - 4, _ROW - 1), rows)
        box = QRect(_ARROW, (_ROW - _ARROW_SIZE) // 2, _ARROW_SIZE, _ARROW_SIZE)
        painter.drawPixmap(box, pixmap("arrow-right", _ARROW_SIZE, self.devicePixelRatioF(), "muted"))
        painter.end()

    def _left_of(self, rows: str) -> int:
        """Return where the number of rows begins: behind the word, as far as there is room before the arrow."""
        end_of_word = _WORD + self._texts.word.width(self._called) + 8
        last = _ARROW - self._texts.rows.width(rows) - 8
        return max(min(max(_ROWS, end_of_word), last), _WORD + _LEAST_WORD)

    def _fill(self, menu: QMenu) -> None:
        if not self._word.word:
            say_nothing = partial(self._chosen, "", None)
            add_choice(menu, SAYS_NOTHING, say_nothing, chosen=self._word.status is None)
        for status in STATUSES:
            say = partial(self._chosen, self._word.word, status)
            add_choice(menu, status.capitalize(), say, chosen=self._word.status == status)
