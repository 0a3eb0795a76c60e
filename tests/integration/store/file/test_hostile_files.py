"""Files made or altered by hand: each command answers with a sentence, and runs nothing of the file's schema."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.altered_files import alter, loosely, unguarded
from tests.command_line import Answer, contents, json_lines, whowas

GOLDEN = Path(__file__).parents[3] / "golden"
ADA = "0199a3c4-0000-7000-8000-000000000000"
BEN = "0199a3c4-0000-7000-8000-000000000001"
CHI = "0199a3c4-0000-7000-8000-000000000002"
LOG_ID = "x'01A209BC06DF75EF96A7A5A3EEB48957'"
ADA_STREAM = "x'0199A3C4000070008000000000000000'"
LAST = "(SELECT max(position) FROM event)"
FOREVER = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with events of every type, written by the first version, used since, and migrated."""
    file = tmp_path_factory.mktemp("whole") / "staff.whowas"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript((GOLDEN / "directory-0.1.0.sql").read_text(encoding="utf-8"))
        connection.execute("PRAGMA journal_mode = WAL")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"):
            patch.setenv(name, str(file.parent / name))
        table = file.with_name("more.csv")
        table.write_text("external_id,first_name,room\na9,Dee,B 9\na8,Eve,\n", encoding="utf-8")
        assert whowas("import", file, table).code == 0
        assert whowas("erase", file, CHI, "--yes").code == 0
        assert whowas("verify", file).code == 0
    for path in file.parent.glob("* before migration.whowas"):
        path.unlink()
    return file


@pytest.fixture
def staff(whole: Path, tmp_path: Path) -> Path:
    file = tmp_path / "files" / "staff.whowas"
    file.parent.mkdir()
    shutil.copyfile(whole, file)
    return file


def answers(file: Path) -> Iterator[tuple[tuple[object, ...], Answer]]:
    """Run every command on a file: some with its cache, then all without, the writing ones last."""
    update = json_lines({"command": "UpdateUser", "id": ADA, "title": "Head"}, {"command": "DefineField", "name": "q"})
    create = json_lines({"command": "CreateUser", "first_name": "Zoe", "email": "zoe@example.org"})
    log = json_lines({"at": "2020-03-03T14:05:00Z", "op": "create", "id": "zz", "fields": {"first_name": "Grace"}})
    history = file.parent.with_name("history.jsonl")
    history.write_text(log, encoding="utf-8")
    commands: list[tuple[tuple[object, ...], str]] = [
        (("verify", file), ""),
        (("head", file), ""),
        (("list", file, "--at", "Audit", "--known", "#20"), ""),
        (("history", file, ADA, "--field", "title"), ""),
        (("export", file, "-", "--format", "log"), ""),
        (("rebuild", file), ""),
        (("list", file, "--json", "--status", "any", "--at", "2020-03-20", "--search", "a"), ""),
        (("show", file, "ben@example.org"), ""),
        (("show", file, CHI), ""),
        (("history", file), ""),
        (("diff", file, "#3", "now"), ""),
        (("export", file, "-", "--format", "csv"), ""),
        (("backup", file, file.with_name("copy.whowas")), ""),
        (("run", file), update),
        (("run", file), create),
        (("import", file, history), ""),
        (("erase", file, ADA, "--yes"), ""),
        (("list", file, "--json"), ""),
    ]
    for command, given in commands:
        yield command, whowas(*command, stdin=given)


def is_an_answer(answer: Answer) -> bool:
    told = answer.err.splitlines()
    return (
        answer.code in (0, 1, 2)
        and "Something went wrong" not in answer.err
        and "Traceback" not in answer.err
        and (answer.code == 0 or bool(told) or '"ok": false' in answer.out)
        and all(line.isprintable() for line in told)
    )


