"""Dragging a group of the sidebar to another place among the groups."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication


class Dragged(NamedTuple):
    """A group on its way: its key, and its ``place``, from 0, among the others as it would be dropped now."""

    key: str
    place: int


class GroupDrag:
    """Follows the pointer from a press on a group to where it is let go; it only says where that would be."""

    def __init__(self) -> None:
        self._pressed: tuple[str, QPoint] | None = None
        self.dragged: Dragged | None = None
        """The group that is on its way, None where none is."""

    @property
    def is_held(self) -> bool:
        """Whether the button was pressed on a group, and not let go."""
        return self._pressed is not None

    def press(self, key: str, at: QPoint) -> None:
        """Take in that a group was pressed."""
        self._pressed = key, at

    def move(self, at: QPoint, middles: list[tuple[str, int]]) -> bool:
        """Take in that the pointer moved; say whether a group is on its way.

        ``middles`` are the keys of all groups, from the top, with the height at which the middle of each is.
        """
        assert self._pressed is not None, "a group is held"
        key, begun = self._pressed
        if self.dragged is None and (at - begun).manhattanLength() < QApplication.startDragDistance():
            return False
        self.dragged = Dragged(key, sum(middle < at.y() for other, middle in middles if other != key))
        return True

    def end(self) -> Dragged | None:
        """Let go, and return the group that was on its way, if one was."""
        dragged, self._pressed, self.dragged = self.dragged, None, None
        return dragged
