"""Comparing a history with a head that somebody noted earlier, and kept somewhere else."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from whowas.desktop.keeping.head_words import HOW_IT_LOOKS
from whowas.desktop.kit.announce import announce
from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.tinted_box import TintedBox
from whowas.store.chain import Head

_WIDTH = 520
_FIELD = "Noted head"


class NotedHeadDialog(DialogFrame):
    """Says of each head that is pasted what ``ask`` says: whether it is part of the history, and a sentence."""

    def __init__(self, ask: Callable[[Head], tuple[bool, str]], parent: QWidget | None = None) -> None:
        super().__init__("Compare with a noted head", parent)
        self.ask_width(_WIDTH)
        self._ask = ask
        field = QLineEdit()
        field.setAccessibleName(_FIELD)
        field.setPlaceholderText("17618:4f9c…")
        label = TextLabel(_FIELD, token="muted", size=12)
        label.setBuddy(field)
        self._answer = TintedBox()
        self.body.addWidget(label)
        self.body.addWidget(field)
        self.body.addSpacing(4)
        self.body.addWidget(self._answer)
        self.body.addStretch(1)
        close = self.add_button("Close", primary=True)
        close.clicked.connect(self.accept)
        field.textChanged.connect(self._compare)
        self._compare("")
        field.setFocus()

    def _compare(self, text: str) -> None:
        if not text.strip():
            self._answer.say("Nothing to compare with yet", HOW_IT_LOOKS, "hover", "info", "muted")
            return
        try:
            head = Head.parse(text)
        except ValueError:
            self._answer.say("This is no head", HOW_IT_LOOKS, "hover", "info", "muted")
            return
        good, sentence = self._ask(head)
        if good:
            self._answer.say("Part of this history", sentence, "added", "circle-check", "active_text")
        else:
            self._answer.say("Not part of this history", sentence, "removed", "alert", "error")
        announce(self._answer, sentence, urgent=not good)
