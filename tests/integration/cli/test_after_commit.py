"""What was done is never said to have failed: not where nobody takes the answer, nor where the rest has to wait."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from unittest import mock

import pytest

from tests.command_line import PROGRAM, Answer, json_lines, process, whowas
from whowas.domain.errors import StoreError
from whowas.projections.sides.read_side import ReadSide

ADA = {"command": "CreateUser", "external_id": "ada", "first_name": "Ada"}
BEN = {"command": "CreateUser", "external_id": "ben", "first_name": "Ben"}
NOBODY_TAKES_IT = {"a full disk": ">/dev/full", "a closed pipe": "| true", "no stdout": ">&-"}


@pytest.fixture
def staff(home: Path) -> Path:
    """A directory with Ada."""
    file = home / "staff.whowas"
    assert whowas("run", file, stdin=json_lines(ADA)).code == 0
    return file


@pytest.fixture(params=NOBODY_TAKES_IT)
def whither(request: pytest.FixtureRequest) -> str:
    """Where the answer goes, as a shell writes it."""
    return str(request.param)


def unheard(whither: str, *arguments: object, stdin: str = "") -> Answer:
    """Run a command whose answer nobody takes."""
    out, code = subprocess.PIPE, None
    if whither == "a closed pipe":
        reader, out = os.pipe()
        os.close(reader)
    redirected = "" if whither == "a closed pipe" else NOBODY_TAKES_IT[whither]
    command: Sequence[str] = ["sh", "-c", f'exec "$@" {redirected}', "sh", str(PROGRAM), *map(str, arguments)]
    done = subprocess.run(
        command, input=stdin.encode(), stdout=out, stderr=subprocess.PIPE, timeout=120, env=os.environ
    )
    if whither == "a closed pipe":
        os.close(out)
    code = done.returncode
    return Answer(code, "", done.stderr.decode())


def people(file: Path) -> set[str]:
    return set(whowas("list", file, "--json", "--status", "any").people)


def test_an_erasure_is_told_on_stderr(staff: Path, whither: str) -> None:
    answer = unheard(whither, "erase", staff, "ada", "--yes")
    assert answer.code == 0, answer
    assert " is erased: 1 event holds nothing of them any more." in answer.err
    assert people(staff) == set()


def test_an_import_is_told_on_stderr(staff: Path, home: Path, whither: str) -> None:
    (home / "new.csv").write_text("external_id,first_name\nben,Ben\n")
    answer = unheard(whither, "import", staff, home / "new.csv")
    assert answer.code == 0, answer
    assert "\nImported: 1 created" in answer.err
    assert people(staff) == {"ada", "ben"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("backup", "staff.whowas", "copy.whowas"), "1 events copied to copy.whowas and verified."),
        (("rebuild", "staff.whowas"), "1 steps and 1 versions rebuilt."),
        (("sample", "new.whowas", "--people", "3", "--changes", "3"), "new.whowas: 3 people and 3 further changes."),
    ],
    ids=["backup", "rebuild", "sample"],
)
def test_what_was_made_is_told_on_stderr(
    staff: Path, whither: str, arguments: tuple[str, ...], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(staff.parent)
    answer = unheard(whither, *arguments)
    assert answer.code == 0, answer
    assert answer.err.startswith(told)
    assert all(whowas("verify", file).code == 0 for file in staff.parent.glob("*.whowas"))


def test_run_stops_where_an_answer_cannot_be_written(home: Path, whither: str) -> None:
    answer = unheard(whither, "run", home / "new.whowas", stdin=json_lines(ADA, BEN))
    assert answer.code == 1, answer
    assert answer.err.startswith("The answer to line 1 cannot be written: ")
    assert answer.err.endswith(". Line 1 was carried out. No line after it was.\n")
    assert people(home / "new.whowas") == {"ada"}


def test_run_tells_a_refusal_that_cannot_be_written(staff: Path, whither: str) -> None:
    answer = unheard(whither, "run", staff, stdin=json_lines(ADA, BEN))
    assert answer.code == 1, answer
    assert "The answer was: " in answer.err
    assert "external id" in answer.err.lower()
    assert people(staff) == {"ada"}


def test_what_asks_only_fails_where_nobody_takes_the_answer(staff: Path) -> None:
    for whither in ("a full disk", "no stdout"):
        answer = unheard(whither, "list", staff)
        assert answer.code == 2, answer
        assert answer.err.startswith("The output cannot be written: ")
    assert unheard("a closed pipe", "list", staff) == Answer(0, "", "")


@pytest.mark.parametrize("closed", ["<&-", "2>&-", "<&- >&- 2>&-", "2>/dev/full"])
def test_closed_streams_bring_no_traceback(staff: Path, home: Path, closed: str) -> None:
    line = f'"{PROGRAM}" run "{staff}" {closed}; echo $?; "{PROGRAM}" run "{staff}" --wrong {closed}; echo $?'
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120)
    assert done.stdout == "0\n2\n"
    assert "Traceback" not in done.stderr
    assert people(staff) == {"ada"}


def test_lines_left_out_that_cannot_be_kept_are_no_failure_of_the_import(staff: Path, home: Path) -> None:
    (home / "new.csv").write_text("external_id,first_name,status\nben,Ben,active\nada,Ada,nonsense\n")
    with mock.patch("whowas.cli.importing.import_work.write_lines", side_effect=StoreError("The disk failed.")):
        answer = whowas("import", staff, home / "new.csv", "--skip-refused", "--refused", home / "out.csv")
    assert answer.code == 1
    assert answer.out.startswith("Imported: 1 created")
    assert answer.err.endswith("The disk failed.\n")
    assert people(staff) == {"ada", "ben"}


def test_a_cache_that_cannot_follow_is_no_failure_of_the_erasure(staff: Path) -> None:
    catch_up = ReadSide.catch_up

    def full_after_the_commit(read_side: ReadSide, *arguments: object) -> object:
        if read_side.index is not None:
            raise StoreError("The disk is full; make room for “staff.whowas”.")
        return catch_up(read_side, *arguments)  # type: ignore[arg-type]

    with mock.patch.object(ReadSide, "catch_up", full_after_the_commit):
        answer = whowas("erase", staff, "ada", "--yes")
    assert answer.code == 0
    assert " is erased: " in answer.out
    assert answer.err == (
        "Traces may be left until this directory is opened again. The disk is full; make room for “staff.whowas”.\n"
    )
    assert people(staff) == set()


def test_input_that_cannot_be_read_is_not_called_the_output(staff: Path, home: Path) -> None:
    command = ["sh", "-c", f'"{PROGRAM}" run "{staff}" 0>"{home}/write-only"']
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (2, "Standard input cannot be read: Bad file descriptor.\n")
    assert process("verify", staff).code == 0
