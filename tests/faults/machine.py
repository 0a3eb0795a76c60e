"""A machine whose disk fails, or whose power goes, at a moment of the test's choice."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPOSITORY, isolated_home

SOURCE = Path(__file__).with_name("faults.c")
OPEN, WRITE, SYNC, TRUNCATE, RENAME, LINK, UNLINK, MKDIR, READ = (1 << bit for bit in range(9))
WRITING = OPEN | WRITE | SYNC | TRUNCATE | RENAME | LINK | UNLINK | MKDIR
KILL, TEAR = -1, -2
FULL, BROKEN = errno.ENOSPC, errno.EIO
TAKES_ROOM = WRITING & ~UNLINK
"""What a full disk refuses."""

FOR_EVER = 1 << 40


@dataclass(frozen=True)
class Fault:
    """What happens to a program: from its ``first`` through its ``last`` disk call of these ``kinds``, ``what``."""

    what: int = 0
    first: int = 1
    last: int = 0
    kinds: int = WRITING
    killed_after: float | None = None

    @classmethod
    def at(cls, call: int, what: int, kinds: int = WRITING, *, lasting: bool = False) -> Fault:
        """Strike at one call, or from it on."""
        return cls(what, call, FOR_EVER if lasting else call, kinds)

    def __str__(self) -> str:
        if self.killed_after is not None:
            return f"killed after {self.killed_after:.4f} s"
        names = {KILL: "killed", TEAR: "killed half-way", FULL: "no space", BROKEN: "input/output error", 0: "nothing"}
        return f"{names[self.what]} at call {self.first}" + (" and after" if self.last == FOR_EVER else "")


UNHARMED = Fault()


@dataclass(frozen=True)
class Ended:
    """How a program ended, what it said, and its disk calls; a ``code`` below 0 is the signal it died of."""

    code: int
    out: str
    err: str
    calls: tuple[str, ...] = ()

    @property
    def answers(self) -> list[dict[str, Any]]:
        """The lines of JSON on stdout, but for one that was torn."""
        return [json.loads(line) for line in self.out.split("\n")[:-1]]


@dataclass
class Machine:
    """Starts programs that are struck by faults, on files below ``disk``, in a home folder that lies there too."""

    library: Path
    scratch: Path
    disk: Path
    starter: subprocess.Popen[bytes] | None = None
    environment: dict[str, str] = field(default_factory=dict)
    counted: dict[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)
    """The disk calls of scenarios, by name and kinds of call, see ``scenarios.Scenario.calls``."""

    def start(self) -> None:
        """Get ready to start programs."""
        self.starter = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.forking"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=REPOSITORY,
            env=os.environ
            | {"LD_PRELOAD": str(self.library), "OPENBLAS_NUM_THREADS": "1", "QT_QPA_PLATFORM": "offscreen"},
        )

    def stop(self) -> None:
        """Start no more."""
        assert self.starter is not None
        self.starter.communicate(timeout=60)

    def emptied(self) -> None:
        """Take everything off the disk, and lay an empty home folder."""
        for path in self.disk.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        temporary = self.disk / "tmp"
        temporary.mkdir(mode=0o700)
        self.environment = isolated_home(self.disk / "home") | {"TMPDIR": str(temporary)}

    def run(
        self,
        *arguments: object,
        stdin: bytes = b"",
        fault: Fault = UNHARMED,
        stdout: str | None = "",
        stderr: str | None = "",
        closed_pipe: bool = False,
        call: str = "whowas.main:main",
    ) -> Ended:
        """Run the program to its end; ``stdout`` and ``stderr`` go to files of ours, or of that name, or are closed."""
        assert self.starter is not None
        assert self.starter.stdin is not None
        assert self.starter.stdout is not None
        files = {name: self.scratch / name for name in ("stdin", "stdout", "stderr", "log")}
        files["stdin"].write_bytes(stdin)
        for name in ("stdout", "stderr"):
            files[name].write_bytes(b"")
        order = {
            "call": call,
            "arguments": [str(argument) for argument in arguments],
            "environment": self.environment,
            "stdin": str(files["stdin"]),
            "stdout": None if stdout is None else stdout or str(files["stdout"]),
            "stderr": None if stderr is None else stderr or str(files["stderr"]),
            "closed_pipe": closed_pipe,
            "log": str(files["log"]),
            "below": str(self.disk),
            "kinds": fault.kinds,
            "first": fault.first,
            "last": fault.last,
            "what": fault.what,
            "killed_after": fault.killed_after,
        }
        self.starter.stdin.write(json.dumps(order).encode() + b"\n")
        self.starter.stdin.flush()
        code = json.loads(self.starter.stdout.readline())
        out, err = (files[name].read_text(errors="replace") for name in ("stdout", "stderr"))
        calls = files["log"].read_text().splitlines() if files["log"].exists() else []
        return Ended(code, out, err, tuple(calls))


def library(folder: Path) -> Path:
    """Return the library that lets disk calls fail; skip where it cannot be made."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if sys.platform != "linux" or compiler is None:
        pytest.skip("there is no C compiler here with which to let disk calls fail (Debian: gcc)")
    made = folder / "faults.so"
    options = ("-shared", "-fPIC", "-O1", "-fno-builtin", "-nostdlib", "-fvisibility=hidden")
    done = subprocess.run([compiler, *options, "-o", str(made), str(SOURCE)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return made


@contextmanager
def mounted(disk: Path, size: str) -> Iterator[Path]:
    """Mount a disk of that size in memory for a while; skip where nothing can be mounted."""
    disk.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)]
    if os.geteuid() != 0 or shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def resize(disk: Path, size: str) -> None:
    """Make a mounted disk larger or smaller."""
    subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True)
