"""Putting things back: what would become of whom, shown before anything is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QRadioButton, QWidget

from whowas.desktop.dialogs.frame import DialogFrame
from whowas.desktop.text_label import TextLabel

LINES_SHOWN = 500
_WIDTH, _HEIGHT = 600, 260


class PutBackDialog(DialogFrame):
    """A list of what would change, a reason to be kept with the change, and one button that does it.

    Lines given with a key have a box to be ticked; ``chosen`` returns the keys of those that are.
    """

    def __init__(self, title: str, sentence: str, button: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.setMinimumWidth(_WIDTH)
        self.sentence = TextLabel(sentence, token="muted", wrap=True)
        self.body.addWidget(self.sentence)
        self.list = QListWidget()
        self.list.setAccessibleName("What would change")
        self.list.setMinimumHeight(_HEIGHT)
        self.list.setWordWrap(True)
        self.list.itemChanged.connect(self._take_ticks)
        self.body.addWidget(self.list, 1)
        label = TextLabel("Reason", token="muted", size=12)
        self._reason = QLineEdit()
        self._reason.setAccessibleName("Reason")
        self._reason.setPlaceholderText("Kept with the change, if you like")
        label.setBuddy(self._reason)
        self.body.addWidget(label)
        self.body.addWidget(self._reason)
        self.add_cancel()
        self._do = self.add_button(button, primary=True)
        self._do.clicked.connect(self.accept)

    def reason(self) -> str:
        """Return what was given as the reason."""
        return self._reason.text()

    def show_lines(self, lines: Sequence[str], *, possible: bool) -> None:
        """Show what would change; ``possible`` says whether there is anything to do."""
        self.list.clear()
        for line in lines[:LINES_SHOWN]:
            self.list.addItem(line)
        if len(lines) > LINES_SHOWN:
            self.list.addItem(f"… and {len(lines) - LINES_SHOWN:,} more")
        self._do.setEnabled(possible)

    def show_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Show (key, line) with a ticked box each."""
        self.list.clear()
        for key, line in choices:
            item = QListWidgetItem(line)
            item.setData(Qt.ItemDataRole.UserRole, key)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            self.list.addItem(item)
        self._take_ticks()

    def chosen(self) -> list[str]:
        """Return the keys of the ticked lines."""
        items = (self.list.item(row) for row in range(self.list.count()))
        return [
            str(item.data(Qt.ItemDataRole.UserRole)) for item in items if item.checkState() == Qt.CheckState.Checked
        ]

    def _take_ticks(self) -> None:
        self._do.setEnabled(bool(self.chosen()))


class RestoreDialog(PutBackDialog):
    """Asks first what is to be restored: each scope has a label, and calls ``chosen`` with its place when picked."""

    def __init__(
        self, when: str, scopes: Sequence[str], picked: Callable[[int], None], parent: QWidget | None = None
    ) -> None:
        super().__init__("Restore", f"Bring back how it was: {when}.", "Restore", parent)
        place = self.body.indexOf(self.list)
        for number, text in enumerate(scopes):
            # An ampersand would underline the letter after it.
            radio = QRadioButton(text.replace("&", "&&"))
            radio.setChecked(number == 0)
            radio.toggled.connect(lambda on, number=number: picked(number) if on else None)
            self.body.insertWidget(place + number, radio)
