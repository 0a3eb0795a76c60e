"""A Debian that has nothing but itself, to install packages in: a new root, gone without trace afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from pwd import getpwnam
from types import TracebackType
from typing import Self

OWN_MOUNTS = ("unshare", "--mount", "--propagation", "private")
PERSON, COLLEAGUE = "ada", "ben"
HOMES = {PERSON: "/home/Ada Ösi", COLLEAGUE: "/home/ben", "root": "/root"}
HOME = HOMES[PERSON]
PASSED_ON = {name: value for name, value in os.environ.items() if name.endswith("_proxy")} | {
    "DEBIAN_FRONTEND": "noninteractive"
}


class NewDebian:
    """Begins to be made on entering; ``wait_until_made`` goes before anything else.

    Its mounts are seen by one process only, which ends with the test run however that ends.
    """

    def __init__(self, root: Path, release: str) -> None:
        self.root = root
        self._release = release

    def __enter__(self) -> Self:
        self.root.mkdir()
        self._keeper = subprocess.Popen(
            [*OWN_MOUNTS, "sh", "-c", "echo; exec cat"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._keeper.stdout is not None
        self._keeper.stdout.readline()
        self._log = self.root.with_suffix(".log").open("w")
        make = ["debootstrap", "--variant=minbase", self._release, str(self.root)]
        self._making = subprocess.Popen(
            [*self._enter, *make], stdout=self._log, stderr=self._log, start_new_session=True
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop_making()
        self._keeper.communicate()
        self._log.close()
        shutil.rmtree(self.root)

    def _stop_making(self) -> None:
        """End debootstrap with all that it has started, where nobody waited for it."""
        with suppress(ProcessLookupError):
            while True:
                os.killpg(self._making.pid, signal.SIGKILL)
                self._making.wait()
                time.sleep(0.05)

    @property
    def _enter(self) -> list[str]:
        return ["nsenter", f"--mount=/proc/{self._keeper.pid}/ns/mnt", "--"]

    def wait_until_made(self) -> None:
        """Wait for the root, with two plain persons in it; raises AssertionError with what debootstrap said."""
        said = Path(self._log.name)
        assert self._making.wait(1_200) == 0, said.read_text()[-2000:]
        for mount in (["-t", "proc", "proc", f"{self.root}/proc"], ["--rbind", "/dev", f"{self.root}/dev"]):
            subprocess.run([*self._enter, "mount", *mount], check=True)
        # The host's buses serve only whom the host knows by their numbers, and every Debian knows these.
        for person, known in ((PERSON, "games"), (COLLEAGUE, "news")):
            self.run("userdel", known)
            number = str(getpwnam(known).pw_uid)
            self.run("useradd", "--uid", number, "--create-home", "--home-dir", HOMES[person], person)

    @contextmanager
    def showing(self, folder: Path) -> Iterator[None]:
        """Let a folder of the host, such as a screen's, be seen inside at the same path, while the block lasts."""
        inside = self.root / folder.relative_to("/")
        inside.mkdir(parents=True)
        subprocess.run([*self._enter, "mount", "--bind", str(folder), str(inside)], check=True)
        yield
        subprocess.run([*self._enter, "umount", "--lazy", str(inside)], check=True)

    def number_of(self, person: str) -> int:
        """The number that the system knows a person by."""
        return int(self.run("id", "--user", person).stdout)

    def command(self, *words: str, user: str = "root", environment: Mapping[str, str] | None = None) -> list[str]:
        """A command line for the host that runs ``words`` inside, as one process from beginning to end."""
        told = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": HOMES[user]}
        pairs = [f"{name}={value}" for name, value in (told | dict(environment or {})).items()]
        return [*self._enter, "chroot", f"--userspec={user}:{user}", str(self.root), "env", "-i", *pairs, *words]

    def run(self, *words: str, user: str = "root", told: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command to its end with ``told`` as its input; raises AssertionError where it does not exit with 0."""
        line = self.command(*words, user=user, environment=PASSED_ON)
        done = subprocess.run(line, input=told, capture_output=True, text=True, timeout=1_200)
        assert done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done

    def fails(self, *words: str) -> str:
        """Run a command that does not exit with 0, and return all that it said."""
        line = self.command(*words, environment=PASSED_ON)
        done = subprocess.run(line, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=1_200)
        assert done.returncode != 0, done.stdout[-3000:]
        return done.stdout + done.stderr

    @contextmanager
    def small_disk(self, folder: str, kilobytes: int, owner: str = "root") -> Iterator[None]:
        """Have a disk of that size at a folder, which is ``owner``'s, while the block lasts."""
        place = self.root / folder.removeprefix("/")
        place.mkdir(parents=True)
        mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(place)]
        subprocess.run([*self._enter, *mount], check=True)
        self.run("chown", owner, folder)
        yield
        subprocess.run([*self._enter, "umount", str(place)], check=True)
        place.rmdir()

    def apt_get(self, *words: str) -> str:
        """Return what apt-get said."""
        return self.run("apt-get", "--quiet", "--assume-yes", "--no-install-recommends", *words).stdout
