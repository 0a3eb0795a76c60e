"""A row in which one of a directory's fields is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from whowas.desktop.kit.field_row import FieldRow
from whowas.desktop.kit.menu_box import add_choice
from whowas.desktop.kit.pick_row import FieldBox
from whowas.domain.directory import Directory
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS

_UNCHOSEN = "Choose…"


class ChoiceRow(FieldRow):
    """A drop-down below a label; ``choices`` map keys to what people read, and ``chosen`` is a key, "" for none."""

    def __init__(self, key: str, label: str, choices: Mapping[str, str], parent: QWidget | None = None) -> None:
        self._choices = choices
        self.chosen = ""
        self.box = FieldBox(label, self._fill)
        super().__init__(key, label, self.box, parent=parent)
        self.box.say(_UNCHOSEN, muted=True)

    def choose(self, key: str) -> None:
        """Choose something, as a person does."""
        if key != self.chosen:
            self.chosen = key
            self.box.say(self._choices[key])
            self._changed()

    def set_read_only(self, read_only: bool) -> None:
        self.box.setEnabled(not read_only)

    def _fill(self, menu: QMenu) -> None:
        for key, text in self._choices.items():
            add_choice(menu, text, partial(self.choose, key), chosen=key == self.chosen)


def fields_of(directory: Directory) -> dict[str, str]:
    """Return what every text field of a directory is called, the custom ones after the others."""
    return {**LABELS, **{ATTRIBUTE_PREFIX + key: name for key, name in directory.fields.items()}}
