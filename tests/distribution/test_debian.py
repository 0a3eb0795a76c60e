"""From the package to the first drag of the timeline in Debians that have nothing else, and out again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.distribution.conftest import OF_BEFORE, PREVIOUS, Packages
from tests.distribution.desk import Desk, desk_of, quit_in_peace
from tests.distribution.new_debian import COLLEAGUE, HOME, HOMES, PERSON, NewDebian
from tests.end_to_end.application import Application
from whowas import __version__

DIRECTORY = f"{HOME}/.local/share/whowas/staff.whowas"
SETTINGS = f"{HOME}/.config/whowas/whowas.ini"
CREATED = {"command": "CreateUser", "first_name": "Ben", "last_name": "Ruiz"}
STARTS = 20
NO_FONT = "No font is installed, so all text shows as boxes: install one and restart Whowas."


@pytest.fixture
def desk(installed: NewDebian, tmp_path: Path) -> Iterator[Desk]:
    """Where the plain person works in a Debian 12 with the program."""
    with desk_of(PERSON, installed, tmp_path) as desk:
        yield desk


def test_install_work_upgrade_and_purge(debian: NewDebian, packages: Packages, tmp_path: Path) -> None:
    with desk_of(PERSON, debian, tmp_path) as desk:
        debian.apt_get("install", f"/root/{packages.previous.name}")
        assert installed_version(debian) == PREVIOUS
        assert debian.run("whowas", "--version", user=PERSON).stdout == f"whowas, version {__version__}\n"
        checked = debian.run("whowas", "--self-check", user=PERSON)
        assert checked.stdout.endswith("Everything works.\n")
        assert checked.stderr == ""
        assert desk.start("env", "-u", "DISPLAY", "whowas").wait_closed() == 2
        assert "Whowas needs a display" in desk.said()
        assert debian.run("env", "LC_ALL=xx_YY.UTF-8", "whowas", "--version", user=PERSON).stderr == ""

        make_directory(debian, DIRECTORY)
        works_while_it_is_upgraded(desk.start("whowas", DIRECTORY), debian, packages)

        # What it was on is what it opens, without being told.
        again = desk.start("whowas")
        assert again.title.startswith("staff")
        assert again.table("Users").column("Email")[0] == "ada.osei@example.org"
        quit_in_peace(again)
        before = debian.run("whowas", "list", DIRECTORY, "--json", user=PERSON).stdout
        assert [json.loads(line)["first_name"] for line in before.splitlines()] == ["Ada", "Ben"]
        debian.run("whowas", "verify", DIRECTORY, user=PERSON)
        settings = (debian.root / SETTINGS[1:]).read_text()

        assert "directories stay where they were saved" in debian.apt_get("purge", "whowas")
        assert not list(debian.root.glob("usr/lib/whowas*")) + list(debian.root.glob("usr/share/*/whowas*"))
        assert (debian.root / SETTINGS[1:]).read_text() == settings
        a_full_disk_leaves_nothing_installed(debian, packages)
        debian.apt_get("install", f"/root/{packages.current.name}")
        assert debian.run("whowas", "list", DIRECTORY, "--json", user=PERSON).stdout == before
        once_more = desk.start("whowas")
        assert once_more.title.startswith("staff")
        quit_in_peace(once_more)


def works_while_it_is_upgraded(app: Application, debian: NewDebian, packages: Packages) -> None:
    users, slider = app.table("Users"), app.slider("Timeline")
    assert app.title.startswith("staff")
    app.button("New user").press()
    app.field("First name").text = "Ada"
    app.field("Email").text = "ada@example.org"
    app.button("Save").press()
    app.eventually(lambda: users.column("Name") == ["Ada", "Ben Ruiz"], "the new user stands in the table")

    # While the window is open: what it needs from now on comes from the program that was started.
    assert (debian.root / OF_BEFORE).exists()
    debian.apt_get("install", f"/root/{packages.current.name}")
    assert installed_version(debian) == __version__
    assert not (debian.root / OF_BEFORE).exists()
    app.field("Email").text = "ada.osei@example.org"
    app.button("Save").press()
    app.eventually(lambda: users.cell(0, "Email") == "ada.osei@example.org", "the table shows the new email")
    slider.value = 2
    app.eventually(lambda: users.cell(0, "Email") == "ada@example.org", "the past shows the old email")
    slider.value = 1
    app.eventually(lambda: users.column("Name") == ["Ben Ruiz"], "before her, Ada is not there")
    app.button("Return to now").press()
    quit_in_peace(app)


def a_full_disk_leaves_nothing_installed(debian: NewDebian, packages: Packages) -> None:
    kept = debian.root / DIRECTORY.removeprefix("/")
    assert kept.read_bytes().startswith(b"SQLite format 3")
    with debian.small_disk("/usr/lib/whowas", kilobytes=20_000):
        refused = debian.fails("apt-get", "--assume-yes", "install", f"/root/{packages.current.name}")
        assert "No space left on device" in refused
        assert not list(debian.root.glob("usr/bin/whowas*"))
    assert kept.read_bytes().startswith(b"SQLite format 3")


def test_it_starts_and_quits_in_peace_every_time(installed: NewDebian, desk: Desk) -> None:
    directory = "/var/tmp/starts.whowas"
    make_directory(installed, directory)
    codes = []
    for _ in range(STARTS):
        app = desk.start("whowas", directory)
        assert app.table("Users").column("Name", 1) == ["Ben Ruiz"]
        app.menu_item("Quit").press()
        codes.append(app.wait_closed())
    assert codes == [0] * STARTS


def test_two_persons_on_one_machine(installed: NewDebian, desk: Desk, tmp_path: Path) -> None:
    shared = "/var/tmp/shared.whowas"
    make_directory(installed, shared)
    installed.run("chmod", "666", shared)
    for person in (PERSON, COLLEAGUE):
        installed.run("whowas", "sample", f"{HOMES[person]}/{person}s.whowas", "--people", "5", user=person)
    with desk_of(COLLEAGUE, installed, tmp_path) as other_desk:
        adas = desk.start("whowas", f"{HOME}/adas.whowas")
        bens = other_desk.start("whowas", f"{HOMES[COLLEAGUE]}/bens.whowas")
        assert (adas.title.split()[0], bens.title.split()[0]) == ("adas", "bens")
        # A second start is heard by one's own window only.
        assert desk.start("whowas", shared).wait_closed() == 0
        adas.eventually(lambda: adas.title.startswith("shared"), "her window shows the shared directory")
        assert bens.title.startswith("bens")
        assert other_desk.start("whowas", shared).wait_closed() == 0
        bens.eventually(lambda: bens.title.startswith("shared"), "so does his")

        adas.button("New user").press()
        adas.field("First name").text = "Ada"
        adas.button("Save").press()
        users = bens.table("Users")
        bens.eventually(lambda: users.column("Name") == ["Ada", "Ben Ruiz"], "he sees whom she added")
        bens.button("New user").press()
        bens.field("First name").text = "Chi"
        bens.button("Save").press()
        theirs = adas.table("Users")
        adas.eventually(lambda: theirs.column("Name") == ["Ada", "Ben Ruiz", "Chi"], "and she whom he added")
        for app in (adas, bens):
            quit_in_peace(app)
    history = installed.run("whowas", "history", shared, "--json", user=COLLEAGUE).stdout
    assert [json.loads(line)["actor"] for line in history.splitlines()] == [PERSON, PERSON, COLLEAGUE]
    installed.run("whowas", "verify", shared, user=PERSON)


def test_without_a_font_it_says_so_and_works(installed: NewDebian, desk: Desk) -> None:
    directory = "/var/tmp/boxes.whowas"
    make_directory(installed, directory)
    (installed.root / "var/tmp/fonts.conf").write_text("<fontconfig></fontconfig>")
    app = desk.start("whowas", directory, FONTCONFIG_FILE="/var/tmp/fonts.conf")
    assert app.table("Users").column("Name") == ["Ben Ruiz"]
    app.eventually(lambda: NO_FONT in app.errors(), "it says that there is no font")
    app.menu_item("Quit").press()
    assert app.wait_closed() == 0


def test_a_home_that_cannot_be_written(installed: NewDebian, desk: Desk) -> None:
    directory = "/var/tmp/elsewhere.whowas"
    make_directory(installed, directory)
    installed.run("mkdir", "/home/read-only")
    app = desk.start("whowas", directory, HOME="/home/read-only")
    app.button("New user").press()
    app.field("First name").text = "Ada"
    app.button("Save").press()
    app.eventually(lambda: app.table("Users").column("Name") == ["Ada", "Ben Ruiz"], "the edit is saved")
    app.menu_item("Quit").press()
    assert app.wait_closed() == 0
    assert "Traceback" not in app.errors()
    assert list((installed.root / "home/read-only").iterdir()) == []


def test_a_first_start_on_a_full_disk(installed: NewDebian, desk: Desk) -> None:
    with installed.small_disk("/home/full", kilobytes=64, owner=PERSON):
        app = desk.start("whowas", HOME="/home/full")
        app.button("Try a sample").press()
        said = app.label(pattern=".*(disk|space).*")
        app.eventually(said.shows, "the reason is told")
        app.menu_item("Quit").press()
        assert app.wait_closed() == 0
        assert "Traceback" not in app.errors()
        assert [file for file in (installed.root / "home/full").rglob("*.whowas*") if file.is_file()] == []


def make_directory(debian: NewDebian, path: str) -> None:
    """Let the plain person make a directory with one user."""
    debian.run("mkdir", "-p", str(Path(path).parent), user=PERSON)
    debian.run("whowas", "run", path, user=PERSON, told=json.dumps(CREATED))


def installed_version(debian: NewDebian) -> str:
    return debian.run("dpkg-query", "--show", "--showformat=${Version}", "whowas").stdout
