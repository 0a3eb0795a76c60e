"""Restoring a moment: whom, what would become of them, and whose later work that takes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QCheckBox, QRadioButton, QWidget

from whowas.desktop.kit.dialogs.change_preview import PutBackDialog
from whowas.desktop.kit.dialogs.lines_table import LinesView
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.plain_text import label

_HEIGHT, _LATER_HEIGHT = 210, 140
_COLUMNS = (230, 130)


@dataclass(frozen=True, slots=True)
class LaterLine:
    """A change since the moment: when it occurred, who made it, what it did."""

    when: str
    who: str = ""
    what: str = ""

    def texts(self) -> tuple[str, ...]:
        """Return a text for each column."""
        return self.when, self.who, self.what


class RestoreDialog(PutBackDialog):
    """Asks first what is to be restored: each scope has a label, and calls ``picked`` with its place when picked.

    Ticking or clearing the box for passwords calls ``asked_again``.
    """

    def __init__(
        self,
        when: str,
        scopes: Sequence[str],
        picked: Callable[[int], None],
        asked_again: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Restore", f"Bring back how it was: {when}.", "Restore", parent)
        room = self.screen().availableGeometry().height()
        self.list.setMinimumHeight(min(_HEIGHT, room // 5))
        place = self.body.indexOf(self.sentence)
        for number, text in enumerate(scopes):
            radio = QRadioButton(label(text))
            radio.setChecked(number == 0)
            radio.toggled.connect(lambda on, number=number: picked(number) if on else None)
            self.body.insertWidget(place + number, radio)
        self.passwords = QCheckBox()
        self.passwords.hide()
        self.passwords.toggled.connect(lambda _on: asked_again())
        heading = TextLabel("Later changes", token="muted", size=12)
        self.later = LinesView("Later changes", ("When", "Who", "What"), _COLUMNS)
        self.later.setMinimumHeight(min(_LATER_HEIGHT, room // 7))
        heading.setBuddy(self.later)
        place = self.body.indexOf(self.list) + 1
        for widget in (self.passwords, heading, self.later):
            self.body.insertWidget(place, widget)
            place += 1

    def offer_passwords(self, text: str) -> None:
        """Show the box for passwords as ``text``; "" hides it."""
        self.passwords.setText(text)
        self.passwords.setVisible(bool(text))

    def show_later(self, lines: Sequence[LaterLine]) -> None:
        """List the later changes that would be taken back, of which there may be any number."""
        self.later.lines.show(lines)
