"""The line at the bottom: how much there is, whether the history was verified, what is saved where."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QStatusBar,
    QWidget,
)

from whowas.desktop.chrome.status_words import StatusLine, Words
from whowas.desktop.kit import icons, theme
from whowas.desktop.kit.labels import TextLabel

_ICON = 14
_BOUND = "takesItsTipAway"


class _Piece(QWidget):
    """A few words with an icon before them, where they have one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = Words("")
        self._icon = QLabel()
        self._text = TextLabel(size=12)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        row.addWidget(self._icon)
        row.addWidget(self._text)
        self._icon.hide()
        theme.signals.changed.connect(self._draw)

    def say(self, words: Words) -> None:
        """Show these words."""
        if words == self._words:
            return
        self._words = words
        self._text.setText(words.text)
        self._text.set_token(words.token)
        self._icon.setVisible(bool(words.icon))
        self._draw()
        self._row.activate()

    def _draw(self) -> None:
        if self._words.icon:
            self._icon.setPixmap(icons.pixmap(self._words.icon, _ICON, self.devicePixelRatioF(), self._words.token))


class StatusBar(QStatusBar):
    """Plain labels, and ``drafts``, the link to the drafts; it never takes part in layout changes above it.

    What a menu says of its entries is shown over them while that menu is open, and no longer: Qt takes it away itself
    only where the menu hangs on the menu bar.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._users, self._changes, self._history, self._file = _Piece(), _Piece(), _Piece(), _Piece()
        self._selected, self._people = _Piece(), _Piece()
        self.messageChanged.connect(self._bound_tip)
        self._doing = _Piece()
        self._doing.hide()
        self._progress = QProgressBar()
        self._progress.setFixedWidth(160)
        self._progress.setTextVisible(False)
        self._progress.setVisible(False)
        left = QWidget()
        self._row = row = QHBoxLayout(left)
        row.setContentsMargins(10, 0, 0, 0)
        row.setSpacing(20)
        row.addWidget(self._users)
        row.addWidget(self._changes)
        row.addWidget(self._history)
        row.addWidget(self._selected)
        row.addWidget(self._people)
        row.addWidget(self._doing)
        row.addWidget(self._progress)
        row.addStretch(1)  # as the progress goes, its room is there for a frame
        self.addWidget(left)
        self.drafts = QPushButton()
        self.drafts.setProperty("link", "bare")
        self._fit_link()
        theme.signals.changed.connect(self._fit_link)
        self.drafts.setCursor(Qt.CursorShape.PointingHandCursor)
        # A click leaves the cursor where it is in the form.
        self.drafts.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.drafts.hide()
        right = QWidget()
        self._right = QHBoxLayout(right)
        self._right.setContentsMargins(0, 0, 12, 0)
        self._right.setSpacing(3)
        self._right.addWidget(self._file)
        self._right.addWidget(self.drafts)
        self.addPermanentWidget(right)

    def show_line(self, line: StatusLine) -> None:
        """Say how much there is, what verifying found, and what is saved where."""
        self._users.say(line.users)
        self._changes.say(line.changes)
        self._history.say(line.history)
        self._selected.say(line.selected)
        self._people.say(line.people)
        self._file.say(line.file)
        self.drafts.setText(line.drafts)
        self.drafts.setVisible(bool(line.drafts))
        # At once, or a frame shows the new words in the room of those before.
        self._row.activate()
        self._right.activate()
        if (around := self.layout()) is not None:
            around.activate()

    def show_progress(self, done: int, total: int, doing: str = "") -> None:
        """Show how far long work is, and in words what is being done; (0, 0) hides it."""
        is_shown = done > 0 or total > 0
        self._doing.say(Words(doing))
        self._doing.setVisible(is_shown and bool(doing))
        self._progress.setAccessibleName(doing)
        self._progress.setVisible(is_shown)
        self._progress.setRange(0, max(total, 0))
        self._progress.setValue(done)

    def _fit_link(self) -> None:
        """Let the link be as high as the words beside it: the bar keeps its height as it comes and goes."""
        self.drafts.setFixedHeight(self._file.sizeHint().height())

    def _bound_tip(self, tip: str) -> None:
        menu = QApplication.activePopupWidget()
        if not tip:
            return
        if not isinstance(menu, QMenu):
            self.clearMessage()  # the menu that it is of is closed already
        elif not menu.property(_BOUND):
            menu.setProperty(_BOUND, True)
            menu.aboutToHide.connect(self.clearMessage)
            menu.destroyed.connect(self.clearMessage)
