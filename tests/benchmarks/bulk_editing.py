"""Editing everybody at once: beside the same commands given to the bus, and in the real window with its heartbeat."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.bulk import dispatch_all, microseconds_now
from tests.benchmarks.figures import Bound, Figure, slowness
from tests.benchmarks.measuring import Stopwatch, interleaved
from tests.benchmarks.people import create_commands
from tests.benchmarks.stalling import Heart
from tests.benchmarks.window import Desk, window_on
from tests.conftest import isolated_home
from whowas.command_bus.bus import Bus
from whowas.corrections.bulk_edit import carry_out
from whowas.domain.bulk_edit import setting
from whowas.domain.commands import UpdateUser
from whowas.domain.users import User
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

if TYPE_CHECKING:
    from whowas.desktop.bulk.dialog import BulkDialog

_CHANGES = {"department": "Press"}
_CANCELLED_AFTER_S = (0.5, 1.0, 1.5, 2.0)
"""So long after the beginning somebody cancels, in turn."""


@contextmanager
def _copy(directory: Path) -> Iterator[Bus]:
    """Give a bus on a copy of a directory, which is gone afterwards."""
    copy = directory.with_name("copy.whowas")
    shutil.copyfile(directory, copy)
    try:
        with closing(EventLog.open(copy)) as log:
            yield Bus(log, clock=microseconds_now, actor="bench")
    finally:
        copy.unlink()


def bulk_edit_vs_bulk(folder: Path, *, users: int = 100_000, rounds: int = 5) -> Figure:
    """Give everybody a department, from the rows selected to the commit, against the same commands as one change."""
    directory = folder / "staff.whowas"
    dispatch_all(directory, create_commands(users), Stopwatch())
    with closing(EventLog.open(directory)) as log, closing(ReadSide(log, folder / "cache")) as side:
        index = side.catch_up()
        numbers = index.numbers[index.alive(index.now)].tolist()
        ids = [row.user.id for row in side.rows(numbers)]

        def seen() -> Iterator[User]:
            for row in side.each(numbers):
                assert row is not None
                yield row.user

        def ours(_round: int, stopwatch: Stopwatch) -> None:
            with _copy(directory) as bus, stopwatch.running():
                outcome = carry_out(bus, seen, len(numbers), lambda _change: setting(_CHANGES), lambda d, t: None)
            assert outcome.changed == users

        def bulk(_round: int, stopwatch: Stopwatch) -> None:
            with _copy(directory) as bus, stopwatch.running(), bus.change() as change:
                for user_id in ids:
                    change.dispatch(UpdateUser(user_id, _CHANGES))

        duel = interleaved(ours, bulk, rounds)
    note = (
        f"{users:,} selected users given a department, from their rows to the commit ÷ the same commands as one change"
    )
    return slowness("bulk_edit_vs_bulk", duel, note, Bound(most=2))


def bulk_editing(folder: Path, *, users: int = 100_000) -> list[Figure]:
    """Edit everybody in the window, look at what would change first, take it back, and cancel both at several times."""
    os.environ.update({**isolated_home(folder / "home"), "QT_QPA_PLATFORM": "offscreen"})
    directory = folder / "staff.whowas"
    dispatch_all(directory, create_commands(users), Stopwatch())
    heart = Heart()
    with window_on(directory, folder / "config") as desk:
        heart.begin()
        acts = _Acts(desk, heart)
        acts.carry_out()
        edits = [acts.cancelled(acts.edit, after) for after in _CANCELLED_AFTER_S]
        acts.edit()
        desk.settle()
        undos = [acts.cancelled(acts.undo, after) for after in _CANCELLED_AFTER_S]
    held = [one for beats in heart.held.values() for one in beats]
    steps = {f"{step}_held_max_ms": max(beats) for step, beats in heart.held.items() if beats}
    late = {f"{step}_late_max_ms": max(beats) for step, beats in heart.late.items() if beats}
    note = f"{users:,} selected users, from Cancel to the end of the"
    return [
        Figure("bulk_edit_cancel_ms", max(edits), "ms", edits, f"{note} edit", Bound(most=300)),
        Figure("bulk_undo_cancel_ms", max(undos), "ms", undos, f"{note} undo of an edit", Bound(most=300)),
        Figure(
            "bulk_edit_block_ms",
            max(held),
            "ms",
            held,
            f"{users:,} selected users: how late the window's heartbeat is at most, without waiting for a processor",
            Bound(most=50),
            steps | late,
        ),
    ]


class _Acts:
    """What is done in the window, each step with its heartbeats."""

    def __init__(self, desk: Desk, heart: Heart) -> None:
        self._desk = desk
        self._heart = heart
        self._values = count()
        from whowas.desktop.window.main_window import MainWindow

        window = desk.page.window()
        assert isinstance(window, MainWindow)
        self._window = window

    def carry_out(self) -> None:
        """Select everybody, look, scroll, edit, and undo that."""
        self._heart.begin_step("select all")
        self._desk.page.table.selectAll()
        self._pause(0.3)
        self._heart.begin_step("look")
        dialog = self._asked()
        self._heart.begin_step("scroll")
        bar = dialog.list.verticalScrollBar()
        for step in range(60):
            bar.setValue(bar.maximum() * step // 59)
            self._pause(0.01)
        self._heart.begin_step("edit")
        dialog.accept()
        self._desk.settle()
        self._pause(0.3)
        self._heart.begin_step("undo")
        self.undo()
        self._desk.settle()
        self._pause(0.3)

    def edit(self) -> None:
        """Look at an edit of everybody, and begin it."""
        self._desk.page.table.selectAll()
        self._asked().accept()

    def undo(self) -> None:
        """Begin to take the last change back."""
        self._window.actions_.undo.trigger()

    def cancelled(self, begin: Callable[[], None], after: float) -> float:
        """Cancel what ``begin`` begins; return how many milliseconds later it is over."""
        from whowas.desktop.kit.dialogs.progress import ProgressDialog

        self._heart.begin_step("cancel")
        before = self._desk.page.view.index.now
        begin()
        self._pause(after)
        (dialog,) = self._window.findChildren(ProgressDialog)
        cancelled_at = time.perf_counter()
        dialog.reject()
        self._desk.settle()
        milliseconds = (time.perf_counter() - cancelled_at) * 1000
        assert self._desk.page.view.index.now == before, "it was cancelled"
        self._pause(0.2)
        return milliseconds

    def _asked(self) -> BulkDialog:
        """Return the dialog that asks for another department, once it was found what would change."""
        from PySide6.QtWidgets import QApplication

        from whowas.desktop.bulk.dialog import BulkDialog
        from whowas.desktop.bulk.field_form import FieldForm

        self._window.actions_.set_field.trigger()

        def shown() -> list[BulkDialog]:
            return [one for one in QApplication.topLevelWidgets() if isinstance(one, BulkDialog) and one.isVisible()]

        self._desk.until(lambda: bool(shown()))
        (dialog,) = shown()
        assert isinstance(dialog.form, FieldForm)
        dialog.form.field.choose("department")
        dialog.form.value.put_back(f"Press {next(self._values)}")
        self._desk.until(lambda: dialog.list.lines.rowCount() > 0)
        return dialog

    def _pause(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        self._desk.until(lambda: time.monotonic() >= end)
