"""A process that shows a window for so long and tells how much memory it holds then: ours being scrubbed, or bare Qt.

Run as ``python -m tests.benchmarks.scrubbed SECONDS [FILE CONFIG]``. It prints two numbers of megabytes: anonymous
memory, which nobody else can use, and pages of files that are mapped, which the system takes back when it needs them.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from random import Random

from tests.benchmarks.window import window_on


def _bare(seconds: float) -> None:
    from PySide6.QtWidgets import QApplication, QMainWindow

    application = QApplication([])
    window = QMainWindow()
    window.resize(1360, 860)
    window.show()
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        application.processEvents()
        time.sleep(0.01)
    _tell()


def _scrubbed(seconds: float, directory: Path, config: Path) -> None:
    random = Random(7)
    with window_on(directory, config) as desk:
        slider = desk.page.timeline.slider
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            slider.setValue(random.randrange(slider.maximum() + 1))
            desk.process()
        desk.settle()
        _tell()


def _tell() -> None:
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    kilobytes = {name: int(amount.split()[0]) for name, amount in (line.split(":") for line in lines)}
    anonymous = kilobytes["Anonymous"]
    print(anonymous / 1024, (kilobytes["Rss"] - anonymous) / 1024, flush=True)


if __name__ == "__main__":
    seconds, *asked = sys.argv[1:]
    _scrubbed(float(seconds), Path(asked[0]), Path(asked[1])) if asked else _bare(min(float(seconds), 2.0))
