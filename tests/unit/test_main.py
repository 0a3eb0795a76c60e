"""One program, two faces: what is typed after ``whowas`` decides which."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from whowas.cli import main as command_line
from whowas.main import COMMANDS, wants_window


def test_the_window_knows_every_command_by_name() -> None:
    assert set(command_line.commands) == COMMANDS


@pytest.mark.parametrize(
    "arguments",
    [[], ["--new"], ["--open-recent"], ["staff.whowas"], ["./staff"], ["/home/ines/staff"], ["file:///a%20b"]],
)
def test_a_path_or_nothing_opens_the_window(arguments: list[str]) -> None:
    assert wants_window(arguments)


@pytest.mark.parametrize(
    "arguments", [["list"], ["--help"], ["lst"], ["list", "staff.whowas"], ["a.whowas", "b"], ["--new", "a"]]
)
def test_everything_else_is_a_command(arguments: list[str]) -> None:
    assert not wants_window(arguments)


def test_a_file_that_is_there_opens_whatever_it_is_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "staff").touch()
    (tmp_path / "list").touch()
    assert wants_window(["staff"])
    assert not wants_window(["list"]), "a command goes before a file of its name"


def test_neither_face_waits_for_the_other() -> None:
    both = "import sys, whowas.main; print(*sys.modules)"
    window = "import sys, whowas.desktop.start.application; print(*sys.modules)"
    command = "import sys, whowas.cli; print(*sys.modules)"
    modules = {
        code: set(subprocess.check_output([sys.executable, "-c", code], text=True).split())
        for code in (both, window, command)
    }
    assert not modules[both] & {"click", "PySide6", "numpy", "peewee"}
    assert "click" not in modules[window]
    assert not modules[command] & {"PySide6", "argon2"}
