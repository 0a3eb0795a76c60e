"""Only the owner can access files of the program, even if the umask would let everybody read and write them."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.command_line import PROGRAM, json_lines
from whowas.desktop.details.draft import Draft
from whowas.desktop.details.draft_store import DraftStore, KeptDraft
from whowas.desktop.settings.stored import Settings
from whowas.store.event_log import EventLog
from whowas.system import folders

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")

PATIENCE_S = 120.0
ADA = "01890000-0000-7000-8000-000000000001"
OTHERS = {"fontconfig", "mesa_shader_cache", "mesa_shader_cache_db"}
"""What libraries of the system keep in the same folders."""

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty home folder, of a short path: the window listens at a socket in it, whose path has 107 bytes at most."""
    home = tmp_path_factory.mktemp("own") / "home"
    (home / "runtime").mkdir(parents=True)
    for folder in (home, home / "runtime"):
        folder.chmod(0o700)
    return home


@pytest.fixture
def start(empty_home: Path) -> Iterator[Start]:
    """``start(*arguments)`` starts the program in the empty home, with an umask of 000."""
    started: list[subprocess.Popen[bytes]] = []
    named = {"HOME": str(empty_home), "XDG_RUNTIME_DIR": str(empty_home / "runtime"), "TMPDIR": str(empty_home / "tmp")}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")} | named
    (empty_home / "tmp").mkdir(mode=0o700)

    def start(*arguments: object) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [str(PROGRAM), *map(str, arguments)],
            env=environment | {"QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            umask=0,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def done(process: subprocess.Popen[bytes], stdin: str = "") -> None:
    _, errors = process.communicate(stdin.encode(), timeout=PATIENCE_S)
    assert process.returncode == 0, errors.decode()


def open_to_others(folder: Path) -> list[str]:
    """Return the files below a folder to which others have any access."""
    found = []
    for path in folder.rglob("*"):
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:  # gone since
            continue
        if OTHERS.isdisjoint(path.parts) and mode & 0o077 and not stat.S_ISLNK(mode):
            found.append(f"{path.relative_to(folder)}: {mode & 0o777:o}")
    return found


def test_the_commands_keep_all_that_they_make_to_its_owner(start: Start, empty_home: Path) -> None:
    file, people = empty_home / "staff.whowas", empty_home / "people.csv"
    people.write_text("external_id,first_name\na1,Ada\nb2,Ben\n", encoding="utf-8")
    people.chmod(0o600)
    done(start("import", file, people))
    done(start("run", file), json_lines({"command": "UpdateUser", "id": "a1", "title": "Archivist"}))
    for command in (
        *(("list", file), ("list", file, "--known", "#2"), ("history", file), ("rebuild", file), ("verify", file)),
        *(("export", file, empty_home / f"out.{kind}", "--format", kind) for kind in ("csv", "log")),
        *(("backup", file, empty_home / "copy.whowas"), ("erase", file, "b2", "--yes"), ("list", file)),
    ):
        done(start(*command))

    made = {path.name for path in empty_home.rglob("*")}
    assert {"staff.whowas", "copy.whowas", "out.csv", "out.log", "read.db", "index.json"} <= made
    assert open_to_others(empty_home) == []


def test_the_window_keeps_all_that_it_makes_to_its_owner(start: Start, empty_home: Path) -> None:
    file = empty_home / "staff.whowas"
    done(start("run", file), json_lines({"command": "CreateUser", "id": ADA, "first_name": "Ada"}))

    window = start(file)
    until = time.monotonic() + PATIENCE_S
    while not any(path.suffix == ".socket" for path in (empty_home / "runtime").iterdir()):
        assert window.poll() is None, window.communicate()
        assert time.monotonic() < until, "the window does not listen"
        time.sleep(0.05)
    assert open_to_others(empty_home) == [], "while it runs"
    window.send_signal(signal.SIGTERM)
    window.communicate(timeout=PATIENCE_S)

    assert (empty_home / ".config" / "whowas" / "whowas.ini").stat().st_size > 0
    assert open_to_others(empty_home) == []


@pytest.fixture
def no_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def draft_in(home: Path) -> Path:
    """Keep another draft made in a directory, and return the path of its file of drafts."""
    file = home / "staff.whowas"
    with closing(EventLog.open(file) if file.exists() else EventLog.create(file)) as log:
        named = folders.drafts(log.directory_id)
        DraftStore(named, log).put("new", KeptDraft(Draft({"first_name": os.urandom(4).hex()})))
    (kept,) = named.parent.glob(f"{named.stem}.*{named.suffix}")
    return kept


@pytest.mark.usefixtures("no_umask")
def test_folders_above_and_files_get_their_modes_whatever_the_umask(home: Path) -> None:
    (home / ".local").chmod(0o700)
    draft_in(home)
    settings = Settings(folders.config() / "deeper")
    settings.set_last_directory(home)
    settings.sync()
    assert open_to_others(home) == []


@pytest.mark.usefixtures("no_umask")
def test_what_an_earlier_version_left_open_is_closed(home: Path) -> None:
    for folder in (folders.state() / "drafts", folders.config()):
        folder.mkdir(parents=True)
    shared = home / ".local"
    shared.chmod(0o755)
    (folders.config() / "whowas.ini").touch()

    kept = draft_in(home)
    kept.chmod(0o666)
    assert draft_in(home) == kept
    settings = Settings(folders.config())
    settings.set_last_directory(home)
    settings.sync()

    assert open_to_others(home) == [".local: 755"], "what is not Whowas's own keeps its mode"


@pytest.mark.usefixtures("no_umask")
def test_a_folder_of_somebody_s_choice_keeps_its_mode(tmp_path: Path) -> None:
    chosen = tmp_path / "chosen"
    chosen.mkdir(mode=0o755)
    folders.private_folder(chosen)
    folders.private_folder(chosen / "new" / "newer")
    assert [mode_of(path) for path in (chosen, chosen / "new", chosen / "new" / "newer")] == [0o755, 0o700, 0o700]


def test_a_narrow_umask_takes_nothing_away_from_the_owner(tmp_path: Path) -> None:
    before = os.umask(0o277)
    try:
        folders.private_folder(tmp_path / "a" / "b")
        folders.private_file(tmp_path / "a" / "b" / "c")
    finally:
        os.umask(before)
    assert [mode_of(tmp_path / path) for path in ("a", "a/b", "a/b/c")] == [0o700, 0o700, 0o600]


@pytest.mark.skipif(sys.platform == "win32", reason="there a lock belongs to what was opened")
def test_closing_a_file_to_others_takes_no_lock_from_whoever_has_it_open(tmp_path: Path) -> None:
    file = tmp_path / "read.db"
    folders.private_file(file)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("CREATE TABLE t (x)")
        file.chmod(0o666)
        folders.private_file(file)
        assert mode_of(file) == 0o600
        other = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('SELECT * FROM t')"
        asked = subprocess.run([sys.executable, "-c", other, file], capture_output=True, text=True, check=False)
        assert "database is locked" in asked.stderr
