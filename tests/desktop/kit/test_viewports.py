"""A viewport made here is as the one that Qt would have made: what is painted in it looks the same."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractScrollArea, QLabel, QScrollArea, QTableView
from pytestqt.qtbot import QtBot

from whowas.desktop.kit.viewports import own_viewport


@pytest.mark.parametrize("kind", [QScrollArea, QTableView])
def test_it_is_painted_with_the_roles_of_qts_own(qtbot: QtBot, kind: type[QAbstractScrollArea]) -> None:
    views = kind(), kind()
    for view in views:
        qtbot.addWidget(view)
    own_viewport(views[1])
    qts, own = ((view.viewport(), QLabel(parent=view.viewport())) for view in views)
    for one, other in zip(qts, own, strict=True):
        assert other.backgroundRole() == one.backgroundRole()
        assert other.foregroundRole() == one.foregroundRole()
        assert other.autoFillBackground() == one.autoFillBackground()


def test_a_label_of_a_form_has_the_colour_that_it_was_given(qtbot: QtBot) -> None:
    area = QScrollArea()
    qtbot.addWidget(area)
    own_viewport(area)
    assert QLabel(parent=area.viewport()).foregroundRole() == QPalette.ColorRole.WindowText
