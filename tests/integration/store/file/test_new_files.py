"""Creating a file while another process creates one of the same name: the second one continues with the first's."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from tests.command_line import PROGRAM, contents, json_lines, process, whowas
from whowas.cli.writing import carry_out
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser
from whowas.domain.errors import StoreError
from whowas.sample import make_sample
from whowas.store.event_log import EventLog
from whowas.store.file import publish
from whowas.store.file.publish import TakenError

ROUNDS = int(os.environ.get("NEW_FILE_ROUNDS", "3"))
WRITERS = 4
SAVES = 60

ADA = json_lines({"command": "CreateUser", "first_name": "Ada"})
NOBODY = json_lines({"command": "DeleteUser", "id": "nobody"})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    return folder / "new.whowas"


@pytest.fixture(params=["with links", "without links"])
def links(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """File systems with and without hard links."""
    if request.param == "without links":

        def refuse(*_: object, **__: object) -> None:
            raise OSError(95, "Operation not supported")

        monkeypatch.setattr("whowas.store.file.publish.os.link", refuse)


def started(file: Path, command: str = "run", *further: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(PROGRAM), command, str(file), *further],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def answer_to(run: subprocess.Popen[str], line: str) -> dict[str, object]:
    assert run.stdin is not None
    assert run.stdout is not None
    run.stdin.write(line)
    run.stdin.flush()
    answer: dict[str, object] = json.loads(run.stdout.readline())
    return answer


def ended(run: subprocess.Popen[str]) -> int:
    _, errors = run.communicate(timeout=120)
    assert errors == ""
    return run.returncode


def people(file: Path) -> Counter[str]:
    return Counter(user["first_name"] for user in whowas("list", file, "--json").objects)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_four_that_begin_a_file_at_once_lose_nothing(file: Path, _round: int) -> None:
    runs = [started(file) for _ in range(WRITERS)]
    lines = [
        json_lines(*({"command": "CreateUser", "first_name": f"{writer} {save}"} for save in range(SAVES)))
        for writer in range(WRITERS)
    ]
    for run, text in zip(runs, lines, strict=True):  # all wait for their first line by now, or are about to
        assert run.stdin is not None
        run.stdin.write(text)
        run.stdin.flush()
    told = [run.communicate(timeout=240) for run in runs]
    assert [errors for _, errors in told] == [""] * WRITERS
    answers = [json.loads(line) for out, _ in told for line in out.splitlines()]
    assert [answer for answer in answers if not answer["ok"]] == []
    assert len(answers) == WRITERS * SAVES
    assert sorted(answer["position"] for answer in answers) == list(range(1, WRITERS * SAVES + 1))
    assert people(file) == Counter({f"{writer} {save}": 1 for writer in range(WRITERS) for save in range(SAVES)})
    assert whowas("verify", file).code == 0
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_the_end_of_one_that_saved_nothing_takes_nothing_of_the_other(file: Path) -> None:
    unused, used = started(file), started(file)
    assert answer_to(unused, NOBODY)["ok"] is False
    assert answer_to(used, NOBODY)["ok"] is False
    assert ended(unused) == 2
    assert answer_to(used, ADA)["ok"] is True
    assert answer_to(used, ADA.replace("Ada", "Ben"))["ok"] is True
    assert ended(used) == 2
    assert people(file) == Counter(["Ada", "Ben"])


def test_who_was_refused_first_goes_on_in_the_file_made_meanwhile(file: Path) -> None:
    first, second = started(file), started(file)
    assert answer_to(first, NOBODY)["ok"] is False
    assert not file.exists()
    assert answer_to(second, ADA)["position"] == 1
    assert answer_to(first, ADA.replace("Ada", "Ben")) | {"id": ""} == {"ok": True, "id": "", "position": 2}
    assert (ended(first), ended(second)) == (2, 0)
    assert people(file) == Counter(["Ada", "Ben"])


def test_work_is_done_again_in_a_file_that_came_meanwhile(file: Path) -> None:
    done: list[int] = []

    def work(bus: Bus, _log: EventLog) -> int:
        if not file.exists():
            assert whowas("run", file, stdin=ADA).code == 0
        user_id = "0199a3c4-0000-7000-8000-000000000001"
        done.append(bus.dispatch(CreateUser(user_id, {"first_name": "Ben"})).last_position)
        return done[-1]

    assert carry_out(file, work) == 2
    assert done == [1, 2], "what was done before is forgotten"
    assert people(file) == Counter(["Ada", "Ben"])


def test_runs_and_imports_at_once_of_which_some_are_refused(file: Path, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("first_name,email\nCleo,cleo@example.org\n")
    bad.write_text("first_name,email\nDee,no address\n")
    imports = [started(file, "import", str(source)) for source in (good, bad, good, bad)]
    runs = [started(file) for _ in range(2)]
    answers = [run.communicate(line, timeout=240)[0] for run, line in zip(runs, (ADA, NOBODY), strict=True)]
    codes = [(process.communicate(timeout=240), process.returncode)[1] for process in imports]
    assert [json.loads(answer)["ok"] for answer in answers] == [True, False]
    assert codes[1] == codes[3] == 2, "no address"
    # Only one user can have the address; the second import was refused for that, or found its work done.
    assert 0 in (codes[0], codes[2])
    assert people(file) == Counter(["Ada", "Cleo"])
    assert [path.name for path in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize("further", [("--dry-run",), ()])
def test_an_import_that_takes_nothing_makes_no_file(file: Path, tmp_path: Path, further: tuple[str, ...]) -> None:
    source = tmp_path / "people.csv"
    source.write_text("first_name,email\nCleo,cleo@example.org\n" + ("" if further else "Dee,no address\n"))
    assert whowas("import", file, source, *further).code == (0 if further else 2)
    assert contents(file.parent) == {}


def test_ctrl_c_before_the_first_save_leaves_the_file_that_another_made(file: Path) -> None:
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)  # children of a background job ignore it
    try:
        stopped, other = started(file), started(file)
    finally:
        signal.signal(signal.SIGINT, previous)
    assert answer_to(stopped, NOBODY)["ok"] is False
    assert answer_to(other, ADA)["ok"] is True
    stopped.send_signal(signal.SIGINT)
    assert stopped.communicate(timeout=120)[1] == "Stopped.\n"
    assert answer_to(other, ADA)["ok"] is True
    assert ended(other) == 0
    assert people(file) == Counter(["Ada", "Ada"])


def test_a_kill_while_a_sample_is_made_leaves_no_half_of_it(file: Path) -> None:
    making = started(file, "sample", "--people", "2000", "--changes", "40000")
    until = time.monotonic() + 120
    while not any(path.stat().st_size > 200_000 for path in file.parent.rglob("*-wal")):
        assert making.poll() is None
        assert time.monotonic() < until
        time.sleep(0.01)
    making.kill()
    making.communicate()
    assert not file.exists()
    assert process("sample", file, "--people", "5", "--changes", "5").code == 0
    assert len(people(file)) > 0


@pytest.mark.usefixtures("links")
def test_two_windows_make_one_new_directory(file: Path) -> None:
    first = EventLog.create(file)
    with pytest.raises(TakenError, match="exists already; nothing was written"):
        EventLog.create(file)
    with closing(EventLog.open(file)) as second:
        assert second.directory_id == first.directory_id
    assert [path.name for path in file.parent.iterdir() if path.name.startswith(".")] == []
    first.close()


@pytest.mark.usefixtures("links")
@pytest.mark.parametrize("when", ["before", "while"])
def test_a_sample_never_replaces_what_came_meanwhile(file: Path, when: str) -> None:
    if when == "before":
        file.write_text("letters to a friend")

    def report(_done: int, _total: int) -> None:
        if not file.exists():
            file.write_text("letters to a friend")

    with pytest.raises(TakenError):
        make_sample(file, people=5, changes=20, progress=report)
    assert contents(file.parent).keys() == {file.name}
    assert file.read_text() == "letters to a friend"


@pytest.mark.usefixtures("links")
def test_a_file_that_appears_at_the_last_moment_is_not_replaced(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = publish._move

    def late(finished: Path, target: Path) -> None:
        target.write_text("somebody else's")
        moved(finished, target)

    monkeypatch.setattr(publish, "_move", late)
    finished = file.with_name("finished")
    finished.write_text("ours")
    if os.link.__name__ == "link":
        file.write_text("somebody else's")
    with pytest.raises(TakenError):
        publish.publish(finished, file)
    assert (file.read_text(), finished.read_text()) == ("somebody else's", "ours")


def test_a_full_folder_of_links_to_nowhere_is_told(file: Path) -> None:
    file.symlink_to(file.with_name("nowhere"))
    for command in ("run", "import"):
        answer = whowas(command, file, *(["-"] if command == "import" else []), stdin=ADA)
        assert (answer.code, answer.err) == (2, "“new.whowas” exists already; nothing was written.\n")
    with pytest.raises(StoreError):
        make_sample(file)
