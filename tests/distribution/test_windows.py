"""The installer for Windows under Wine: installed, tried, installed over itself and taken away again, all silently.

Only where it was built: ``packaging/windows/wine.py fetch``, then ``packaging/dist.py windows``. Wine is no Windows,
and needs stand-ins beside the installed program (``packaging/windows/stand_ins.py``).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.command_line import contents
from tests.conftest import REPOSITORY
from whowas import __version__

sys.path.insert(0, str(REPOSITORY / "packaging"))

from windows import stand_ins, wine

SETUP = REPOSITORY / "dist" / f"whowas-{__version__}-setup.exe"
PERSON = "drive_c/users"
AWAKE_S = 15
ENDINGS = (r"HKCU\Software\Classes\.whowas", r"HKCU\Software\Classes\.whowas-team")

pytestmark = [
    pytest.mark.built_before,
    pytest.mark.distribution,
    pytest.mark.skipif(not SETUP.exists() or wine.lacking() is not None, reason="no installer was built"),
]


class Windows:
    """A new Windows, as far as Wine is one."""

    def __init__(self, prefix: Path) -> None:
        self.prefix = prefix
        self.run("cmd", "/c", "ver")
        (person,) = (one for one in (prefix / PERSON).iterdir() if one.name != "Public")
        self.local = person / "AppData" / "Local"
        self.program = self.local / "Programs" / "Whowas"

    def run(self, program: str | Path, *words: str | Path) -> str:
        return wine.run(Path(program), *words, prefix=self.prefix).stdout

    def install(self) -> None:
        self.run(SETUP, "/S")
        self.lend()

    def lend(self) -> None:
        """Put what Wine lacks beside the installed program, which brought nothing of it."""
        assert not [file for file in (self.program / "_internal").iterdir() if file.name in stand_in_names()]
        for library in wine.STAND_INS.glob("*.dll"):
            shutil.copy(library, self.program / "_internal")
        stand_ins.redirect(self.program / "_internal")

    def checks_itself(self) -> None:
        """Try every part of what is installed."""
        assert self.run(self.program / "whowas.exe", "--self-check").rstrip().endswith("Everything works.")

    def refuses_to_install(self) -> None:
        """Install, which must be refused and leave all as it was."""
        before = contents(self.program)
        with pytest.raises(subprocess.CalledProcessError) as refused:
            self.run(SETUP, "/S")
        assert refused.value.returncode == 2
        assert contents(self.program) == before

    @contextmanager
    def running(self, program: str, *words: str | Path) -> Iterator[None]:
        """Have a program run that waits for its input, while the block lasts."""
        environment = os.environ | {"WINEPREFIX": str(self.prefix), "WINEDEBUG": "-all"}
        command = ["wine", str(self.program / program), *map(str, words)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        with subprocess.Popen(command, env=environment, **pipes) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps({"command": "CreateUser", "first_name": "Ada"}).encode() + b"\n")
            process.stdin.flush()
            time.sleep(AWAKE_S)
            yield
            process.stdin.close()
            process.stdout.read()

    def knows(self, key: str) -> bool:
        """Whether there is a key of the registry."""
        try:
            self.run("reg", "query", key)
        except subprocess.CalledProcessError:
            return False
        return True


def stand_in_names() -> set[str]:
    return {library.name for library in wine.STAND_INS.glob("*.dll")}


def test_install_try_upgrade_and_uninstall(tmp_path: Path) -> None:
    windows = Windows(tmp_path / "wine")
    directory = windows.local / "staff.whowas"
    windows.install()
    assert f"whowas, version {__version__}" in windows.run(windows.program / "whowas.exe", "--version")
    windows.checks_itself()
    windows.run(windows.program / "whowas.exe", "sample", directory, "--people", "5", "--changes", "20")
    before = windows.run(windows.program / "whowas.exe", "list", directory, "--json")
    assert len(before.splitlines()) >= 1
    for key in (
        *ENDINGS,
        *(rf"HKCU\Software\Classes\Whowas.{one}\shell\open\command" for one in ("Directory", "Team")),
    ):
        assert windows.knows(key)
    shortcuts = list((windows.local.parent / "Roaming").rglob("Whowas.lnk"))
    assert len(shortcuts) == 1

    with windows.running("whowas.exe", "run", windows.local / "other.whowas"):
        windows.refuses_to_install()
    assert windows.run(windows.program / "whowas.exe", "--version")

    of_before = windows.program / "_internal" / "gone-in-the-next-version.dll"
    of_before.touch()
    windows.install()
    assert not of_before.exists()
    assert windows.run(windows.program / "whowas.exe", "list", directory, "--json") == before
    windows.run(windows.program / "whowas.exe", "verify", directory)

    # It starts a copy of itself from elsewhere and returns; asked to stay where it is, it does not.
    windows.run(windows.program / "uninstall.exe", "/S", f"_?=C:\\{windows_path(windows.program, windows.prefix)}")
    left = [file for file in windows.program.rglob("*") if file.is_file() and file.name != "uninstall.exe"]
    assert left == []
    assert not shortcuts[0].exists()
    assert not any(map(windows.knows, ENDINGS))
    assert directory.read_bytes().startswith(b"SQLite format 3")


def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    windows = Windows(tmp_path / "wine")
    windows.program.mkdir(parents=True)
    size = sum(file.stat().st_size for file in (wine.HERE / "dist" / "whowas").rglob("*") if file.is_file())
    for room, fits in ((size // 2, False), (size + size // 2, True)):
        mount = ["mount", "-t", "tmpfs", "-o", f"size={room}", "tmpfs", str(windows.program)]
        subprocess.run(mount, check=True)
        try:
            if fits:
                windows.install()
            windows.refuses_to_install()
            assert fits == (windows.program / "whowas.exe").exists()
            if fits:
                windows.checks_itself()
        finally:
            subprocess.run(["umount", "--lazy", str(windows.program)], check=True)


def windows_path(path: Path, prefix: Path) -> str:
    return str(path.relative_to(prefix / "drive_c")).replace("/", "\\")
