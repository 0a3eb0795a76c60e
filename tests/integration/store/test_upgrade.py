"""Files of an older version are taken over completely; those of a newer one are refused, or left as they are."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from tests.command_line import Answer, json_lines, whowas
from whowas import __version__
from whowas.command_bus.bus import Bus
from whowas.domain.errors import StoreError
from whowas.domain.events import DirectoryEvent
from whowas.domain.streams import DirectoryStream
from whowas.store.event_log import EventLog
from whowas.store.file.schema_check import SchemaDifference, difference
from whowas.store.migration import copy_beside, migrate

GOLDEN = Path(__file__).parents[2] / "golden"
HEAD_OF_0_2_0 = "12:1c661668ceb5f56f7f88fea6bde536aa127ffb4a65a01449cae5c74e67b38be5"
HEAD_OF_0_5_0 = "10:2f6cdc9edbb5da9180a819ccf50a8111d1e6708daa4304a08feb52293aad3865"
HEAD_OF_0_6_0 = "7:4a28d4e51c97cf8364a6f3ca3546eb4a2d138621b206e1eee29a35989da3c4e4"
HEAD_OF_0_7_0 = "8:cffcdcaa5b7a202f16fddd596807d1e8ae68f2d5a3374875ee8f635ea51794db"
HEAD_OF_0_9_0 = "20:bd9919ba6cc6f8cf176e944a9625917bd0b6d61afcc94bb02b72cf48bef0de33"
HEAD = "26:573a8acef40afa391b2941c985100c6226405cb2781580867e797c5bd59b1fba"
ADA = {
    "id": "0199a3c4-0000-7000-8000-000000000000",
    "external_id": "a1",
    "first_name": "Ada",
    "last_name": "Osei",
    "email": "ada@example.org",
    "phone": "+44 20 7946 0000",
    "title": "Archivist",
    "department": "Records",
    "notes": None,
    "status": "active",
    "groups": ["Archive"],
    "attributes": {"room": "B 12"},
    "version": 5,
}


def golden(folder: Path, version: str) -> Path:
    """The directory as that version wrote it."""
    file = folder / "old.whowas"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript((GOLDEN / f"directory-{version}.sql").read_text(encoding="utf-8"))
        connection.execute("PRAGMA journal_mode = WAL")
    return file


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The directory as version 0.1.0 wrote it."""
    return golden(tmp_path, "0.1.0")


def test_a_directory_of_0_2_0_in_which_somebody_was_erased_reads_as_it_did_then(tmp_path: Path) -> None:
    file = golden(tmp_path, "0.2.0")

    verified = whowas("verify", file, "--head", HEAD_OF_0_2_0)
    told = whowas("history", file, "a1", "--json").objects
    then = whowas("list", file, "--at", "Audit", "--json").objects
    now = whowas("list", file, "--json").objects

    assert verified.code == 0, verified
    assert schema_of(file) == 2
    assert [(entry["actor"], entry["sentence"]) for entry in told] == [
        ("ines", "Created: Ada Ito"),
        ("lee", "Title changed: empty → Clerk"),
        ("max", "Title changed: Clerk → Archivist"),
        ("ines", "Last name changed: Ito → Osei"),
    ], told
    assert [(user["last_name"], user["title"]) for user in then] == [("Ito", "Archivist")], "Ben is erased"
    assert [(user["first_name"], user["status"]) for user in now] == [("Ada", "active"), ("Chi", "suspended")]


def test_a_directory_of_0_5_0_into_which_lists_came_knows_who_was_on_them(tmp_path: Path) -> None:
    file = golden(tmp_path, "0.5.0")

    verified = whowas("verify", file, "--head", HEAD_OF_0_5_0)
    now = whowas("list", file, "--json", "--status", "any").objects
    with closing(EventLog.open(file)) as log, Bus(log, clock=lambda: 0, actor="ines").change() as change:
        members, pupils = (change.users_of_source(source) for source in ("Members", "Pupils"))

    assert verified.code == 0, verified
    assert schema_of(file) == 3
    assert [(user["first_name"], user["status"], user["title"]) for user in now] == [
        ("Ada", "active", "Archivist"),
        ("Ben", "active", None),
        ("Cy", "deleted", None),
    ]
    assert members == {user["id"] for user in now}
    assert pupils == set(), "that import was undone"


