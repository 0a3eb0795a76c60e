"""Who makes changes: a name of one's own, or the account of a shared directory."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from whowas.desktop.kit.announce import announce
from whowas.desktop.kit.field_row import FIELD_COMPACT, FIELD_HEIGHT, RowNote
from whowas.desktop.kit.kept_size import keep_height
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.settings.preferences import checked_actor
from whowas.desktop.settings.section import Section
from whowas.domain.errors import RefusedError

_LABEL = "Your name"
_FROM_NOW_ON = (
    "Your changes are recorded under this name from now on; those made before keep theirs. "
    "On the command line they are recorded under your login name, {login}."
)
_OF_ACCOUNT = (
    "This directory is shared: the server records your changes under the account that you are signed in with, "
    "so no other name can be chosen here."
)


class PersonSection(Section):
    """``chosen`` carries "" for the login name."""

    def __init__(self, login: str, account: str = "", parent: QWidget | None = None) -> None:
        """``account`` is that of the shared directory that is open, "" where none is."""
        super().__init__("You", parent)
        self._login = login
        self._line = QLineEdit()
        self._note = RowNote()
        if account:
            plain = TextLabel(account)
            plain.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            plain.setAccessibleName(_LABEL)
            plain.setAccessibleDescription(account)
            self.add_row(_LABEL, plain)
            self.add_hint(_OF_ACCOUNT)
            return
        self._line.setAccessibleName(_LABEL)
        keep_height(self._line, FIELD_HEIGHT, FIELD_COMPACT)
        self._line.textChanged.connect(self._look)
        self._line.editingFinished.connect(self.take)
        self.add_row(_LABEL, self._with_note(), to=self._line)
        self.add_hint(_FROM_NOW_ON.format(login=login))

    def show_kept(self, kept: Mapping[str, str]) -> None:
        super().show_kept(kept)
        shown = kept["actor"] or self._login
        if self._line.text().strip() != shown:
            self._line.setText(shown)

    def take(self) -> bool:
        """Choose the name that was typed; return whether it can be one."""
        if self._note.is_error():
            return False
        name = self._line.text().strip()
        kept = "" if name == self._login else name
        if kept != self._kept.get("actor"):
            self.chosen.emit("actor", kept)
        return True

    def focus_name(self) -> None:
        """Put the focus into the field of the name."""
        self._line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _look(self, text: str) -> None:
        """Say below the field why a name cannot be one, as soon as it cannot."""
        sentence = ""
        try:
            checked_actor(text)
        except RefusedError as refused:
            sentence = str(refused)
        if sentence == self._note.sentence():
            return
        self._note.say(sentence, error=True)
        self._line.setAccessibleDescription(sentence)
        self._line.setProperty("error", bool(sentence))
        # Qt evaluates properties in the stylesheet only when a widget is polished again.
        self._line.style().unpolish(self._line)
        self._line.style().polish(self._line)
        if sentence:
            announce(self._line, sentence, urgent=True)

    def _with_note(self) -> QWidget:
        both = QWidget()
        column = QVBoxLayout(both)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._line)
        column.addWidget(self._note)
        return both
