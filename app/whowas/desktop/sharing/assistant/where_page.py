"""The first page: where the server is, and whether it answers."""

from __future__ import annotations

import os
from typing import Final, get_args

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from whowas.desktop.kit.field_row import RowNote
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.segments import Segments
from whowas.desktop.sharing.assistant.encryption_row import EncryptionRow
from whowas.desktop.sharing.assistant.said import How, Said
from whowas.desktop.sharing.assistant.server_fields import ServerFields
from whowas.desktop.sharing.points import PointsBox, SignedLine
from whowas.desktop.sharing.scrolling import scrolling
from whowas.domain.errors import RefusedError, WhowasError

_BOX_WIDTH = 320
_GAP = 24
_WIDE = 800
"""From this width on there is room for the fields and for what is said beside them."""
_WAYS: Final[dict[How, str]] = {
    "server": "A server in the network",
    "computer": "This computer (socket)",
    "address": "An address",
}
_INTRODUCTION = "Whowas keeps a shared directory in a PostgreSQL database, 13 or later. Where is it?"
_PASSWORD = "Whowas keeps the password only until it is closed. Leave it empty where it is in ~/.pgpass."  # noqa: S105
_CERTIFICATE = ("certificate", "sslrootcert", "sslmode")
_POINTS: Final = (
    ("users", "Everybody works in one directory, each in a window of their own, and sees what others change at once."),
    ("shield-check", "The server says who did what, and when. Nobody can alter that in their own window."),
    ("history", "Every computer keeps the whole history, so everybody goes through it as fast as alone."),
    ("clock", "Without a connection everything can be read; saving waits until it is back."),
    ("undo", "The directory can be taken back to a file at any time, with all of its history."),
)


class WherePage(QWidget):
    """``tryWanted`` asks whether the server answers; ``edited`` says that it is another one."""

    tryWanted = Signal()
    edited = Signal()

    def __init__(self, account: str, parent: QWidget | None = None) -> None:
        """``account`` is whom a server takes for the person where nothing is said."""
        super().__init__(parent)
        self.ways = Segments("Kind of server")
        for key in get_args(How):
            if key != "computer" or os.name == "posix":
                self.ways.add(key, _WAYS[key])
        self.ways.choose("server")
        self.fields = ServerFields(account)
        self.encryption = EncryptionRow()
        self.try_button = QPushButton("Try connection")
        self.try_button.setAutoDefault(False)
        self._told = RowNote()
        self._beside = QWidget()
        self._lay_out()
        # Fields and text made in one go would take longer than a frame.
        QTimer.singleShot(0, self, self._say_what_it_means)
        self.ways.chosen.connect(self._show_way)
        self.fields.edited.connect(self._edit)
        self.encryption.edited.connect(self._edit)
        self.try_button.clicked.connect(self.tryWanted)

    def said(self) -> Said:
        """Return what the person says."""
        said = self.fields.said()
        return Said(said.how, {**said.parts, **self.encryption.said()})

    def show_trying(self) -> None:
        """Say that it is being found out whether the server answers."""
        self.clear()
        self._told.say("Connecting…", error=False)
        self.try_button.setEnabled(False)

    def show_answer(self, sentence: str) -> None:
        """Say that the server answered."""
        self.try_button.setEnabled(True)
        self._told.praise(sentence)

    def refuse(self, error: WhowasError) -> None:
        """Say why the server cannot be used: beside the field where that is mended, if it is one."""
        self.clear()
        self.try_button.setEnabled(True)
        field = error.field if isinstance(error, RefusedError) else ""
        self.encryption.mark(field in _CERTIFICATE)
        if not self.fields.refuse(field, str(error)):
            self._told.say(str(error), error=True)

    def clear(self) -> None:
        """Say nothing of the server any more."""
        self.fields.clear_notes()
        self.encryption.mark(False)
        self._told.say("", error=False)

    def take_focus(self) -> None:
        """Put the focus where one begins to type."""
        self.fields.first().take_focus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave a narrow window to the fields."""
        super().resizeEvent(event)
        self._beside.setVisible(self.width() >= _WIDE)

    def _show_way(self, key: str) -> None:
        how = next(one for one in get_args(How) if one == key)
        self.fields.show_fields(how)
        self.encryption.show_for(how)
        self._edit()

    def _edit(self) -> None:
        self.try_button.setEnabled(True)
        self.clear()
        self.edited.emit()

    def _lay_out(self) -> None:
        trying = QHBoxLayout()
        trying.setSpacing(12)
        trying.addWidget(self.try_button, 0, Qt.AlignmentFlag.AlignTop)
        trying.addWidget(self._told, 1, Qt.AlignmentFlag.AlignVCenter)
        trying.addStretch()
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget, gap in (
            (TextLabel(_INTRODUCTION, wrap=True), 12),
            (self.ways, 14),
            (self.fields, 8),
            (TextLabel(_PASSWORD, token="muted", size=12, wrap=True), 12),
            (self.encryption, 16),
        ):
            column.addWidget(widget)
            column.addSpacing(gap)
        column.addLayout(trying)
        column.addStretch(1)
        self._beside.setFixedWidth(_BOX_WIDTH)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 0)
        row.setSpacing(_GAP)
        row.addWidget(scrolling("Where", form), 1)
        row.addWidget(self._beside, 0, Qt.AlignmentFlag.AlignTop)

    def _say_what_it_means(self) -> None:
        column = QVBoxLayout(self._beside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(PointsBox("What sharing means", [SignedLine(text, drawing) for drawing, text in _POINTS]))
