"""Run as a program: write to a directory, and say on stdout what was reported as done.

``saves FILE USER COUNT``: COUNT edits of one user, a line for each. ``bulk FILE COUNT``: one change of COUNT users.
``erase FILE USER CACHE``: the erasure of one user. ``race FILE USER SECONDS SEED``: optimistic edits of one user for a
time; each adds one to the number in its notes.
"""

from __future__ import annotations

import random
import sys
import time
import uuid
from pathlib import Path

from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser, UpdateUser
from whowas.domain.errors import ConflictError
from whowas.domain.users import User, evolve
from whowas.erasure import erase
from whowas.store.event_log import EventLog


def opened(path: str) -> tuple[EventLog, Bus]:
    log = EventLog.open(Path(path))
    return log, Bus(log, clock=lambda: time.time_ns() // 1000, actor="writer")


def present(log: EventLog, user_id: str) -> User:
    user = None
    for recorded in log.stream(user_id):
        user = evolve(user, recorded.event)  # type: ignore[arg-type]
    assert user is not None
    return user


def saves(path: str, user_id: str, count: str) -> None:
    _, bus = opened(path)
    for number in range(int(count)):
        receipt = bus.dispatch(UpdateUser(user_id, {"title": f"{uuid.uuid4()}"}))
        print(receipt.last_position, flush=True)
        if number == 0:
            time.sleep(0.01)


def bulk(path: str, count: str) -> None:
    _, bus = opened(path)
    print("begun", flush=True)
    with bus.change() as change:
        for number in range(int(count)):
            change.dispatch(CreateUser(str(uuid.uuid4()), {"first_name": f"User {number}"}))
    print("done", flush=True)


def erasure(path: str, user_id: str, cache: str) -> None:
    log, bus = opened(path)
    print("begun", flush=True)
    erase(bus, log, user_id, cache=Path(cache), drafts=Path(cache) / "none", reports=())
    print("done", flush=True)


def race(path: str, user_id: str, seconds: str, seed: str) -> None:
    log, bus = opened(path)
    dice = random.Random(int(seed))
    end = time.monotonic() + float(seconds)
    done = 0
    while time.monotonic() < end:
        user = present(log, user_id) if dice.random() < 0.9 else None
        if user is None:
            bus.dispatch(CreateUser(str(uuid.uuid4()), {"first_name": "Extra"}))
            continue
        try:
            bus.dispatch(UpdateUser(user_id, {"notes": str(int(user.notes or 0) + 1)}), expected_version=user.version)
            done += 1
        except ConflictError:
            continue
        time.sleep(dice.random() * 0.05)
    print(done, flush=True)


if __name__ == "__main__":
    {"saves": saves, "bulk": bulk, "erase": erasure, "race": race}[sys.argv[1]](*sys.argv[2:])
