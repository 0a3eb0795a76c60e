"""The entries of the sidebar, and how they are painted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
from PySide6.QtWidgets import QAbstractItemDelegate, QStyle, QStyleOptionViewItem, QWidget

from whowas.desktop import icons, theme
from whowas.desktop.cell_texts import CellTexts

AnyIndex = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_ENTRY = Qt.ItemDataRole.UserRole
_ENTRY_HEIGHT = 26
_TITLE_HEIGHT = 28
_LEFT = 8
_RIGHT_EDGE = 7
_ICON = 16
_ICON_LEFT = 16
_TEXT_LEFT = 39
_RIGHT = 14
_TITLES = ("Directory", "Groups")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: ``key`` names it in signals, ``icon`` is a name that ``icons.icon`` knows."""

    key: str
    label: str
    icon: str
    count: int

    def spoken(self) -> str:
        """Return what a screen reader says: "Everyone, 1,204"."""
        return f"{self.label}, {self.count:,}"


class SidebarModel(QAbstractListModel):
    """Titles (which nothing can select) and entries, as lines of one list. A title has no Entry."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._lines: list[Entry | str] = []
        self._first_group = 0

    def update_lines(self, statuses: Sequence[Entry], groups: Sequence[Entry]) -> bool:
        """Take the labels and counts of the entries there are already; say whether these were all there is."""
        lines = _lines(statuses, groups)
        if [_key(line) for line in lines] != [_key(line) for line in self._lines]:
            return False
        changed = [row for row, line in enumerate(lines) if line != self._lines[row]]
        if changed:
            self._lines = lines
            self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))
        return True

    def replace(self, statuses: Sequence[Entry], groups: Sequence[Entry]) -> None:
        """Show other entries."""
        self.beginResetModel()
        self._lines = _lines(statuses, groups)
        self._first_group = len(self._lines) - len(groups)
        self.endResetModel()

    def entry(self, index: AnyIndex) -> Entry | None:
        """Return the entry at ``index``, None for a title or nothing."""
        line = self._lines[index.row()] if index.isValid() else None
        return line if isinstance(line, Entry) else None

    def is_group(self, index: AnyIndex) -> bool:
        """Say whether a group is at ``index``."""
        return index.isValid() and index.row() >= self._first_group

    def place(self, key: str | None) -> QModelIndex:
        """Return where the entry ``key`` is; an invalid index if it is not there."""
        for row, line in enumerate(self._lines):
            if isinstance(line, Entry) and line.key == key:
                return self.index(row)
        return QModelIndex()

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
                return line.label if isinstance(line, Entry) else line
            case Qt.ItemDataRole.AccessibleTextRole:
                return line.spoken() if isinstance(line, Entry) else line
            case _ if role == _ENTRY:
                return line
            case _:
                return None


class SidebarCells(QAbstractItemDelegate):
    """Paints a title as small spaced capitals, an entry as icon, label and count."""

    def __init__(self, font: QFont, parent: QWidget) -> None:
        super().__init__(parent)
        self.set_font(font)

    def set_font(self, font: QFont) -> None:
        """Paint in ``font`` from now on."""
        self._plain = CellTexts(_font(font, 13, QFont.Weight.Normal))
        self._bold = CellTexts(_font(font, 13, QFont.Weight.DemiBold))
        self._title = CellTexts(_font(font, 11, QFont.Weight.DemiBold, spacing=0.6))

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(0, _ENTRY_HEIGHT if isinstance(index.data(_ENTRY), Entry) else _TITLE_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        line = index.data(_ENTRY)
        tokens = theme.current()
        rect: QRect = option.rect
        if not isinstance(line, Entry):
            painter.setPen(tokens.muted)
            self._draw(painter, self._title, line.upper(), rect.adjusted(_ICON_LEFT, 6, -_RIGHT, 0))
            return
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        self._paint_background(painter, option, selected=selected)
        icon = icons.icon(line.icon, "accent" if selected else "text")
        icon.paint(painter, QRect(_ICON_LEFT, rect.y() + (rect.height() - _ICON) // 2, _ICON, _ICON))
        count = f"{line.count:,}"
        # On the accent's own soft ground the muted colour would be too faint to read.
        painter.setPen(tokens.accent if selected and not tokens.dark else tokens.muted)
        taken = self._plain.width(count)
        self._draw(painter, self._plain, count, rect.adjusted(rect.width() - _RIGHT - taken, 0, -_RIGHT, 0))
        painter.setPen(tokens.accent if selected else tokens.text)
        texts = self._bold if selected else self._plain
        self._draw(painter, texts, line.label, rect.adjusted(_TEXT_LEFT, 0, -_RIGHT - taken - 6, 0))

    @staticmethod
    def _paint_background(painter: QPainter, option: QStyleOptionViewItem, *, selected: bool) -> None:
        tokens = theme.current()
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if not (selected or hovered):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(tokens.accent if focused else Qt.PenStyle.NoPen)
        painter.setBrush(tokens.accent_soft if selected else tokens.pressed)
        inset = 0.5 if focused else 0
        area = QRectF(option.rect).adjusted(_LEFT + inset, inset, -_RIGHT_EDGE - inset, -inset)
        painter.drawRoundedRect(area, 6, 6)
        painter.restore()

    @staticmethod
    def _draw(painter: QPainter, texts: CellTexts, text: str, area: QRect) -> None:
        laid_out = texts.fitted(text, area.width())
        painter.setFont(texts.font)
        painter.drawStaticText(area.x(), area.y() + int(area.height() - laid_out.size().height() + 1) // 2, laid_out)


def _lines(statuses: Sequence[Entry], groups: Sequence[Entry]) -> list[Entry | str]:
    directory, of_groups = _TITLES
    titled_groups: list[Entry | str] = [of_groups, *groups] if groups else []
    return [directory, *statuses, *titled_groups]


def _key(line: Entry | str) -> tuple[str] | str:
    """Return what a line is known by; that of a title can be no entry's."""
    return (line.key,) if isinstance(line, Entry) else line


def _font(base: QFont, size: int, weight: QFont.Weight, *, spacing: float = 0) -> QFont:
    font = QFont(base)
    font.setPixelSize(size)
    font.setWeight(weight)
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, spacing)
    return font
