"""Asking for the name of a moment."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.labels import TextLabel


class MomentNameDialog(DialogFrame):
    """Asks what a moment is called, and for a note; ``when`` says which one it is."""

    def __init__(self, title: str, when: str, *, name: str = "", note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.ask_width(380)
        self._name = QLineEdit(name)
        self._note = QPlainTextEdit(note)
        self._note.setFixedHeight(72)
        self._note.setTabChangesFocus(True)
        self.body.addWidget(TextLabel(when, token="muted", wrap=True))
        for text, field in (("Name", self._name), ("Note", self._note)):
            label = TextLabel(text, token="muted", size=12)
            label.setBuddy(field)
            field.setAccessibleName(text)
            self.body.addWidget(label)
            self.body.addWidget(field)
        self.add_cancel()
        save = self.add_button("Save", primary=True)
        save.clicked.connect(self.accept)
        self._name.textChanged.connect(lambda text: save.setEnabled(bool(text.strip())))
        save.setEnabled(bool(name.strip()))
        self._name.setFocus()

    def answer(self) -> tuple[str, str | None]:
        """Return the name, and the note or None."""
        return self._name.text(), self._note.toPlainText().strip() or None
