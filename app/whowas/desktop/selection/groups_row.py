"""The groups of several users: chips of those that all are in, dashed ones of those that some are in, and new ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QWidget

from whowas.desktop.details.group_chips import AddGroup, Chip, GroupBox
from whowas.desktop.kit.field_row import FieldRow
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.selection.partial_chip import PartialChip
from whowas.domain.fields import counted, listed, name_key

CHIPS_SHOWN = 24
"""Of how many groups there are chips: of more, those with the most members."""


@dataclass(frozen=True, slots=True)
class GroupShared:
    """A group by name, and how many of the users are in it."""

    name: str
    members: int


class SharedGroups(FieldRow):
    """What is chosen here is for all: they join, or leave. Text that is still being typed counts as a group too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._names = QStringListModel()
        self.adding = AddGroup(self._names)
        self._box = GroupBox(self.adding)
        super().__init__("groups", "Groups", self._box, focus=self.adding, parent=parent)
        self._names.setParent(self)
        self._more = TextLabel(token="muted", size=12)
        self._more.hide()
        self._box.flow.insert_widget(0, self._more)
        self._shared: tuple[GroupShared, ...] = ()
        self._total = 0
        self._joined: dict[str, str] = {}
        self._left: dict[str, str] = {}
        self._whole: list[Chip] = []
        self._partial: list[PartialChip] = []
        self._laid: tuple[object, ...] = ()
        self._read_only = self._setting = False
        self.adding.typed.connect(self._typed)
        self.adding.refused.connect(self.set_note)
        self.adding.entered.connect(self._enter)
        self.adding.returnPressed.connect(self.submitted)
        self.putBackRequested.connect(self.put_back)

    def joined(self) -> tuple[str, ...]:
        """Return the names of the groups that all are to join."""
        typed = {name_key(name): name for name in self._typed_names()}
        everybody = {name_key(one.name) for one in self._shared if one.members == self._total}
        return tuple(name for key, name in {**self._joined, **typed}.items() if key not in everybody)

    def left(self) -> tuple[str, ...]:
        """Return the names of the groups that all are to leave."""
        typed = {name_key(name) for name in self._typed_names()}
        return tuple(name for key, name in self._left.items() if key not in typed)

    def set_shared(self, shared: Iterable[GroupShared], total: int) -> None:
        """Show how many of ``total`` users are in which group, 0 while that is found out; what was chosen stays."""
        self._shared = tuple(sorted(shared, key=lambda one: (-one.members, name_key(one.name))))
        self._total = total
        there = {name_key(one.name) for one in self._shared}
        everybody = {name_key(one.name) for one in self._shared if one.members == total}
        self._joined = {key: name for key, name in self._joined.items() if key not in everybody}
        if total:  # otherwise nobody knows yet
            self._left = {key: name for key, name in self._left.items() if key in there}
        self._show()

    def take_saved(self, joined: Iterable[str], left: Iterable[str]) -> None:
        """Show what became of the groups, which is no choice any more."""
        all_join, all_left = {name_key(name): name for name in joined}, {name_key(name) for name in left}
        shared = {name_key(one.name): one for one in self._shared if name_key(one.name) not in all_left}
        shared |= {key: GroupShared(name, self._total) for key, name in all_join.items()}
        self._joined = {key: name for key, name in self._joined.items() if key not in all_join}
        self._left = {key: name for key, name in self._left.items() if key not in all_left}
        if name_key(self.adding.text()) in all_join:
            self._set_typed("")
        self.set_shared(shared.values(), self._total)

    def put_back(self) -> None:
        """Drop what was chosen and typed."""
        self._joined, self._left = {}, {}
        self._set_typed("")
        self.adding.setFocus()
        self._show()
        self._changed()

    def set_known(self, names: Iterable[str]) -> None:
        """Offer ``names`` as completions while a group is being typed."""
        known = [*names]
        if set(known) != set(self._names.stringList()):
            self._names.setStringList(sorted(known, key=name_key))

    def set_read_only(self, read_only: bool) -> None:
        self._read_only = read_only
        self.adding.setVisible(not read_only)
        for whole in self._whole:
            whole.set_read_only(read_only)
        for some in self._partial:
            some.set_read_only(read_only)

    def set_plain(self, plain: bool) -> None:
        self._box.set_plain(plain)

    def _typed(self, text: str) -> None:
        if self._setting:
            return
        if "," in text:
            # A pasted list becomes chips too; the text after its last comma may be unfinished.
            *finished, rest = text.split(",")
            self._join(*finished)
            self._set_typed(rest.lstrip())
            self._show()
        self._show_was()
        self._changed()

    def _set_typed(self, text: str) -> None:
        self._setting = True
        self.adding.setText(text)
        self._setting = False

    def _enter(self) -> None:
        if self.adding.text():
            names = self._typed_names()
            self._set_typed("")
            self._join(*names)
            self._show()
            self._changed()

    def _join(self, *names: str) -> None:
        for name in names:
            if key := name_key(name):
                self._left.pop(key, None)
                self._joined[key] = self._usual(name)

    def _join_others(self, name: str) -> None:
        self._join(name)
        self._show()
        self.adding.setFocus()
        self._changed()

    def _leave(self, name: str) -> None:
        key = name_key(name)
        if self._joined.pop(key, None) is None:
            self._left[key] = name
        self._show()
        self.adding.setFocus()
        self._changed()

    def _typed_names(self) -> list[str]:
        return [self._usual(name) for name in self.adding.text().split(",") if name.strip()]

    def _usual(self, name: str) -> str:
        """Return a name in the spelling of the group that is called so, where there is one."""
        known = {name_key(one): one for one in self._names.stringList()}
        return known.get(name_key(name), name.strip())

    def _show(self) -> None:
        wanted = self._wanted()
        laid = (tuple(wanted), self._total)
        if laid != self._laid:
            self._laid = laid
            self._lay(wanted)
        self._show_was()

    def _wanted(self) -> list[GroupShared]:
        """Return the groups of which there are chips, as they will be once everybody joined and left."""
        there = {name_key(one.name) for one in self._shared}
        new = [GroupShared(name, self._total) for key, name in self._joined.items() if key not in there]
        kept = [
            GroupShared(one.name, self._total) if name_key(one.name) in self._joined else one
            for one in self._shared
            if name_key(one.name) not in self._left
        ]
        return [*new, *sorted(kept, key=lambda one: one.members != self._total)]

    def _lay(self, wanted: Sequence[GroupShared]) -> None:
        shown = wanted[:CHIPS_SHOWN]
        self._lay_whole([one.name for one in shown if one.members == self._total])
        self._lay_partial([one for one in shown if one.members != self._total])
        beyond = len(wanted) - len(shown)
        self._more.setText(f"+{beyond:,}")
        self._more.setAccessibleName(counted(beyond, "more group"))
        self._more.setVisible(beyond > 0)
        self._box.updateGeometry()

    def _lay_whole(self, names: Sequence[str]) -> None:
        if [chip.name for chip in self._whole] == list(names):
            return
        for old in self._whole:
            self._box.flow.removeWidget(old)
            old.hide()
            # Not at once: the chip may be the one whose button is being clicked.
            old.deleteLater()
        self._whole = [Chip(name) for name in names]
        before: QWidget = self.adding
        for place, chip in enumerate(self._whole):
            chip.set_read_only(self._read_only)
            chip.removed.connect(self._leave)
            self._box.flow.insert_widget(place, chip)
            # A layout shows a new widget only when the program is idle, and puts it last in the order of the Tab key.
            chip.show()
            QWidget.setTabOrder(before, chip.button)
            before = chip.button

    def _lay_partial(self, groups: Sequence[GroupShared]) -> None:
        """Show these groups in the chips that are there, which takes a tenth of making others; some may be hidden."""
        while len(self._partial) < len(groups):
            chip = PartialChip()
            chip.joinWanted.connect(self._join_others)
            chip.set_read_only(self._read_only)
            self._box.flow.insert_widget(len(self._whole) + len(self._partial), chip)
            QWidget.setTabOrder(self._partial[-1] if self._partial else self.adding, chip)
            self._partial.append(chip)
        for place, chip in enumerate(self._partial):
            if place < len(groups):
                chip.say(groups[place].name, groups[place].members, self._total)
            chip.setVisible(place < len(groups))

    def _show_was(self) -> None:
        joined, left = self.joined(), self.left()
        told = [f"all join {listed(joined)}"] if joined else []
        told += [f"all leave {listed(left)}"] if left else []
        self.show_was(", ".join(told))