def test_a_directory_of_0_6_0_knows_for_whom_an_import_was_undone(tmp_path: Path) -> None:
    file = golden(tmp_path, "0.6.0")

    verified = whowas("verify", file, "--head", HEAD_OF_0_6_0)
    told = whowas("history", file).out.splitlines()
    now = whowas("list", file, "--json", "--status", "any").objects
    with closing(EventLog.open(file)) as log, Bus(log, clock=lambda: 0, actor="ines").change() as change:
        members = change.users_of_source("Members")

    assert verified.code == 0, verified
    assert schema_of(file) == 3
    assert [(user["first_name"], user["status"], user["title"]) for user in now] == [
        ("Ada", "active", "Clerk"),
        ("Ben", "active", None),
        ("Cy", "deleted", None),
    ]
    assert members == {user["id"] for user in now if user["first_name"] == "Ben"}
    why = "undo of “Import of members.csv” for some of its users · because: wrong rows"
    assert sorted(line.split("  ", 3)[2] for line in told if line.endswith(why)) == ["Ada Osei", "Cy"]


def test_a_readers_copy_of_a_shared_directory_of_0_7_0_reads_as_it_did_then(tmp_path: Path) -> None:
    file = golden(tmp_path, "0.7.0")

    verified = whowas("verify", file, "--head", HEAD_OF_0_7_0)
    told = whowas("history", file).out.splitlines()
    now = whowas("list", file, "--json", "--status", "any").objects
    with closing(EventLog.open(file)) as log:
        hidden, erased = log.hidden_passwords(), log.erased_users()

    assert verified.code == 0, verified
    assert schema_of(file) == 3
    assert hidden == 2, "a server gives readers no hashes of passwords"
    assert [line.split("  ", 1)[1] for line in told if "Password" in line] == [
        "max  Ada Ito  Password set",
        "ben  Ben  Password set",
    ], "who did that is who was signed in"
    assert [(user["first_name"], user["last_name"]) for user in now] == [("Ada", "Osei"), ("Ben", None), ("Zoë", None)]
    assert erased == ["0199a3c4-0000-7000-8000-000000000002"]
    assert "\n2 of the payloads are hidden" in verified.out


def test_a_directory_of_0_9_0_whose_fields_and_groups_changed_reads_as_it_did_then(tmp_path: Path) -> None:
    file = golden(tmp_path, "0.9.0")

    verified = whowas("verify", file, "--head", HEAD_OF_0_9_0)
    now = whowas("list", file, "--json").objects
    back = whowas("run", file, stdin='{"command": "RestoreField", "name": "Badge"}')
    restored = whowas("show", file, "ada@example.org", "--json").objects
    with closing(EventLog.open(file)) as log:
        directory = DirectoryStream()
        for recorded in log.stream(log.directory_id):
            if isinstance(recorded.event, DirectoryEvent):
                directory = directory.then(recorded.occurred_at, recorded.event)

    assert verified.code == 0, verified
    assert schema_of(file) == 3
    assert [(user["attributes"], user["groups"]) for user in now] == [
        ({"Desk": "B 12", "Room": "Blue room"}, ["Night shift"]),
        ({"Desk": "C 3"}, ["Night shift"]),
    ]
    assert back.code == 0, back
    assert restored[0]["attributes"] == {"Desk": "B 12", "Room": "Blue room", "Badge": "17"}
    looks, groups = directory.directory.looks, directory.directory.groups
    assert {groups[group_id]: colour for group_id, colour in looks.colours.items()} == {"Archive": "teal"}
    assert [groups[group_id] for group_id in looks.order] == ["Night shift", "Archive"]


def test_a_directory_of_the_first_version_reads_as_it_did_then(old: Path) -> None:
    verified = whowas("verify", old, "--head", HEAD)
    listed = whowas("list", old, "--status", "any", "--json")
    then = whowas("list", old, "--at", "Audit", "--json")

    assert verified.code == 0, verified
    assert listed.objects[0] == ADA
    assert [(user["first_name"], user["status"]) for user in listed.objects] == [
        ("Ada", "active"),
        ("Ben", "suspended"),
        ("Chi", "deleted"),
    ]
    assert [(user["first_name"], user["title"]) for user in then.objects] == [
        ("Ada", "Archivist"),
        ("Ben", None),
        ("Chi", None),
    ]


def test_it_goes_on_from_there(old: Path) -> None:
    answer = whowas("run", old, stdin=json_lines({"command": "UpdateUser", "id": ADA["id"], "title": "Head"}))

    assert answer.objects[0]["ok"], answer
    assert whowas("show", old, ADA["email"], "--json").objects[0]["title"] == "Head"
    assert whowas("verify", old, "--head", HEAD).code == 0


RENEWED = "A new backup was made without this user, and the older one was deleted.\n"
"""Before the file was migrated it was copied, as a backup."""


def everybody(file: Path) -> list[list[dict[str, object]]]:
    """Who was there after each position."""
    return [whowas("list", file, "--at", f"#{n}", "--status", "any", "--json").objects for n in range(27)]


