"""The dialog that lists the backups of a directory, and where and whether they are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QModelIndex, QSize, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from whowas.desktop.keeping.backup_choice import MADE, BackupChoice
from whowas.desktop.kit import dates, sizes
from whowas.desktop.kit.announce import announce
from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.dialogs.lines_table import LinesView
from whowas.desktop.kit.labels import TextLabel
from whowas.safekeeping.backups import Backup, size_told

_WIDTH, _ROWS = 720, 7
_COLUMNS = (150, 210, 90, 110)

_NOT_MADE = "Whowas makes none by itself, except before the file is migrated."
_NONE = "There is none yet."
_OF_SHARED = (
    "These are copies of what this computer has of the shared directory. What is restored from one is a file of its "
    "own: the directory on the server stays as it is."
)


@dataclass(frozen=True, slots=True)
class _BackupLine:
    """A row of the list; the backup is read as people say it."""

    backup: Backup
    changes: int | None
    """How many changes it holds, None where only its events can be counted."""
    now: int

    def texts(self) -> tuple[str, ...]:
        one = self.backup
        if one.head is None:
            changes = "unreadable"
        elif self.changes is None:
            changes = f"{one.head.position:,} event{'' if one.head.position == 1 else 's'}"
        else:
            changes = f"{self.changes:,}"
        when, why = dates.timed(one.made_at, self.now), one.reason.capitalize()
        return when, why, size_told(one.size), changes, "Verified" if one.verified else "Not verified"


class BackupsDialog(DialogFrame):
    """Lists backups, the newest first, and says which of them the person wants opened, restored or shown in its folder.

    ``opened``, ``restored`` and ``shown`` carry a Backup.
    """

    opened = Signal(object)
    restored = Signal(object)
    shown = Signal(object)

    def __init__(
        self,
        file: str,
        backups: Sequence[Backup],
        changes: Mapping[Path, int],
        parent: QWidget | None = None,
        *,
        shared: bool = False,
    ) -> None:
        """``file`` is the name of the directory file; ``changes`` says how many some backups hold, by their paths.

        ``shared`` says that the directory is on a server.
        """
        super().__init__(f"Backups of {file}", parent)
        self._backups = backups
        self.ask_width(_WIDTH)
        self._told = TextLabel(token="muted", size=12, wrap=True)
        self.body.addWidget(self._told)
        if shared:
            self.body.addWidget(TextLabel(_OF_SHARED, token="muted", size=12, wrap=True))
        self._list = LinesView("Backups", ("When", "Why", "Size", "Changes", "Verified"), _COLUMNS)
        self._list.verticalHeader().setDefaultSectionSize(sizes.row_height())
        self._list.setMinimumSize(QSize(_WIDTH - 40, _ROWS * 36))
        now = dates.microseconds_now()
        self._list.lines.show([_BackupLine(one, changes.get(one.path), now) for one in backups])
        self.body.addWidget(self._list, 1)
        self.body.addLayout(self._acts())
        self.body.addSpacing(8)
        self.choice = BackupChoice()
        self.choice.changed.connect(self._tell)
        self.choice.said.connect(self.say)
        self.body.addWidget(self.choice)
        self._said = TextLabel(_NONE if not backups else "", token="muted", size=12, wrap=True)
        self.body.addWidget(self._said)
        self.add_button("Close", primary=True).clicked.connect(self.accept)
        self._list.selectionModel().currentRowChanged.connect(self._offer)
        self._list.selectRow(0)
        self._offer(self._list.currentIndex())
        self._tell()
        self._list.setFocus()

    def say(self, sentence: str) -> None:
        """Say what came of something that was asked for here."""
        self._said.setText(sentence)
        announce(self, sentence)

    def _acts(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self._buttons = [
            self._act("Open", self.opened),
            self._act("Restore into a new file", self.restored),
            self._act("Show in folder", self.shown),
        ]
        for button in self._buttons:
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _act(self, text: str, signal: SignalInstance) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: signal.emit(self._current()))
        return button

    def _tell(self) -> None:
        self._told.setText(MADE if self.choice.makes else _NOT_MADE)

    def _current(self) -> Backup:
        return self._backups[self._list.currentIndex().row()]

    def _offer(self, current: QModelIndex) -> None:
        """Enable what can be done with the current row."""
        there = current.isValid()
        readable = there and self._backups[current.row()].head is not None
        opening, restoring, showing = self._buttons
        opening.setEnabled(readable)
        restoring.setEnabled(readable)
        showing.setEnabled(there)
