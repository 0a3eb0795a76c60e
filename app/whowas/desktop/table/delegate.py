"""The delegate of the table of users: collects the contents of a cell and paints them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from functools import partial
from typing import Literal, Protocol, runtime_checkable

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QHelpEvent, QPainter
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QStyleOptionViewItem, QToolTip

from whowas.desktop.kit import sizes, theme
from whowas.desktop.kit.picture_cache import CellPictures
from whowas.desktop.kit.plain_text import wrapped_tip
from whowas.desktop.kit.theme import Theme
from whowas.desktop.table.cell_painter import CellDrawing
from whowas.desktop.table.columns import CellDifference, Column, Contents, Kind, Roles
from whowas.desktop.table.difference_painter import DifferenceDrawing
from whowas.desktop.table.draft_mark import DRAFTED

_LONGEST_TIP = 600
_DISPLAY = Qt.ItemDataRole.DisplayRole

AnyIndex = QModelIndex | QPersistentModelIndex
Cell = tuple[str, str]
"""The id of a user and the key of a column."""
Background = Literal["added", "changed"]
Span = tuple[int, int, int]
"""The index of a column, its left edge and its width, in pixels."""


@runtime_checkable
class HasContents(Protocol):
    """A model that tells what is in a row in one call, which Qt would ask for cell by cell and role by role."""

    def contents(self, row: int, columns: Sequence[Column]) -> list[Contents] | None:
        """Return what is in the cells of a row; None where it cannot be read now."""


class UserCells(QAbstractItemDelegate):
    """The table sets ``hovered_row``, under the pointer, and ``focused_row``, marked for the keyboard; -1 is none.

    Of the latter the cell in ``focused_column`` is marked more strongly: a key leads into its field.

    ``told_by`` is its model, where that tells of whole rows. ``lit`` are the cells that have a background of their own
    for a short time.
    """

    def __init__(self, font: QFont, parent: QAbstractItemView) -> None:
        super().__init__(parent)
        self.columns: tuple[Column, ...] = ()
        self.told_by: HasContents | None = None
        self.hovered_row = -1
        self.focused_row = self.focused_column = -1
        self.lit: Mapping[Cell, Background] = {}
        self._selected: Set[int] = frozenset()
        self._shown: Set[str] = frozenset()
        self._colours: Mapping[str, str] = {}
        self._font = font
        self._drawing = CellDrawing(font, self._colours)
        self._differences = DifferenceDrawing(font, self._drawing)
        self._pictures = CellPictures()

    def set_font(self, font: QFont) -> None:
        """Draw in ``font``, and in the present colours and sizes, from now on."""
        self._font = font
        self._drawing = CellDrawing(font, self._colours)
        self._differences = DifferenceDrawing(font, self._drawing)
        self._pictures.clear()

    def set_group_colours(self, colours: Mapping[str, str]) -> bool:
        """Draw groups, by their names, in colours, by theirs; return whether these are others than before."""
        if colours == self._colours:
            return False
        self._colours = colours
        self.set_font(self._font)
        return True

    def prepare(self, rows: int, selected: Set[int], shown: Set[str], ratio: float) -> None:
        """Prepare to paint up to ``rows`` rows, on a screen with ``ratio`` pixels to a logical one.

        ``selected`` are the indices of selected rows, ``shown`` the keys of the columns that are not hidden.
        The option that comes with each cell also tells whether it is selected, but reading it for the first time takes
        the binding 10 ms of the start.
        """
        self._selected, self._shown = selected, shown
        self._pictures.prepare(3 * rows * max(len(self.columns), 1), ratio)

    def paint_row(
        self, painter: QPainter, model: QAbstractItemModel, row: int, top: int, spans: Sequence[Span]
    ) -> None:
        """Paint a row, whose upper edge is at ``top``, in the columns of ``spans``."""
        tokens = theme.current()
        if selected := row in self._selected:
            ground = tokens.accent_soft
        else:
            ground = tokens.hover if row == self.hovered_row else tokens.surface
        columns = [self.columns[number] for number, _, _ in spans]
        contents = None if self.told_by is None else self.told_by.contents(row, columns)
        if contents is None:
            contents = [_contents(model.index(row, number), self.columns[number].kind) for number, _, _ in spans]
        user_id = model.index(row, 0).data(Roles.USER_ID) if self.lit else ""
        height = sizes.row_height()
        for (number, left, width), column, content in zip(spans, columns, contents, strict=True):
            background, words = ground, ""
            if (difference := content[3]) is not None:
                words = self._words(content[0], difference)
                background = ground if selected else tokens.colour(difference.background)
            if self.lit and (lit := self.lit.get((user_id, column.key))) is not None:
                background = tokens.colour(lit)
            rect, draw = QRect(left, top, width, height), partial(self._draw, content, words, tokens, selected)
            self._pictures.paint(painter, rect, background, (content, words), draw)
            if row == self.focused_row:
                thick = 2 if number == self.focused_column else 1
                painter.fillRect(left, top, width, thick, tokens.accent)
                painter.fillRect(left, rect.bottom() + 1 - thick, width, thick, tokens.accent)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """See QAbstractItemDelegate; nothing, as the table paints whole rows."""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """Return the size that the cell needs to show its whole contents; called for cells in view only."""
        if index.column() >= len(self.columns):
            return QSize()
        kind, text, parts, difference = _contents(index, self.columns[index.column()].kind)
        width = self._drawing.width(kind, text, parts)
        if difference is not None:
            width = self._differences.width(kind, width, difference, self._words(kind, difference))
        return QSize(width, sizes.row_height())

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: AnyIndex
    ) -> bool:
        """Show the whole text of a cell that had to shorten it."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return False
        text, difference = str(index.data(_DISPLAY) or ""), index.data(Roles.DIFFERENCE)
        shortened = self.sizeHint(option, index).width() > option.rect.width()
        if difference is not None and difference.before is not None:
            text = difference.summary
            shortened |= bool(difference.left or difference.joined)
        elif difference is not None and self.columns[index.column()].kind == "name":
            text = f"{text}\n{difference.summary}"
        if not shortened:
            QToolTip.hideText()
        else:
            shown = text[:_LONGEST_TIP] + ("…" if len(text) > _LONGEST_TIP else "")
            QToolTip.showText(event.globalPos(), wrapped_tip(shown), view)
        return True

    def _words(self, kind: Kind, difference: CellDifference) -> str:
        return difference.beside_name(self._shown) if kind == "name" else ""

    def _draw(
        self, content: Contents, words: str, tokens: Theme, selected: bool, painter: QPainter, rect: QRect
    ) -> None:
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, tokens.line)
        kind, text, parts, difference = content
        if difference is not None and difference.before is not None:
            self._differences.draw_change(painter, rect, kind, difference, tokens)
        elif difference is not None and words:
            self._differences.draw_named(painter, rect, text, difference, words, tokens)
        elif text or parts:
            self._drawing.draw(painter, rect, kind, text, parts, tokens, selected=selected)


def _contents(index: AnyIndex, kind: Kind) -> Contents:
    text, difference = index.data(_DISPLAY) or "", index.data(Roles.DIFFERENCE)
    match kind:
        case "groups":
            return kind, "", tuple(index.data(Roles.GROUPS) or ()), difference
        case "status":
            return kind, text, (str(index.data(Roles.STATUS)),), difference
        case "name":
            return kind, text, DRAFTED if index.data(Roles.DRAFTED) else (), difference
        case _:
            return kind, text, (), difference
