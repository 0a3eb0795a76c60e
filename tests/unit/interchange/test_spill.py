"""What is kept can be read while more is added, and lies in a folder of ours, never in one that may be memory."""

from __future__ import annotations

import gc
import io
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from whowas.interchange import spill
from whowas.interchange.importing.told.spool import Spool
from whowas.interchange.spill import Spill
from whowas.system import folders


@pytest.mark.parametrize("held", [0, 3, 1 << 20])
def test_bytes_are_read_while_more_are_added(held: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spill, "HELD_BYTES", held)
    kept, whole = Spill(), b""
    for number in range(20):
        added = bytes([number]) * (number % 4)
        kept.write(added)
        whole += added
        assert kept.read(0, number) == whole[:number]
        assert kept.read(len(whole) - len(added), len(whole)) == added
    with kept.opened() as file:
        assert file.read() == whole
    with kept.mapped() as view:
        assert bytes(view) == whole


def test_entries_that_do_not_stay_in_memory_lie_in_the_cache_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spill, "HELD_BYTES", 0)
    spool = Spool()
    assert [spool.add(["one", 1]), spool.add(["two \ud800"])] == [0, 1]
    assert len(list(folders.cache().rglob("rows"))) == 1
    assert [spool.entry(0), spool.entry(1)] == [["one", 1], ["two \ud800"]]
    del spool
    gc.collect()
    assert not list(folders.cache().rglob("rows"))


def test_threads_read_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    class SlowToRead(io.BytesIO):
        def seek(self, place: int, whence: int = 0) -> int:
            found = super().seek(place, whence)
            time.sleep(0.001)
            return found

    kept = Spill()
    monkeypatch.setattr(kept, "_file", SlowToRead())
    kept.write(bytes(range(100)))
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda at: kept.read(at, at + 1), range(100))) == [bytes([at]) for at in range(100)]
