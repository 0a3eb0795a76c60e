"""A small directory that is shared on a server of the tests' own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.command_line import Answer, json_lines, whowas
from tests.postgres import SUPERUSER, Cluster

PEOPLE = (
    {"command": "CreateGroup", "group": "Records"},
    {
        "command": "CreateUser",
        "first_name": "Ada",
        "email": "ada@example.org",
        "external_id": "1",
        "groups": ["Records"],
    },
    {"command": "CreateUser", "first_name": "Ben", "email": "ben@example.org", "external_id": "2"},
    {"command": "UpdateUser", "id": "1", "title": "Clerk"},
    {"command": "SetPassword", "id": "1", "password": "geheim"},
)


@dataclass(frozen=True)
class SharedStaff:
    """The directory: its team file, the file it was before, and where the server has it."""

    team_file: Path
    file: Path
    url: str


def made_staff(folder: Path) -> Path:
    """Make a directory file of two people."""
    file = folder / "staff.whowas"
    assert whowas("run", file, stdin=json_lines(*PEOPLE)).code == 0
    return file


def share(file: Path, cluster: Cluster, database: str) -> SharedStaff:
    """Share a directory file from the command line, as the server's superuser."""
    team_file, url = file.with_suffix(".whowas-team"), cluster.url(database)
    created = whowas("team", "create", team_file, "--from", file, "--server", url)
    assert created.code == 0, created.err
    return SharedStaff(team_file, file, url)


class People:
    """Who asks: each is an account of the server, and has a home of their own, as on another computer."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self._monkeypatch = monkeypatch
        self._folder = folder

    def ask(self, account: str, *arguments: object, stdin: str = "") -> Answer:
        """Run a command as somebody."""
        with self._monkeypatch.context() as patched:
            patched.setenv("PGUSER", account)
            if account != SUPERUSER:
                for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
                    patched.setenv(name, str(self._folder / account / name))
            return whowas(*arguments, stdin=stdin)
