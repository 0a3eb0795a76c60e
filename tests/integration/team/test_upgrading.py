"""Directories that Whowas 0.8.0 made on a server: what this version saves there, before an upgrade and after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from psycopg import sql

from tests.command_line import whowas
from tests.integration.team.places import Place, directory, user
from tests.postgres import SUPERUSER
from whowas.command_bus.bus import Bus
from whowas.domain.commands import ColourGroup, Command, CreateGroup, DefineField, DescribeField, UpdateUser
from whowas.domain.errors import RefusedError
from whowas.store.follower.shared_directory import SharedDirectory
from whowas.store.recorded_event import to_blob
from whowas.store.server.administering.alterations import alterations
from whowas.store.server.administering.membership import set_rights
from whowas.store.server.making import installing
from whowas.store.server.making.upgrading import needs_upgrade, upgrade
from whowas.store.server.roles import DirectoryRoles
from whowas.store.server.server_log import ServerLog
from whowas.store.server.version import SERVER_VERSION
from whowas.store.server.waking import channel_of
from whowas.team.checking import check
from whowas.team.creating import create

GROUP = "0199a3c4-0000-7000-8000-0000000000aa"
OLD = Path(__file__).parents[2] / "golden" / "server-0.8.0.sql"
"""What 0.8.0 made, word for word, with the places of names."""

NEW: tuple[Command, ...] = (
    ColourGroup(GROUP, "red"),
    DefineField("Badge", "f1"),
    DescribeField("f1", type="number", help="On the card"),
)
"""What 0.8.0 did not know."""


def scripts_of_0_8(schema: str, roles: DirectoryRoles, directory_id: str) -> Iterator[sql.Composed]:
    names = dict(zip(("owner", "reader", "editor", "admin"), roles.names(), strict=True))
    filled: dict[str, sql.Composable] = {
        "schema": sql.Identifier(schema),
        "channel_name": sql.Literal(channel_of(directory_id)),
        "directory_stream": sql.Literal(to_blob(directory_id)),
        "text_limit": sql.Literal(100_000),
    }
    filled |= {key: sql.Identifier(name) for key, name in names.items()}
    filled |= {f"{key}_name": sql.Literal(name) for key, name in names.items()}
    yield sql.SQL(OLD.read_text(encoding="utf-8")).format(**filled)


@pytest.fixture
def old(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A place with a directory as 0.8.0 made it, with a group."""
    with monkeypatch.context() as then:
        then.setattr(installing, "scripts", scripts_of_0_8)
        then.setattr(installing, "enter_forms", lambda *_: None)
        then.setattr(installing, "SERVER_VERSION", 1)
        then.setattr(installing, "OLDEST_VERSION", 1)
        create(directory(tmp_path / "staff.whowas"), place.address, tmp_path / "staff.whowas-team")
    saved(place, CreateGroup(GROUP, "Choir"))
    return place


def saved(place: Place, *commands: Command, account: str | None = None) -> None:
    with closing(SharedDirectory.open(place.of(account or place.maker))) as window:
        bus = Bus(window.writes, clock=window.clock, actor=window.account)
        for command in commands:
            bus.dispatch(command)


def rows_on(server: ServerLog) -> list[object]:
    return [row for page in server.pages(0) for row in page]


def forms_on(server: ServerLog) -> set[tuple[object, ...]]:
    return {tuple(map(str, row)) for row in server.ask("SELECT f.* FROM {schema}.form AS f")}


def test_an_older_server_refuses_what_is_new_and_says_who_can_upgrade_it(old: Place) -> None:
    for command in (NEW[0], DefineField("Badge", "f1")):
        with pytest.raises(RefusedError, match=r"earlier version of Whowas.*Ask an admin to run “whowas team upgrade”"):
            saved(old, command)
    saved(old, UpdateUser(user(0), {"title": "Head"}))
    with old.log() as server:
        assert needs_upgrade(server)
        told = [one.sentence for one in check(server) if "whowas team upgrade" in one.sentence]
        assert len(told) == 1


