"""A second start by the same person on the same screen: real processes, without a real screen."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.command_line import PROGRAM
from tests.conftest import isolated_home
from whowas.desktop.settings.stored import Settings
from whowas.store.event_log import EventLog

PATIENCE_S = 120.0
ACCEPTS_CONNECTIONS = "00010000"
"""The flags of such a socket in /proc/net/unix."""

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    """``start(*arguments, **environment)`` starts the program in the test's home; all are killed at the end."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: object, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [str(PROGRAM), *map(str, arguments)],
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen"} | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def directory(folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    EventLog.create(folder / f"{name}.whowas").close()
    return folder / f"{name}.whowas"


def eventually(holds: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < until, f"not so: {what}"
        time.sleep(0.05)


def sockets(home: Path) -> list[Path]:
    return [path for path in (home / "runtime").iterdir() if stat.S_ISSOCK(path.stat().st_mode)]


def listens(address: Path) -> bool:
    """Whether the program that made a socket listens at it: the kernel knows, and nobody needs to connect."""
    sockets = map(str.split, Path("/proc/net/unix").read_text().splitlines())
    return any(found[-1] == str(address) and found[3] == ACCEPTS_CONNECTIONS for found in sockets)


def shows(home: Path, file: Path) -> Callable[[], bool]:
    """Whether a directory was the last to be shown, by what the window remembers."""
    return lambda: Settings(home / ".config" / "whowas").last_directory() == file


def listening(start: Start, home: Path, *arguments: object) -> subprocess.Popen[str]:
    """Start a program, and wait until it listens."""
    first = start(*arguments)
    eventually(lambda: [listens(address) for address in sockets(home)] == [True], "the first program listens")
    return first


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, errors = process.communicate(timeout=PATIENCE_S)
    return process.returncode, "".join(line for line in errors.splitlines(True) if "plugin does not" not in line)


def test_its_file_is_opened_in_the_first_window(start: Start, home: Path, tmp_path: Path) -> None:
    first = listening(start, home, directory(tmp_path, "staff"))

    guests = directory(tmp_path, "guests")

    second = start(guests)

    assert ended(second) == (0, "")
    eventually(shows(home, guests), "the first window shows the other file")
    assert first.poll() is None


@pytest.mark.parametrize("name", ["with some spaces", "Überprüft 検査", "100%20 & 'more'"])
@pytest.mark.parametrize("as_url", [False, True], ids=["path", "URL"])
def test_a_file_may_be_called_anything(start: Start, home: Path, tmp_path: Path, name: str, *, as_url: bool) -> None:
    file = directory(tmp_path / name, "staff")
    listening(start, home)

    second = start(file.as_uri() if as_url else file)

    assert ended(second) == (0, "")
    eventually(shows(home, file), "the first window shows the file")


def test_the_first_start_takes_a_url_too(start: Start, home: Path, tmp_path: Path) -> None:
    file = directory(tmp_path / "Überprüft 100%20", "staff")

    start(file.as_uri())

    eventually(shows(home, file), "the window shows the file")


def test_without_a_file_it_only_raises_the_window(start: Start, home: Path, tmp_path: Path) -> None:
    staff = directory(tmp_path, "staff")
    first = listening(start, home, staff)
    eventually(shows(home, staff), "the first window shows its file")

    assert ended(start()) == (0, "")
    assert first.poll() is None
    assert shows(home, staff)()


@pytest.mark.parametrize("option", ["--new", "--open-recent"])
def test_a_question_is_asked_by_the_first_one(start: Start, home: Path, tmp_path: Path, option: str) -> None:
    first = listening(start, home, directory(tmp_path, "staff"))

    assert ended(start(option)) == (0, "")
    assert first.poll() is None
    (address,) = sockets(home)
    assert answers(address), "it listens while its question is open"


@pytest.mark.parametrize("option", ["--new", "--open-recent"])
def test_the_first_start_asks_too_and_listens_meanwhile(start: Start, home: Path, tmp_path: Path, option: str) -> None:
    first = listening(start, home, option)
    guests = directory(tmp_path, "guests")

    assert ended(start(guests)) == (0, "")
    assert first.poll() is None
    if option == "--open-recent":
        eventually(shows(home, guests), "the first window shows the file")


def test_both_of_two_started_at_once_are_one(start: Start, home: Path, tmp_path: Path) -> None:
    files = [directory(tmp_path, name) for name in ("staff", "guests", "former")]

    programs = [start(file) for file in files]

    eventually(lambda: sum(program.poll() is None for program in programs) == 1, "one program is left")
    assert {program.poll() for program in programs} == {0, None}


def test_a_missing_file_is_told_by_whoever_asked_for_it(start: Start, home: Path, tmp_path: Path) -> None:
    listening(start, home)

    second = start(tmp_path / "missing.whowas")

    code, errors = ended(second)
    assert code == 2
    assert errors == f"There is no directory at “{tmp_path / 'missing.whowas'}”.\n"


def test_what_a_crashed_program_left_behind_is_replaced(start: Start, home: Path, tmp_path: Path) -> None:
    crashed = listening(start, home)
    crashed.kill()
    crashed.wait()
    (left,) = sockets(home)

    staff = directory(tmp_path, "staff")
    first = start(staff)
    eventually(shows(home, staff), "the next one starts at once")
    eventually(lambda: answers(left), "the next one listens in the same place")
    assert ended(start()) == (0, "")
    assert first.poll() is None


def test_a_program_that_hangs_does_not_keep_another_from_starting(start: Start, home: Path, tmp_path: Path) -> None:
    hanging = listening(start, home)
    hanging.send_signal(signal.SIGSTOP)

    staff = directory(tmp_path, "staff")
    start(staff)

    eventually(shows(home, staff), "the other one starts after some seconds")


@pytest.mark.parametrize("different", ["screen", "home"])
def test_another_screen_or_another_home_is_another_program(
    start: Start, home: Path, tmp_path: Path, different: str
) -> None:
    listening(start, home)
    elsewhere = isolated_home(tmp_path / "elsewhere") | {"XDG_RUNTIME_DIR": str(home / "runtime")}

    other = start(**({"DISPLAY": ":77"} if different == "screen" else elsewhere))

    eventually(lambda: [listens(address) for address in sockets(home)] == [True] * 2, "both listen")
    assert other.poll() is None


def test_nobody_else_can_knock(start: Start, home: Path) -> None:
    listening(start, home)

    (address,) = sockets(home)
    assert stat.S_IMODE(address.stat().st_mode) == 0o600
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in (home / "runtime").iterdir())


