"""The line at the bottom: how much there is, whether the history was verified, what is saved where."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QStatusBar, QWidget

from whowas.desktop import icons


def _label() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


class StatusBar(QStatusBar):
    """Plain labels; it never takes part in layout changes above it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._users, self._changes, self._verified, self._file = _label(), _label(), _label(), _label()
        self._shield = QLabel()
        self._shield.setPixmap(icons.icon("shield-check", "muted").pixmap(14, 14))
        self._progress = QProgressBar()
        self._progress.setFixedWidth(160)
        self._progress.setTextVisible(False)
        self._progress.setVisible(False)
        left = QWidget()
        row = QHBoxLayout(left)
        row.setContentsMargins(10, 0, 0, 0)
        row.setSpacing(20)
        row.addWidget(self._users)
        row.addWidget(self._changes)
        verified = QHBoxLayout()
        verified.setSpacing(5)
        verified.addWidget(self._shield)
        verified.addWidget(self._verified)
        row.addLayout(verified)
        row.addWidget(self._progress)
        self.addWidget(left)
        self._file.setContentsMargins(0, 0, 12, 0)
        self.addPermanentWidget(self._file)
        self._shield.setVisible(False)

    def show_counts(self, users: int, changes: int, file: str, *, in_place: bool = True) -> None:
        """Say how many users (of any status) and changes there are, in which file, and whether it still is there."""
        self._users.setText(f"{users:,} user{'s' if users != 1 else ''}")
        self._changes.setText(f"{changes:,} change{'s' if changes != 1 else ''}")
        self._file.setText(f"{file} · {'all changes saved' if in_place else 'not in its folder'}")

    def show_verified(self, intact: bool) -> None:
        """Say what verifying found."""
        self._shield.setVisible(intact)
        self._verified.setText("history verified" if intact else "history damaged")

    def show_progress(self, done: int, total: int) -> None:
        """Show how far long work is; (0, 0) hides it."""
        self._progress.setVisible(done > 0 or total > 0)
        self._progress.setRange(0, max(total, 0))
        self._progress.setValue(done)
