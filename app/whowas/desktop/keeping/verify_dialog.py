"""The dialog that checks the history: what was found, its head to keep elsewhere, and when it was seen here last."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QProgressBar, QPushButton, QWidget

from whowas.desktop.keeping.seen_words import SeenLine
from whowas.desktop.keeping.verify_words import LOOKED_AT, VerifyOutcome
from whowas.desktop.kit import theme
from whowas.desktop.kit.announce import announce
from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.icons import icon, pixmap
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.plain_text import tool_tip
from whowas.desktop.kit.tinted_box import TintedBox
from whowas.desktop.session.short_head import short_head
from whowas.store.chain import Head

_SIZE = QSize(520, 380)
_HEADING = "Is the history as it was written?"
_STEPS = 1000
_KEEP_IT = "Keep it somewhere else. It proves later that this history was not cut or rewritten."
_SOUND = "Everything up to here is sound; what comes after it is not to be relied on."


class VerifyDialog(DialogFrame):
    """Shows a check that runs elsewhere; closing it before its end cancels that.

    Its owner calls ``show_progress``, and ``show_outcome`` or ``show_failure`` in the end.
    """

    compareWanted = Signal()
    saveWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_HEADING, parent)
        self.setMinimumSize(_SIZE)
        self._full_head = ""
        self._box = TintedBox()
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName("Verifying")
        self._box.column.insertWidget(self._box.column.count() - 1, self._progress)
        self._head = QLineEdit()
        self._copy = QPushButton(icon("copy"), "Copy")
        self._compare = QPushButton("Compare with a noted head…")
        self._about_head = TextLabel(_KEEP_IT, token="muted", size=12, wrap=True)
        self._seen_icon = QLabel()
        self._seen = TextLabel(wrap=True)
        self._note = TextLabel(token="muted", size=12, wrap=True)
        self._seen_line = SeenLine("", "info", "muted")
        self._lay_out()
        self._save = self.add_button("Save report…")
        self._close = self.add_button("Cancel", primary=True)
        self._connect()
        self._allow(found=False)
        self.show_progress(0, 0)
        self._close.setFocus()

    def show_progress(self, done: int, total: int) -> None:
        """Show ``done`` of ``total``; a total of 0 means unknown."""
        self._progress.setRange(0, _STEPS if total else 0)
        if total:
            self._progress.setValue(min(done, total) * _STEPS // total)
        self._box.say("Verifying…", "", "hover", "shield-check", "muted")

    def show_outcome(
        self, outcome: VerifyOutcome, head: Head | None, seen: SeenLine, note: str = "", *, in_part: bool = False
    ) -> None:
        """Show what was found, of a history that ends at ``head``; ``note`` is what else is to be said.

        ``in_part`` says that only what is up to there is sound.
        """
        self._finish(outcome)
        self._allow(found=True)
        self._full_head = "" if head is None else str(head)
        self._head.setText("There is none to rely on" if head is None else short_head(head))
        self._copy.setEnabled(head is not None)
        self._about_head.setText("" if head is None else _SOUND if in_part else _KEEP_IT)
        self._seen_line = seen
        self._seen.setText(seen.text)
        self._draw()
        self.show_note(note)

    def show_failure(self, outcome: VerifyOutcome) -> None:
        """Show why it could not be found out."""
        self._finish(outcome)
        self._about_head.setText("")

    def show_note(self, sentence: str) -> None:
        """Show one more sentence at the end."""
        self._note.setText(sentence)
        self._note.setVisible(bool(sentence))

    def _finish(self, outcome: VerifyOutcome) -> None:
        self._progress.hide()
        self._box.say(*outcome)
        self._box.setToolTip(tool_tip(LOOKED_AT))
        self._box.setAccessibleDescription(f"{outcome.detail}\n{LOOKED_AT}")
        self._close.setText("Close")
        announce(self._box, f"{outcome.title}. {outcome.detail}")

    def _allow(self, *, found: bool) -> None:
        for widget in (self._head, self._copy, self._compare, self._save):
            widget.setEnabled(found)

    def _lay_out(self) -> None:
        self._head.setReadOnly(True)
        self._head.setAccessibleName("Head")
        label = TextLabel("Head", token="muted", size=12)
        label.setBuddy(self._head)
        self._copy.setIconSize(QSize(16, 16))
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._head, 1)
        head.addWidget(self._copy)
        for button in (self._copy, self._compare):
            button.setAutoDefault(False)
        seen = QHBoxLayout()
        seen.setSpacing(10)
        seen.addWidget(self._seen_icon, 0, Qt.AlignmentFlag.AlignTop)
        seen.addWidget(self._seen, 1)
        self.body.setSpacing(0)
        self.body.addSpacing(4)
        self.body.addWidget(self._box)
        self.body.addSpacing(18)
        self.body.addWidget(label)
        self.body.addSpacing(4)
        self.body.addLayout(head)
        self.body.addSpacing(8)
        self.body.addWidget(self._about_head)
        self.body.addSpacing(12)
        self.body.addWidget(self._compare, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addSpacing(18)
        self.body.addWidget(_Rule())
        self.body.addSpacing(14)
        self.body.addLayout(seen)
        self.body.addWidget(self._note)
        self.body.addStretch(1)
        self._note.hide()

    def _connect(self) -> None:
        self._copy.clicked.connect(self._copy_head)
        self._compare.clicked.connect(self.compareWanted)
        self._save.clicked.connect(self.saveWanted)
        self._close.clicked.connect(self.reject)
        theme.signals.changed.connect(self._draw)

    def _copy_head(self) -> None:
        QGuiApplication.clipboard().setText(self._full_head)
        announce(self._copy, "The head was copied.")

    def _draw(self) -> None:
        if self._seen_line.text:
            drawing = pixmap(self._seen_line.icon, 18, self.devicePixelRatioF(), self._seen_line.token)
            self._seen_icon.setPixmap(drawing)


class _Rule(QFrame):
    """A line across, in the colour of lines."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(1)
        self.setAutoFillBackground(True)
        theme.signals.changed.connect(self._recolour)
        self._recolour()

    def _recolour(self) -> None:
        palette = self.palette()
        palette.setColor(self.backgroundRole(), theme.current().line)
        self.setPalette(palette)
