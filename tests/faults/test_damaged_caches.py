"""Whatever happens to the files of a cache, every question is answered as without it, and nothing is said of it."""

from __future__ import annotations

import errno
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

import pytest

from tests.command_line import Answer, process, whowas
from tests.faults.figures import FIGURES
from tests.faults.scenarios import EVERY
from whowas.projections.index.checked_arrays import BLOCK_BYTES

pytestmark = pytest.mark.timeout(3600)

FLIPS = 300 if EVERY else 15
"""Of single bits, in each of the two caches."""

KILLED = """
import os, sys, time
from pathlib import Path
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

log = EventLog.open(Path(sys.argv[1]))
side = ReadSide(log, Path(sys.argv[2]))
side.catch_up()
bus = Bus(log, clock=lambda: time.time_ns() // 1000, actor="ines")
for number in range(3):
    bus.dispatch(CreateUser(f"0199a3c4-0000-7000-8000-00000000000{number}", {"first_name": f"Zoe {number}"}))
    side.catch_up()
side.index_texts()
side.keep_index()
side.read_model.select("PRAGMA wal_checkpoint(PASSIVE)")
log.close()
os.kill(os.getpid(), 9)
"""
"""All of its log is in its database as well when it is killed: what the log loses then is no older state."""


KILLED_WHILE_BUILDING = """
import os, sys
from pathlib import Path
from whowas.projections.index import files
from whowas.projections.sides import read_side
from whowas.projections.tables import projector, waiting_rows
from whowas.store.event_log import EventLog

place, left = sys.argv[3], int(sys.argv[4])

def dying(work):
    def worked(*arguments, **named):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), 9)
        return work(*arguments, **named)
    return worked

projector.ROWS_A_TRANSACTION = 50
projector.EVENTS_WITH_LOOKUP = 0
read_side._ROWS_HELD = 0
if place == "rows":
    waiting_rows.WaitingRows.flush = dying(waiting_rows.WaitingRows.flush)
else:
    files._described = dying(files._described)
read_side.ReadSide(EventLog.open(Path(sys.argv[1])), Path(sys.argv[2])).catch_up()
"""
"""While rows are written, after some have been committed, or between the arrays and what describes them."""


class Harm(Protocol):
    """Damages one file of a cache."""

    def __call__(self, file: Path) -> None: ...


