"""Asking for the name of a moment."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.field_row import LineRow
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.notes_row import NotesRow
from whowas.domain.errors import RefusedError
from whowas.domain.fields import checked_name, checked_note


class MomentNameDialog(DialogFrame):
    """Asks what a moment is called, and for a note; ``when`` says which one it is."""

    def __init__(self, title: str, when: str, *, name: str = "", note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.ask_width(380)
        self._name, self._note = LineRow("name", "Name"), NotesRow("note", "Note")
        self._name.set_text(name)
        self._note.set_text(note)
        self.body.addWidget(TextLabel(when, token="muted", wrap=True))
        self.body.addWidget(self._name)
        self.body.addWidget(self._note)
        self.add_cancel()
        save = self.add_button("Save", primary=True)
        save.clicked.connect(self.accept)
        self._name.edited.connect(lambda: save.setEnabled(bool(self._name.text().strip())))
        save.setEnabled(bool(name.strip()))
        self._name.take_focus()

    def accept(self) -> None:
        """Close with name and note, unless one of them cannot be."""
        for row, check in ((self._name, checked_name), (self._note, checked_note)):
            try:
                check(row.key, row.text())
            except RefusedError as error:
                row.set_note(str(error))
                self.fit_screen()
                return
        super().accept()

    def answer(self) -> tuple[str, str | None]:
        """Return the name, and the note or None."""
        return self._name.text(), self._note.text().strip() or None
