"""The window quits on a signal from the terminal or the end of the session: real processes without a screen."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.command_line import PROGRAM
from whowas.desktop.settings.stored import Settings
from whowas.store.event_log import EventLog

PATIENCE_S = 30.0


@contextmanager
def running(home: Path, *arguments: Path) -> Iterator[subprocess.Popen[str]]:
    """Start the program, and wait until it listens to the outside."""
    process = subprocess.Popen(
        [str(PROGRAM), *map(str, arguments)],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until = time.monotonic() + PATIENCE_S
        while not any(stat.S_ISSOCK(path.stat().st_mode) for path in (home / "runtime").iterdir()):
            assert time.monotonic() < until
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_window_told_to_end_puts_everything_away(home: Path, number: signal.Signals) -> None:
    directory = home / "staff.whowas"
    EventLog.create(directory).close()
    with running(home, directory) as process:
        process.send_signal(number)
        _, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    assert [line for line in errors.splitlines() if "plugin does not" not in line] == []
    assert Settings(home / ".config" / "whowas").last_directory() == directory
    assert not [path for path in (home / "runtime").iterdir() if stat.S_ISSOCK(path.stat().st_mode)]


def test_the_welcome_page_ends_as_well_although_nothing_wakes_it(home: Path) -> None:
    with running(home) as process:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
