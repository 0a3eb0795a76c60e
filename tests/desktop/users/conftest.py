"""What tests of acts on users share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def emptied_clipboard(qapp: QApplication) -> Iterator[None]:
    """Leave nothing copied: Qt frees what is after Python has ended, which ends in a crash where Python made it."""
    qapp.clipboard().clear()
    yield
    qapp.clipboard().clear()
