"""Starting the window, and reporting uncaught exceptions."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from whowas.desktop.start import application
from whowas.system import folders


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
    log_file = folders.state() / "whowas.log"
    assert "ZeroDivisionError: by nought" in log_file.read_text()
    assert stat.S_IMODE(log_file.stat().st_mode) == 0o600
    assert len(told) == 1
    assert str(log_file) in told[0]


def test_a_program_that_was_updated_meanwhile_asks_to_be_restarted(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told: list[str] = []
    program = tmp_path / "whowas"
    program.touch()
    monkeypatch.setattr(QMessageBox, "exec", lambda box: told.append(f"{box.text()} {box.informativeText()}"))
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    application._program_as_started.cache_clear()
    application._report_bugs()
    (tmp_path / "newer").touch()
    (tmp_path / "newer").replace(program)
    sys.excepthook(ImportError, ImportError("bad magic number"), None)
    program.unlink()
    sys.excepthook(ImportError, ImportError("bad magic number"), None)
    application._program_as_started.cache_clear()
    assert len(told) == 2
    assert all(text.startswith("Whowas was updated, or removed, while it was running. ") for text in told)
    assert all("Please restart Whowas" in text for text in told)


def test_a_bug_that_cannot_be_written_down_is_told_all_the_same(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: told.append(box.informativeText()))
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    (home / ".local" / "state" / "whowas").touch()
    application._report_bugs()
    sys.excepthook(ZeroDivisionError, ZeroDivisionError("by nought"), None)
    assert len(told) == 1
    assert "could not be written down" in told[0]
