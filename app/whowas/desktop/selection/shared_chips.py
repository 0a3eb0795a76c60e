"""The chips of the groups of several users: whole ones of groups that all are in, dashed ones of those of some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from whowas.desktop.details.group_chips import Chip, GroupBox
from whowas.desktop.kit.group_colours import token_of
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.selection.partial_chip import PartialChip
from whowas.domain.fields import counted

CHIPS_SHOWN = 24
"""Of how many groups there are chips: of more, those with the most members."""


@dataclass(frozen=True, slots=True)
class GroupShared:
    """A group by name, and how many of the users are in it; ``colour`` is the name of its colour, if it has one."""

    name: str
    members: int
    colour: str | None = None


class SharedChips(QObject):
    """Lays chips in a ``box``, before the field for a new group; ``left`` and ``joined`` carry the name of a group."""

    left = Signal(str)
    joined = Signal(str)

    def __init__(self, box: GroupBox, parent: QObject) -> None:
        super().__init__(parent)
        self._box = box
        self._more = TextLabel(token="muted", size=12)
        self._more.hide()
        box.flow.insert_widget(0, self._more)
        self._whole: list[Chip] = []
        self._partial: list[PartialChip] = []
        self._laid: tuple[object, ...] = ()
        self._read_only = False

    def lay(self, wanted: Sequence[GroupShared], total: int) -> None:
        """Have chips for these groups of ``total`` users, in this order."""
        laid = (tuple(wanted), total)
        if laid == self._laid:
            return
        self._laid = laid
        shown = wanted[:CHIPS_SHOWN]
        self._lay_whole([one for one in shown if one.members == total])
        self._lay_partial([one for one in shown if one.members != total], total)
        beyond = len(wanted) - len(shown)
        self._more.setText(f"+{beyond:,}")
        self._more.setAccessibleName(counted(beyond, "more group"))
        self._more.setVisible(beyond > 0)
        self._box.updateGeometry()

    def stops(self) -> Iterator[QWidget]:
        """Yield what the Tab key goes to, in order."""
        yield from (chip.button for chip in self._whole)
        yield from self._partial

    def set_read_only(self, read_only: bool) -> None:
        """Only show who is in which group, or offer to change that."""
        self._read_only = read_only
        for whole in self._whole:
            whole.set_read_only(read_only)
        for some in self._partial:
            some.set_read_only(read_only)

    def _lay_whole(self, groups: Sequence[GroupShared]) -> None:
        if [chip.name for chip in self._whole] != [one.name for one in groups]:
            for old in self._whole:
                self._box.flow.removeWidget(old)
                old.hide()
                # Not at once: the chip may be the one whose button is being clicked.
                old.deleteLater()
            self._whole = [Chip(one.name) for one in groups]
            for place, chip in enumerate(self._whole):
                chip.set_read_only(self._read_only)
                chip.removed.connect(self.left)
                self._box.flow.insert_widget(place, chip)
                chip.show()  # a layout shows a new widget only when the program is idle
        for chip, one in zip(self._whole, groups, strict=True):
            chip.set_colour(token_of(one.colour))

    def _lay_partial(self, groups: Sequence[GroupShared], total: int) -> None:
        """Show these groups in the chips that are there, which takes a tenth of making others; some may be hidden."""
        while len(self._partial) < len(groups):
            chip = PartialChip()
            chip.joinWanted.connect(self.joined)
            chip.set_read_only(self._read_only)
            self._box.flow.insert_widget(len(self._whole) + len(self._partial), chip)
            self._partial.append(chip)
        for place, chip in enumerate(self._partial):
            if place < len(groups):
                chip.say(groups[place].name, groups[place].members, total)
                chip.set_colour(token_of(groups[place].colour))
            chip.setVisible(place < len(groups))
