"""What a cell looks like on the ground that it is drawn on."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QFont, QImage, QPainter
from pytestqt.qtbot import QtBot

from whowas.desktop.kit import theme
from whowas.desktop.table.cell_painter import CellDrawing


@pytest.mark.parametrize("selected", [False, True])
def test_the_disc_with_initials_is_told_from_its_row(qtbot: QtBot, selected: bool) -> None:
    tokens = theme.current()
    ground = tokens.accent_soft if selected else tokens.surface
    picture = QImage(240, 36, QImage.Format.Format_RGB32)
    picture.fill(ground)
    painter = QPainter(picture)
    CellDrawing(QFont()).draw(painter, QRect(0, 0, 240, 36), "name", "Ada Osei", (), tokens, selected=selected)
    painter.end()
    row = [picture.pixelColor(place, 18 - 9) for place in range(12, 36)]
    disc = tokens.surface if selected else tokens.accent_soft
    assert disc in row
    assert disc != ground
