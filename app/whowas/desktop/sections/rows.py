"""The entries of the sidebar, and how they are painted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QAbstractItemDelegate, QStyleOptionViewItem, QWidget

from whowas.desktop.kit import icons, sizes, theme
from whowas.desktop.kit.group_colours import token_of
from whowas.desktop.kit.line_text import CellTexts
from whowas.desktop.kit.picture_cache import CellPictures

AnyIndex = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_ENTRY = Qt.ItemDataRole.UserRole
_ENTRY_HEIGHT, _ENTRY_COMPACT = 26, 22
_TITLE_HEIGHT, _TITLE_COMPACT = 28, 24
_LEFT = 8
_RIGHT_EDGE = 7
_ICON = 16
_ICON_LEFT = 16
_TEXT_LEFT = 39
_RIGHT = 14
_TITLES = ("Directory", "Groups")
_PICTURES = 400
ICONS = {"everyone": "users", "active": "circle-check", "suspended": "circle-pause", "deleted": "trash"}
"""The icon of each section that is no group, by its key."""
GROUP_ICON = "hash"


@dataclass(frozen=True, slots=True)
class SectionEntry:
    """One line: ``key`` identifies it in signals, ``icon`` is a name for ``icons.icon``."""

    key: str
    label: str
    icon: str
    count: int
    colour: str | None = None
    """The name of a group's colour."""

    def spoken(self) -> str:
        """Return the text for screen readers: "Everyone, 1,204"."""
        return f"{self.label}, {self.count:,}"


