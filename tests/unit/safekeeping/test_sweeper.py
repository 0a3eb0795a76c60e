"""The sweeper takes away all that killed programs left, and nothing that anybody works at or that is not ours."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from whowas.safekeeping import older_names
from whowas.safekeeping.sweeper import AN_HOUR_S, sweep_folder, sweep_register
from whowas.system import folders
from whowas.system.hidden_names import OWNER, key_of
from whowas.system.unfinished import unfinished_at
from whowas.system.unfinished_register import Place, register

WORKS = """
import sys
from pathlib import Path
from whowas.system import folders
from whowas.system.unfinished import HiddenFolder

folders.keep_below(Path(sys.argv[1]))
made = HiddenFolder.made_in(Path(sys.argv[2]))
(made.path / "copy.whowas").write_text("somebody")
(made.path / "copy.whowas-wal").write_text("somebody")
(made.path / "below").mkdir()
(made.path / "below" / "row.npy").write_text("somebody")
print(made.path, flush=True)
sys.stdin.read()
made.remove()
"""


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "_below", tmp_path / "home")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where somebody works."""
    folder = tmp_path / "place"
    folder.mkdir()
    return folder


class Worker:
    """Another process that makes something in a folder, until it is told to end or is killed."""

    def __init__(self, home: Path, place: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", WORKS, str(home), str(place)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.folder = Path(self._process.stdout.readline().rstrip("\n"))

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.communicate()

    def finish(self) -> None:
        self._process.communicate(timeout=30)


@pytest.fixture
def worker(tmp_path: Path, place: Path) -> Iterator[Worker]:
    worker = Worker(tmp_path / "home", place)
    yield worker
    worker.kill()


def entries() -> list[str]:
    return sorted(path.name for path in register().iterdir()) if register().exists() else []


def aged(path: Path, age_s: float = 2 * AN_HOUR_S) -> Path:
    """Let a path and all below it be as old as that."""
    then = time.time() - age_s
    for each in (path, *(path.rglob("*") if path.is_dir() and not path.is_symlink() else ())):
        os.utime(each, (then, then), follow_symlinks=False)
    return path


def test_what_a_living_process_makes_stays_and_what_it_left_when_killed_goes(worker: Worker, place: Path) -> None:
    aged(worker.folder)
    assert sweep_register() == []
    assert sweep_folder(place) == []
    assert sweep_folder(place, 0) == []
    assert sorted(path.name for path in worker.folder.iterdir()) == [OWNER, "below", "copy.whowas", "copy.whowas-wal"]
    assert len(entries()) == 1
    worker.kill()
    assert sweep_register() == []
    assert (list(place.iterdir()), entries()) == ([], [])


def test_what_is_finished_is_not_swept(worker: Worker, place: Path) -> None:
    worker.finish()
    assert (list(place.iterdir()), entries()) == ([], [])


def test_what_this_process_makes_in_another_thread_stays(place: Path) -> None:
    with unfinished_at(place / "staff.csv") as new:
        new.write_text("half")
        sweep_register()
        sweep_folder(place, 0)
        assert new.read_text() == "half"


def test_without_a_register_it_is_found_by_its_name(worker: Worker, place: Path) -> None:
    worker.kill()
    shutil.rmtree(register())
    assert sweep_folder(place) == [], "at once, as its owner has ended"
    assert list(place.iterdir()) == []


def test_two_sweepers_do_not_hinder_each_other(tmp_path: Path, place: Path) -> None:
    for _ in range(3):
        Worker(tmp_path / "home", place).kill()
    sweeps = "from pathlib import Path; import sys; from whowas.system import folders; folders.keep_below(Path(sys.argv[1])); from whowas.safekeeping.sweeper import sweep_register; print(sweep_register())"  # noqa: E501
    both = [
        subprocess.Popen([sys.executable, "-c", sweeps, str(tmp_path / "home")], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert [process.communicate(timeout=60)[0] for process in both] == ["[]\n", "[]\n"]
    sweep_register()  # each may have left what the other was at
    assert (list(place.iterdir()), entries()) == ([], [])


def test_one_on_a_disk_that_is_not_there_is_kept_for_later(tmp_path: Path, place: Path, worker: Worker) -> None:
    worker.kill()
    disk = tmp_path / "unplugged"
    place.rename(disk)
    (entry,) = register().iterdir()
    there = Place.read(entry.read_bytes())
    entry.write_bytes(Place(there.folder, there.device + 1, there.number).written())  # as of another disk
    sweep_register()
    place.mkdir()  # where it was mounted
    sweep_register()
    assert entries() == [entry.name]
    place.rmdir()
    disk.rename(place)
    sweep_register()
    assert (list(place.iterdir()), entries()) == ([], [])


def test_one_that_waited_for_a_year_is_forgotten(worker: Worker, place: Path) -> None:
    worker.kill()
    (entry,) = register().iterdir()
    there = Place.read(entry.read_bytes())
    entry.write_bytes(Place(there.folder, there.device + 1, there.number).written())
    shutil.rmtree(place)
    aged(entry, 400 * 24 * AN_HOUR_S)
    sweep_register()
    assert entries() == []


@pytest.mark.parametrize("gone", ["the folder", "all around it"])
def test_an_entry_whose_folder_is_gone_goes(worker: Worker, place: Path, gone: str) -> None:
    worker.kill()
    shutil.rmtree(worker.folder if gone == "the folder" else place)
    sweep_register()
    assert entries() == []


@pytest.mark.parametrize("content", [b"", b"1 2\n/", b"1 2\n%s", b"not an entry"])
def test_an_entry_that_names_nothing_of_ours_goes_and_takes_nothing_with_it(place: Path, content: bytes) -> None:
    other = place / ".whowas-76543210.new"
    other.mkdir()
    register().mkdir(parents=True)
    (register() / "01234567").write_bytes(content.replace(b"%s", os.fsencode(other)))
    (register() / "notes.txt").write_text("not ours")
    (register() / "0000000g").write_text("not ours")
    sweep_register()
    assert other.exists()
    assert entries() == ["0000000g", "notes.txt"]


def test_no_link_is_followed(tmp_path: Path, place: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "staff.whowas").write_text("theirs")
    for name in (".whowas-01234567.new", ".whowas-abcdefgh.look", ".staff.whowas.01234567.new"):
        (place / name).symlink_to(theirs, target_is_directory=True)
    inside = place / ".whowas-89abcdef.new"
    inside.mkdir()
    (inside / "link").symlink_to(theirs, target_is_directory=True)
    (inside / OWNER).symlink_to(theirs / "staff.whowas")
    aged(place)
    register().mkdir(parents=True)
    for folder in place.iterdir():
        if key := key_of(folder.name):
            (register() / key).write_bytes(Place.of(folder).written())
    sweep_register()
    sweep_folder(place, 0)
    assert (theirs / "staff.whowas").read_text() == "theirs"
    assert not inside.exists()


def test_a_folder_without_an_owner_goes_after_an_hour_or_when_somebody_is_erased(place: Path) -> None:
    """As older versions made them."""
    folders = [place / name for name in (".whowas-0123_abc.new", ".whowas-01234567.new", ".whowas-abcdefgh.look")]
    for folder in folders:
        folder.mkdir()
        (folder / "staff.whowas").write_text("somebody")
    sweep_folder(place)
    assert all(folder.exists() for folder in folders)
    aged(folders[0])
    sweep_folder(place)
    assert [folder.exists() for folder in folders] == [False, True, True]
    sweep_folder(place, 0)
    assert list(place.iterdir()) == []


@pytest.fixture(scope="module")
def ended() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_copies_and_exports_of_older_versions_go(place: Path, ended: int) -> None:
    ours = [
        *(f".copy.whowas.01234567.new{end}" for end in ("", "-wal", "-shm", "-journal")),
        f".copy.whowas.{ended}.new",
        f".users.csv.{ended}.new",
        f".log.jsonl.{ended}.new",
    ]
    others = [
        *("copy.whowas.01234567.new", ".copy.whowas.0123456g.new", ".copy.whowas.01234567.old", ".whowas.new"),
        *(f".users.csv.{os.getpid()}.new", f".users.txt.{ended}.new", f".open.csv.{ended}.new", "users.csv"),
        *(".whowas-0123456.new", ".whowas-012345678.new", ".whowas-0123456G.new", "notes.new"),
    ]
    for name in (*ours, *others):
        (place / name).write_text("somebody")
        (place / name).chmod(0o644 if "open" in name else 0o600)
    sweep_folder(place)
    assert {path.name for path in place.iterdir()} == {*ours, *others}, "somebody may still be at them"
    aged(place)
    (place / ".copy.whowas.89abcdef.new").mkdir()
    sweep_folder(place)
    assert {path.name for path in place.iterdir()} == {*others, ".copy.whowas.89abcdef.new"}


@pytest.mark.skipif(os.name != "posix", reason="elsewhere it cannot be asked which processes there are")
def test_temporary_read_sides_of_older_versions_go_and_what_people_call_alike_stays(place: Path, ended: int) -> None:
    below = f"{'0' * 8}-0000-7000-8000-{'0' * 12}-{'0' * 12}"
    ours = {"0123_abc": "read.db", "1123_abc": "index-1-0-2-3-1", "2123_abc": below, "3123_abc": ""}
    theirs = {"projects": "notes.txt", "projects-of-ours": "read.db", "settings": "read.db"}
    for name, within in {**ours, **theirs}.items():
        folder = place / f"whowas-{ended}-{name}"
        folder.mkdir(mode=0o755 if name == "settings" else 0o700)
        if within:
            (folder / within).write_text("somebody")
    aged(place)
    sweep_folder(place, is_older=older_names.is_temporary_side)
    assert {path.name for path in place.iterdir()} == {f"whowas-{ended}-{name}" for name in theirs}


names = st.one_of(
    st.from_regex(r"\A\.?[a-z]{0,6}-?whowas[.-][0-9a-fA-F_]{6,9}\.(new|look|old)(-wal)?\Z"),
    st.from_regex(r"\A\.whowas-[0-9a-f]{7,9}\.new\Z"),
    st.text(st.characters(codec="utf-8", exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=20),
).filter(lambda name: name not in (".", ".."))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(names=st.sets(names, max_size=8), data=st.data())
def test_whatever_is_not_called_so_stays(
    tmp_path_factory: pytest.TempPathFactory, names: set[str], data: st.DataObject
) -> None:
    """Files and folders with any other name, and folders called as our files are or files as our folders."""
    place = tmp_path_factory.mktemp("place")
    for name in names:
        if data.draw(st.booleans()):
            (place / name).mkdir()
            (place / name / "within").write_text("theirs")
        else:
            (place / name).write_text("theirs")
    aged(place)
    folders = {name for name in names if (place / name).is_dir()}
    sweep_folder(place)
    for gone in names - {path.name for path in place.iterdir()}:
        middle = gone.removeprefix(".whowas-").rpartition(".")[0]
        if gone in folders:
            assert gone.startswith(".whowas-")
            assert gone.endswith((".new", ".look"))
            assert len(middle) == 8
        else:
            assert gone.startswith(".")
            assert ".whowas." in gone


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    content=st.one_of(
        st.binary(max_size=60),
        st.from_regex(rb"\A[0-9]{1,3} [0-9]{1,3}\n/[a-z/.\0\n]{0,9}/\.whowas-01234567\.new\Z"),
    )
)
def test_the_register_may_hold_anything(place: Path, content: bytes) -> None:
    register().mkdir(parents=True, exist_ok=True)
    entry = register() / "01234567"
    entry.write_bytes(content)
    (place / "within").write_text("theirs")
    assert sweep_register() == []
    assert (place / "within").exists()


def test_where_there_is_nothing_nothing_is_made(tmp_path: Path, place: Path) -> None:
    assert sweep_register() == sweep_folder(place) == sweep_folder(place / "nowhere") == []
    assert list(place.iterdir()) == []
    assert not (tmp_path / "home").exists()
