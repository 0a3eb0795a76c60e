"""The salts of payloads: if two events shared one, it would outlive the erasure of the person of either."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest

from whowas.domain.events import UserDeleted
from whowas.store.chain import GENESIS, Head
from whowas.store.new_rows import SALT_BYTES, appended_rows
from whowas.store.recorded_event import NewEvent

ADA = "0199a3c4-0000-7000-8000-000000000001"


def salts_of(events: int) -> list[bytes]:
    """Return the salts of so many new events."""
    new = [NewEvent(ADA, number, UserDeleted(), 1, "ines", None) for number in range(1, events + 1)]
    _, payloads, _ = appended_rows(Head(0, GENESIS), new, ADA, None, 1)
    return [salt for _, salt, _ in payloads]


def test_no_two_events_share_a_salt_whichever_threads_append_them() -> None:
    """More events than salts are read from the system at once, on several threads."""
    found: list[bytes] = []
    threads = [Thread(target=lambda: found.extend(salts_of(1_000))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == len(found) == 4_000
    assert {len(salt) for salt in found} == {SALT_BYTES}


_FORKED = """
import os
from tests.unit.store.test_new_rows import salts_of

known = salts_of(1)
reading, writing = os.pipe()
if os.fork() == 0:
    os.write(writing, b"".join(salts_of(10)))
    os._exit(0)
os.wait()
print(os.read(reading, 1_000).hex(), b"".join(known + salts_of(300)).hex())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system starts programs in another way")
def test_a_forked_process_does_not_use_the_salts_of_the_one_it_came_from() -> None:
    """Salts were read ahead before the fork; in a program of its own, as forking one with threads is not safe."""
    top = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", _FORKED], cwd=top, capture_output=True, check=True, text=True)
    child, parent = (_apart(bytes.fromhex(salts)) for salts in done.stdout.split())
    assert (len(child), len(parent)) == (10, 301)
    assert not child & parent


def _apart(salts: bytes) -> set[bytes]:
    return {salts[start : start + SALT_BYTES] for start in range(0, len(salts), SALT_BYTES)}
