"""The bar over a moment of the past."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from whowas.desktop.page.past_banner import PastBanner
from whowas.projections.queries.comparison import DifferenceCounts

MOMENT, NOTE = "Mon 20 November 2023, 09:42", "compared with Mon 30 November 2026, 18:28 · read-only"


@pytest.mark.parametrize("width", [1024, 1360, 1920])
def test_the_moment_is_not_shortened_while_there_is_room_for_anything_beside_it(qtbot: QtBot, width: int) -> None:
    banner = PastBanner()
    qtbot.addWidget(banner)
    banner.resize(width, banner.height())
    banner.show_moment(MOMENT, NOTE)
    banner.show_differences(DifferenceCounts(added=23_160, changed=47_017, removed=1_431))
    banner.show()
    qtbot.waitExposed(banner)
    assert banner.width() == width
    labels = {label.text(): label for label in banner.findChildren(QLabel)}
    assert labels[MOMENT].width() >= labels[MOMENT].sizeHint().width() or labels[NOTE].width() == 0
