"""Drawing the contents of a cell: a name with initials, groups as chips, a status as a dot and a word."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple, assert_never

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from whowas.desktop.kit import sizes
from whowas.desktop.kit.group_colours import token_of
from whowas.desktop.kit.line_text import CellTexts, initials
from whowas.desktop.kit.theme import Theme, Token
from whowas.desktop.table.columns import Kind
from whowas.desktop.table.draft_mark import DraftMark

PADDING = 12
RIGHT = 4
_AVATAR, _AVATAR_COMPACT = 24, 20
_CHIP_HEIGHT = 19
_CHIP_PADDING = 9
_CHIP_GAP = 4
_CHIP_NARROWEST = 40
_DOT = 7
_WORD_LEFT = PADDING + _DOT + 7
_DOTS: dict[str, Token] = {"active": "active_dot", "suspended": "suspended_dot"}


def name_left() -> int:
    """Return how far from the left edge of a cell a name begins, behind the disc with its initials, in pixels."""
    return PADDING + sizes.spaced(_AVATAR, _AVATAR_COMPACT) + 9


class Chips(NamedTuple):
    """The groups that fit, each as (name, offset, width) in pixels, and "+2" for two that do not fit."""

    fitting: tuple[tuple[str, int, int], ...]
    more: str


class CellDrawing:
    """Draws in one font.

    ``parts`` are a cell's groups, its status as the only item, or DRAFTED in that of a name; a text has none.

    ``colours`` maps the names of groups to the names of their colours.
    """

    def __init__(self, font: QFont, colours: Mapping[str, str] | None = None) -> None:
        self._colours = colours or {}
        self._plain = CellTexts(font, 13, QFont.Weight.Normal)
        self._names = CellTexts(font, 13, QFont.Weight.Medium)
        self._small = CellTexts(font, 12, QFont.Weight.Normal)
        self._initials = CellTexts(font, 9 if sizes.is_compact() else 10, QFont.Weight.DemiBold)
        self._chip_height = sizes.scaled(_CHIP_HEIGHT)
        self._name_left = name_left()
        self._draft = DraftMark(font)
        self._chips = lru_cache(1024)(self.chips)

    def draw(
        self,
        painter: QPainter,
        area: QRect,
        kind: Kind,
        text: str,
        parts: tuple[str, ...],
        tokens: Theme,
        *,
        selected: bool,
    ) -> None:
        """Draw one cell's contents into ``area``, over the background that is there."""
        painter.setPen(tokens.text)
        match kind:
            case "text":
                self._plain.draw(painter, area.adjusted(PADDING, 0, -RIGHT, 0), text)
            case "name":
                self.draw_avatar(painter, area, text, tokens, selected=selected)
                self._draw_name(painter, area.adjusted(self._name_left, 0, -RIGHT, 0), text, bool(parts), tokens)
            case "groups":
                self._draw_chips(painter, area, parts, tokens, tokens.handle if selected else tokens.line)
            case "status":
                self._draw_dot(painter, area, tokens.colour(_DOTS.get(parts[0] if parts else "", "faint")))
                # On the background of a selected row the muted colour would be too faint to read.
                painter.setPen(tokens.muted if parts == ("deleted",) and not selected else tokens.text)
                self._plain.draw(painter, area.adjusted(_WORD_LEFT, 0, -RIGHT, 0), text)
            case unknown:
                assert_never(unknown)

    def width(self, kind: Kind, text: str, parts: tuple[str, ...]) -> int:
        """Return how many pixels a cell needs to show its whole contents."""
        match kind:
            case "text":
                return PADDING + self._plain.width(text) + RIGHT
            case "name":
                return self._name_left + self._names.width(text) + (self._draft.width if parts else 0) + RIGHT
            case "groups":
                return PADDING + sum(self._chip_width(name) + _CHIP_GAP for name in parts) + RIGHT
            case "status":
                return _WORD_LEFT + self._plain.width(text) + RIGHT
            case unknown:
                assert_never(unknown)

    def chips(self, groups: tuple[str, ...], room: int) -> Chips:
        """Choose the groups that fit into ``room`` pixels; the first is shortened rather than left out."""
        fitting: list[tuple[str, int, int]] = []
        offset = 0
        for index, name in enumerate(groups):
            left_over = len(groups) - index - 1
            reserved = self._small.width(f"+{left_over}") + 2 + _CHIP_GAP if left_over else 0
            wanted, free = self._chip_width(name), room - offset - reserved
            if wanted > free and (fitting or free < _CHIP_NARROWEST):
                return Chips(tuple(fitting), f"+{left_over + 1}")
            taken = min(wanted, free)
            fitting.append((name, offset, taken))
            offset += taken + _CHIP_GAP
        return Chips(tuple(fitting), "")

    def _chip_width(self, name: str) -> int:
        return self._small.width(name) + 2 * _CHIP_PADDING - 1

    def _draw_name(self, painter: QPainter, inside: QRect, name: str, drafted: bool, tokens: Theme) -> None:
        if drafted:
            inside = self._draft.draw(painter, inside, self._names.width(name), tokens)
        painter.setPen(tokens.text)
        self._names.draw(painter, inside, name)

    def _draw_chips(
        self, painter: QPainter, area: QRect, groups: tuple[str, ...], tokens: Theme, outline: QColor
    ) -> None:
        chips = self._chips(groups, area.width() - PADDING - RIGHT)
        left, end = area.left() + PADDING, area.left() + PADDING
        high = self._chip_height
        top = area.top() + (area.height() - high) // 2 + 1
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for name, offset, width in chips.fitting:
            token = token_of(self._colours.get(name)) if self._colours else None
            painter.setPen(tokens.colour(token) if token else outline)
            box = QRectF(left + offset + 0.5, top + 0.5, width - 1, high - 1)
            painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
            painter.setPen(tokens.text)
            inside = QRect(left + offset + _CHIP_PADDING, top, width - 2 * _CHIP_PADDING + 1, high)
            self._small.draw(painter, inside, name)
            end = left + offset + width + _CHIP_GAP
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(tokens.muted)
        self._small.draw(painter, QRect(end + 2, top, self._small.width(chips.more), high), chips.more)

    def draw_avatar(self, painter: QPainter, area: QRect, name: str, tokens: Theme, *, selected: bool = False) -> None:
        """Draw the disc with initials before a name; on a selected row it has the colour of the others."""
        size = self._name_left - PADDING - 9
        circle = QRect(area.left() + PADDING, area.top() + (area.height() - size + 1) // 2, size, size)
        self._draw_disc(painter, QRectF(circle), tokens.surface if selected else tokens.accent_soft)
        painter.setPen(tokens.accent)
        painter.setFont(self._initials.font)
        painter.drawText(circle, int(Qt.AlignmentFlag.AlignCenter), initials(name))

    def _draw_dot(self, painter: QPainter, area: QRect, colour: QColor) -> None:
        middle = QPointF(area.left() + PADDING + _DOT / 2, area.top() + area.height() // 2 + 0.5)
        self._draw_disc(painter, QRectF(middle.x() - _DOT / 2, middle.y() - _DOT / 2, _DOT, _DOT), colour)

    @staticmethod
    def _draw_disc(painter: QPainter, box: QRectF, colour: QColor) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(box)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
