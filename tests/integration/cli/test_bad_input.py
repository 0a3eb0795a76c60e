"""Whatever is wrong with a directory or a command: one clear sentence, exit code 2, and nothing is written."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from tests import altered_files
from tests.command_line import PROGRAM, Answer, as_person, contents, json_lines, on_small_disk, process, whowas
from whowas.cli import main as commands

ADA = {"command": "CreateUser", "first_name": "Ada", "email": "ada@example.org"}
ASKING = (
    ("list",),
    ("show", "ada@example.org"),
    ("history",),
    ("diff", "now", "now"),
    ("verify",),
    ("head",),
    ("rebuild",),
)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder of its own for the directory, beside the one for everything else."""
    folder = tmp_path / "folder"
    folder.mkdir()
    yield folder
    folder.chmod(0o700)


@pytest.fixture
def staff(folder: Path) -> Path:
    """A directory with one user."""
    file = folder / "staff.whowas"
    answer = whowas("run", file, stdin=json_lines(ADA))
    assert answer.code == 0, answer
    return file


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """A change log that could be imported."""
    file = tmp_path / "history.jsonl"
    line = {"at": "2020-03-03T14:05:00Z", "op": "create", "id": "grace", "fields": {"first_name": "Grace"}}
    file.write_text(json_lines(line), encoding="utf-8")
    return file


def is_refused(answer: Answer, code: int = 2) -> bool:
    """Say whether an answer is one sentence on stderr, and nothing else."""
    lines = answer.err.splitlines()
    return (
        answer.code == code
        and answer.out == ""
        and len(lines) == 1
        and lines[0].endswith(".")
        and "Traceback" not in answer.err
        and "Something went wrong" not in answer.err
    )


def text_file(file: Path) -> None:
    file.write_text("Dear diary\n" * 200, encoding="utf-8")


def empty_file(file: Path) -> None:
    file.write_bytes(b"")


