"""Asking which directory on a server is to be opened: by the file that somebody sent, or by its address."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.field_row import FIELD_HEIGHT, LABEL_GAP, LABEL_HEIGHT, LineRow
from whowas.desktop.kit.labels import TextLabel
from whowas.system import folders

TEAM_FILES = f"Shared directories (*{folders.TEAM_SUFFIX});;All files (*)"

_WIDTH = 560
_TOLD = (
    f"Whoever shared the directory can send you a file NAME{folders.TEAM_SUFFIX}, or the server's address, like "
    "postgresql://db.example.org/staff."
)


class OpenSharedDialog(DialogFrame):
    """``place`` is the path of a file or an address, once the dialog was accepted."""

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__("Open a shared directory", parent)
        self.ask_width(_WIDTH)
        self._folder = folder
        self._row = LineRow("place", "File or address")
        self._row.submitted.connect(self._take)
        choose = QPushButton("Choose file…")
        choose.setAutoDefault(False)
        choose.setFixedHeight(FIELD_HEIGHT)
        choose.clicked.connect(self._choose)
        beside = QVBoxLayout()
        beside.setContentsMargins(0, LABEL_HEIGHT + LABEL_GAP, 0, 0)
        beside.addWidget(choose)
        beside.addStretch(1)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._row, 1)
        line.addLayout(beside)
        self.body.addWidget(TextLabel(_TOLD, token="muted", wrap=True))
        self.body.addSpacing(4)
        self.body.addLayout(line)
        self.body.addStretch(1)
        self.add_cancel()
        self.add_button("Open", primary=True).clicked.connect(self._take)
        self._place: Path | str | None = None
        self._row.take_focus()

    def place(self) -> Path | str | None:
        """Return what was chosen."""
        return self._place

    def _choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Open a shared directory", str(self._folder), TEAM_FILES)
        if chosen:
            self._row.set_text(chosen)
            self._row.set_note("")

    def _take(self) -> None:
        text = self._row.text().strip()
        wrong = _wrong_with(text)
        if wrong:
            self._row.set_note(wrong)
            self._row.take_focus()
            return
        self._place = text if text.startswith(folders.ADDRESSES) else Path(text).expanduser()
        self.accept()


def _wrong_with(text: str) -> str:
    """Say why a text names no shared directory, "" where it may."""
    if not text:
        return "Choose a file, or type an address."
    if text.startswith(folders.ADDRESSES):
        return ""
    path = Path(text).expanduser()
    if not path.is_file():
        return f"There is no such file. An address begins with {folders.ADDRESSES[0]}."
    if path.suffix.lower() != folders.TEAM_SUFFIX:
        return f"That file does not end in {folders.TEAM_SUFFIX}. Other directories are opened with Open…."
    return ""
