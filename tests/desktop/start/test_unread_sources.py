"""A start does not read the source of every module that it imports."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import inspect
import whowas.main
from whowas.desktop.start.unread_sources import leave_sources_unread
leave_sources_unread()
read = []
source_of = inspect.getsource
inspect.getsource = lambda module: read.append(module) or source_of(module)
import whowas.desktop.start.application
from PySide6.QtWidgets import QApplication, QMainWindow
application = QApplication(["whowas", "-platform", "offscreen"])
window = QMainWindow()
window.setWindowTitle("Whowas")
print(len(read), window.windowTitle())
"""


def test_no_source_is_read_and_qt_answers_by_its_own_names() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True)
    assert done.stdout == "0 Whowas\n"


def test_without_it_they_are() -> None:
    """Else there would be nothing to spare any more in this version of the binding."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.replace("\nleave_sources_unread()", "\nimport PySide6.QtCore")],
        check=True,
        capture_output=True,
        text=True,
    )
    assert int(done.stdout.split()[0]) > 10
