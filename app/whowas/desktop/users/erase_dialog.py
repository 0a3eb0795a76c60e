"""Asking whether somebody is to be erased, which nothing brings back."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.labels import TextLabel
from whowas.domain.text_folding import folded

_WIDTH = 480

_LOST = (
    "Everything that was ever known of this user goes, now and at every moment of the past. Nothing brings it back: "
    "no undo, no restoring, nobody."
)
_KEPT = (
    "What stays: that something happened, when, and who did it; what others' fields and reasons say about this user; "
    "and the backups and exports you made, which hold this user until you delete them."
)
_KEPT_SHARED = (
    "What stays: that something happened, when, and who did it; what others' fields and reasons say about this user; "
    "and the exports and copies that anybody made, which hold this user until they are deleted."
)
_FORGETTING = (
    "Every other computer forgets this user when it next connects to the server. You are told how many windows have "
    "not forgotten yet."
)
_ADMINISTRATED = (
    "Backups, archives, dumps and replicas of the server are its administrator's: only they can remove this user there."
)
_INSTEAD = "To take somebody out of the directory and keep their history, use Delete."
_TYPE = "Type the name to erase"


class EraseDialog(DialogFrame):
    """Says what is lost of ``name``, and lets it be done once that name is typed.

    Of a ``shared`` directory it says what is so there: others have copies, and so has the server's administrator.
    """

    def __init__(self, name: str, parent: QWidget | None = None, *, shared: bool = False) -> None:
        super().__init__(f"Erase {name}", parent)
        self.ask_width(_WIDTH)
        self._name = " ".join(name.split())
        self.body.addWidget(TextLabel(_LOST, wrap=True))
        kept = (_KEPT_SHARED, _FORGETTING, _ADMINISTRATED) if shared else (_KEPT,)
        for sentence in (*kept, _INSTEAD):
            self.body.addWidget(TextLabel(sentence, token="muted", wrap=True))
        typed = QLineEdit()
        typed.setAccessibleName(_TYPE)
        typed.setPlaceholderText(self._name)
        label = TextLabel(_TYPE, token="muted", size=12)
        label.setBuddy(typed)
        self.body.addSpacing(4)
        self.body.addWidget(label)
        self.body.addWidget(typed)
        self.body.addStretch(1)
        self.add_cancel()
        # Not the one that Enter presses: it takes a deliberate act.
        self._erase = self.add_button("Erase for ever")
        self._erase.setEnabled(False)
        self._erase.clicked.connect(self.accept)
        typed.textChanged.connect(self._take)
        typed.setFocus()

    def _take(self, typed: str) -> None:
        self._erase.setEnabled(folded(" ".join(typed.split())) == folded(self._name))