def test_without_a_runtime_folder_of_ones_own_a_private_one_is_made(start: Start, home: Path, tmp_path: Path) -> None:
    everybodys = tmp_path / "everybodys"
    everybodys.mkdir()
    everybodys.chmod(0o777)
    temporary = Path("/tmp", f"whowas-test-{os.getpid()}")  # pytest's folders are too deep for a socket
    temporary.mkdir()
    try:
        start(XDG_RUNTIME_DIR=str(everybodys), TMPDIR=str(temporary))
        own = temporary / f"whowas-{os.getuid()}"
        eventually(lambda: own.is_dir() and any(own.glob("*.socket")), "the program listens")
        assert stat.S_IMODE(own.stat().st_mode) == 0o700
        assert list(everybodys.iterdir()) == []
    finally:
        for path in sorted(temporary.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        temporary.rmdir()


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"nonsense\n",
        b'{"open": "relative.whowas"}\n',
        b'{"open": "/etc/passwd", "run": "rm"}\n',
        b'{"ask": "quit"}\n',
        b'{"ask": "new", "open": null}\n',
        b'{"open": "' + b"/x" * 50_000 + b'"}\n',
        b"[" * 30_000 + b"\n",
        b"x" * 200_000,
    ],
    ids=lambda line: line[:24],
)
def test_nonsense_gets_no_answer_and_does_no_harm(start: Start, home: Path, line: bytes) -> None:
    first = listening(start, home)
    (address,) = sockets(home)
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(PATIENCE_S)
        connection.connect(str(address))
        try:
            connection.sendall(line)
            assert connection.recv(100) == b""
        except ConnectionError:
            pass  # it did not even listen to the end
    assert answers(address)
    assert first.poll() is None


def answers(address: Path) -> bool:
    """Whether a program listens at an address and takes a request."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(PATIENCE_S)
        try:
            connection.connect(str(address))
        except ConnectionRefusedError:
            return False
        # In two pieces, as a slow program may send it.
        connection.sendall(b'{"open":')
        time.sleep(0.1)
        connection.sendall(b" null}\n")
        return connection.recv(100) == b"taken\n"