def another_database(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE event (position INTEGER)")
        connection.commit()


def truncated_directory(file: Path) -> None:
    os.truncate(file, file.stat().st_size - 4_096)


def nearly_no_directory(file: Path) -> None:
    os.truncate(file, 50)


def newer_schema(file: Path) -> None:
    alter(file, "PRAGMA user_version = 99")


def unknown_event(file: Path) -> None:
    alter(
        file,
        "INSERT INTO event SELECT position + 1, randomblob(16), stream, version + 1, 'UserTeleported', 1, recorded_at, "
        "occurred_at, actor, change_id, NULL, NULL, digest, chain FROM event ORDER BY position DESC LIMIT 1",
    )


def missing_file(file: Path) -> None:
    file.unlink()


def folder_instead(file: Path) -> None:
    file.unlink()
    file.mkdir()


def alter(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        # Everything into the one file, so that its bytes can be compared.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


FAULTS: Mapping[Callable[[Path], None], str] = {
    text_file: "not a Whowas directory",
    empty_file: "not a Whowas directory",
    another_database: "another program's database",
    truncated_directory: "damaged: its end is missing",
    nearly_no_directory: "not a Whowas directory",
    newer_schema: "newer version",
    unknown_event: "UserTeleported",
    folder_instead: "not a file",
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
@pytest.mark.parametrize("command", ["list", "run", "import", "verify", "export"])
def test_what_is_no_directory_is_left_as_it_is(
    fault: Callable[[Path], None], command: str, staff: Path, history: Path
) -> None:
    fault(staff)
    before = contents(staff.parent)
    further: dict[str, list[object]] = {
        "import": [history],
        "export": [staff.with_name("out.csv"), "--format", "csv"],
    }

    answer = process(command, staff, *further.get(command, []), stdin=json_lines(ADA))

    is_damaged = command == "verify" and "damaged" in FAULTS[fault]
    assert is_refused(answer, code=1 if is_damaged else 2), answer
    assert FAULTS[fault] in answer.err
    assert contents(staff.parent) == before


@pytest.mark.parametrize("command", ASKING, ids=" ".join)
def test_every_question_needs_a_directory(command: tuple[str, ...], folder: Path) -> None:
    name, *further = command
    missing = folder / "missing.whowas"

    answer = process(name, missing, *further)

    assert is_refused(answer), answer
    assert str(missing) in answer.err
    assert contents(folder) == {}


@pytest.mark.parametrize("command", ["list", "run", "import", "sample"])
def test_a_missing_folder_is_named(command: str, folder: Path, history: Path) -> None:
    file = folder / "nowhere" / "staff.whowas"

    answer = process(command, file, *([history] if command == "import" else []), stdin=json_lines(ADA))

    assert is_refused(answer), answer
    assert "nowhere" in answer.err
    assert contents(folder) == {}


@pytest.mark.parametrize("command", ["list", "run", "import", "verify", "head"])
def test_no_permission(command: str, staff: Path, history: Path) -> None:
    staff.chmod(0)

    answer = process(command, staff, *([history] if command == "import" else []), before=as_person())

    assert is_refused(answer), answer
    assert "Permission denied" in answer.err
    staff.chmod(0o600)
    assert whowas("list", staff, "--json").objects[0]["email"] == "ada@example.org"


@pytest.mark.parametrize("command", ["run", "import", "sample"])
def test_nothing_is_made_in_a_read_only_folder(command: str, folder: Path, history: Path) -> None:
    folder.chmod(0o500)

    further = [history] if command == "import" else []
    answer = process(command, folder / "staff.whowas", *further, stdin=json_lines(ADA), before=as_person())

    assert is_refused(answer), answer
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("command", ["list", "run", "import"])
def test_a_directory_in_a_read_only_folder(command: str, staff: Path, history: Path) -> None:
    before = contents(staff.parent)
    staff.parent.chmod(0o500)

    further = [history] if command == "import" else []
    answer = process(command, staff, *further, stdin=json_lines(ADA), before=as_person())

    assert is_refused(answer), answer
    assert "read-only" in answer.err
    assert contents(staff.parent) == before


def test_a_read_only_file_can_be_read_but_not_written(staff: Path) -> None:
    bytes_before = staff.read_bytes()
    staff.chmod(0o400)

    listed = process("list", staff, "--json", before=as_person())
    told = process("run", staff, stdin=json_lines({"command": "CreateUser", "first_name": "Grace"}), before=as_person())

    assert (listed.code, listed.people[None]["first_name"]) == (0, "Ada")  # type: ignore[index]
    assert told.code == 2
    assert told.objects[0]["error"] == "StoreError"
    assert "read-only" in told.objects[0]["message"]
    assert staff.read_bytes() == bytes_before


def test_an_export_that_may_not_be_written_leaves_what_was_there(staff: Path, tmp_path: Path) -> None:
    out = tmp_path / "closed" / "out.csv"
    out.parent.mkdir()
    out.write_text("as it was", encoding="utf-8")
    out.parent.chmod(0o500)

    answer = process("export", staff, out, "--format", "csv", before=as_person())
    out.parent.chmod(0o700)

    assert is_refused(answer), answer
    assert contents(out.parent).keys() == {"out.csv"}
    assert out.read_text(encoding="utf-8") == "as it was"


@pytest.fixture
def big_history(tmp_path: Path) -> Path:
    """A change log that comes to more than two megabytes of events."""
    file = tmp_path / "big.jsonl"
    at = "2020-03-03T14:05:00Z"
    lines = ({"at": at, "op": "create", "id": f"p{n}", "fields": {"notes": "x" * 1_000}} for n in range(3_000))
    file.write_text(json_lines(*lines), encoding="utf-8")
    return file


def test_a_full_disk_during_an_import(staff: Path, big_history: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    script = f"""
        cp '{staff}' '{disk}/staff.whowas'
        sha256sum < '{disk}/staff.whowas'
        '{PROGRAM}' import '{disk}/staff.whowas' '{big_history}' || echo "exit code $?"
        sha256sum < '{disk}/staff.whowas'
        '{PROGRAM}' verify '{disk}/staff.whowas'
        ls -A '{disk}'
    """

    answer = on_small_disk(disk, script)

    before, code, after, verified, *left = answer.out.splitlines()
    assert code == "exit code 2"
    assert "The disk is full" in answer.err
    assert len(answer.err.splitlines()) == 1
    assert before == after
    assert "verified" in verified
    assert left == ["staff.whowas"]


def test_a_full_disk_for_a_new_directory(big_history: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    script = f"""
        '{PROGRAM}' import '{disk}/new.whowas' '{big_history}' || echo "exit code $?"
        ls -A '{disk}'
    """

    answer = on_small_disk(disk, script)

    assert answer.out.splitlines() == ["exit code 2"]
    assert "The disk is full" in answer.err
    assert len(answer.err.splitlines()) == 1


def test_a_full_disk_for_an_export(staff: Path, big_history: Path, tmp_path: Path) -> None:
    assert whowas("import", staff, big_history).code == 0
    disk = tmp_path / "disk"
    disk.mkdir()
    script = f"""
        echo 'as it was' > '{disk}/out.jsonl'
        '{PROGRAM}' export '{staff}' '{disk}/out.jsonl' --format log || echo "exit code $?"
        cat '{disk}/out.jsonl'
        ls -A '{disk}'
    """

    answer = on_small_disk(disk, script)

    assert answer.out.splitlines() == ["exit code 2", "as it was", "out.jsonl"]
    assert "No space left" in answer.err or "disk is full" in answer.err
    assert len(answer.err.splitlines()) == 1


NAMES = {
    "quotes": 'Seán “Jack” O\'Brien "the" `boss`',
    "emoji": "Zoë 👩🏽‍🚀🏳️‍🌈",
    "combining": unicodedata.normalize("NFD", "Łukasz Ångström é"),
    "composed": unicodedata.normalize("NFC", "Łukasz Ångström é"),
    "right to left": "מרים בת-שבע \u200fعمر الخيّام",
    "white space": "  Ada\tLovelace  ",
    "markup": "<b>Ada</b> & %s {0} ${HOME}; DROP TABLE event;--",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_names_come_back_to_the_letter(name: str, folder: Path) -> None:
    file = folder / "staff.whowas"

    told = process("run", file, stdin=json_lines({"command": "CreateUser", "first_name": name, "notes": f"{name}\nx"}))
    listed = process("list", file, "--json")

    assert told.code == 0
    assert [(user["first_name"], user["notes"]) for user in listed.objects] == [(name, f"{name}\nx")]


@pytest.mark.parametrize("field", ["first_name", "last_name", "title"])
@pytest.mark.parametrize(
    ("value", "says"), [("x" * 10_000, "10,000"), ("a\ud800b", "cannot be stored"), ("a\0b", "cannot be stored")]
)
def test_names_that_no_field_holds_are_refused(field: str, value: str, says: str, folder: Path) -> None:
    line = json.dumps({"command": "CreateUser", "email": "ada@example.org", field: value})

    answer = process("run", folder / "staff.whowas", stdin=line)

    (reply,) = answer.objects
    assert answer.code == 2
    assert (reply["ok"], reply["error"], reply["field"]) == (False, "RefusedError", field)
    assert says in reply["message"]
    assert contents(folder) == {}, "nothing was done, so no directory was made"


BAD_LINES = {
    "not JSON": ("{nope", ""),
    "half a line": ('{"command": "CreateUser"', ""),
    "not UTF-8": (b'{"command": "CreateUser", "first_name": "\xff"}', ""),
    "a list": ("[1, 2]", ""),
    "nested deeply": ("[" * 100_000, ""),
    "a number of many digits": ('{"command": "DefineField", "name": ' + "1" * 5_000 + "}", ""),
    "no command": ('{"first_name": "Ada"}', "command"),
    "an unknown command": ('{"command": "Promote"}', "command"),
    "half a character in the command": (r'{"command": "Create\ud800"}', "command"),
    "an unknown field": ('{"command": "CreateUser", "first_nam": "Ada"}', "first_nam"),
    "half a character in a field's name": (r'{"command": "CreateUser", "x\ud800": "Ada"}', "x\ud800"),
    "a field of another command": ('{"command": "DeleteUser", "id": "ada@example.org", "email": "x"}', "email"),
    "a number for a text": ('{"command": "CreateUser", "first_name": 1}', "first_name"),
    "a number for an id": ('{"command": "CreateUser", "id": 7, "first_name": "Ada"}', "id"),
    "an id of another kind": ('{"command": "CreateUser", "id": "ada", "first_name": "Ada"}', "id"),
    "an id of nobody": ('{"command": "UpdateUser", "id": "nobody", "title": "Clerk"}', "id"),
    "no id": ('{"command": "UpdateUser", "title": "Clerk"}', "id"),
    "half a character in an id": (r'{"command": "DeleteUser", "id": "\ud800"}', "id"),
    "no email": ('{"command": "CreateUser", "email": "ada at example"}', "email"),
    "somebody else's email": ('{"command": "CreateUser", "email": "ADA@example.org"}', "email"),
    "a bad moment": ('{"command": "CreateUser", "first_name": "B", "occurred_at": "yesterday"}', "occurred_at"),
    "a moment before time": (
        '{"command": "CreateUser", "first_name": "B", "occurred_at": "0001-01-01"}',
        "occurred_at",
    ),
    "a moment to come": (
        '{"command": "CreateUser", "first_name": "B", "occurred_at": "9000-01-01"}',
        "occurred_at",
    ),
    "a field from a moment to come": (
        '{"command": "DefineField", "name": "Room", "occurred_at": "9000-01-01"}',
        "occurred_at",
    ),
    "a bad version": (
        '{"command": "DeleteUser", "id": "ada@example.org", "expected_version": "1"}',
        "expected_version",
    ),
    "a bad status": ('{"command": "CreateUser", "first_name": "B", "status": "gone"}', "status"),
    "groups that are no list": ('{"command": "CreateUser", "first_name": "B", "groups": "Legal"}', "groups"),
    "an unknown group": ('{"command": "JoinGroup", "id": "ada@example.org", "group": "Legal"}', "group"),
    "half a character in the actor": (r'{"command": "CreateUser", "first_name": "B", "actor": "\ud800"}', "actor"),
    "half a character in the command's id": (
        r'{"command": "CreateUser", "first_name": "B", "command_id": "\ud800"}',
        "command_id",
    ),
    "an empty password": ('{"command": "SetPassword", "id": "ada@example.org", "password": ""}', "password"),
    "no hash": ('{"command": "SetPassword", "id": "ada@example.org", "password_hash": "secret"}', "password"),
}


@pytest.mark.parametrize(("line", "field"), BAD_LINES.values(), ids=BAD_LINES)
def test_a_bad_line_is_answered_and_the_others_are_carried_out(line: str | bytes, field: str, staff: Path) -> None:
    given = line.encode() if isinstance(line, str) else line
    good = json_lines({"command": "CreateUser", "first_name": "Grace"}).encode()

    answer = whowas("run", staff, stdin=given + b"\n" + good)

    refused, accepted = answer.objects
    assert answer.code == 2
    assert (refused["ok"], refused["error"], refused["field"] or "") == (False, "RefusedError", field)
    assert refused["message"].endswith(".")
    assert accepted["ok"]
    assert {user["first_name"] for user in whowas("list", staff, "--json").objects} == {"Ada", "Grace"}


def test_half_a_character_is_answered_by_the_process_too(staff: Path) -> None:
    answer = process("run", staff, stdin=r'{"command": "CreateUser", "x\ud800": "Ada"}')

    assert (answer.code, answer.err) == (2, "")
    assert answer.objects[0]["field"] == "x\ud800"


@pytest.mark.parametrize("arguments", [["--search"], ["--group"]])
def test_bytes_that_are_no_text_are_refused(arguments: list[str], staff: Path) -> None:
    answer = process("list", staff, *arguments, os.fsdecode(b"x\xff"))

    assert (answer.code, answer.out) == (2, "")
    assert "not UTF-8" in answer.err
    assert "Traceback" not in answer.err


def test_an_expected_version_that_has_passed_is_a_conflict(staff: Path) -> None:
    update = {"command": "UpdateUser", "id": "ada@example.org", "title": "Clerk", "expected_version": 1}

    first, second = (whowas("run", staff, stdin=json_lines(update | {"title": title})) for title in ("Clerk", "Press"))

    assert first.code == 0
    assert second.code == 2
    assert (second.objects[0]["ok"], second.objects[0]["error"]) == (False, "ConflictError")
    assert whowas("list", staff, "--json").objects[0]["title"] == "Clerk"


def test_a_repeated_command_is_answered_with_its_first_receipt(staff: Path) -> None:
    create = {"command": "CreateUser", "first_name": "Grace", "command_id": "grace-1"}
    between = {"command": "CreateUser", "first_name": "Hedy"}

    answer = whowas("run", staff, stdin=json_lines(create, between, create))
    again = whowas("run", staff, stdin=json_lines(create | {"first_name": "Somebody else"}))

    first, other, repeated = answer.objects
    assert answer.code == again.code == 0
    assert first == repeated == again.objects[0]
    assert first["position"] < other["position"]
    assert sorted(user["first_name"] for user in whowas("list", staff, "--json").objects) == ["Ada", "Grace", "Hedy"]


def test_a_password_is_in_no_file_and_no_answer(staff: Path, home: Path, tmp_path: Path) -> None:
    secret = "correct-horse-battery-staple"
    lines = json_lines({"command": "SetPassword", "id": "ada@example.org", "password": secret})
    refused = json.dumps({"command": "SetPassword", "id": "nobody", "password": secret})
    broken = json.dumps({"command": "SetPassword", "id": "ada@example.org", "password": secret + "\ud800"})

    answer = process("run", staff, stdin=f"{lines}{refused}\n{broken}\n")
    exported = process("export", staff, "-", "--format", "log")
    listed = process("list", staff, "--json")

    assert [reply["ok"] for reply in answer.objects] == [True, False, False]
    assert "$argon2id$" in exported.out
    assert secret not in answer.out + answer.err + exported.out + listed.out
    files = [path for folder in (home, tmp_path) for path in folder.rglob("*") if path.is_file()]
    assert staff in files
    assert [path for path in files if secret.encode() in path.read_bytes()] == []


@pytest.fixture
def five(folder: Path) -> Path:
    """A directory with five events."""
    file = folder / "five.whowas"
    lines = json_lines(*({"command": "CreateUser", "first_name": name} for name in ("A", "B", "C", "D", "E")))
    assert whowas("run", file, stdin=lines).code == 0
    return file


def test_a_whole_history_is_verified(five: Path) -> None:
    head = process("head", five).out.strip()
    answer = process("verify", five, "--head", head)

    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("5 events")
    assert "verified" in answer.out


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payload SET body = CAST(replace(CAST(body AS TEXT), 'C', 'X') AS BLOB) WHERE position = 3",
        "UPDATE payload SET salt = randomblob(16) WHERE position = 3",
        "UPDATE event SET actor = 'somebody else' WHERE position = 3",
        "UPDATE event SET occurred_at = occurred_at - 1 WHERE position = 3",
        "UPDATE event SET digest = zeroblob(32) WHERE position = 3",
    ],
)
def test_what_was_altered_is_found_at_its_position(statement: str, five: Path) -> None:
    altered_files.alter(five, statement)

    answer = process("verify", five)

    assert (answer.code, answer.out) == (1, "")
    assert "position 3" in answer.err
    assert len(answer.err.splitlines()) == 1


def test_a_tail_that_was_cut_off_is_noticed_by_the_head(five: Path) -> None:
    head = process("head", five).out.strip()
    altered_files.alter(five, "DELETE FROM payload WHERE position > 3", "DELETE FROM event WHERE position > 3")

    assert "it ends before that" in process("verify", five).err, "this computer has seen more"
    assert process("verify", five, "--accept").code == 0, "what is left fits together"
    answer = process("verify", five, "--head", head)

    assert (answer.code, answer.out) == (1, "")
    assert "Damaged at position 4" in answer.err


def test_the_log_cannot_be_altered_by_accident(five: Path) -> None:
    for statement in ("UPDATE event SET actor = 'x'", "DELETE FROM event", "UPDATE payload SET salt = x'00'"):
        with pytest.raises(sqlite3.IntegrityError):
            alter(five, statement)
    assert process("verify", five).code == 0


@pytest.mark.parametrize("head", ["nonsense", "3:abc", "-1:00", "3", ""])
def test_a_head_that_is_none_is_refused(head: str, staff: Path) -> None:
    assert is_refused(process("verify", staff, f"--head={head}"))


@pytest.mark.parametrize("way", ["file", "link", "hard link", "other path"])
@pytest.mark.parametrize("file_format", ["csv", "log"])
def test_an_export_never_goes_over_the_directory(way: str, file_format: str, staff: Path) -> None:
    target = staff.with_name("other.whowas")
    match way:
        case "link":
            target.symlink_to(staff)
        case "hard link":
            target.hardlink_to(staff)
        case "other path":
            target = staff.parent / ".." / staff.parent.name / staff.name
        case _:
            target = staff
    before = contents(staff.parent)

    answer = process("export", staff, target, "--format", file_format)

    assert is_refused(answer), answer
    assert contents(staff.parent) == before


def test_a_sample_never_goes_over_a_file(staff: Path) -> None:
    before = contents(staff.parent)

    assert is_refused(process("sample", staff))
    assert contents(staff.parent) == before


@pytest.mark.parametrize("moment", ["yesterday", "#2", "#-1", "#", "2020-13-01", "", "0001-01-01"])
def test_a_moment_that_is_none_is_refused(moment: str, staff: Path) -> None:
    assert is_refused(whowas("list", staff, "--at", moment))


@pytest.mark.parametrize("name", sorted(commands.commands))
def test_every_command_explains_itself_with_an_example(name: str) -> None:
    answer = whowas(name, "--help")

    assert answer.code == 0
    (example,) = [line for line in answer.out.splitlines() if "Example:" in line]
    assert f"whowas {name} " in example


def test_the_program_explains_itself() -> None:
    answer = process("--help")

    assert answer.code == 0
    assert all(name in answer.out for name in commands.commands)


@pytest.mark.parametrize("arguments", [["frobnicate"], ["list"], ["list", "x", "--nope"], ["export", "x", "y"]])
def test_wrong_usage_is_told_and_no_traceback(
    arguments: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    answer = process(*arguments)

    assert (answer.code, answer.out) == (2, "")
    assert "\nError: " in answer.err
    assert "Traceback" not in answer.err
    assert contents(folder) == {}


def test_a_window_for_a_file_that_is_missing_is_refused_at_once(folder: Path) -> None:
    answer = process(folder / "missing.whowas")

    assert is_refused(answer), answer
    assert contents(folder) == {}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the name of a file is text")
def test_a_file_whose_name_is_no_text_is_as_good_as_any(staff: Path) -> None:
    named = staff.rename(staff.with_name(os.fsdecode(b"staff\xff.whowas")))
    for command in (*ASKING, ("run",), ("backups",), ("erase", "--yes", "ada@example.org")):
        name, *rest = command
        answer = whowas(name, named, *rest, stdin=json_lines({"command": "CreateUser", "first_name": "Ben"}))
        assert answer.code == 0, (command, answer)