def schema_of(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def test_it_stays_as_it_was_until_somebody_is_erased(old: Path) -> None:
    whowas("run", old, stdin=json_lines({"command": "UpdateUser", "id": ADA["id"], "title": "Head"}))
    assert schema_of(old) == 1
    assert not list(old.parent.glob("*migration*"))


def test_it_is_migrated_after_a_copy_and_is_the_same_at_all_moments(old: Path) -> None:
    before = everybody(old)
    taken = old.with_name("old before migration.whowas")
    taken.write_text("as it was", encoding="utf-8")

    log = EventLog.open(old)
    copy = migrate(log, copy_beside)
    assert migrate(log, copy_beside) is None
    log.close()

    assert copy == old.with_name("old before migration 2.whowas")
    assert taken.read_text(encoding="utf-8") == "as it was"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert (schema_of(old), schema_of(copy)) == (2, 1)
    assert everybody(old) == everybody(copy) == before
    assert all(whowas("verify", file, "--head", HEAD).code == 0 for file in (old, copy))
    assert whowas("run", old, stdin=json_lines({"command": "DeleteUser", "id": ADA["id"]})).code == 0


def test_where_it_cannot_be_copied_it_is_not_migrated(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise StoreError("The disk is full; nothing was saved.")

    monkeypatch.setattr("whowas.store.backup.copy_file", fails)
    answer = whowas("erase", old, ADA["email"], "--yes")
    assert answer == Answer(2, "", "The disk is full; nothing was saved.\n")
    assert (schema_of(old), whowas("show", old, ADA["email"]).code) == (1, 0)


@pytest.mark.parametrize("code", [sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_IOERR])
def test_an_erasure_takes_a_copy_away_that_the_disk_could_not_read_once(
    old: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    left, failures = difference, [code]
    shutil.copy(old, old.with_name("old before migration.whowas"))

    def fails_once(path: Path) -> SchemaDifference | None:
        if failures and path.parent == old.parent:
            error = sqlite3.DatabaseError("the disk cannot read")
            error.sqlite_errorcode = failures.pop()
            raise error
        return left(path)

    monkeypatch.setattr("whowas.store.file.copies.difference", fails_once)
    answer = whowas("erase", old, ADA["email"], "--yes")
    assert (answer.code, answer.err, failures) == (0, RENEWED, [])
    assert not list(old.parent.glob("*migration*"))


def test_an_erasure_does_not_end_where_the_disk_cannot_read_a_copy(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(path: Path) -> None:
        error = sqlite3.DatabaseError("the disk cannot read")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR
        raise error

    shutil.copy(old, old.with_name("old before migration.whowas"))
    with monkeypatch.context() as disk:
        disk.setattr("whowas.store.file.copies.difference", fails)
        assert "Traces may be left" in whowas("erase", old, ADA["email"], "--yes").err
    assert list(old.parent.glob("*migration*"))
    assert whowas("list", old).code == 0
    assert not list(old.parent.glob("*migration*"))


def test_an_erasure_migrates_it_and_takes_the_copies_away(old: Path) -> None:
    before = everybody(old)
    others, earlier = old.with_name("old before migration.whowas"), old.with_name("old before migration 7.whowas")
    others.write_bytes(b"somebody's own file")
    named, worked_in = (
        old.with_name("old before migration to HR.whowas"),
        old.with_name("old before migration 8.whowas"),
    )
    for copy in (earlier, named, worked_in):
        shutil.copy(old, copy)
    assert whowas("run", worked_in, stdin='{"command": "CreateUser", "first_name": "Kim"}').code == 0
    assert ADA["email"].encode() in earlier.read_bytes()

    answer = whowas("erase", old, ADA["email"], "--yes")

    # The other one was made of the copy when somebody went on working in that.
    renewed = "A new backup was made without this user, and the 2 older ones were deleted.\n"
    assert (answer.code, answer.err) == (0, renewed)
    assert schema_of(old) == 2
    assert {path.name for path in old.parent.glob("*.whowas")} == {
        *("old.whowas", others.name),
        *(named.name, worked_in.name),
    }
    assert ADA["email"].encode() not in old.read_bytes()
    assert everybody(old) == [[user for user in users if user["id"] != ADA["id"]] for users in before]
    assert whowas("verify", old, "--head", HEAD).code == 0


@pytest.mark.parametrize(
    "newer",
    [
        "PRAGMA user_version = 4",
        "INSERT INTO event_type VALUES ('UserTeleported', 1)",
        "INSERT INTO event_type VALUES ('UserCreated', 99)",
    ],
)
@pytest.mark.parametrize("command", ["list", "run", "verify", "head"])
def test_a_directory_of_a_newer_version_is_refused_and_left_alone(old: Path, newer: str, command: str) -> None:
    with closing(sqlite3.connect(old, isolation_level=None)) as connection:
        connection.execute(newer)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = old.read_bytes()

    answer = whowas(command, old)

    assert answer.code == 2
    assert answer.out == ""
    assert "newer version" in answer.err
    assert __version__ in answer.err
    assert old.read_bytes() == before
