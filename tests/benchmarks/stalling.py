"""A session in the real window on a directory of a million changes, with a heartbeat in the window's own thread.

The heart is to beat every few milliseconds; how much later it does is a stall, whatever held the thread: work of its
own, Python's lock in the hands of a job, the garbage collector, the disk. On a busy machine it may also be that the
window, or the job that has the lock, waits for a processor; so it is told as well what is left without that, where the
system counts it (Linux).
"""

from __future__ import annotations

import gc
import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from tests.benchmarks.figures import Bound, Figure
from tests.benchmarks.histories import make_history, prepare
from tests.benchmarks.importing import list_of
from tests.benchmarks.people import fields_of
from tests.benchmarks.window import Desk, type_title, window_on
from tests.conftest import isolated_home

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from whowas.desktop.exchange.assistant.frame.dialog import AssistantDialog
    from whowas.desktop.window.main_window import MainWindow

W = TypeVar("W", bound="QWidget")

BEAT_MS = 2
BOUND_MS = 50.0
LISTED = 100_000
"""So many new users are on the list that is previewed."""

_AFTERWARDS_S = 0.3
"""So long each step is watched after it is done: what it left behind is freed, what follows from it is shown."""


@dataclass(slots=True)
class Heart:
    """Beats in the window's thread, and keeps of each beat in each step by how many milliseconds it was late.

    ``own`` is how much of that the thread was at work itself, ``held`` what remains of it without what the thread, or
    a job, waited for a processor.
    """

    late: dict[str, list[float]] = field(default_factory=dict)
    held: dict[str, list[float]] = field(default_factory=dict)
    own: dict[str, list[float]] = field(default_factory=dict)
    _beaten: tuple[float, float, float] = (0.0, 0.0, 0.0)
    _threads: list[Path] = field(default_factory=list)
    _step: str = ""

    def begin(self) -> None:
        """Beat from now on, whenever events are processed."""
        from PySide6.QtCore import Qt, QTimer
        from PySide6.QtWidgets import QApplication

        timer = QTimer(QApplication.instance())
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(self._beat)
        timer.start(BEAT_MS)

    def begin_step(self, name: str) -> None:
        """Count the beats from now on, until the next step begins, as those of a step."""
        self._step = name
        watched = [thread for thread in threading.enumerate() if thread.name in ("MainThread", "whowas-jobs")]
        counted = [Path(f"/proc/self/task/{thread.native_id}/schedstat") for thread in watched]
        self._threads = [path for path in counted if path.exists()]
        for beats in (self.late, self.held, self.own):
            beats.setdefault(name, [])
        self._beaten = self._times()

    def _times(self) -> tuple[float, float, float]:
        """Return the time, what this thread was at work, and what both threads waited for a processor, in ms."""
        waited = sum(int(path.read_bytes().split()[1]) for path in self._threads) / 1_000_000
        return time.perf_counter() * 1000, time.thread_time() * 1000, waited

    def _beat(self) -> None:
        before, self._beaten = self._beaten, self._times()
        if self._step:
            since, own, waited = (now - then for now, then in zip(self._beaten, before, strict=True))
            late = max(0.0, since - BEAT_MS)
            own = min(late, own)
            self.late[self._step].append(late)
            self.own[self._step].append(own)
            self.held[self._step].append(max(own, late - waited))


