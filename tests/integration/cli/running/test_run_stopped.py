"""Stopping `whowas run` between any two steps: told is how many changes are saved, the first of a new file too."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.command_line import PROGRAM, json_lines, whowas
from whowas.cli.printing import say_json
from whowas.cli.running import run_lines

LINES = [{"command": "CreateUser", "first_name": name} for name in ("Ada", "Ben", "Chi")]


def stop_at(monkeypatch: pytest.MonkeyPatch, answer: int) -> None:
    """Have somebody press Ctrl+C as one of the answers is being written."""
    answers = iter(range(1, 100))

    def say(value: object) -> None:
        if next(answers) == answer:
            raise KeyboardInterrupt
        say_json(value)

    monkeypatch.setattr(run_lines, "say_json", say)


@pytest.mark.parametrize(
    ("answer", "said"), [(1, "Stopped; 1 change is saved.\n"), (2, "Stopped; 2 changes are saved.\n")]
)
@pytest.mark.parametrize("there", [False, True])
def test_stopped_while_an_answer_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool, answer: int, said: str
) -> None:
    file = tmp_path / "staff.whowas"
    if there:
        whowas("run", file, stdin=json_lines({"command": "CreateGroup", "group": "Records"}))
    stop_at(monkeypatch, answer)
    stopped = whowas("run", file, stdin=json_lines(*LINES))
    assert (stopped.code, stopped.err) == (1, said)
    assert len(whowas("list", file, "--json").objects) == answer


def test_stopped_while_a_new_file_is_opened_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped_here(_path: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("whowas.cli.writing.wait_until_settled", stopped_here)
    stopped = whowas("run", tmp_path / "staff.whowas", stdin=json_lines(*LINES))
    assert (stopped.code, stopped.err) == (1, "Stopped; 1 change is saved.\n")


def test_stopped_before_anything_was_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_at(monkeypatch, 1)
    stopped = whowas("run", tmp_path / "staff.whowas", stdin=json_lines({"command": "Nonsense"}))
    assert (stopped.code, stopped.err) == (2, "Stopped.\n")


def test_stopped_from_the_terminal_in_a_new_file(tmp_path: Path) -> None:
    file = tmp_path / "staff.whowas"
    # A file that Python was just opening when it was interrupted is closed by nobody but Python, which would say so.
    environment = os.environ | {"PYTHONWARNINGS": "ignore::ResourceWarning"}
    with subprocess.Popen(
        [PROGRAM, "run", file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as run:
        assert run.stdin is not None
        assert run.stdout is not None
        assert run.stderr is not None
        for line in LINES:
            run.stdin.write(json_lines(line).encode())
            run.stdin.flush()
            assert b'"ok": true' in run.stdout.readline()
        run.send_signal(signal.SIGINT)
        assert run.stderr.read() == b"Stopped; 3 changes are saved.\n"
    assert run.returncode == 1
