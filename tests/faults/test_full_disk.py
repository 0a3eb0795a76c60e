"""A disk that is really full: what was saved is there once there is room, and nothing untrue was said."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.benchmarks.long_logs import write_long_log
from tests.command_line import json_lines
from tests.faults import scenarios
from tests.faults.figures import FIGURES
from tests.faults.machine import Machine, library, mounted, resize
from tests.faults.scenarios import EVERY, Scenario, file_of, held, looked
from whowas.projections.index.ranks import ranked
from whowas.projections.sides.read_side import ReadSide
from whowas.projections.tables.read_model import VersionRow
from whowas.store.event_log import EventLog

pytestmark = pytest.mark.timeout(3600)

KIB = 1024
SPACE_LEFT = [0, 4, 8, 16, 24, 32, 40, 48, 64, 80, 100, 120, 150, 200, 250, 300, 400, 500] if EVERY else [0, 40, 120]
"""How many KiB are free."""

FILLED = [
    scenarios.SAVE,
    scenarios.NEW_FILE,
    scenarios.IMPORT,
    scenarios.ERASE,
    scenarios.MIGRATION,
    scenarios.BACKUP,
    scenarios.EXPORT,
    scenarios.LIST,
    scenarios.SAMPLE,
]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine whose disk has little room."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "scratch").mkdir()
    with mounted(folder / "disk", "64m") as disk:
        made = Machine(library(folder), folder / "scratch", disk)
        made.start()
        yield made
        made.stop()


def fill(disk: Path, left: int) -> None:
    """Fill the disk up but for so many bytes."""
    status = os.statvfs(disk)
    with (disk / "filler").open("wb") as filler:
        os.posix_fallocate(filler.fileno(), 0, status.f_bavail * status.f_frsize - left)


@pytest.mark.parametrize("scenario", FILLED, ids=lambda scenario: scenario.name)
def test_a_full_disk(small: Machine, scenario: Scenario) -> None:
    scenario.prepare(small)
    wrong: list[str] = []
    for left in SPACE_LEFT:
        scenario.lay(small)
        fill(small.disk, left * KIB)
        ended = scenario.start(small)
        (small.disk / "filler").unlink()
        findings = scenario.found(small, ended)
        FIGURES.count("full disks", scenario.name, findings)
        wrong += [f"{left} KiB are left: {finding}" for finding in findings]
    assert not wrong, "\n".join([f"{len(wrong)} findings", *wrong])


def test_a_disk_filled_by_saving_and_enlarged(small: Machine) -> None:
    small.emptied()
    scenarios.nothing(small)
    resize(small.disk, "900k")
    try:
        lines = ({"command": "CreateUser", "external_id": f"u{number}", "notes": "x" * 3_000} for number in range(400))
        ended = small.run("run", file_of(small), stdin=json_lines(*lines).encode())
    finally:
        resize(small.disk, "64m")
    saved = {f"u{number}" for number, answer in enumerate(ended.answers) if answer["ok"]}
    assert ended.code == 2
    assert saved
    said = looked(small, file_of(small))
    assert {name: code for name, (code, _, _) in said.items() if code} == {}, said
    assert held(said) == saved
    assert json.loads(ended.out.splitlines()[-1])["message"].startswith("The disk is full")
    FIGURES.count("full disks", "filled by saving", [])


def _lists(side: ReadSide) -> list[list[VersionRow]]:
    """Ask for several moments in several orders, as a window does."""
    lists = []
    for column in ("name", "email", "title"):
        side.catch_up()
        index = side.sorted_by(column)
        asked = ranked(index, column, index.with_status("active"))
        asked.prepare()
        lists += [side.rows(asked.at(moment).all_numbers().tolist()) for moment in (index.now // 2, index.now)]
    return lists


def test_a_cache_that_fills_up_anywhere_alters_no_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While tables, arrays, sort orders or what is spilled of them are written, and at the next start."""
    monkeypatch.setattr("whowas.projections.sides.read_side._ROWS_HELD", 0)
    monkeypatch.setattr("whowas.projections.index.ranks.ROWS_SPILLED", 0)
    write_long_log(tmp_path / "staff.whowas", users=60, changes=400)
    with closing(EventLog.open(tmp_path / "staff.whowas")) as log:
        with closing(ReadSide(log, tmp_path / "roomy")) as side:
            expected = _lists(side)
            side.keep_index()
        needed = sum(path.stat().st_size for path in (tmp_path / "roomy").rglob("*"))
        temporary = []
        for part in (0.2, 0.6, 0.7, 0.8, 0.9, 1.0, 1.5):
            with mounted(tmp_path / f"{part}", f"{int(part * needed / KIB)}k") as disk:
                for _ in range(2):
                    with closing(ReadSide(log, disk / "cache")) as side:
                        assert _lists(side) == expected, part
                        side.keep_index()
                        temporary.append(side.is_temporary)
        assert {*temporary} == {False, True}