VIEW = (
    f"CREATE VIEW event AS {FOREVER} SELECT i AS position, x'00' AS event_id, x'00' AS stream, i AS version, "
    "'' AS type, 1 AS schema, i AS recorded_at, i AS occurred_at, 'a' AS actor, x'00' AS change_id, "
    "NULL AS command_id, NULL AS causation, x'00' AS digest, x'00' AS chain FROM n"
)
TABLES = (
    f"INSERT INTO sqlite_master {FOREVER} "
    "SELECT 'table', 't' || i, 't' || i, 2, 'CREATE TABLE t' || i || ' (x)' FROM n LIMIT 50000"
)
SCHEMAS = {
    "an endless view": ("ALTER TABLE event RENAME TO elsewhere", VIEW),
    "endless kinds of events": (
        "DROP TABLE event_type",
        f"CREATE VIEW event_type AS {FOREVER} SELECT 'UserCreated' AS type, 1 AS schema FROM n",
    ),
    "an endless id": (
        "DROP TABLE directory",
        f"CREATE VIEW directory AS {FOREVER} SELECT 'x' AS key, i AS value FROM n",
    ),
    "one more view": ("CREATE VIEW v AS SELECT 1",),
    "one more table": ("CREATE TABLE t (x)",),
    "one more index": ("CREATE INDEX i ON event (actor)",),
    "a counting table": ("CREATE TABLE t (x INTEGER PRIMARY KEY AUTOINCREMENT)",),
    "a virtual table": ("CREATE VIRTUAL TABLE t USING fts5 (x)",),
    "a trigger on saving": (
        "CREATE TRIGGER t AFTER INSERT ON event BEGIN DELETE FROM email_owner; END",
    ),
    "an endless trigger": (
        f"CREATE TRIGGER t AFTER INSERT ON event BEGIN INSERT INTO directory {FOREVER} SELECT i, i FROM n; END",
    ),
    "another trigger of a known name": (
        "DROP TRIGGER event_is_gapless",
        "CREATE TRIGGER event_is_gapless BEFORE INSERT ON event BEGIN DELETE FROM email_owner; END",
    ),
    "a trigger on sweeping": (
        "INSERT INTO directory VALUES ('unswept', '')",
        "CREATE TRIGGER t AFTER DELETE ON directory BEGIN DELETE FROM email_owner; END",
    ),
    "no trigger": ("DROP TRIGGER payload_is_never_updated",),
    "no index": ("DROP INDEX user_is_erased_once",),
    "another index of a known name": (
        "DROP INDEX user_is_erased_once",
        "CREATE INDEX user_is_erased_once ON event (stream) WHERE type = 'UserErased'",
    ),
    "a view that says it is a trigger": (
        "DROP TABLE event_type",
        f"CREATE VIEW event_type AS {FOREVER} SELECT 'UserCreated' AS type, 1 AS schema FROM n",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET type = 'trigger' WHERE type = 'view'",
    ),
    "one more column": ("ALTER TABLE event ADD COLUMN x TEXT",),
    "a computed column": ("ALTER TABLE email_owner ADD COLUMN x TEXT AS (hex(user_id))",),
    "another column's name": ("ALTER TABLE event RENAME COLUMN actor TO doer",),
    "no events": ("DROP TABLE event",),
    "no payloads": ("DROP TABLE payload",),
    "no kinds": ("DROP TABLE event_type",),
    "no id's table": ("DROP TABLE directory",),
    "no emails": ("DROP TABLE email_owner",),
    "an older version's number": ("PRAGMA user_version = 1",),
    "no version's number": ("PRAGMA user_version = 0",),
    "a number below all": ("PRAGMA user_version = -7",),
    "a table that is none": (
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = 'CREATE TABLE event nonsense' WHERE name = 'event'",
    ),
    "a table told twice": (
        "PRAGMA writable_schema = ON",
        "INSERT INTO sqlite_master SELECT * FROM sqlite_master WHERE name = 'directory'",
    ),
    "a table in a place that is none": (
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET rootpage = 100000 WHERE name = 'event'",
    ),
    "a name that is no text": (
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET name = x'ff00' WHERE name = 'email_owner'",
    ),
    "a very long statement": (
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = sql || '/*' || hex(zeroblob(1000000)) || '*/' WHERE name = 'event'",
    ),
    "a schema without end": ("PRAGMA writable_schema = ON", TABLES),
    "a control character in a name": ('CREATE VIEW "v\x1b[2J" AS SELECT 1',),
}  # fmt: skip