def test_after_the_upgrade_old_rows_are_the_same_and_new_events_are_taken(old: Place) -> None:
    with old.log() as server:
        before, head = rows_on(server), server.head()
        upgrade(server)
        assert (rows_on(server), server.head()) == (before, head)
        assert not needs_upgrade(server)
    saved(old, *NEW)
    with closing(SharedDirectory.open(old.address)) as window, old.log() as server:
        assert window.log.verify() is None
        assert server.version == SERVER_VERSION
        assert server.head().position == head.position + len(NEW)
        assert alterations(server) == [], "nobody became the owner for longer than that"
        assert next(one for one in check(server, window.log) if "Tables" in one.sentence).state == "fine"
        upgrade(server)  # once more does nothing
        assert server.head().position == head.position + len(NEW)


def test_an_upgraded_directory_takes_what_a_new_one_takes(old: Place, place_made: object, tmp_path: Path) -> None:
    with old.log() as server:
        upgrade(server)
        upgraded = forms_on(server), dict(server.ask("SELECT d.key, d.value FROM {schema}.directory AS d"))
    assert callable(place_made)
    new: Place = place_made()
    create(directory(tmp_path / "new.whowas"), new.address, tmp_path / "new.whowas-team")
    with new.log() as server:
        made = forms_on(server), dict(server.ask("SELECT d.key, d.value FROM {schema}.directory AS d"))
    assert upgraded[0] == made[0]
    assert {key: upgraded[1][key] for key in ("version", "oldest", "needs")} == {
        key: made[1][key] for key in ("version", "oldest", "needs")
    }


def test_windows_that_are_open_go_on_over_the_upgrade(old: Place) -> None:
    with closing(SharedDirectory.open(old.address)) as window, old.log() as server:
        bus = Bus(window.writes, clock=window.clock, actor=window.account)
        upgrade(server)
        bus.dispatch(NEW[0])
        bus.dispatch(UpdateUser(user(0), {"title": "Head"}))
        assert window.log.verify() is None


@pytest.mark.parametrize("rights", ["editor", "reader", "admin"])
def test_who_is_no_admin_or_no_owner_upgrades_nothing(old: Place, rights: str) -> None:
    account = old.cluster.account("nora")
    with old.log() as server:
        set_rights(server, account, rights)  # type: ignore[arg-type]
        before = forms_on(server)
    with old.log(account) as server, pytest.raises(RefusedError, match=r"admin|account that shared"):
        upgrade(server)
    with old.log() as server:
        assert needs_upgrade(server)
        assert forms_on(server) == before


def test_an_upgrade_that_fails_leaves_everything_as_it_was(old: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with old.log() as server:
        before = forms_on(server)
        with monkeypatch.context() as then:
            then.setattr("whowas.store.server.making.upgrading.enter_forms", _fails)
            with pytest.raises(RuntimeError, match="power cut"):
                upgrade(server)
        assert forms_on(server) == before
        assert needs_upgrade(server)
        assert alterations(server) == []
    with old.log() as server:
        assert needs_upgrade(server)


def _fails(*_: object) -> None:
    raise RuntimeError("power cut")


def test_the_command_makes_a_verified_backup_first(old: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = old.cluster.url(old.database, old.maker)
    upgraded = whowas("team", "upgrade", url)
    assert (upgraded.code, upgraded.out) == (
        0,
        "The directory on the server takes all that this version of Whowas saves now.\n",
    )
    copy = Path(upgraded.err.partition("“")[2].partition("”")[0])
    assert whowas("head", copy).out == whowas("head", url).out
    again = whowas("team", "upgrade", url)
    assert (again.code, again.err) == (0, "")
    assert "already" in again.out
    assert whowas("team", "upgrade", old.cluster.url(old.database, SUPERUSER)).code == 0
