"""The binding itself: what it must not do to a program that emits signals all day."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal

EMISSIONS = 50


class Bell(QObject):
    rung = Signal(int)


def test_emitting_a_signal_loses_no_reference_to_true(qapp: QObject) -> None:
    """PySide6 6.12.0 lost one with every emission; on Python 3.11 the program aborts when the last is gone."""
    bell = Bell()
    before = sys.getrefcount(True)
    for number in range(EMISSIONS):
        bell.rung.emit(number)
    assert sys.getrefcount(True) > before - EMISSIONS // 2