READABLE = {
    "one more index": "index “i”",
    "another index of a known name": "index “user_is_erased_once”",
    "a trigger on saving": "trigger “t”",
    "a trigger on sweeping": "trigger “t”",
    "an endless trigger": "trigger “t”",
    "another trigger of a known name": "trigger “event_is_gapless”",
    "no index": "index “user_is_erased_once”",
    "no trigger": "trigger “payload_is_never_updated”",
    "an older version's number": "index “user_is_erased_once”",
}
"""The schemas with which a file can still be read, and what is named."""


@pytest.mark.parametrize("altered", [altered for altered in SCHEMAS if altered not in READABLE])
def test_another_schema_is_told_and_nothing_of_it_runs(altered: str, staff: Path) -> None:
    with_schema(staff, altered)
    before = contents(staff.parent)
    for command, answer in answers(staff):
        assert is_an_answer(answer), (command, answer)
        assert answer.code == (1 if command[0] == "verify" else 2), (command, answer)
        assert "damaged" in answer.err, (command, answer)
        assert answer.out == ""
        assert contents(staff.parent) == before, command


@pytest.mark.parametrize("altered", READABLE)
def test_a_file_with_other_triggers_or_indexes_is_read_and_nothing_is_written_to_it(altered: str, staff: Path) -> None:
    untouched = staff.with_name("untouched.whowas")
    shutil.copyfile(staff, untouched)
    said = [answer.out for _, answer in answers(untouched)]
    for left in (untouched, untouched.with_name("copy.whowas")):
        left.unlink()
    with_schema(staff, altered)
    before = contents(staff.parent)
    wrote = False
    for (command, answer), untouched_said in zip(answers(staff), said, strict=True):
        assert is_an_answer(answer), (command, answer)
        assert answer.err.count(READABLE[altered]) == 1 + (command[0] == "backup"), (command, answer)
        if command[0] in ("verify", "backup"):
            assert answer.code == 1, (command, answer)
        elif command[0] in ("run", "import", "erase"):
            assert (answer.code, answer.out) == (2, ""), (command, answer)
            wrote = True
        else:
            assert answer.code == 0 or (command[0], answer.code) == ("show", 1), (command, answer)
            assert wrote or answer.out == untouched_said, command
        assert contents(staff.parent) == before, command


