"""``whowas --self-check``, as the process that packagers and people with a problem start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_line import PROGRAM, Answer, contents, on_small_disk

PARTS = ["Qt", "Icons", "Fonts", "Network", "Servers", "NumPy", "SQLite", "Passwords", "Events", "Time zone"]
PARTS += ["Directory", "Window", "Command line"]
WITHOUT = "import sys; sys.modules[sys.argv.pop()] = None; from whowas.main import main; main()"

WITHOUT_PLUGINS = """
from PySide6.QtCore import QCoreApplication
QCoreApplication.setLibraryPaths([])
from whowas.main import main
main()
"""


def started(*command: object, **environment: str) -> Answer:
    """Start a program that has no display."""
    clean = {name: value for name, value in os.environ.items() if "DISPLAY" not in name and name != "QT_QPA_PLATFORM"}
    done = subprocess.run(
        [str(part) for part in command], env=clean | environment, capture_output=True, text=True, timeout=120
    )
    return Answer(done.returncode, done.stdout, done.stderr)


def test_every_part_is_tried_and_nothing_is_left(home: Path, tmp_path: Path) -> None:
    before = contents(home)

    answer = started(PROGRAM, "--self-check", TMPDIR=str(tmp_path))

    assert (answer.code, answer.err) == (0, "")
    first, *lines, last = answer.out.splitlines()
    assert first.startswith("Whowas ")
    assert [line.partition(": ")[0] for line in lines] == PARTS
    assert last == "Everything works."
    assert contents(home) == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("module", "part"),
    [
        ("PySide6.QtWidgets", "Qt"),
        ("PySide6.QtSvg", "Icons"),
        ("click", "Command line"),
        ("ssl", "Network"),
        ("psycopg", "Servers"),
        ("numpy", "NumPy"),
        ("peewee", "SQLite"),
        ("apsw", "SQLite"),
        ("argon2", "Passwords"),
        ("uuid_utils", "Directory"),
    ],
)
def test_a_part_that_is_missing_is_named(module: str, part: str) -> None:
    answer = started(sys.executable, "-c", WITHOUT, "--self-check", module)

    assert answer.code == 1
    (sentence,) = answer.err.splitlines()
    assert sentence.startswith(f"{part} failed: ")
    assert module in sentence
    assert "Everything works" not in answer.out


def test_a_bundle_without_its_platform_plugins_says_so_and_does_not_abort(tmp_path: Path) -> None:
    answer = started(sys.executable, "-c", WITHOUT_PLUGINS, "--self-check", TMPDIR=str(tmp_path))

    assert answer.code == 1
    (sentence,) = answer.err.splitlines()
    assert sentence.startswith("Qt failed: Could not find the Qt platform plugin")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    script = f"""
        dd if=/dev/zero of='{tmp_path}/filled' bs=1k count=800 status=none
        TMPDIR='{tmp_path}' '{PROGRAM}' --self-check || echo "exit code $?"
        ls -A '{tmp_path}'
    """

    answer = on_small_disk(tmp_path, script)

    assert answer.out.splitlines()[-2:] == ["exit code 1", "filled"]
    (sentence,) = answer.err.splitlines()
    assert "failed: " in sentence
    assert "disk" in sentence


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is always full")
def test_an_output_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    answer = started("sh", "-c", f"'{PROGRAM}' --self-check >/dev/full", TMPDIR=str(tmp_path))

    assert answer.code == 1
    assert answer.err == "What was found cannot be written: No space left on device.\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("locale", ["C", "POSIX", "xx_YY.UTF-8"])
def test_it_speaks_in_every_locale(locale: str) -> None:
    answer = started(PROGRAM, "--self-check", LC_ALL=locale)

    assert answer.code == 0, answer


def test_it_stands_alone() -> None:
    answer = started(PROGRAM, "--self-check", "staff.whowas")

    assert (answer.code, answer.out) == (2, "")
    assert "stands alone" in answer.err


def test_without_fonts_it_says_so_and_goes_on(tmp_path: Path) -> None:
    fonts = tmp_path / "fonts.conf"
    fonts.write_text("<fontconfig></fontconfig>")

    answer = started(PROGRAM, "--self-check", FONTCONFIG_FILE=str(fonts))

    assert answer.code == 0
    assert "Fonts: none is installed" in answer.out
