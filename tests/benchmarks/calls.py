"""How much of our own code runs for one save and for one move of the slider: counted, so no clock is asked."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType

import whowas
from tests.benchmarks.figures import Bound, Figure
from tests.benchmarks.window import Desk, type_title, window_on
from tests.conftest import isolated_home
from tests.desktop.manual_jobs import ManualJobRunner
from whowas.sample import make_sample

OURS = str(Path(whowas.__file__).parent)
ROUNDS = 5
"""Timers may fall into a round: the one with the fewest calls is what the thing itself costs."""

NAMED = frozenset({"refresh", "_show_view", "show_form", "users", "set_rows"})
"""The calls of these functions are told one by one, by the class that they are of."""

PAINTS = frozenset({"paintEvent", "paint"})
"""What these call is left out: how much that is depends on how many rows are in sight, and on the window's size."""


def calls(folder: Path, *, people: int = 60, changes: int = 600) -> list[Figure]:
    """Count the calls of Python functions of ours, by name, for a saved edit and for a step of the slider."""
    os.environ.update({**isolated_home(folder / "home"), "QT_QPA_PLATFORM": "offscreen"})
    directory = folder / "sample.whowas"
    make_sample(directory, people=people, changes=changes)
    with window_on(directory, folder / "config", ManualJobRunner()) as desk:
        saves = [_saved(desk, number) for number in range(ROUNDS)]
        moves = [_moved(desk, number) for number in range(ROUNDS)]
    what = f"a sample of {people} people and {changes} changes, paints left out"
    return [
        _figure("save_calls", saves, f"{what}, a user's title saved in the form", Bound(most=1_650)),
        _figure("slider_calls", moves, f"{what}, a user's details shown, the slider moved", Bound(most=430)),
    ]


def _saved(desk: Desk, number: int) -> Counter[CodeType]:
    desk.page.table.selectRow(2)
    type_title(desk.page, f"Title {number}")
    return _counted(desk, desk.page.details.save)


def _moved(desk: Desk, number: int) -> Counter[CodeType]:
    slider = desk.page.timeline.slider
    return _counted(desk, lambda: slider.setValue(slider.maximum() // 2 + number))


def _counted(desk: Desk, act: Callable[[], object]) -> Counter[CodeType]:
    """Return how often each function of ours was called from ``act`` until nothing was left to be done."""
    desk.settle()
    desk.process()
    with _counting() as counter:
        act()
        desk.settle()
        desk.process()
    return counter


@contextmanager
def _counting() -> Iterator[Counter[CodeType]]:
    counter: Counter[CodeType] = Counter()
    painting: list[FrameType] = []

    def count(frame: FrameType, event: str, _argument: object) -> None:
        if painting:
            if event == "return" and frame is painting[0]:
                painting.clear()
        elif event == "call" and frame.f_code.co_filename.startswith(OURS):
            if frame.f_code.co_name in PAINTS:
                painting.append(frame)
            else:
                counter[frame.f_code] += 1

    sys.setprofile(count)
    try:
        yield counter
    finally:
        sys.setprofile(None)


def _figure(name: str, rounds: list[Counter[CodeType]], what: str, bound: Bound) -> Figure:
    fewest = min(rounds, key=Counter.total)
    files = len({code.co_filename for code in fewest})
    named = {code.co_qualname: float(number) for code, number in fewest.items() if code.co_name in NAMED}
    told = ", ".join(f"{called} {number:g}" for called, number in sorted(named.items()))
    note = f"{what}: {len(fewest)} functions of {files} files; {told}"
    details = {"functions": float(len(fewest)), "files": float(files), **named}
    totals = [float(round_.total()) for round_ in rounds]
    return Figure(name, float(fewest.total()), "", totals, note, bound, details)
