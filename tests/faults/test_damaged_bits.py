"""One bit of a directory file is flipped: salvaging never fails, never alters the file, and what it makes is sound."""

from __future__ import annotations

import os
import random
from contextlib import closing
from pathlib import Path

import pytest

from tests.command_line import contents
from whowas.domain.errors import StoreError
from whowas.safekeeping.salvage import salvage
from whowas.sample import make_sample
from whowas.store.event_log import EventLog

FLIPS = 1000 if os.environ.get("EVERY_FAULT") == "1" else 60
NOW = 1_800_000_000_000_000


@pytest.mark.timeout(1200)
def test_whatever_bit_is_flipped(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    directory, target = folder / "staff.whowas", tmp_path / "saved.whowas"
    make_sample(directory, people=30, changes=150, seed=1)
    sound = directory.read_bytes()
    with closing(EventLog.open(directory)) as log:
        chains = {position: log.chain_at(position) for position in range(log.head().position + 1)}
    dice, taken = random.Random(1), []
    for flip in range(FLIPS):
        # The header and the schema are a small part of the file, and what breaks most.
        place = dice.randrange(4096) if flip % 4 == 0 else dice.randrange(len(sound))
        altered = bytearray(sound)
        altered[place] ^= 1 << dice.randrange(8)
        directory.write_bytes(altered)
        before = contents(folder), directory.stat().st_mtime_ns
        try:
            found = salvage(directory, target, "ines", NOW)
        except StoreError:
            assert not target.exists()
            taken.append(0)
        else:
            with closing(EventLog.open(target)) as log:
                assert log.verify() is None, (place, found)
                assert log.chain_at(found.taken) == chains[found.taken], (place, found)
            assert found.taken == len(chains) - 1 or found.damage is not None, (place, found)
            taken.append(found.taken)
            target.unlink()
        assert (contents(folder), directory.stat().st_mtime_ns) == before, place
        assert list(tmp_path.iterdir()) == [folder], place
    assert sum(taken) > 0.6 * FLIPS * (len(chains) - 1), "most of it is not lost with one bit"