@dataclass(frozen=True)
class Cache:
    """The files of a cache as they were, and what was answered with none."""

    name: str
    directory: Path
    kept: Path
    questions: tuple[tuple[object, ...], ...]
    answers: tuple[Answer, ...]

    def files(self) -> list[Path]:
        """Return every file, relative to the folder of caches."""
        return sorted(path.relative_to(self.kept) for path in self.kept.rglob("*") if path.is_file())

    def found(self, folder: Path, harm: Callable[[Path], None], order: random.Random) -> list[str]:
        """Return what is wrong with the answers after ``harm`` was done to a copy of the cache in ``folder``."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.kept, folder)
        harm(folder)
        asked = list(zip(self.questions, self.answers, strict=True))
        order.shuffle(asked)
        found = []
        for question, expected in [*asked, asked[0]]:
            answer = whowas(*question)
            if answer != expected:
                kind = "untrue" if answer.code == expected.code and not answer.err else "refused"
                found.append(f"{kind}: {question[0]} exited {answer.code}, {answer.err or 'and answered otherwise'}")
        return found


def questions_about(file: Path) -> tuple[tuple[object, ...], ...]:
    return (
        ("list", file, "--json"),
        ("list", file, "--search", "an", "--status", "any"),
        ("list", file, "--at", "2024-06-01", "--json"),
        ("show", file, "nobody@example.org"),
        ("history", file, "--json"),
        ("diff", file, "2024-01-01", "now", "--json"),
        ("export", file, "-", "--format", "csv"),
    )


@pytest.fixture(params=["closed", "killed"])
def cache(request: pytest.FixtureRequest, tmp_path: Path, home: Path) -> Cache:
    """A cache as a program leaves it that ends, or that is killed."""
    file, folder, kept = tmp_path / "staff.whowas", home / ".cache" / "whowas", tmp_path / "kept"
    assert whowas("sample", file, "--people", "40", "--changes", "250").code == 0
    questions = questions_about(file)
    if request.param == "killed":
        ended = subprocess.run([sys.executable, "-c", KILLED, file, folder], check=False)
        assert ended.returncode == -9
    else:
        for question in questions:
            whowas(*question)
    shutil.copytree(folder, kept)
    shutil.rmtree(folder)
    answers = tuple(whowas(*question) for question in questions)
    assert all(answer.out for answer in answers if answer.code == 0)
    names = {path.name for path in kept.rglob("*") if path.is_file()}
    wanted = {"read.db", "arrays.bin", "index.json"} | ({"read.db-wal"} if request.param == "killed" else set())
    assert wanted <= names
    return Cache(request.param, file, kept, questions, answers)


@pytest.fixture
def folder(home: Path) -> Path:
    """The folder of caches."""
    return home / ".cache" / "whowas"


def test_any_flipped_bit(cache: Cache, folder: Path) -> None:
    dice = random.Random(cache.name)
    wrong = []
    for _ in range(FLIPS):
        path = dice.choice(cache.files())
        size = (cache.kept / path).stat().st_size
        # Half of them where the files say what they are.
        bit = dice.randrange(8 * (size if dice.random() < 0.5 else min(size, 200)))

        def flip(folder: Path, path: Path = path, bit: int = bit) -> None:
            content = bytearray((folder / path).read_bytes())
            content[bit // 8] ^= 1 << bit % 8
            (folder / path).write_bytes(content)

        findings = cache.found(folder, flip, dice)
        FIGURES.count("flipped bits of caches", cache.name, findings)
        wrong += [f"bit {bit} of {path}: {finding}" for finding in findings]
    assert not wrong, "\n".join([f"{len(wrong)} findings", *wrong])


def gone(file: Path) -> None:
    file.unlink()


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def halved(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def without_its_last_byte(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def without_its_last_block(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-BLOCK_BYTES])


def zeroed(file: Path) -> None:
    content = file.read_bytes()
    middle = len(content) // 2 // BLOCK_BYTES * BLOCK_BYTES
    file.write_bytes(
        content[:middle] + bytes(min(BLOCK_BYTES, len(content) - middle)) + content[middle + BLOCK_BYTES :]
    )


HARMS: tuple[Harm, ...] = (gone, emptied, halved, without_its_last_byte, without_its_last_block, zeroed)


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
def test_a_file_that_is_not_whole(cache: Cache, folder: Path, harm: Harm) -> None:
    wrong = []
    for path in cache.files():
        findings = cache.found(folder, lambda folder, path=path: harm(folder / path), random.Random(1))  # type: ignore[misc]
        FIGURES.count("caches that are not whole", cache.name, findings)
        wrong += [f"{path}: {finding}" for finding in findings]
    assert not wrong, "\n".join([f"{len(wrong)} findings", *wrong])


def test_blocks_of_arrays_that_changed_places(cache: Cache, folder: Path) -> None:
    (path,) = (path for path in cache.files() if path.name == "arrays.bin")

    def swapped(folder: Path) -> None:
        content = (folder / path).read_bytes()
        blocks = [content[start : start + BLOCK_BYTES] for start in range(0, len(content), BLOCK_BYTES)]
        blocks[0], blocks[3] = blocks[3], blocks[0]
        (folder / path).write_bytes(b"".join(blocks))

    assert cache.found(folder, swapped, random.Random(2)) == []


def test_arrays_of_an_older_state(cache: Cache, folder: Path) -> None:
    """Under the name of the newer ones, with and without what describes them."""
    (older,) = cache.kept.glob("*/index-*")
    assert whowas("run", cache.directory, stdin='{"command": "CreateUser", "first_name": "Zoe"}').code == 0
    expected = tuple(whowas(*question) for question in cache.questions)
    assert expected != cache.answers
    (newer,) = folder.glob("*/index-*")
    newer_kept = cache.kept.with_name("newer")
    shutil.copytree(folder, newer_kept)
    later = Cache(cache.name, cache.directory, newer_kept, cache.questions, expected)
    for names in (["arrays.bin"], ["index.json"], ["arrays.bin", "index.json"]):

        def replaced(folder: Path, names: list[str] = names) -> None:
            for name in names:
                shutil.copy(older / name, folder / newer.relative_to(newer.parents[1]) / name)

        assert later.found(folder, replaced, random.Random(3)) == []


@pytest.mark.parametrize("cache", ["closed"], indirect=True)
@pytest.mark.parametrize(("place", "left"), [("rows", 2), ("arrays", 0)])
def test_a_build_that_was_killed(cache: Cache, folder: Path, place: str, left: int) -> None:
    def killed(folder: Path) -> None:
        shutil.rmtree(folder)
        program = [sys.executable, "-c", KILLED_WHILE_BUILDING, cache.directory, folder, place, str(left)]
        assert subprocess.run(program, check=False).returncode == -9
        assert (place == "arrays") == any(folder.glob("*/.whowas-*.new"))

    assert cache.found(folder, killed, random.Random(4)) == []
    assert not any(folder.glob("*/.whowas-*.new"))


@pytest.mark.parametrize("cache", ["closed"], indirect=True)
def test_two_that_build_at_once(cache: Cache, folder: Path) -> None:
    shutil.rmtree(folder)
    with ThreadPoolExecutor() as pool:
        both = list(pool.map(lambda _: process(*cache.questions[0]), range(2)))
    assert both == [cache.answers[0]] * 2
    assert [whowas(*question) for question in cache.questions] == list(cache.answers)


@pytest.mark.parametrize("cache", ["closed"], indirect=True)
def test_a_cache_of_another_version(cache: Cache, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of both: the tables are made again for another schema of theirs, the arrays for another format."""
    for name, other in (
        ("whowas.projections.tables.schema.READ_SCHEMA", "12 of an older version"),
        ("whowas.projections.index.files.FORMAT", 8),
    ):

        def left_by_another(folder: Path, name: str = name, other: object = other) -> None:
            shutil.rmtree(folder)
            with monkeypatch.context() as patch:
                patch.setattr(name, other)
                whowas(*cache.questions[0])
            assert any(folder.glob("*/read.db"))

        assert cache.found(folder, left_by_another, random.Random(5)) == []


