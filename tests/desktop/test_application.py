"""Starting, and what happens when something unforeseen does."""

from __future__ import annotations

import stat
import sys

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from whowas import places
from whowas.desktop import application


def test_without_a_display_it_says_so_and_exits_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert application.run(None) == 2
    assert capsys.readouterr().err == "Whowas needs a display: neither DISPLAY nor WAYLAND_DISPLAY is set.\n"


def test_a_bug_is_written_down_and_told_once(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: told.append(box.informativeText()))
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    application._report_bugs()
    sys.excepthook(ZeroDivisionError, ZeroDivisionError("by nought"), None)
    log_file = places.state() / "whowas.log"
    assert "ZeroDivisionError: by nought" in log_file.read_text()
    assert stat.S_IMODE(log_file.stat().st_mode) == 0o600
    assert len(told) == 1
    assert str(log_file) in told[0]
