"""What the window imports in jobs, so that it need not import it while somebody waits for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

_IMPORTED = """
import inspect
import sys
import whowas.desktop.window.assembly
from whowas.desktop.window.preload import import_reading, import_writing

def of_the_core():
    return {name for name in sys.modules if name.startswith("whowas.") and not name.startswith("whowas.desktop")}

def of_qt():
    return {name for name in sys.modules if name.startswith(("PySide6", "whowas.desktop"))}

def uses_qt(name):
    return name.startswith("PySide6") or "PySide6" in inspect.getsource(sys.modules[name])

import_reading(print)
import whowas.desktop.page.directory_page
qt_of_page = of_qt()
import_writing(print)
core = of_the_core()
print("Qt in a job:", *sorted(of_qt() - qt_of_page))
import whowas.desktop.window.moved_file
import whowas.desktop.window.page_commands
from whowas.desktop.exchange.assistant.loading import PARTS, load_for_jobs
qt_of_window, core_of_window = of_qt(), of_the_core()
print("Core in the window, before the assistant:", *sorted(core_of_window - core))
load_for_jobs(print)
of_jobs = of_qt() - qt_of_window
print("Qt in the assistant's jobs:", *sorted(name for name in of_jobs if uses_qt(name)))
core |= of_the_core() - core_of_window
from importlib import import_module
print("Parts:", end="")
for part in PARTS:
    before = of_qt()
    import_module(part)
    print("", len(of_qt() - before), end="")
print()
print("Core in the window:", *sorted(of_the_core() - core))
"""


@pytest.fixture(scope="module")
def imported() -> list[str]:
    answer = subprocess.run([sys.executable, "-c", _IMPORTED], capture_output=True, text=True, check=True)
    return answer.stdout.splitlines()


def test_what_commands_need_is_imported_before_them(imported: list[str]) -> None:
    assert "Core in the window, before the assistant:" in imported, imported
    assert "Core in the window:" in imported, imported


def test_the_assistant_is_imported_in_parts_that_are_each_small(imported: list[str]) -> None:
    (parts,) = [line for line in imported if line.startswith("Parts:")]
    counts = [int(count) for count in parts.removeprefix("Parts:").split()]
    assert counts
    assert max(counts) <= 6, counts


def test_the_jobs_import_nothing_of_qt(imported: list[str]) -> None:
    assert "Qt in a job:" in imported, imported
    assert "Qt in the assistant's jobs:" in imported, imported
