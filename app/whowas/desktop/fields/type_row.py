"""The row in which the type of a custom field is chosen."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from whowas.desktop.fields.type_words import type_words
from whowas.desktop.kit.field_row import FieldRow
from whowas.desktop.kit.menu_box import add_choice
from whowas.desktop.kit.pick_row import FieldBox
from whowas.domain.field_definitions import FIELD_TYPES, FieldType


class TypeRow(FieldRow):
    """A drop-down of all types; ``chosen`` is one of them."""

    def __init__(self, chosen: FieldType, parent: QWidget | None = None) -> None:
        self.chosen = chosen
        self.box = FieldBox("Type", self._fill)
        super().__init__("type", "Type", self.box, parent=parent)
        self.box.say(type_words(chosen))

    def choose(self, chosen: FieldType) -> None:
        """Choose a type, as a person does."""
        if chosen != self.chosen:
            self.chosen = chosen
            self.box.say(type_words(chosen))
            self._changed()

    def set_read_only(self, read_only: bool) -> None:
        self.box.setEnabled(not read_only)

    def _describe(self) -> None:
        self.box.set_details(self._said())

    def _fill(self, menu: QMenu) -> None:
        for kind in FIELD_TYPES:
            add_choice(menu, type_words(kind), partial(self.choose, kind), chosen=kind == self.chosen)
