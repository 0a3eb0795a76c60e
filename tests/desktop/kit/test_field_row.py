"""The row of any field: its name above it, however long that is."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from whowas.desktop.kit.value_rows import value_row
from whowas.domain.field_definitions import FIELD_TYPES, FieldDefinition, FieldType

LONG = "Allergies & other things the kitchen should know about, written by whoever brings somebody along"


@pytest.mark.parametrize("kind", FIELD_TYPES)
def test_a_long_name_leaves_the_row_as_narrow_as_a_short_one(qtbot: QtBot, kind: FieldType) -> None:
    narrow, wide = (
        value_row("attributes.x", name, FieldDefinition(kind, choices=("a",) if kind == "choice" else ()))
        for name in ("Desk", LONG)
    )
    panel = QWidget()
    qtbot.addWidget(panel)
    column = QVBoxLayout(panel)
    for row in (narrow, wide):
        column.addWidget(row)
    panel.show()
    assert wide.minimumSizeHint().width() == narrow.minimumSizeHint().width()


def test_the_whole_of_a_long_name_is_told(qtbot: QtBot) -> None:
    row = value_row("attributes.x", LONG, FieldDefinition(required=True, help="Ask the cook."))
    qtbot.addWidget(row)
    assert row.focus_widget.accessibleName() == LONG
    tip = row.label.toolTip()
    assert "Allergies" in tip
    assert "somebody along" in tip
    assert "Ask the cook." in tip