def with_schema(file: Path, altered: str) -> None:
    """Alter the schema of a file, leaving nothing in its write-ahead log."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for statement in SCHEMAS[altered]:
            connection.execute(statement)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def test_the_sentence_says_what_is_wrong(staff: Path) -> None:
    with closing(sqlite3.connect(staff)) as connection:
        connection.execute("DROP TRIGGER payload_is_never_updated")
    assert whowas("list", staff).err == (
        "“staff.whowas” is damaged, or was altered by another program: "
        "its trigger “payload_is_never_updated” is missing. It can be read, but nothing is written to it.\n"
    )
    assert whowas("verify", staff).err == (
        "The history is as it was written, but the file is damaged: "
        "its trigger “payload_is_never_updated” is missing.\n"
    )
    with unguarded(staff) as connection:
        connection.execute("UPDATE event SET actor = 'somebody else' WHERE position = 3")
    assert whowas("verify", staff).err.startswith("Damaged at position 3: ")


def test_a_file_made_by_hand_beside_a_directory_is_not_taken_for_a_copy_of_it(staff: Path) -> None:
    made = staff.with_name("staff before migration.whowas")
    shutil.copyfile(staff, made)
    with closing(sqlite3.connect(made, isolation_level=None)) as connection:
        for statement in SCHEMAS["an endless view"]:
            connection.execute(statement)
    assert whowas("erase", staff, ADA, "--yes").code == 0
    assert made.exists()


def test_a_newer_number_is_a_newer_version(staff: Path) -> None:
    alter(staff, "PRAGMA user_version = 4")
    assert {answer.code for _, answer in answers(staff)} == {2}
    assert "newer version" in whowas("list", staff).err


@pytest.mark.parametrize("how", ["ANALYZE", "VACUUM", "REINDEX", "PRAGMA journal_mode = DELETE"])
def test_what_others_may_do_to_a_file_is_no_damage(how: str, staff: Path) -> None:
    with closing(sqlite3.connect(staff, isolation_level=None)) as connection:
        connection.execute(how)
    for command, answer in answers(staff):
        assert answer.code == 0 or (command[0], answer.code) == ("show", 1), (command, answer)


def payload(text: str, position: int) -> str:
    """Return the statement that gives an event other content."""
    return f"UPDATE payload SET body = x'{text.encode().hex()}' WHERE position = {position}"


EVENTS = {
    "no id": "DELETE FROM directory",
    "an id that is none": "UPDATE directory SET value = '../../../x'",
    "an empty id": "UPDATE directory SET value = ''",
    "another id": f"UPDATE directory SET value = '{ADA}'",
    "an erasure that never ended": "INSERT INTO directory VALUES ('unswept', 'x')",
    "a moment before all": "UPDATE event SET occurred_at = -(1 << 62) WHERE position = 6",
    "a moment after all": "UPDATE event SET occurred_at = 1 << 62 WHERE position = 6",
    "the least number": "UPDATE event SET occurred_at = -9223372036854775808 WHERE position = 6",
    "the greatest number": "UPDATE event SET occurred_at = 9223372036854775807, recorded_at = 9223372036854775807",
    "recorded after all": f"UPDATE event SET recorded_at = 1 << 62 WHERE position = {LAST}",
    "recorded before all": "UPDATE event SET recorded_at = -(1 << 62) WHERE position = 6",
    "the last second of all": f"UPDATE event SET occurred_at = 253402300799999999 WHERE position = {LAST}",
    "the first second of all": "UPDATE event SET occurred_at = -62135596800000000 WHERE position = 3",
    "somebody never created": "UPDATE event SET stream = randomblob(16) WHERE position = 6",
    "created at the end": "UPDATE event SET version = version + 50 WHERE position = 3",
    "versions the other way round": f"UPDATE event SET version = 20 - version WHERE stream = {ADA_STREAM}",
    "a version left out": "UPDATE event SET version = 77 WHERE position = 8",
    "versions below all": "UPDATE event SET version = -version",
    "creation after a change": "UPDATE event SET occurred_at = 1600000000000000 WHERE position = 3",
    "created twice": "UPDATE event SET type = 'UserCreated' WHERE position = 6",
    "an erasure of somebody who is there": "UPDATE event SET type = 'UserErased' WHERE position = 9",
    "an erasure of the directory": "UPDATE event SET type = 'UserErased' WHERE position = 11",
    "an erasure that is none": "UPDATE event SET type = 'UserDeleted' WHERE type = 'UserErased'",
    "another type": "UPDATE event SET type = 'GroupJoined' WHERE position = 6",
    "a type that nobody knows": "UPDATE event SET type = 'UserTeleported' WHERE position = 6",
    "a schema that nobody knows": "UPDATE event SET schema = 1 << 40 WHERE position = 6",
    "a kind that nobody knows": "INSERT INTO event_type VALUES ('\x1b[2J' || hex(zeroblob(1000)), -1)",
    "no kinds": "DELETE FROM event_type",
    "a directory's event of a user": "UPDATE event SET type = 'FieldDefined' WHERE position = 6",
    "a user's event of the directory": "UPDATE event SET type = 'UserDeleted' WHERE position = 2",
    "a user's event in the directory's life": f"UPDATE event SET stream = {LOG_ID}, version = 90 WHERE position = 16",
    "no event in the middle": "DELETE FROM event WHERE position = 6",
    "no events": "DELETE FROM event",
    "no first event": "DELETE FROM event WHERE position = 1",
    "no event of creation": "DELETE FROM event WHERE position = 3",
    "no last event": f"DELETE FROM event WHERE position = {LAST}",
    "positions from far away": "UPDATE event SET position = position + 9000000000000000000",
    "positions below all": "UPDATE event SET position = position - 1000",
    "no payload": "DELETE FROM payload WHERE position = 6",
    "no payloads": "DELETE FROM payload",
    "payloads to come": f"INSERT INTO payload VALUES ({LAST} + 1, x'00', x'7b7d'), ({LAST} + 2, x'00', x'7b7d')",
    "nothing in a payload": "UPDATE payload SET body = x''",
    "a payload that is no JSON": "UPDATE payload SET body = x'ff' WHERE position = 6",
    "a payload of another kind": payload("[]", 6),
    "a change of what is no field": payload('{"changes":{"version":"7"},"attributes":{}}', 6),
    "a change of the groups": payload('{"changes":{"groups":"abc"},"attributes":{}}', 6),
    "a change of the status": payload('{"changes":{"status":"god"},"attributes":{}}', 6),
    "a change of an id": payload('{"changes":{"id":"x"},"attributes":{}}', 6),
    "creation of somebody else": payload(f'{{"user_id":"{BEN}","fields":{{}},"attributes":{{}}}}', 3),
    "creation of nobody": payload('{"user_id":"","fields":{},"attributes":{}}', 3),
    "creation with a status": payload(f'{{"user_id":"{ADA}","fields":{{"status":"x"}},"attributes":{{}}}}', 3),
    "creation with a version": payload(f'{{"user_id":"{ADA}","fields":{{"version":"x"}},"attributes":{{}}}}', 3),
    "lists in lists": payload('{"changes":{},"attributes":{},"x":' + "[" * 9_000 + "]" * 9_000 + "}", 6),
    "objects in objects": payload('{"changes":' + '{"a":' * 9_000 + "1" + "}" * 9_001, 6),
    "a number where text was": payload('{"changes":{"title":7},"attributes":{}}', 6),
    "half a character": payload('{"changes":{"title":"\\ud800"},"attributes":{}}', 6),
    "control characters": payload('{"changes":{"title":"\\u001b[2J\\u0000\\n"},"attributes":{"\\u001b":"x"}}', 6),
    "a moment named outside the calendar": (
        payload(f'{{"moment_id":"{ADA}","name":"Audit","note":null,"occurred_at":{1 << 62},"position":3}}', 22)
    ),
    "a moment named beyond all numbers": (
        payload(f'{{"moment_id":"{ADA}","name":"Audit","note":null,"occurred_at":1,"position":{1 << 70}}}', 22)
    ),
    "a group without an id": payload('{"group_id":"","name":""}', 1),
    "a group of many names": payload('{"group_id":"' + ADA + '","name":"' + "x" * 100_000 + '"}', 1),
    "a change told in two parts": f"UPDATE event SET change_id = (SELECT change_id FROM event WHERE position = {LAST}) "
    "WHERE position IN (4, 8)",
    "all of it one change": "UPDATE event SET change_id = zeroblob(16)",
    "a change id that is none": "UPDATE event SET change_id = x'00' WHERE position = 6",
    "an event's id that is none": "UPDATE event SET event_id = x'' WHERE position = 6",
    "a stream that is none": "UPDATE event SET stream = x'0102' WHERE position = 6",
    "a command id that is none": "UPDATE event SET command_id = x'01' WHERE position = 6",
    "a chain that is none": f"UPDATE event SET chain = x'01' WHERE position = {LAST}",
    "a digest that is none": "UPDATE event SET digest = x'' WHERE position = 6",
    "an actor who is no text": "UPDATE event SET actor = CAST(x'ff' AS TEXT) WHERE position = 6",
    "an actor of control characters": "UPDATE event SET actor = char(27) || '[2J' || char(0) || char(10)",
    "an owner who is nobody": "UPDATE email_owner SET user_id = x'01'",
    "an owner who was never there": "UPDATE email_owner SET user_id = zeroblob(16)",
    "no owners": "DELETE FROM email_owner",
    "an external id of nobody": "UPDATE external_id_owner SET user_id = x''",
}
for _number, _text in enumerate(
    (
        *("", "x", "[]", "{}", "7", '{"import": 7}', '{"import": {}}', '{"import": {"source": 7}}', '{"undo": {}}'),
        *('{"undo": {"change_id": 7}}', '{"undo": {"change_id": "x"}}', '{"what_if": {"change_ids": 7}}'),
        *('{"what_if": {"change_ids": [7]}}', '{"restore": {"occurred_at": 4611686018427387904, "position": 1}}'),
        *('{"restore": {"occurred_at": "x", "position": null}}', '{"import": {"source": "x", "y": 1}}', '{"a": 1}'),
        *('{"import": {"source": "x"}, "undo": {}}', "[" * 9_000 + "]" * 9_000, '{"import": {"source": "\\ud800"}}'),
    )
):
    EVENTS[f"cause {_number}"] = f"UPDATE event SET causation = '{_text}' WHERE position = 6"


@pytest.mark.parametrize("altered", EVENTS)
def test_events_that_cannot_be_are_told(altered: str, staff: Path) -> None:
    assert whowas("list", staff).code == 0
    alter(staff, EVENTS[altered])
    for command, answer in answers(staff):
        assert is_an_answer(answer), (command, answer)


LOOSE = {
    **{
        f"{value} as {column}": f"UPDATE event SET {column} = {value} WHERE position = 6"
        for column, values in {
            "stream": ("NULL", "'text'"),
            "version": ("NULL", "1.5"),
            "type": ("NULL", "x'00ff'"),
            "schema": ("'text'", "x'00ff'"),
            "recorded_at": ("NULL", "1e300"),
            "occurred_at": ("NULL", "'text'", "x'00ff'", "1.5"),
            "actor": ("NULL", "x'00ff'"),
            "change_id": ("NULL", "'text'"),
            "command_id": ("'text'", "7"),
            "causation": ("x'00ff'",),
        }.items()
        for value in values
    },
    **{
        f"{value} in all of {table}.{column}": f"UPDATE OR REPLACE {table} SET {column} = {value}"
        for table, column, values in (
            ("event", "chain", ("NULL", "'text'")),
            ("event", "digest", ("NULL", "'text'")),
            ("payload", "body", ("'text'", "7", "'{}'")),
            ("payload", "salt", ("NULL", "'text'")),
            ("directory", "value", ("NULL", "7", "x'00'")),
            ("email_owner", "user_id", ("NULL", "'text'")),
            ("external_id_owner", "user_id", ("7",)),
            ("event_type", "schema", ("'text'", "1.5")),
        )
        for value in values
    },
}


@pytest.mark.parametrize("altered", LOOSE)
def test_values_of_other_types_are_told(altered: str, staff: Path) -> None:
    loosely(staff, LOOSE[altered])
    for command, answer in answers(staff):
        assert is_an_answer(answer), (command, answer)


@pytest.mark.parametrize("seed", range(8))
def test_payloads_with_any_bytes_altered_are_told(seed: int, staff: Path) -> None:
    chance = random.Random(seed)
    with unguarded(staff) as connection:
        for position, body in connection.execute("SELECT position, body FROM payload").fetchall():
            altered = bytearray(body)
            for _ in range(chance.choice((0, 0, 0, 1, 3))):
                if altered:
                    altered[chance.randrange(len(altered))] = chance.choice((*b'{}[]":,\\u0n', chance.randrange(256)))
            connection.execute("UPDATE payload SET body = ? WHERE position = ?", (bytes(altered), position))
    for command, answer in answers(staff):
        assert is_an_answer(answer), (command, answer)


@pytest.mark.parametrize("seed", range(8))
def test_files_with_any_bytes_altered_are_told(seed: int, staff: Path) -> None:
    chance = random.Random(seed)
    content = bytearray(staff.read_bytes())
    for _ in range(chance.choice((1, 10, 100))):
        content[chance.randrange(100, len(content))] = chance.randrange(256)
    staff.write_bytes(content)
    for command, answer in answers(staff):
        assert is_an_answer(answer), (command, answer)
