"""Run in a process whose disk fails: save somebody, say what came of it, and end as in a power cut."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser
from whowas.domain.errors import StoreError
from whowas.store.event_log import EventLog

USER = "0199a3c4-0000-7000-8000-00000000000b"


def save_and_die() -> None:
    """Print what saving said, and leave the write-ahead log for the next process to recover."""
    told = {"error": "", "message": ""}
    try:
        log = EventLog.open(Path(sys.argv[1]))
        bus = Bus(log, clock=lambda: time.time_ns() // 1000, actor="test")
        bus.dispatch(CreateUser(USER, {"external_id": "n1", "first_name": "n1"}))
    except StoreError as error:
        told = {"error": type(error).__name__, "message": str(error)}
    print(json.dumps(told), flush=True)
    os.kill(os.getpid(), 9)
