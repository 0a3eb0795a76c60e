"""A list of 100,000 new users taken through the assistant of the real window: when rows are seen, and how it is held.

How long the window is held is told in processor time: the longest turn of its own thread, and the longest that the
thread of jobs goes on while the window waits for its turn. The latter may also be that the system let the window wait
for a processor, so of rounds on a busy machine the least tells most.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, cast

from tests.benchmarks.figures import Bound, Figure
from tests.benchmarks.importing import list_of
from tests.benchmarks.people import fields_of
from tests.benchmarks.window import Desk, window_on
from tests.conftest import isolated_home
from whowas.store.event_log import EventLog

if TYPE_CHECKING:
    from whowas.desktop.exchange.assistant.frame.dialog import AssistantDialog

_ASLEEP_S = 0.0005
_AFTER_S = 1.0
"""So long the window is watched after an import: it catches up, and shows what is new."""
PREVIEW, IMPORT = "preview", "import"


class _Held:
    """Turns the event loop, and keeps how many milliseconds of a processor each turn took, and each wait after it."""

    def __init__(self, desk: Desk) -> None:
        self.phase = PREVIEW
        self.turns: dict[str, list[float]] = {PREVIEW: [], IMPORT: []}
        self.waits: dict[str, list[float]] = {PREVIEW: [], IMPORT: []}
        self._process = desk.process
        (jobs,) = (thread for thread in threading.enumerate() if thread.name == "whowas-jobs")
        assert jobs.ident is not None
        self._jobs = time.pthread_getcpuclockid(jobs.ident)
        desk.process = self._turn

    def _turn(self) -> None:
        begun = time.thread_time()
        self._process()
        self.turns[self.phase].append((time.thread_time() - begun) * 1000)
        begun = time.clock_gettime(self._jobs)
        time.sleep(_ASLEEP_S)  # gives Python's lock away, and comes back when it gets it again
        self.waits[self.phase].append((time.clock_gettime(self._jobs) - begun) * 1000)


def assisting(folder: Path, *, rows: int = 100_000, rounds: int = 3) -> list[Figure]:
    """Return how long it takes to see the first rows, and for how long the window is held meanwhile and afterwards."""
    os.environ.update({**isolated_home(folder / "home"), "QT_QPA_PLATFORM": "offscreen"})
    given = folder / "members.csv"
    given.write_bytes(list_of(fields_of(rows)))
    shown: list[float] = []
    turns: dict[str, list[float]] = {PREVIEW: [], IMPORT: []}
    waits: dict[str, list[float]] = {PREVIEW: [], IMPORT: []}
    for number in range(rounds):
        directory = folder / f"{number}.whowas"
        EventLog.create(directory).close()
        with window_on(directory, folder / f"config {number}") as desk:
            held = _Held(desk)
            shown.append(_taken(desk, held, given))
        for phase in (PREVIEW, IMPORT):
            turns[phase].append(max(held.turns[phase]))
            waits[phase].append(max(held.waits[phase]))
        directory.unlink()
    what = f"a list of {rows:,} new users in the assistant"
    first = f"{what}: from Next to the first rows painted"
    return [
        Figure("preview_first_screen_s", median(shown), "s", shown, first, Bound(most=2)),
        *(_block(f"{phase}_block_ms", turns[phase], f"{what}, {phase}: the longest turn") for phase in turns),
        *(_block(f"{phase}_lock_ms", waits[phase], f"{what}, {phase}: the longest wait for a job") for phase in waits),
    ]


def _block(name: str, longest: list[float], note: str) -> Figure:
    return Figure(name, median(longest), "ms", longest, f"{note}, in time of a processor", Bound(most=50))


def _taken(desk: Desk, held: _Held, given: Path) -> float:
    """Take a list through the assistant; return the seconds from Next to its first rows."""
    from whowas.desktop.window.page_commands import PageCommands

    commands = desk.page.findChild(PageCommands)
    assert commands is not None
    commands.files.open_files([given])
    desk.until(lambda: _open() is not None)
    dialog = _open()
    assert dialog is not None
    desk.settle()
    begun = time.perf_counter()
    dialog.next.click()
    desk.until(lambda: dialog.on_preview)
    desk.process()  # the paint
    seconds = time.perf_counter() - begun
    desk.until(dialog.import_button.isEnabled)
    held.phase = IMPORT
    dialog.import_button.click()
    desk.until(lambda: _open() is None and desk.runner.idle)
    _watch(desk.process)
    return seconds


def _watch(process: Callable[[], None]) -> None:
    until = time.monotonic() + _AFTER_S
    while time.monotonic() < until:
        process()


def _open() -> AssistantDialog | None:
    """Return the assistant, once it is open; nothing of it is imported here, as the window has to do that."""
    from PySide6.QtWidgets import QApplication

    visible = (one for one in QApplication.topLevelWidgets() if one.isVisible())
    dialogs = (cast("AssistantDialog", one) for one in visible if type(one).__name__ == "AssistantDialog")
    return next(dialogs, None)