class SidebarModel(QAbstractListModel):
    """Titles (which cannot be selected) and entries, as lines of one list."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._lines: list[SectionEntry | str] = []
        self._first_group = 0

    def update_lines(self, statuses: Sequence[SectionEntry], groups: Sequence[SectionEntry]) -> bool:
        """Update labels and counts if the entries are the same as before; return whether they are."""
        lines = _lines(statuses, groups)
        if len(lines) != len(self._lines):
            return False
        changed = [row for row, line in enumerate(lines) if line != self._lines[row]]
        if any(_key(lines[row]) != _key(self._lines[row]) for row in changed):
            return False
        if changed:
            self._lines = lines
            self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))
        return True

    def replace(self, statuses: Sequence[SectionEntry], groups: Sequence[SectionEntry]) -> None:
        """Show other entries."""
        self.beginResetModel()
        self._lines = _lines(statuses, groups)
        self._first_group = len(self._lines) - len(groups)
        self.endResetModel()

    def entry(self, index: AnyIndex) -> SectionEntry | None:
        """Return the entry at ``index``, None for a title or an invalid index."""
        line = self._lines[index.row()] if index.isValid() else None
        return line if isinstance(line, SectionEntry) else None

    def is_group(self, index: AnyIndex) -> bool:
        """Return whether a group is at ``index``."""
        return index.isValid() and index.row() >= self._first_group

    def index_of(self, key: str | None) -> QModelIndex:
        """Return the index of the entry ``key``; an invalid one if there is none."""
        for row, line in enumerate(self._lines):
            if isinstance(line, SectionEntry) and line.key == key:
                return self.index(row)
        return QModelIndex()

    def first(self) -> QModelIndex:
        """Return the index of the first entry; an invalid one if there is none."""
        return self.index(1) if len(self._lines) > 1 else QModelIndex()

    def groups(self) -> list[tuple[str, QModelIndex]]:
        """Return key and index of each group, from the top."""
        lines = enumerate(self._lines[self._first_group :], start=self._first_group)
        return [(line.key, self.index(row)) for row, line in lines if isinstance(line, SectionEntry)]

    @property
    def lines(self) -> Sequence[SectionEntry | str]:
        """The lines, from the top; a text is a title."""
        return self._lines

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if self.entry(index) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return line.label if isinstance(line, SectionEntry) else line
            case Qt.ItemDataRole.AccessibleTextRole:
                return line.spoken() if isinstance(line, SectionEntry) else line
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return line.colour if isinstance(line, SectionEntry) else None
            case _ if role == _ENTRY:
                return line
            case _:
                return None


class SidebarCells(QAbstractItemDelegate):
    """Paints a title as small spaced capitals, an entry as icon, label and count.

    Only the count is drawn every time, because it changes with the moment shown; the rest is cached. The list sets the
    keys of the ``selected`` and ``hovered`` entries, of the ``target`` that takes what is dragged, and whether the
    selected one is marked as ``focused``.
    """

    def __init__(self, font: QFont, parent: QWidget) -> None:
        super().__init__(parent)
        self.selected: str | None = None
        self.hovered: str | None = None
        self.target: str | None = None
        self.focused = False
        self._pictures = CellPictures()
        self.set_font(font)

    def set_font(self, font: QFont) -> None:
        """Paint in ``font``, and in the present colours and sizes, from now on."""
        self._plain = CellTexts(font, 13, QFont.Weight.Normal)
        self._bold = CellTexts(font, 13, QFont.Weight.DemiBold)
        self._title = CellTexts(font, 11, QFont.Weight.DemiBold, spacing=0.6)
        self._pictures.clear()

    def prepare(self, ratio: float) -> None:
        """Prepare to paint on a screen with ``ratio`` pixels to a logical one."""
        self._pictures.prepare(_PICTURES, ratio)

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(0, height_of(index.data(_ENTRY)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """See QAbstractItemDelegate; nothing, as the sidebar paints all lines."""

    def paint_line(self, painter: QPainter, rect: QRect, line: SectionEntry | str) -> None:
        """Paint a line."""
        tokens = theme.current()
        if isinstance(line, str):
            painter.setPen(tokens.muted)
            self._title.draw(
                painter, rect.adjusted(_ICON_LEFT, 4 if sizes.is_compact() else 6, -_RIGHT, 0), line.upper()
            )
            return
        selected = line.key == self.selected
        is_target = line.key == self.target
        looks = Looks(selected, line.key == self.hovered, (selected and self.focused) or is_target, is_target)
        count = f"{line.count:,}"
        taken = self._plain.width(count)
        key = (line.icon, line.colour, line.label, taken, looks)
        self._pictures.paint(painter, rect, tokens.window, key, partial(self._draw, line, taken, looks))
        # On the accent's soft background the muted colour would be too faint to read.
        painter.setPen(tokens.accent if looks.selected and not tokens.dark else tokens.muted)
        self._plain.draw(painter, rect.adjusted(rect.width() - _RIGHT - taken, 0, -_RIGHT, 0), count)

    def _draw(self, entry: SectionEntry, taken: int, looks: Looks, painter: QPainter, rect: QRect) -> None:
        """Draw everything but the count, which takes ``taken`` pixels."""
        tokens = theme.current()
        if looks.selected or looks.hovered or looks.target:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(tokens.accent if looks.focused else Qt.PenStyle.NoPen)
            painter.setBrush(tokens.accent_soft if looks.selected or looks.target else tokens.pressed)
            inset = 0.5 if looks.focused else 0
            area = QRectF(rect).adjusted(_LEFT + inset, inset, -_RIGHT_EDGE - inset, -inset)
            painter.drawRoundedRect(area, 6, 6)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        icon = icons.icon(entry.icon, token_of(entry.colour) or ("accent" if looks.selected else "text"))
        side = sizes.scaled(_ICON)
        icon.paint(painter, QRect(rect.x() + _ICON_LEFT, rect.y() + (rect.height() - side) // 2, side, side))
        painter.setPen(tokens.accent if looks.selected else tokens.text)
        texts = self._bold if looks.selected else self._plain
        texts.draw(painter, rect.adjusted(_TEXT_LEFT - _ICON + side, 0, -_RIGHT - taken - 6, 0), entry.label)


def height_of(line: SectionEntry | str) -> int:
    """Return the height of a line, in pixels."""
    if isinstance(line, SectionEntry):
        return sizes.spaced(_ENTRY_HEIGHT, _ENTRY_COMPACT)
    return sizes.spaced(_TITLE_HEIGHT, _TITLE_COMPACT)


class Looks(NamedTuple):
    """The states that change how an entry is painted."""

    selected: bool
    hovered: bool
    focused: bool
    target: bool


def _lines(statuses: Sequence[SectionEntry], groups: Sequence[SectionEntry]) -> list[SectionEntry | str]:
    directory, of_groups = _TITLES
    titled_groups: list[SectionEntry | str] = [of_groups, *groups] if groups else []
    return [directory, *statuses, *titled_groups]


def _key(line: SectionEntry | str) -> tuple[str] | str:
    """Return what identifies a line; the key of a title is never equal to that of an entry."""
    return (line.key,) if isinstance(line, SectionEntry) else line
