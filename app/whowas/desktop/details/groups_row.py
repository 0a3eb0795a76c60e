"""The groups of a user: chips that can be removed, and a field for new ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QWidget

from whowas.desktop.details.group_chips import AddGroup, Chip, GroupBox
from whowas.desktop.kit.field_row import FieldRow
from whowas.desktop.kit.group_colours import token_of
from whowas.domain.fields import name_key


class GroupsRow(FieldRow):
    """The row "Groups". Enter or a comma makes a chip; text that is still being typed counts as a group too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._names = QStringListModel()
        self.adding = AddGroup(self._names)
        self._box = GroupBox(self.adding)
        super().__init__("groups", "Groups", self._box, focus=self.adding, parent=parent)
        self._names.setParent(self)
        self._chips: list[Chip] = []
        self._colours: Mapping[str, str] = {}
        self._read_only = self._setting = False
        self.adding.typed.connect(self._typed)
        self.adding.refused.connect(self.set_note)
        self.adding.entered.connect(self._enter)
        self.adding.backspaced.connect(self._remove_last)
        self.adding.returnPressed.connect(self.submitted)

    def groups(self) -> tuple[str, ...]:
        """Return the names of the chips and of the text being typed, each once."""
        return self._with(self.adding.text().split(","))

    def set_groups(self, names: Iterable[str]) -> None:
        """Show exactly ``names``, without emitting ``edited``."""
        self._set_typed("")
        self._show(tuple(names))

    def put_back(self, names: Iterable[str]) -> None:
        """Show exactly ``names``, as if the person had chosen them."""
        self.set_groups(names)
        self._changed()

    def set_known(self, names: Iterable[str]) -> None:
        """Offer ``names`` as completions while a group is being typed."""
        known = [*names]
        if set(known) != set(self._names.stringList()):
            self._names.setStringList(sorted(known, key=name_key))

    def set_colours(self, colours: Mapping[str, str]) -> None:
        """Have the chips of groups, by their names, in colours, by theirs."""
        self._colours = colours
        for chip in self._chips:
            chip.set_colour(token_of(colours.get(chip.name)))

    def set_read_only(self, read_only: bool) -> None:
        self._read_only = read_only
        self.adding.setVisible(not read_only)
        for chip in self._chips:
            chip.set_read_only(read_only)

    def set_plain(self, plain: bool) -> None:
        self._box.set_plain(plain)

    def last_stop(self) -> QWidget:
        stop = super().last_stop()
        return self._chips[-1].button if self._chips and stop is self.adding else stop

    def _typed(self, text: str) -> None:
        if self._setting:
            return
        if "," in text:
            # A pasted list becomes chips too; the text after its last comma may be unfinished.
            *finished, rest = text.split(",")
            self._show(self._with(finished))
            self._set_typed(rest.lstrip())
        self._changed()

    def _set_typed(self, text: str) -> None:
        self._setting = True
        self.adding.setText(text)
        self._setting = False

    def _enter(self) -> None:
        if self.adding.text():
            names = self.groups()
            self._set_typed("")
            self._show(names)
            self._changed()

    def _remove_last(self) -> None:
        if self._chips:
            self._remove(self._chips[-1].name)

    def _remove(self, name: str) -> None:
        self._show(tuple(chip.name for chip in self._chips if chip.name != name))
        self.adding.setFocus()
        self._changed()

    def _show(self, names: Sequence[str]) -> None:
        if [chip.name for chip in self._chips] == list(names):
            return
        for chip in self._chips:
            self._box.flow.removeWidget(chip)
            chip.hide()
            # Not at once: the chip may be the one whose button is being clicked.
            chip.deleteLater()
        self._chips = [Chip(name) for name in names]
        before: QWidget = self.adding
        for index, chip in enumerate(self._chips):
            chip.set_read_only(self._read_only)
            chip.set_colour(token_of(self._colours.get(chip.name)))
            chip.removed.connect(self._remove)
            self._box.flow.insert_widget(index, chip)
            # A layout shows a new widget only when the program is idle, and puts it last in the order of the Tab key.
            chip.show()
            QWidget.setTabOrder(before, chip.button)
            before = chip.button
        self._box.updateGeometry()

    def _with(self, typed: Iterable[str]) -> tuple[str, ...]:
        """Return the names of the chips and the ``typed`` ones, with known groups in their usual spelling."""
        found = {name_key(chip.name): chip.name for chip in self._chips}
        if added := [name.strip() for name in typed if name.strip()]:
            known = {name_key(name): name for name in self._names.stringList()}
            for name in added:
                found.setdefault(name_key(name), known.get(name_key(name), name))
        return tuple(found.values())
