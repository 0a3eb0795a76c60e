"""Calls the command line: inside the test for speed, or as the process that people start."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from whowas.cli import run

PROGRAM = Path(sys.executable).with_name("whowas")
WITHOUT_ROOTS_RIGHTS = (
    "setpriv",
    "--bounding-set=-dac_override,-dac_read_search",
    "--inh-caps=-dac_override,-dac_read_search",
    "--no-new-privs",
)


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        """The lines of JSON on stdout."""
        return [json.loads(line) for line in self.out.split("\n") if line]

    @property
    def people(self) -> dict[str, dict[str, Any]]:
        """The users of ``list --json``, by external id."""
        return {user["external_id"]: user for user in self.objects}


def whowas(*arguments: object, stdin: bytes | str = b"") -> Answer:
    """Run one command in this process."""
    given = io.TextIOWrapper(io.BytesIO(stdin.encode() if isinstance(stdin, str) else stdin), encoding="utf-8")
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    with mock.patch.object(sys, "stdin", given), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run([str(argument) for argument in arguments])
    return Answer(code, _written(out), _written(err))


def process(*arguments: object, stdin: bytes | str = b"", before: Sequence[str] = ()) -> Answer:
    """Run one command as a process of its own; ``before`` is a program that starts it."""
    done = subprocess.run(
        [*before, str(PROGRAM), *(str(argument) for argument in arguments)],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        timeout=120,
        env=os.environ | {"PYTHONUTF8": "1"},
    )
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())


def as_person() -> tuple[str, ...]:
    """What starts a program for which the modes of files hold, which they do not for root."""
    if os.geteuid() != 0:
        return ()
    able = shutil.which("setpriv") is not None
    if not able or subprocess.run([*WITHOUT_ROOTS_RIGHTS, "true"], capture_output=True).returncode != 0:
        pytest.skip("the modes of files do not hold for root, whose rights setpriv cannot take away here")
    return WITHOUT_ROOTS_RIGHTS


def on_small_disk(disk: Path, script: str) -> Answer:
    """Run a script of shell commands while a disk of one megabyte is mounted at ``disk``."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("a small disk can be mounted by root only")
    mount = f"mount -t tmpfs -o size=1m tmpfs '{disk}'"
    if subprocess.run(["unshare", "-m", "sh", "-c", mount], capture_output=True).returncode != 0:
        pytest.skip("no disk can be mounted here")
    done = subprocess.run(["unshare", "-m", "sh", "-ec", f"{mount}\n{script}"], capture_output=True, timeout=120)
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())


def json_lines(*lines: Mapping[str, object]) -> str:
    """Return objects as JSON lines."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def contents(folder: Path) -> dict[str, str]:
    """Return a digest of every file below a folder, by its path: two are equal when nothing was written between."""
    files: Iterable[Path] = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()
