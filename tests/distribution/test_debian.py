"""From the package to the first drag of the timeline in a Debian that has nothing else, and out again."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.distribution.conftest import PREVIOUS, Packages
from tests.distribution.new_debian import HOME, PERSON, NewDebian
from tests.end_to_end.application import Application
from tests.end_to_end.screen import Screen
from tests.end_to_end.screen_reader import ScreenReader
from whowas import __version__

DIRECTORY = f"{HOME}/.local/share/whowas/staff.whowas"
CREATED = {"command": "CreateUser", "first_name": "Ben", "last_name": "Ruiz"}


class Desk:
    """The plain person's screen, and the programs that they start on it."""

    def __init__(self, debian: NewDebian, screen: Screen, reader: ScreenReader, folder: Path) -> None:
        self._debian = debian
        self._reader = reader
        self._log = folder / "output.txt"
        wanted = ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "QT_")
        self._environment = {name: value for name, value in screen.environment.items() if name.startswith(wanted)}

    def start(self, *words: str) -> Application:
        """Start a program inside, as the plain person, on the host's screen."""
        line = self._debian.command(*words, user=PERSON, environment=self._environment)
        with self._log.open("w") as errors:
            process = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors, text=True)
        return Application(self._reader, process, self._log)

    def said(self) -> str:
        """What the program that was started last has written."""
        return self._log.read_text()


@pytest.fixture
def desk(debian: NewDebian, tmp_path: Path) -> Iterator[Desk]:
    """A screen that belongs to the plain person inside."""
    with TemporaryDirectory(prefix="desk-") as folder, Screen(Path(folder), debian.person()) as screen:
        Path(folder).chmod(0o700)
        debian.show(Path(folder))
        with ScreenReader(screen.environment) as reader:
            yield Desk(debian, screen, reader, tmp_path)


def test_install_work_upgrade_and_purge(debian: NewDebian, packages: Packages, desk: Desk) -> None:
    debian.apt_get("install", f"/root/{packages.previous.name}")
    assert installed_version(debian) == PREVIOUS
    assert debian.run("whowas", "--version", user=PERSON).stdout == f"whowas, version {__version__}\n"
    checked = debian.run("whowas", "--self-check", user=PERSON)
    assert checked.stdout.endswith("Everything works.\n")
    assert checked.stderr == ""

    assert desk.start("env", "-u", "DISPLAY", "whowas").wait_closed() == 2
    assert "Whowas needs a display" in desk.said()
    assert debian.run("env", "LC_ALL=xx_YY.UTF-8", "whowas", "--version", user=PERSON).stderr == ""

    debian.run("mkdir", "-p", str(Path(DIRECTORY).parent), user=PERSON)
    debian.run("whowas", "run", DIRECTORY, user=PERSON, told=json.dumps(CREATED))
    app = desk.start("whowas", DIRECTORY)
    users, slider = app.table("Users"), app.slider("Timeline")
    assert app.title.startswith("staff")
    app.button("New user").press()
    app.field("First name").text = "Ada"
    app.field("Email").text = "ada@example.org"
    app.button("Save").press()
    app.eventually(lambda: users.column("Name") == ["Ada", "Ben Ruiz"], "the new user stands in the table")

    # While the window is open: what it needs from now on comes from the program that was started.
    debian.apt_get("install", f"/root/{packages.current.name}")
    assert installed_version(debian) == __version__
    app.field("Email").text = "ada.osei@example.org"
    app.button("Save").press()
    app.eventually(lambda: users.cell(0, "Email") == "ada.osei@example.org", "the table shows the new email")
    slider.value = 2
    app.eventually(lambda: users.cell(0, "Email") == "ada@example.org", "the past shows the old email")
    slider.value = 1
    app.eventually(lambda: users.column("Name") == ["Ben Ruiz"], "before her, Ada is not there")
    app.button("Return to now").press()
    quit_in_peace(app)

    again = desk.start("whowas", DIRECTORY)
    assert again.table("Users").column("Email")[0] == "ada.osei@example.org"
    quit_in_peace(again)
    before = debian.run("whowas", "list", DIRECTORY, "--json", user=PERSON).stdout
    assert [json.loads(line)["first_name"] for line in before.splitlines()] == ["Ada", "Ben"]
    debian.run("whowas", "verify", DIRECTORY, user=PERSON)

    assert "directories stay where they were saved" in debian.apt_get("purge", "whowas")
    assert not list(debian.root.glob("usr/lib/whowas*")) + list(debian.root.glob("usr/share/*/whowas*"))
    kept = debian.root / DIRECTORY.removeprefix("/")
    assert kept.read_bytes().startswith(b"SQLite format 3")
    with debian.small_disk("/usr/lib/whowas", kilobytes=20_000):
        refused = debian.fails("apt-get", "--assume-yes", "install", f"/root/{packages.current.name}")
        assert "No space left on device" in refused
        assert not list(debian.root.glob("usr/bin/whowas*"))
    assert kept.read_bytes().startswith(b"SQLite format 3")
    debian.apt_get("install", f"/root/{packages.current.name}")
    assert debian.run("whowas", "list", DIRECTORY, "--json", user=PERSON).stdout == before


def installed_version(debian: NewDebian) -> str:
    return debian.run("dpkg-query", "--show", "--showformat=${Version}", "whowas").stdout


def quit_in_peace(app: Application) -> None:
    app.menu_item("Quit").press()
    assert app.wait_closed() == 0
    # Qt tells what screen readers may ask and it does not answer.
    assert [line for line in app.errors().splitlines() if not line.startswith("qt.accessibility")] == []
