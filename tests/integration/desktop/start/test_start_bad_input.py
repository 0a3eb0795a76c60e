"""A window that cannot be shown, or only badly, is reported in a sentence: real processes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.command_line import PROGRAM, Answer

PATIENCE_S = 30.0


def refused(*command: object, **environment: str) -> Answer:
    """Start a program that is to end by itself; where ``environment`` names no screen there is none."""
    clean = {name: value for name, value in os.environ.items() if "DISPLAY" not in name and name != "QT_QPA_PLATFORM"}
    done = subprocess.run(
        [str(part) for part in command], env=clean | environment, capture_output=True, text=True, timeout=PATIENCE_S
    )
    return Answer(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "Whowas needs a display: neither DISPLAY nor WAYLAND_DISPLAY is set."),
        ({"DISPLAY": ":4711"}, "Whowas cannot show a window: could not connect to display :4711."),
        ({"WAYLAND_DISPLAY": "nowhere", "QT_QPA_PLATFORM": "wayland"}, "Whowas cannot show a window: "),
        ({"QT_QPA_PLATFORM": "nonsense"}, "Whowas cannot show a window: Could not find the Qt platform plugin"),
    ],
    ids=["none", "gone", "no Wayland", "no plugin"],
)
def test_without_a_screen_it_says_so(environment: dict[str, str], sentence: str) -> None:
    answer = refused(PROGRAM, **environment)

    assert (answer.code, answer.out) == (2, "")
    (line,) = answer.err.splitlines()
    assert line.startswith(sentence)
    assert line.endswith(".")


@pytest.mark.parametrize("module", ["PySide6.QtWidgets", "platformdirs"])
def test_a_part_that_is_missing_is_told(module: str) -> None:
    without = "import sys; sys.modules[sys.argv.pop()] = None; from whowas.main import main; main()"

    answer = refused(sys.executable, "-c", without, module, QT_QPA_PLATFORM="offscreen")

    assert (answer.code, answer.out) == (2, "")
    (line,) = answer.err.splitlines()
    assert line.startswith("Whowas is not installed completely: ")
    assert module in line


def said_while_it_runs(log: Path, seconds: float, until: str = "\0", **environment: str) -> str:
    """Start the window, wait for some time or until it prints something, and return what it printed."""
    with log.open("w") as errors:
        process = subprocess.Popen(
            [PROGRAM], env=os.environ | {"QT_QPA_PLATFORM": "offscreen"} | environment, stderr=errors
        )
    try:
        end = time.monotonic() + seconds
        while time.monotonic() < end and until not in log.read_text():
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
        return "".join(line for line in log.read_text().splitlines(True) if "plugin does not" not in line)
    finally:
        process.kill()
        process.wait()


def test_without_fonts_it_says_so_and_runs(tmp_path: Path) -> None:
    fonts = tmp_path / "fonts.conf"
    fonts.write_text(f"<fontconfig><dir>{tmp_path}</dir><cachedir>{tmp_path}</cachedir></fontconfig>")

    said = said_while_it_runs(tmp_path / "said", PATIENCE_S, "No font", FONTCONFIG_FILE=str(fonts))

    assert "No font is installed, so all text shows as boxes: install one and restart Whowas.\n" in said
    assert "Traceback" not in said


def test_with_fonts_it_says_nothing(tmp_path: Path) -> None:
    assert said_while_it_runs(tmp_path / "said", 4) == ""


@pytest.mark.parametrize("locale", ["xx_YY.UTF-8", "C", "tlh_QO"])
def test_a_locale_that_does_not_exist_costs_one_line_at_most(tmp_path: Path, locale: str) -> None:
    said = said_while_it_runs(tmp_path / "said", 2, LC_ALL=locale)

    assert len(said.splitlines()) <= 1
    assert said == "" or "locale" in said