class _Session:
    """What a person does in the window, one step after the other."""

    def __init__(self, desk: Desk, heart: Heart, folder: Path) -> None:
        from whowas.desktop.window.main_window import MainWindow

        self._desk = desk
        self._heart = heart
        self._folder = folder
        self._given = folder / "members.csv"
        self._given.write_bytes(list_of(fields_of(LISTED, seed=9)))
        window = desk.page.window()
        assert isinstance(window, MainWindow)
        self._window: MainWindow = window

    def carried_out(self) -> None:
        """Go through all of it."""
        for name, step in {
            "scroll": self._scroll,
            "slide": self._slide,
            "search": self._search,
            "sort": self._sort,
            "compare": self._compare,
            "select all": self._select_all,
            "restore, looking": self._look_at_restoring,
            "imagine": self._imagine,
            "import, previewing": self._preview,
            "edit and save": self._edit,
            "undo": self._undo,
            "restore, carrying out": self._restore,
            "undo of that": self._undo,
            "import, carrying out": self._import,
            "undo of the import": self._undo,
            "export": self._export,
        }.items():
            self._heart.begin_step(name)
            step()
            self._settle()

    def _settle(self) -> None:
        self._desk.settle()
        self._wait(_AFTERWARDS_S)

    def _wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        self._desk.until(lambda: time.monotonic() >= end)

    def _scroll(self) -> None:
        bar = self._desk.page.table.verticalScrollBar()
        for value in np.linspace(0, bar.maximum(), 60):
            bar.setValue(int(value))
            self._wait(0.01)
        bar.setValue(0)

    def _slide(self) -> None:
        slider = self._desk.page.timeline.slider
        now = self._desk.page.view.index.now
        for part in np.linspace(0, 2 * np.pi, 120):
            slider.setValue(round(now * (0.5 + 0.5 * np.cos(part))))
            self._wait(0.01)
        self._desk.page.return_to_now()

    def _search(self) -> None:
        for text in ("t", "ti", "title 7", "title 77", ""):
            self._window.toolbar.search.setText(text)
            self._wait(0.1)
        self._settle()

    def _sort(self) -> None:
        for column in ("title", "email", "name"):
            self._desk.page.table.columns.sort_by(column)
            self._settle()

    def _compare(self) -> None:
        view = self._desk.page.view
        view.show_moment(view.index.now // 2)
        view.compare_with_now()
        self._wait(0.1)
        for part in np.linspace(0.1, 0.9, 20):
            self._desk.page.timeline.slider.setValue(round(view.index.now * part))
            self._wait(0.01)
        view.show_only_differences(True)
        self._wait(0.1)
        view.compare_with(None)
        view.show_only_differences(False)
        self._desk.page.return_to_now()

    def _select_all(self) -> None:
        self._desk.page.table.selectAll()
        self._wait(0.2)
        self._desk.page.table.clearSelection()

    def _look_at_restoring(self) -> None:
        from whowas.desktop.putting_back.restore_dialog import RestoreDialog

        view = self._desk.page.view
        view.show_moment(view.index.now // 2)
        self._desk.page.table.selectAll()
        self._window.actions_.restore_moment.trigger()
        self._settle()
        self._shown(RestoreDialog).reject()
        self._desk.page.table.clearSelection()
        self._desk.page.return_to_now()

    def _imagine(self) -> None:
        """Take out the change by which everybody was made, and go back again."""
        view = self._desk.page.view
        view.show_moment(view.index.now // 2)
        self._window.actions_.what_if.trigger()
        self._settle()
        assert self._desk.page.what_if_banner.isVisible(), "it is imagined"
        self._desk.page.return_to_now()

    def _preview(self) -> None:
        self._previewed().reject()

    def _import(self) -> None:
        self._previewed().import_button.click()

    def _previewed(self) -> AssistantDialog:
        from whowas.desktop.window.page_commands import PageCommands

        commands = self._desk.page.findChild(PageCommands)
        assert commands is not None
        commands.files.open_files([self._given])
        from whowas.desktop.exchange.assistant.frame.dialog import AssistantDialog

        self._settle()
        dialog = self._shown(AssistantDialog)
        dialog.next.click()
        self._desk.until(dialog.import_button.isEnabled)
        return dialog

    def _edit(self) -> None:
        page = self._desk.page
        for number in range(5):
            page.table.selectRow(number)
            self._settle()
            type_title(page, f"Title of {number}")
            page.details.save()
            self._settle()

    def _undo(self) -> None:
        self._window.actions_.undo.trigger()

    def _restore(self) -> None:
        """Bring everybody who is selected back to how they were in the middle."""
        from PySide6.QtWidgets import QPushButton

        from whowas.desktop.putting_back.restore_dialog import RestoreDialog

        view, page = self._desk.page.view, self._desk.page
        view.show_moment(view.index.now * 19 // 20)
        page.table.selectAll()
        self._window.actions_.restore_moment.trigger()
        self._settle()
        dialog = self._shown(RestoreDialog)
        (button,) = (one for one in dialog.findChildren(QPushButton) if one.text() == "Restore")
        assert button.isEnabled()
        button.click()
        self._settle()

    def _export(self) -> None:
        from whowas.desktop.window.page_commands import PageCommands

        commands = self._desk.page.findChild(PageCommands)
        assert commands is not None
        commands.files.exports.export(self._folder / "users.csv")

    def _shown(self, kind: type[W]) -> W:
        from PySide6.QtWidgets import QApplication

        (dialog,) = (one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible())
        return dialog


def stall_p999_ms(folder: Path, *, users: int = 200_000, changes: int = 1_000_000) -> Figure:
    """Return how late the latest of a thousand beats was, in a session on so large a directory."""
    os.environ.update({**isolated_home(folder / "home"), "QT_QPA_PLATFORM": "offscreen"})
    directory = folder / "large.whowas"
    make_history(directory, users, changes)
    prepare(directory, folder / "home" / ".cache" / "whowas")
    return stalled(directory, folder)


def stalled(directory: Path, folder: Path) -> Figure:
    """Return the same of a prepared directory; the environment says where its caches lie."""
    from PySide6.QtCore import QEventLoop
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication([])
    heart = Heart()
    heart.begin()
    heart.begin_step("open")
    gc.disable()  # as the program does while it starts
    with window_on(directory, folder / "config") as desk:
        gc.freeze()
        gc.enable()
        # As the program waits for events, and does not ask again and again whether there are some.
        desk.process = lambda: application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        _Session(desk, heart, folder).carried_out()
        what = f"{desk.page.view.index.now:,} changes: how late the heartbeat of the window is"
    return _figure(heart, what)


def _figure(heart: Heart, what: str) -> Figure:
    details: dict[str, float] = {}
    for part, of_steps in (("late", heart.late), ("held", heart.held), ("own", heart.own)):
        beats = [one for some in of_steps.values() for one in some]
        for name, percent in (("p50", 50.0), ("p99", 99.0), ("p999", 99.9), ("max", 100.0)):
            details[f"{part}_{name}_ms"] = float(np.percentile(beats, percent))
        details |= {f"{step}_{part}_max_ms": max(some) for step, some in of_steps.items()}
    late = [one for some in heart.late.values() for one in some]
    note = (
        f"{what}, the latest of a thousand beats; without waiting for a processor {details['held_p999_ms']:.0f} ms, at "
        f"most {details['held_max_ms']:.0f} ms; beyond {BOUND_MS:g} ms so: {_beyond(heart.held) or 'none'}"
    )
    return Figure("stall_p999_ms", details["late_p999_ms"], "ms", late, note, Bound(most=BOUND_MS), details)


def _beyond(of_steps: dict[str, list[float]]) -> str:
    """Return the steps with beats beyond the bound, with their number and the latest."""
    return ", ".join(
        f"{step} ({sum(one > BOUND_MS for one in beats)}, {max(beats):.0f} ms)"
        for step, beats in of_steps.items()
        if max(beats) > BOUND_MS
    )
