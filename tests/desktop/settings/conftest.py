"""What the tests of the settings share: looks and dates as they were before, whatever a test chose."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from whowas.desktop.kit import theme
from whowas.desktop.settings.in_force import apply_looks
from whowas.desktop.settings.preferences import DEFAULTS


@pytest.fixture(autouse=True)
def looks_put_back(qapp: QApplication) -> Iterator[None]:
    """One application serves all tests."""
    font, sheet, palette = qapp.font(), qapp.styleSheet(), qapp.palette()
    yield
    apply_looks(qapp, DEFAULTS)
    theme.apply(qapp, "light")
    qapp.setFont(font)
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)
