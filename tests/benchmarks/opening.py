"""Opening a very large directory: how long until it is there, and how much memory it takes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests.benchmarks.figures import Bound, Figure, ratio
from tests.benchmarks.launching import launch, platforms

_BARE = """
from PySide6.QtWidgets import QApplication, QMainWindow
application = QApplication([])
window = QMainWindow()
window.resize(1200, 800)
window.show()
application.exec()
"""
_OURS = "from whowas.main import main; main()"
_QUIET_SECONDS = 2.0


def opening(path: Path, folder: Path, home: Path, *, rounds: int = 9, memory_rounds: int = 3) -> list[Figure]:
    """Return what opening the prepared directory at ``path`` costs beside a bare QMainWindow, on a screen if any."""
    with platforms(folder, home) as every:
        platform, environment = next(iter(every.items()))
        return [
            *_launches(platform, environment, path, rounds),
            _memory(platform, environment, path, memory_rounds),
        ]


def _launches(platform: str, environment: dict[str, str], path: Path, rounds: int) -> Iterator[Figure]:
    launch(environment, "whowas", str(path))  # from here on the disk's cache is warm
    bare: list[float] = []
    painted: list[float] = []
    filled: list[float] = []
    for _ in range(rounds):
        bare.append(launch(environment, "bare")[0])
        first, last = launch(environment, "whowas", str(path))
        painted.append(first)
        filled.append(last)
    details = {"ours_ms": median(painted), "filled_ms": median(filled), "peer_ms": median(bare)}
    what = f"{platform}: {path.stem} changes, process start to"
    bound = Bound(most=3)
    yield ratio("launch_1m_vs_bare_qt", painted, bare, f"{what} the first painted window ÷ a bare one", bound, details)
    yield ratio(
        "launch_1m_filled_vs_bare_qt", filled, bare, f"{what} the window painted with users ÷ a bare one", bound
    )


def _memory(platform: str, environment: dict[str, str], path: Path, rounds: int) -> Figure:
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(rounds):
        bare.append(_resident_mb(environment, _BARE))
        ours.append(_resident_mb(environment, _OURS, str(path)))
    note = f"{platform}: memory in use once the window on {path.stem} changes has come to rest ÷ that of a bare one"
    details = {"ours_mb": median(ours), "peer_mb": median(bare)}
    return ratio("rss_1m_vs_bare_qt", ours, bare, note, Bound(most=4), details)


def _resident_mb(environment: dict[str, str], *arguments: str) -> float:
    with _running(environment, *arguments) as process:
        spent, quiet_since = -1, time.monotonic()
        while time.monotonic() - quiet_since < _QUIET_SECONDS:
            time.sleep(0.2)
            # A window at rest still looks now and then whether others wrote; that is a tick or two.
            if (now := _ticks(process.pid)) > spent + 2:
                spent, quiet_since = now, time.monotonic()
        lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        (kilobytes,) = (int(line.split()[1]) for line in lines if line.startswith("Rss:"))
        return kilobytes / 1024


@contextmanager
def _running(environment: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", *arguments], env=environment, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _ticks(pid: int) -> int:
    """Return the processor time a process has used, in clock ticks. See proc(5)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
