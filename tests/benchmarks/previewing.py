"""Looking at 100,000 rows before they are imported, beside ten: read through, shown, scrolled, searched."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from tests.benchmarks.figures import Bound, Figure
from tests.benchmarks.window import until
from whowas.desktop.exchange.preview.rows.preview_rows import PreviewRows
from whowas.domain.progress import Progress, unwatched
from whowas.interchange.importing.told.outcomes import Outcomes, Refusal, RowPlace

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from whowas.desktop.exchange.preview.page import PreviewPage

FEW = 10
STEP = 3 * 36
"""By so many pixels a click of the wheel scrolls: three rows."""


def previewing(_folder: Path, *, rows: int = 100_000, frames: int = 300) -> list[Figure]:
    """Return how long the preview of so many rows takes to be made, to be shown, and for each frame of scrolling."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = _application()
    made_in, held, many = _read_through(_outcomes(rows))
    shown: list[float] = []
    every: list[float] = []
    processor = 0.0
    found: list[float] = []
    scrolled: dict[str, list[float]] = {}
    for name, each in (("ten", _of(FEW)), ("many", many)):
        page = _page(app)
        shown.append(_timed(app, partial(page.show_rows, each, looking=False, total=0)))
        scrolled[name] = _scrolled(app, page, frames, anew=True)
        if each is many:
            begun = time.thread_time()
            every = _scrolled(app, page, frames, anew=False)
            processor = (time.thread_time() - begun) / frames * 1000
            found = _searched(app, page)
        page.deleteLater()
    what = f"the preview of {rows:,} rows"
    details = {"p50_ms": float(np.median(every)), "worst_ms": max(every), "processor_ms": processor}
    p99 = float(np.percentile(every, 99))
    ratio = float(np.median(scrolled["many"]) / np.median(scrolled["ten"]))
    return [
        Figure(
            "preview_made_s", made_in, "s", [made_in], f"{what}, made in its job: seconds of a processor", Bound(most=2)
        ),
        Figure("preview_held_ms", held, "ms", [held], "the longest that keeps the window waiting meanwhile"),
        Figure("preview_shown_ms", shown[-1], "ms", [shown[-1]], f"{what}: from there to its first paint"),
        Figure(
            "preview_scroll_p99_ms",
            p99,
            "ms",
            every,
            f"{what}: a frame, by three rows or to anywhere",
            Bound(most=16.7),
            details,
        ),
        Figure(
            "preview_scroll_vs_ten",
            ratio,
            "x",
            scrolled["many"],
            f"a frame in which all rows in sight are painted anew ÷ one of {FEW} rows",
            Bound(most=2),
            {"ten_p50_ms": float(np.median(scrolled["ten"]))},
        ),
        Figure("preview_search_frame_ms", max(found), "ms", found, f"{what}, searched: the longest frame of it"),
    ]


def _outcomes(rows: int) -> Outcomes:
    """Return outcomes of all kinds, as an import would tell them."""
    random, outcomes = Random(1), Outcomes()
    for number in range(rows):
        place = RowPlace("members.csv", number + 2, "as it stood")
        name = f"{random.choice(('Ada', 'Ben', 'Zoë', 'Ole'))} {random.choice(('Osei', 'Roth', 'Müller'))} {number}"
        user_id = f"0199a3c4-0000-7000-8000-{number:012d}"
        match number % 5:
            case 0:
                outcomes.tell(number, place, "unchanged", user_id, name)
            case 1:
                refusal = Refusal(3, "email", f"“{name}@example” is not an email address.")
                outcomes.tell(number, place, "refused", name=name, refusal=refusal)
            case _:
                changes = {
                    "phone": (f"(202) 555-{number:06d}", f"(202) 556-{number:06d}"),
                    "attribute:Cost centre": (None, f"{number % 97:04d}"),
                    "department": ("Records", f"Legal {number % 7}"),
                }
                outcomes.tell(number, place, "changed", user_id, name, changes)
    return outcomes


def _of(rows: int) -> PreviewRows:
    return PreviewRows.of_rows(_outcomes(rows), unwatched, done=False)


def _read_through(outcomes: Outcomes) -> tuple[float, float, PreviewRows]:
    """Return how many seconds of a processor that takes, and for how many milliseconds at most no other thread runs."""
    made: list[tuple[float, PreviewRows]] = []

    def work() -> None:
        begun = time.thread_time()
        rows = PreviewRows.of_rows(outcomes, _breathing(), done=False)
        made.append((time.thread_time() - begun, rows))

    before = sys.getswitchinterval()
    sys.setswitchinterval(0.0005)  # as in the program
    thread = threading.Thread(target=work)
    last, longest = time.perf_counter(), 0.0
    thread.start()
    while thread.is_alive():
        time.sleep(0.0005)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    sys.setswitchinterval(before)
    ((seconds, rows),) = made
    return seconds, longest * 1000, rows


def _breathing() -> Progress:
    """Return what lets other threads have their turn, as the reports of a job do."""
    breathed = time.monotonic()

    def progress(_done: int, _total: int) -> None:
        nonlocal breathed
        if time.monotonic() - breathed > 0.002:
            time.sleep(0)
            breathed = time.monotonic()

    return progress


def _page(app: QApplication) -> PreviewPage:
    from whowas.desktop.exchange.preview.page import PreviewPage

    page = PreviewPage(lambda _ids: {})
    page.resize(920, 434)  # ten rows high
    page.show()
    app.processEvents()
    return page


def _scrolled(app: QApplication, page: PreviewPage, frames: int, *, anew: bool) -> list[float]:
    """Return how many milliseconds frames take: each a wheel's click further, every tenth a jump to anywhere.

    With ``anew`` no pictures are kept of rows painted before, as ten rows would be painted only once.
    """
    bar, random = page.table.verticalScrollBar(), Random(2)
    times: list[float] = []
    for number in range(frames):
        jump = number % 10 == 0 or bar.value() + STEP > bar.maximum()
        value = random.randrange(bar.maximum() + 1) if jump else bar.value() + STEP

        def step(value: int = value) -> None:
            bar.setValue(value)
            if anew:
                page.table._cells._pictures.clear()
            page.table.viewport().update()

        times.append(_timed(app, step))
    return times


def _searched(app: QApplication, page: PreviewPage) -> list[float]:
    """Return how many milliseconds each frame takes, from a search to what it found."""
    times = [_timed(app, lambda: page.table.filter(None, "osei 11"))]
    until(lambda: not page.table.preview.searching, lambda: times.append(_timed(app, lambda: None)))
    return times


def _timed(app: QApplication, do: Callable[[], None]) -> float:
    begun = time.perf_counter()
    do()
    app.processEvents()
    return (time.perf_counter() - begun) * 1000


def _application() -> QApplication:
    from PySide6.QtWidgets import QApplication

    from whowas.desktop.kit import theme

    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(["preview"])
    theme.apply(app, "light")
    return app
