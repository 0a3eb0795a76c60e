"""What was needed for a moment is not held for good."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

_HELD = """
import sys
from pathlib import Path
from whowas.system.allocation import give_large_blocks_back

def held():
    (line,) = (line for line in Path("/proc/self/smaps_rollup").read_text().splitlines() if "Anonymous" in line)
    return int(line.split()[1]) * 1024

if "given back" in sys.argv:
    give_large_blocks_back()
before = held()
for size in (20_000_000, 10_000_000):
    block = bytearray(size)
    del block
print(held() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="no other C library does that")
def test_large_blocks_are_given_back() -> None:
    given_back, kept = (
        int(subprocess.run([sys.executable, "-c", _HELD, how], check=True, capture_output=True, text=True).stdout)
        for how in ("given back", "left alone")
    )
    assert given_back < 2_000_000
    assert kept > 5_000_000, "else it need not be asked for any more"
