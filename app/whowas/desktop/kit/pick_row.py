"""A field whose value is one of a few: a drop-down, and plain text where it can only be read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QWidget

from whowas.desktop.kit import sizes
from whowas.desktop.kit.field_row import FIELD_COMPACT, FIELD_HEIGHT, TextRow
from whowas.desktop.kit.kept_size import keep_height
from whowas.desktop.kit.menu_box import MenuBox, add_choice

NO_VALUE = "No value"
_UNCHOSEN = "Choose…"


class PickRow(TextRow):
    """Offers ``choices``, and nothing as well unless ``required``; a value of old that is none of them is shown too."""

    def __init__(
        self, key: str, label: str, choices: Sequence[str], *, required: bool, parent: QWidget | None = None
    ) -> None:
        self._choices, self._required = choices, required
        self._value = self._placeholder = ""
        self.box = FieldBox(label, self._fill)
        self._plain = QLineEdit()
        self._plain.setReadOnly(True)
        self._plain.setAccessibleName(label)
        keep_height(self._plain, FIELD_HEIGHT, FIELD_COMPACT)
        both = QWidget()
        both.setFocusProxy(self.box)
        side = QHBoxLayout(both)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(0)
        side.addWidget(self.box)
        side.addWidget(self._plain)
        super().__init__(key, label, both, focus=self.box, parent=parent)
        both.setAccessibleName("")  # what is in it has the name
        self._plain.hide()
        self._show()

    def text(self) -> str:
        return self._value

    def set_text(self, text: str) -> None:
        if text != self._value:
            self._value = text
            self._show()

    def choose(self, value: str) -> None:
        """Choose a value, or none, as a person does; not in a menu that is still open when nothing can be edited."""
        if value != self._value and not self.box.isHidden():
            self.set_text(value)
            self._changed()

    def set_read_only(self, read_only: bool) -> None:
        self.box.setVisible(not read_only)
        self._plain.setVisible(read_only)

    def set_plain(self, plain: bool) -> None:
        self._plain.setProperty("plain", plain)
        super().set_plain(plain)
        self._plain.style().unpolish(self._plain)
        self._plain.style().polish(self._plain)

    def set_placeholder(self, text: str) -> None:
        self._placeholder = text
        self._show()

    def set_note(self, sentence: str, *, error: bool = True) -> None:
        super().set_note(sentence, error=error)
        self.box.set_marked(self.note.is_error())

    def _describe(self) -> None:
        self.box.set_details(self._said())

    def _show(self) -> None:
        nothing = self._placeholder or (_UNCHOSEN if self._required else NO_VALUE)
        self.box.say(self._value or nothing, muted=not self._value, marked=self.note.is_error())
        self._plain.setText(self._value)

    def _fill(self, menu: QMenu) -> None:
        if self._placeholder or not self._required:
            nothing = self._placeholder or NO_VALUE  # of several who differ, "Mixed" leaves to each what they have
            add_choice(menu, nothing, partial(self.choose, ""), chosen=not self._value)
        for choice in self._choices:
            add_choice(menu, choice, partial(self.choose, choice), chosen=choice == self._value)


class FieldBox(MenuBox):
    """A drop-down as high as the fields beside it."""

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), sizes.spaced(FIELD_HEIGHT, FIELD_COMPACT))
