"""The page shown while no directory is open."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from whowas.desktop.kit import sizes, theme
from whowas.desktop.kit.icons import icon, pixmap
from whowas.desktop.kit.kept_size import keep_icon
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.window.recent_list import RecentDirectory, RecentList

_WIDTH = 560
_APP_ICON = 72


class WelcomePage(QWidget):
    """Begins or opens a directory, or opens one of those opened last."""

    newRequested = Signal()
    openRequested = Signal()
    sampleRequested = Signal()
    importRequested = Signal()
    recentActivated = Signal(str)
    """The path of a directory to open."""
    recentRemoved = Signal(str)
    """The path of a directory to forget."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._heading = TextLabel("RECENT", token="muted", size=11, weight=QFont.Weight.DemiBold)
        self._recent = RecentList()
        self._recent.recentActivated.connect(self.recentActivated)
        self._recent.recentRemoved.connect(self.recentRemoved)
        self._lay_out()
        self.set_recent(())
        theme.signals.changed.connect(self._draw)
        self._draw()

    def set_recent(self, directories: Sequence[RecentDirectory]) -> None:
        """Offer these, the last opened first."""
        self._recent.set_directories(directories)
        self._heading.setVisible(bool(directories))
        self._recent.setVisible(bool(directories))

    def choose_recent(self) -> None:
        """Put the keyboard on the directory opened last."""
        self._recent.choose_first()

    def _lay_out(self) -> None:
        middle = Qt.AlignmentFlag.AlignHCenter
        name = TextLabel("Whowas", size=28, weight=QFont.Weight.Bold)
        sentence = TextLabel("A user directory that remembers.", token="muted", size=15)
        inner = self._inner = QWidget()
        inner.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._picture)
        column.addSpacing(12)
        column.addWidget(name, alignment=middle)
        column.addSpacing(4)
        column.addWidget(sentence, alignment=middle)
        column.addSpacing(32)
        column.addLayout(self._buttons())
        column.addSpacing(32)
        column.addWidget(self._heading)
        column.addSpacing(8)
        column.addWidget(self._recent)
        page = QVBoxLayout(self)
        page.setContentsMargins(24, 24, 24, 24)
        page.addStretch(2)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(inner, 100)
        line.addStretch(1)
        page.addLayout(line)
        page.addStretch(3)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for text, drawing, wanted in (
            ("New directory…", "file-plus", self.newRequested),
            ("Open…", "folder-open", self.openRequested),
            ("Try a sample", "users", self.sampleRequested),
            ("Import a list…", "import", self.importRequested),
        ):
            first = wanted is self.newRequested
            button = QPushButton(icon(drawing, "on_accent" if first else "text"), text)
            button.setProperty("primary", first)
            # Wider than the drawing, which keeps its distance from the text.
            keep_icon(button, QSize(22, 16))
            button.clicked.connect(wanted)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _draw(self) -> None:
        self._inner.setMaximumWidth(sizes.scaled(_WIDTH))
        self._picture.setPixmap(pixmap("app", _APP_ICON, self.devicePixelRatioF(), "accent"))