@pytest.mark.parametrize("cache", ["closed"], indirect=True)
def test_a_disk_that_fills_up_while_arrays_are_written(
    cache: Cache, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from whowas.projections.index import checked_arrays

    write = checked_arrays.write

    def full(file: BinaryIO, arrays: Mapping[str, checked_arrays.Array]) -> checked_arrays.Contents:
        write(file, dict(list(arrays.items())[:3]))
        raise OSError(errno.ENOSPC, "No space left on device")

    shutil.rmtree(folder)
    with monkeypatch.context() as patch:
        patch.setattr("whowas.projections.sides.read_side._ROWS_HELD", 0)
        patch.setattr(checked_arrays, "write", full)
        assert [whowas(*question) for question in cache.questions] == list(cache.answers)
        assert not any(folder.glob("*/index-*"))
    assert [whowas(*question) for question in cache.questions] == list(cache.answers)
    assert any(folder.glob("*/index-*"))


def test_a_disk_that_damages_the_cache_again_and_again(
    cache: Cache, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from whowas.projections.sides.read_side import DamagedReadSideError, ReadSide

    def damaged(_side: ReadSide, _numbers: object) -> Iterator[None]:
        raise DamagedReadSideError

    monkeypatch.setattr(ReadSide, "each", damaged)
    answer = whowas("list", cache.directory)
    assert (answer.code, answer.out) == (2, "")
    assert "damaged again right after it was made anew" in answer.err
