"""The questions of the command line: list, show, history, diff, export of the past, and the window's twin answers."""

from __future__ import annotations

import csv
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import PROGRAM, json_lines, process, whowas
from whowas.cli import file_export, printing
from whowas.command_bus.bus import Bus
from whowas.domain.causation import UndoOf
from whowas.domain.commands import UpdateUser
from whowas.projections.sides.read_side import DamagedReadSideError
from whowas.store.event_log import EventLog

ADA, BEN, CAM = (f"01890000-0000-7000-8000-00000000000{digit}" for digit in "abc")
KEYS = [
    "id", "external_id", "first_name", "last_name", "email", "phone", "title", "department", "notes", "status",
    "groups", "attributes", "version",
]  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Three people and three years: Ada marries, Ben comes and goes, Cam is suspended; Staff becomes Crew."""
    file = tmp_path / "staff.whowas"
    lines: list[dict[str, object]] = [
        {"command": "CreateUser", "id": ADA, "first_name": "Ada", "last_name": "Byron", "email": "ada@example.org",
         "groups": ["Staff", "Poets"], "occurred_at": "2020-01-01T00:00:00Z"},
        {"command": "CreateUser", "id": BEN, "first_name": "Ben", "external_id": "b-1", "attributes": {"Room": "12"},
         "occurred_at": "2020-01-01T00:00:00Z"},
        {"command": "CreateUser", "id": CAM, "first_name": "Cam", "occurred_at": "2020-06-01T00:00:00Z"},
        {"command": "UpdateUser", "id": ADA, "last_name": "Lovelace", "occurred_at": "2021-01-01T00:00:00Z"},
        {"command": "DeleteUser", "id": BEN, "occurred_at": "2021-01-01T00:00:00Z"},
        {"command": "SuspendUser", "id": CAM, "occurred_at": "2022-01-01T00:00:00Z"},
        {"command": "RenameGroup", "group": "Staff", "name": "Crew", "occurred_at": "2022-01-01T00:00:00Z"},
    ]  # fmt: skip
    assert whowas("run", file, stdin=json_lines(*lines)).code == 0
    return file


def names(file: Path, *options: object) -> list[str]:
    return [user["first_name"] for user in whowas("list", file, "--json", *options).objects]


def test_a_user_has_these_keys_in_this_order(file: Path) -> None:
    ada = whowas("list", file, "--json").objects[0]

    assert list(ada) == KEYS
    assert ada == {
        "id": ADA, "external_id": None, "first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.org",
        "phone": None, "title": None, "department": None, "notes": None, "status": "active",
        "groups": ["Crew", "Poets"], "attributes": {}, "version": 4,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], ["Ada", "Cam"]),
        (["--status", "any"], ["Ada", "Ben", "Cam"]),
        (["--status", "active"], ["Ada"]),
        (["--status", "suspended"], ["Cam"]),
        (["--status", "deleted"], ["Ben"]),
        (["--search", "LOVE example"], ["Ada"]),
        (["--search", "byron"], []),
        (["--search", "byron", "--at", "2020-12-31T00:00:00Z"], ["Ada"]),
        (["--search", "12", "--status", "any"], ["Ben"]),
        (["--search", ""], ["Ada", "Cam"]),
        (["--group", "crew"], ["Ada"]),
        (["--group", "staff"], ["Ada"]),
        (["--group", "Staff", "--at", "2020-12-31T00:00:00Z"], ["Ada"]),
        (["--at", "2019-12-31T23:59:59Z"], []),
        (["--at", "2020-01-01T00:00:00Z"], ["Ada", "Ben"]),
        (["--at", "2020-01-01T01:00:00+01:00"], ["Ada", "Ben"]),
        (["--at", "2020-06-01 00:00:00Z"], ["Ada", "Ben", "Cam"]),
        (["--at", "#0"], []),
        (["--at", "#1"], ["Ada"]),
        (["--at", "now"], ["Ada", "Cam"]),
    ],
)
def test_who_is_listed(options: list[str], expected: list[str], file: Path) -> None:
    assert names(file, *options) == expected


def test_the_past_is_told_in_the_words_of_the_past(file: Path) -> None:
    (then,) = whowas("list", file, "--json", "--at", "2020-12-31T00:00:00Z", "--group", "Poets").objects
    assert (then["last_name"], then["groups"], then["version"]) == ("Byron", ["Poets", "Staff"], 3)


def test_a_moment_without_zone_is_local(file: Path) -> None:
    east = subprocess.run(
        [PROGRAM, "list", file, "--json", "--at", "2020-01-01T05:29:59"],
        capture_output=True, env=os.environ | {"TZ": "Asia/Kolkata"},
    )  # fmt: skip
    assert (east.returncode, east.stdout) == (0, b"")
    east = subprocess.run(
        [PROGRAM, "list", file, "--json", "--at", "2020-01-01T05:30:00"],
        capture_output=True, env=os.environ | {"TZ": "Asia/Kolkata"},
    )  # fmt: skip
    assert len(east.stdout.splitlines()) == 2


def test_an_unknown_group_is_refused_and_one_that_was_not_yet_there_has_nobody(file: Path) -> None:
    assert whowas("list", file, "--group", "Nobody").code == 2
    assert names(file, "--group", "Crew", "--at", "2019-01-01") == []


def test_a_table_for_people(file: Path) -> None:
    lines = whowas("list", file).out.splitlines()
    assert lines[0].split() == ["Name", "Email", "Phone", "Title", "Department", "Status"]
    assert [line.split()[0] for line in lines[1:]] == ["Ada", "Cam"]
    assert lines[0].index("Email") == lines[1].index("ada@example.org")


@pytest.mark.parametrize("who", [ADA, ADA.upper(), "ada@example.org", "ADA@EXAMPLE.ORG"])
def test_one_user_is_shown_as_listed(who: str, file: Path) -> None:
    assert whowas("show", file, who, "--json").objects == [whowas("list", file, "--json").objects[0]]


def test_one_user_for_people(file: Path) -> None:
    answer = whowas("show", file, "b-1", "--at", "2020-02-01")
    assert [line.split(maxsplit=1) for line in answer.out.splitlines()] == [
        ["Id", BEN],
        ["External", "id  b-1"],
        ["First", "name   Ben"],
        ["Status", "active"],
        ["Room", "12"],
        ["Version", "1"],
    ]


def test_custom_fields_are_listed_and_exported_in_their_order_hidden_ones_too(file: Path, tmp_path: Path) -> None:
    lines: list[dict[str, object]] = [
        {"command": "UpdateUser", "id": ADA, "attributes": {"Room": "4", "Desk": "7", "Keys": "2"}},
        {"command": "DefineField", "name": "Keys", "hidden": True},
        {"command": "OrderFields", "fields": ["Keys", "Room"]},
    ]
    before = whowas("run", file, stdin=json_lines(*(each for each in lines if each["command"] == "UpdateUser")))
    assert before.code == 0, before.err
    assert [*whowas("show", file, ADA, "--json").objects[0]["attributes"]] == ["Room", "Desk", "Keys"]
    assert whowas("run", file, stdin=json_lines(*lines[1:])).code == 0
    assert [*whowas("show", file, ADA, "--json").objects[0]["attributes"].items()] == [
        ("Keys", "2"),
        ("Room", "4"),
        ("Desk", "7"),
    ]
    out = tmp_path / "staff.csv"
    assert whowas("export", file, out, "--format", "csv").code == 0
    titles = next(csv.reader(out.read_text().splitlines()))
    assert titles[-3:] == ["Keys", "Room", "Desk"]


def test_a_deleted_user_is_shown_as_such(file: Path) -> None:
    assert whowas("show", file, "b-1", "--json").objects[0]["status"] == "deleted"


@pytest.mark.parametrize(
    "arguments", [["show", "nobody"], ["show", "b-1", "--at", "2019-01-01"], ["history", "nobody"]]
)
def test_nobody_is_an_answer_of_its_own(arguments: list[str], file: Path) -> None:
    command, *further = arguments
    answer = process(command, file, *further)
    assert (answer.code, answer.out) == (1, "")
    assert further[0] in answer.err


def test_a_history_tells_each_step_of_each_user(file: Path) -> None:
    entries = whowas("history", file, "--json").objects

    assert [(entry["name"], entry["kind"]) for entry in entries] == [
        ("Ada Byron", "created"), ("Ben", "created"), ("Cam", "created"),
        ("Ada Lovelace", "changed"), ("Ben", "deleted"), ("Cam", "suspended"),
    ]  # fmt: skip
    assert list(entries[3]) == [
        "position", "moment", "occurred_at", "recorded_at", "actor", "change_id", "id", "external_id", "name", "kind",
        "sentence", "changes",
    ]  # fmt: skip
    assert entries[3]["changes"] == {"last_name": ["Byron", "Lovelace"]}
    assert entries[3]["sentence"] == "Last name changed: Byron → Lovelace"
    assert entries[3]["occurred_at"] == "2021-01-01T00:00:00.000000+00:00"
    assert entries[1]["changes"]["attributes.Room"] == [None, "12"]
    own = whowas("history", file, ADA, "--json").objects
    assert own == [entry for entry in entries if entry["id"] == ADA]


def test_a_history_for_people(file: Path) -> None:
    lines = whowas("history", file, "b-1").out.splitlines()
    assert len(lines) == 2
    assert lines[1].endswith("Ben  Deleted: Ben")


@pytest.mark.parametrize(
    ("who", "field", "expected"),
    [
        (ADA, "Last name", [("Byron", "2020", "2021"), ("Lovelace", "2021", None)]),
        ("ada@example.org", "LAST_NAME", [("Byron", "2020", "2021"), ("Lovelace", "2021", None)]),
        (ADA, "groups", [("Poets, Staff", "2020", "2022"), ("Crew, Poets", "2022", None)]),
        (ADA, "phone", [(None, "2020", None)]),
        ("b-1", "room", [("12", "2020", None)]),
        ("b-1", "Status", [("active", "2020", "2021"), ("deleted", "2021", None)]),
        ("b-1", "name", [("Ben", "2020", None)]),
    ],
)
def test_a_field_has_its_own_history(
    who: str, field: str, expected: list[tuple[str | None, str, str | None]], file: Path
) -> None:
    spans = whowas("history", file, who, "--field", field, "--json").objects
    assert [(span["value"], span["from"][:4], span["until"] and span["until"][:4]) for span in spans] == expected


def test_a_value_is_told_with_its_change(file: Path) -> None:
    byron, lovelace = whowas("history", file, ADA, "--field", "last_name", "--json").objects
    created, renamed = whowas("history", file, ADA, "--json").objects

    assert list(byron) == [
        "id", "field", "value", "from", "until", "moment", "until_moment", "position", "recorded_at", "actor",
        "change_id", "import", "sentence",
    ]  # fmt: skip
    assert (byron["id"], byron["field"], byron["import"]) == (ADA, "last_name", None)
    same = ("moment", "position", "recorded_at", "actor", "change_id", "sentence")
    for span, entry in ((byron, created), (lovelace, renamed)):
        assert {key: span[key] for key in same} == {key: entry[key] for key in same}
    assert byron["until"] == lovelace["from"] == renamed["occurred_at"]
    assert byron["until_moment"] == lovelace["moment"]


def test_a_fields_history_for_people(file: Path, tmp_path: Path) -> None:
    source = tmp_path / "list.csv"
    source.write_text("id,phone\n" + f'{ADA},"1\t2"\n', encoding="utf-8")
    assert whowas("import", file, source).code == 0

    lines = whowas("history", file, ADA, "--field", "Phone").out.splitlines()

    assert lines[0].split() == ["From", "Until", "By", "Change", "Value"]
    assert [line.split("  ")[-1] for line in lines[1:]] == ["(empty)", "1 2"]
    assert lines[1].startswith("20")
    assert "Phone changed, import of list.csv" in lines[2]
    assert "  now  " in lines[2]


def test_what_was_undone_and_why_is_told(file: Path) -> None:
    log = EventLog.open(file)
    bus = Bus(log, clock=lambda: 2_000_000_000_000_000, actor="zoe")
    wrong = bus.dispatch(UpdateUser(ADA, {"title": "Cook"}))
    with bus.change(causation=UndoOf(wrong.change_id, "typo")) as change:
        change.dispatch(UpdateUser(ADA, {"title": None}))
    log.close()

    told = "undo of “Ada Lovelace: Title changed” · because: typo"
    assert whowas("history", file, ADA).out.splitlines()[-1].endswith(f"Title changed: Cook → empty · {told}")
    assert f"Title changed, {told}" in whowas("history", file, ADA, "--field", "title").out.splitlines()[-1]
    cause = {"undo": {"change_id": wrong.change_id, "reason": "typo"}}
    for arguments in ([], ["--field", "title"]):
        *_, before, last = whowas("history", file, ADA, *arguments, "--json").objects
        assert "cause" not in before
        assert last["cause"] == cause


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ([ADA, "--field", "shoe size"], 2, "There is no field “shoe size”.\n"),
        ([ADA, "--field", "password"], 2, "There is no field “password”.\n"),
        (["--field", "title"], 2, "Say whose field it is: whowas history FILE WHO --field FIELD.\n"),
        (["nobody", "--field", "title"], 1, "There is and was no user “nobody”.\n"),
    ],
)
def test_a_field_that_cannot_be_told(arguments: list[str], code: int, told: str, file: Path) -> None:
    answer = whowas("history", file, *arguments)
    assert (answer.code, answer.out, answer.err) == (code, "", told)


def test_the_moments_of_a_history_can_be_asked_for(file: Path) -> None:
    for entry in whowas("history", file, "--json").objects:
        (shown,) = whowas("show", file, entry["id"], "--at", f"#{entry['position']}", "--json").objects
        assert shown["first_name"] == entry["name"].split()[0]


def test_a_comparison_tells_who_came_changed_and_went(file: Path) -> None:
    differences = whowas("diff", file, "2020-03-01", "now", "--json").objects

    told = {difference["name"]: (difference["kind"], difference["changes"]) for difference in differences}
    assert told == {
        "Ada Lovelace": ("changed", {"last_name": ["Byron", "Lovelace"]}),
        "Ben": ("removed", {}),
        "Cam": ("added", {"first_name": [None, "Cam"], "status": [None, "suspended"]}),
    }
    assert list(differences[0]) == ["id", "external_id", "name", "kind", "changes"]
    assert whowas("diff", file, "now", "now", "--json").out == ""
    people = whowas("diff", file, "2020-03-01", "now").out.splitlines()
    assert sorted(line.split()[0] for line in people) == ["added", "changed", "removed"]


def test_exports_of_the_past(file: Path) -> None:
    table = whowas("export", file, "-", "--format", "csv", "--at", "2020-12-31T00:00:00Z").out
    rows = list(csv.DictReader(table.splitlines()))
    assert [(row["first_name"], row["last_name"], row["groups"], row["Room"]) for row in rows] == [
        ("Ada", "Byron", "Poets; Staff", ""),
        ("Ben", "", "", "12"),
        ("Cam", "", "", ""),
    ]
    whole = whowas("export", file, "-", "--format", "log").objects
    assert [entry["position"] for entry in whole] == list(range(1, len(whole) + 1))
    until = whowas("export", file, "-", "--format", "log", "--at", "2020-12-31T00:00:00Z").objects
    assert until == [entry for entry in whole if entry["occurred_at"] < "2020-12-31"]
    assert 0 < len(until) < len(whole)


def test_the_cache_may_vanish_or_rot(file: Path, home: Path) -> None:
    before = whowas("list", file, "--json").out
    (cache,) = (home / ".cache" / "whowas").iterdir()
    for spoil in (b"", b"nonsense" * 1_000):
        (cache / "read.db").write_bytes(spoil)
        assert whowas("list", file, "--json").out == before
    assert whowas("rebuild", file).code == 0
    assert whowas("list", file, "--json").out == before


def test_without_a_cache_folder_everything_works_and_nothing_is_left(file: Path, home: Path, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    blocked = home / "no-folder"
    blocked.touch()
    environment = os.environ | {"XDG_CACHE_HOME": str(blocked), "TMPDIR": str(temporary)}

    done = subprocess.run([PROGRAM, "list", file, "--json"], capture_output=True, env=environment)

    assert (done.returncode, len(done.stdout.splitlines())) == (0, 2)
    assert list(temporary.iterdir()) == []


def test_whoever_stops_reading_is_not_told_off(file: Path) -> None:
    with subprocess.Popen([PROGRAM, "history", file], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reader:
        assert reader.stdout is not None
        assert reader.stderr is not None
        reader.stdout.close()
        assert reader.stderr.read() == b""
    assert reader.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_output_that_goes_nowhere_is_told() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([PROGRAM, "--help"], stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert done.stderr.decode() == "The output cannot be written: No space left on device.\n"


def test_what_nobody_foresaw_is_written_down_for_its_owner_only(
    file: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("what nobody foresaw")

    monkeypatch.setattr("whowas.cli.opening.open_log", fail)
    answer = whowas("head", file)

    written = home / ".local" / "state" / "whowas" / "whowas.log"
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == f"Something went wrong that should not have; {written} says more.\n"
    assert "what nobody foresaw" in written.read_text(encoding="utf-8")
    assert written.stat().st_mode & 0o077 == 0


def test_json_is_utf8_in_every_locale(file: Path) -> None:
    assert whowas("run", file, stdin=json_lines({"command": "CreateUser", "first_name": "Zoë 山 👩🏽‍🚀"})).code == 0
    environment = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run([PROGRAM, "list", file, "--json"], capture_output=True, env=environment)
    assert json.loads(done.stdout.decode("utf-8").splitlines()[-1])["first_name"] == "Zoë 山 👩🏽‍🚀"


@pytest.mark.parametrize(
    "command", [("list", "--json", "--status", "any"), ("history",), ("export", "-", "--format", "csv")]
)
def test_damage_noticed_halfway_is_not_noticed_by_anybody(
    file: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    name, *options = command
    expected = whowas(name, file, *options)
    assert len(expected.out.splitlines()) > 2
    printed = printing.write
    pieces: list[str] = []

    def breaking(text: str) -> None:
        pieces.append(text)
        printed(text)
        if len(pieces) == 2:
            raise DamagedReadSideError

    for module in (printing, file_export):
        monkeypatch.setattr(module, "write", breaking)
    assert whowas(name, file, *options) == expected
    assert len(pieces) > len(set(pieces)), "it began again"


def test_what_was_changed_while_it_was_printed_is_not_mixed(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    printed = printing.write
    pieces: list[str] = []

    def breaking(text: str) -> None:
        pieces.append(text)
        printed(text)
        if len(pieces) == 2:
            monkeypatch.setattr(printing, "write", printed)
            added = whowas("run", file, stdin=json_lines({"command": "CreateUser", "first_name": "Aaron"}))
            assert added.code == 0
            raise DamagedReadSideError

    monkeypatch.setattr(printing, "write", breaking)
    answer = whowas("list", file, "--json", "--status", "any")
    assert answer.code == 2
    assert "was changed while this was printed" in answer.err
