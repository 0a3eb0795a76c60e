"""Run in a forked process: share a directory, and be killed before a line of what does that is run."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from whowas.store.server.address import ServerAddress
from whowas.team.creating import create

WATCHED = (
    "team/creating.py",
    "making/moving_in.py",
    "making/installing.py",
    "making/loading.py",
    "file/handing_over.py",
    "file/publish.py",
    "safekeeping/left_behind.py",
    "system/unfinished.py",
    "server/team_file.py",
    "psycopg/transaction.py",
)
"""The modules of whose lines one is the last that is not run; the other lines belong to them."""


def share_and_die(at: int, file: Path, address: ServerAddress, team_file: Path) -> tuple[int, int]:
    """Share the directory, and be killed before the line number ``at`` that is run.

    Where there are not so many, return how many there were, and how many before it was about to commit.
    """
    lines = before_commit = 0

    def on_line(frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal lines, before_commit
        if event == "line":
            lines += 1
            before_commit = before_commit or (lines if frame.f_code.co_name == "leave" else 0)
            if lines == at:
                os.kill(os.getpid(), signal.SIGKILL)
        return on_line

    def on_call(frame: FrameType, _event: str, _argument: Any) -> Any:
        return on_line if frame.f_code.co_filename.endswith(WATCHED) else None

    sys.settrace(on_call)
    try:
        create(file, address, team_file)
    finally:
        sys.settrace(None)
    return lines, before_commit


def in_a_process(at: int, file: Path, address: ServerAddress, team_file: Path) -> tuple[int, int] | None:
    """Fork, do that, and return what it returned, or None where it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            done, before_commit = share_and_die(at, file, address, team_file)
            os.write(writing, f"{done} {before_commit}".encode())
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading) as told:
        lines = told.read().split()
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or status == 0, "it failed"
    return (int(lines[0]), int(lines[1])) if lines else None
