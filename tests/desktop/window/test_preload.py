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

from importlib import import_module
from whowas.desktop.window.preload import EQUIPMENT_PARTS, PAGE_PARTS

def import_parts(parts):
    counts = []
    for part in parts:
        before = of_qt()
        import_module(part)
        counts.append(len(of_qt() - before))
    return counts

import_reading(print)
import whowas.desktop.session.session
print("Parts of the page:", *import_parts(PAGE_PARTS))
qt_of_page = of_qt()
import_writing(print)
core = of_the_core()
print("Qt in a job:", *sorted(of_qt() - qt_of_page))
print("Parts of the equipment:", *import_parts(EQUIPMENT_PARTS))
from whowas.desktop.exchange.assistant.loading import PARTS, load_for_jobs
qt_of_window, core_of_window = of_qt(), of_the_core()
print("Core in the window, before the assistant:", *sorted(core_of_window - core))
load_for_jobs(print)
of_jobs = of_qt() - qt_of_window
print("Qt in the assistant's jobs:", *sorted(name for name in of_jobs if uses_qt(name)))
core |= of_the_core() - core_of_window
print("Parts of the assistant:", *import_parts(PARTS))
print("Core in the window:", *sorted(of_the_core() - core))
"""


@pytest.fixture(scope="module")
def imported() -> list[str]:
    answer = subprocess.run([sys.executable, "-c", _IMPORTED], capture_output=True, text=True, check=True)
    return answer.stdout.splitlines()


def test_what_commands_need_is_imported_before_them(imported: list[str]) -> None:
    assert "Core in the window, before the assistant:" in imported, imported
    assert "Core in the window:" in imported, imported


@pytest.mark.parametrize(("whole", "most"), [("page", 9), ("equipment", 12), ("assistant", 6)])
def test_what_is_imported_in_the_window_comes_in_parts_that_are_each_small(
    imported: list[str], whole: str, most: int
) -> None:
    begin = f"Parts of the {whole}:"
    (parts,) = [line for line in imported if line.startswith(begin)]
    counts = [int(count) for count in parts.removeprefix(begin).split()]
    assert counts
    assert max(counts) <= most, counts


def test_the_jobs_import_nothing_of_qt(imported: list[str]) -> None:
    assert "Qt in a job:" in imported, imported
    assert "Qt in the assistant's jobs:" in imported, imported
