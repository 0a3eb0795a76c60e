"""Change logs: what a line does, and what is said of a line that cannot be taken."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import Answer, contents, whowas

Import = Callable[..., Answer]


def line(operation: str, who: str = "ada", day: int = 1, **fields: object) -> dict[str, object]:
    """Return a line of a change log."""
    at = f"2020-03-{day:02}T12:00:00Z"
    return {"at": at, "actor": "Ruth", "op": operation, "id": who, "fields": fields}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the directory will be."""
    folder = tmp_path / "directory"
    folder.mkdir()
    return folder / "staff.whowas"


@pytest.fixture
def take(file: Path, tmp_path: Path) -> Import:
    """Imports lines, given as objects, as text or as bytes."""

    def take(*lines: dict[str, object] | str | bytes, options: tuple[object, ...] = ()) -> Answer:
        source = tmp_path / "history.jsonl"
        source.write_bytes(b"".join(_encoded(given) + b"\n" for given in lines))
        return whowas("import", file, source, *options)

    return take


def _encoded(given: dict[str, object] | str | bytes) -> bytes:
    match given:
        case bytes():
            return given
        case str():
            return given.encode()
        case _:
            return json.dumps(given, ensure_ascii=False).encode()


def user(file: Path, who: str = "ada", at: str = "now") -> dict[str, Any]:
    """Return a user as ``list --json`` tells it, deleted or not."""
    return whowas("list", file, "--json", "--status", "any", "--at", at).people[who]


def test_a_line_keeps_its_moment_and_its_actor(take: Import, file: Path) -> None:
    assert take(line("create", first_name="Ada"), line("update", day=2, first_name="Augusta")).code == 0

    entries = whowas("history", file, "ada", "--json").objects
    assert [entry["occurred_at"][:10] for entry in entries] == ["2020-03-01", "2020-03-02"]
    assert {entry["actor"] for entry in entries} == {"Ruth"}
    assert user(file, at="2020-03-01T13:00:00Z")["first_name"] == "Ada"
    assert user(file)["first_name"] == "Augusta"


def test_the_actor_given_is_for_lines_that_name_nobody(take: Import, file: Path) -> None:
    nobody = {name: value for name, value in line("create", "grace", first_name="Grace").items() if name != "actor"}

    assert take(line("create", first_name="Ada"), nobody, options=("--actor", "Clerk")).code == 0

    assert [entry["actor"] for entry in whowas("history", file, "ada", "--json").objects] == ["Ruth"]
    assert [entry["actor"] for entry in whowas("history", file, "grace", "--json").objects] == ["Clerk"]


def test_lines_are_taken_in_the_order_of_their_moments(take: Import, file: Path) -> None:
    assert take(line("update", day=9, title="Clerk"), line("create", day=1, first_name="Ada")).code == 0
    assert user(file)["title"] == "Clerk"


def test_a_moment_without_zone_is_local(take: Import, file: Path) -> None:
    assert take(line("create", first_name="Ada") | {"at": "2020-03-01T12:00:00"}).code == 0

    (entry,) = whowas("history", file, "ada", "--json").objects
    assert user(file, at="2020-03-01T12:00:00")["first_name"] == "Ada"
    assert entry["occurred_at"].endswith("+00:00")


def test_null_clears(take: Import, file: Path) -> None:
    created = line("create", first_name="Ada", title="Clerk", phone="1", office="B 12", floor="3")

    assert take(created, line("update", day=2, title=None, office=None)).code == 0

    now = user(file)
    assert (now["title"], now["phone"], now["attributes"]) == (None, "1", {"floor": "3"})


def test_what_a_line_leaves_out_stays(take: Import, file: Path) -> None:
    take(line("create", first_name="Ada", title="Clerk", office="B 12"))

    assert take(line("update", day=2, phone="1")).code == 0

    now = user(file)
    assert (now["first_name"], now["title"], now["phone"], now["attributes"]) == (
        "Ada",
        "Clerk",
        "1",
        {"office": "B 12"},
    )


def test_unknown_fields_become_attributes(take: Import, file: Path) -> None:
    assert take(line("create", first_name="Ada", office="B 12", Büro="¾", attributes={"floor": "3"})).code == 0

    assert user(file)["attributes"] == {"office": "B 12", "Büro": "¾", "floor": "3"}


def test_a_create_after_a_delete_restores_and_clears_what_is_not_given(take: Import, file: Path) -> None:
    created = line("create", first_name="Ada", title="Clerk", office="B 12", groups=["Legal"])
    assert take(created, line("delete", day=2), line("create", day=3, first_name="Augusta", floor="3")).code == 0

    then, between, now = (user(file, at=f"2020-03-{day:02}T13:00:00Z") for day in (1, 2, 3))
    assert then["id"] == between["id"] == now["id"]
    assert [user["status"] for user in (then, between, now)] == ["active", "deleted", "active"]
    assert (then["title"], then["groups"], then["attributes"]) == ("Clerk", ["Legal"], {"office": "B 12"})
    assert (now["first_name"], now["title"], now["groups"], now["attributes"]) == ("Augusta", None, [], {"floor": "3"})
    assert set(whowas("list", file, "--json", "--at", "2020-03-02T13:00:00Z").people) == set()


def test_groups_are_the_whole_list(take: Import, file: Path) -> None:
    assert take(line("create", groups=["Legal", "Budget"]), line("update", day=2, groups=["Budget", "Press"])).code == 0

    assert user(file, at="2020-03-01T13:00:00Z")["groups"] == ["Budget", "Legal"]
    assert user(file)["groups"] == ["Budget", "Press"]
    assert set(whowas("list", file, "--json", "--group", "Press").people) == {"ada"}


def test_no_groups_leave_them_all(take: Import, file: Path) -> None:
    assert take(line("create", groups=["Legal"]), line("update", day=2, groups=None)).code == 0
    assert user(file)["groups"] == []


def test_what_is_no_status_is_told_as_it_stands_there(take: Import) -> None:
    for status, shown in ((None, "null"), ("retired", "retired"), (True, "true")):
        answer = take(line("create", first_name="Ada", status=status))
        assert (answer.code, f"“{shown}” is no status" in answer.err) == (2, True)


@pytest.mark.parametrize("status", ["active", "suspended", "deleted"])
def test_a_line_may_set_the_status(status: str, take: Import, file: Path) -> None:
    assert take(line("create", first_name="Ada"), line("update", day=2, status=status)).code == 0
    assert user(file)["status"] == status


def test_suspended_and_back(take: Import, file: Path) -> None:
    lines = (line("create", first_name="Ada", status="suspended"), line("update", day=2, status="active"))

    assert take(*lines).code == 0

    assert [user(file, at=f"2020-03-0{day}T13:00:00Z")["status"] for day in (1, 2)] == ["suspended", "active"]


def test_an_import_is_one_change(take: Import, file: Path) -> None:
    take(line("create", first_name="Ada"), line("create", "grace", first_name="Grace"), line("delete", day=2))

    assert len({entry["change_id"] for entry in whowas("history", file, "--json").objects}) == 1


def test_blank_lines_and_a_byte_order_mark_are_no_lines(take: Import, file: Path) -> None:
    text = json.dumps(line("create", first_name="Ada"))
    assert take("\ufeff" + text, "", "   ", json.dumps(line("update", day=2, title="Clerk")) + "\r").code == 0
    assert user(file)["title"] == "Clerk"


GOOD = line("create", "grace", first_name="Grace")
BAD = {
    "not JSON": ("{nope", "This is not JSON", 2),
    "half a line": ('{"at": "2020-03-01T12:00:00Z", "op": "create"', "This is not JSON", None),
    "a list": ("[1]", "JSON object", 1),
    "nested deeply": ("[" * 100_000, "nested too deeply", 1),
    "a number of many digits": ('{"at": ' + "1" * 5_000 + "}", "digits", 1),
    "no op": ({"at": "2020-03-01T12:00:00Z", "id": "ada", "fields": {}}, "op: The operation is missing", 1),
    "an unknown op": (line("promote"), "op: “promote”", 49),
    "no id": ({"at": "2020-03-01T12:00:00Z", "op": "create"}, "id: The id is missing", 1),
    "an id that is no text": (line("create") | {"id": 123}, "id: The id must be text, it is the number 123.", 65),
    "an empty id": (line("create") | {"id": ""}, "id: The id is missing", 65),
    "an id that is a list": (line("create") | {"id": ["a"]}, "id: The id must be text, it is a list.", 65),
    "an id that is true": (line("create") | {"id": True}, "id: The id must be text, it is true.", 65),
    "a key that is there twice": (
        '{"at": "2020-03-01T12:00:00Z", "op": "create", "id": "ada", "op": "delete"}',
        "“op” is there twice: say it once.",
        1,
    ),
    "a field that is there twice": (
        '{"at": "2020-03-01T12:00:00Z", "op": "create", "id": "ada", "fields": {"title": "a", "title": "b"}}',
        "“title” is there twice",
        1,
    ),
    "two objects": ("{} {}", "This is not JSON: extra data.", 4),
    "no moment": ({"op": "create", "id": "ada"}, "at: ", 1),
    "a bad moment": (line("create") | {"at": "yesterday"}, "at: “yesterday”", 2),
    "a day that is none": (line("create") | {"at": "2021-02-29"}, "at: “2021-02-29”", 2),
    "a moment that is no text": (line("create") | {"at": 1583064000}, "it is the number 1583064000.", 2),
    "fields that are no object": (line("create") | {"fields": [1]}, "fields: ", None),
    "an actor that is no text": (line("create") | {"actor": 1}, "actor: ", None),
    "an unknown user to update": (line("update", title="Clerk"), "id: There is no user “ada” to update", None),
    "an unknown user to delete": (line("delete"), "id: There is no user “ada” to delete", None),
    "a repeated create": (line("create", "grace", day=2), "id: “grace”", None),
    "a bad email": (line("create", email="ada at example"), "email: “ada at example”", None),
    "a number for a text": (line("create", title=7), "title: ", None),
    "a bad status": (line("create", status="gone"), "status: “gone”", None),
    "groups that are no list": (line("create", groups="Legal"), "groups: ", None),
    "half a character": (
        r'{"at": "2020-03-01T12:00:00Z", "op": "create", "id": "ada", "fields": {"title": "\ud800"}}',
        "title: ",
        72,
    ),
    "half a character in an id": (r'{"at": "2020-03-01T12:00:00Z", "op": "create", "id": "\ud800"}', "id: ", None),
    "not UTF-8": (b'{"at": "2020-03-01T12:00:00Z", "op": "\xff"}', "not UTF-8", 39),
}


@pytest.mark.parametrize(("bad", "says", "column"), BAD.values(), ids=BAD)
def test_a_faulty_line_is_named_and_nothing_is_written(
    bad: dict[str, object] | str | bytes, says: str, column: int | None, take: Import, file: Path
) -> None:
    answer = take(GOOD, bad)

    assert (answer.code, answer.out) == (2, "")
    refusal, *rest = answer.err.splitlines()
    assert refusal.startswith("Line 2, column ")
    assert says in refusal
    if column is not None:
        assert refusal.startswith(f"Line 2, column {column}")
    assert rest[-1] == "Nothing was written. Use --skip-refused to take the rest."
    assert contents(file.parent) == {}


@pytest.mark.parametrize(("bad", "says", "column"), BAD.values(), ids=BAD)
def test_the_others_are_taken_if_asked(
    bad: dict[str, object] | str | bytes, says: str, column: int | None, take: Import, file: Path
) -> None:
    answer = take(GOOD, bad, line("update", "grace", day=3, title="Admiral"), options=("--skip-refused",))

    assert answer.code == 1
    assert says in answer.err
    assert user(file, "grace")["title"] == "Admiral"


def test_every_faulty_line_is_listed_in_order(take: Import) -> None:
    answer = take("{nope", GOOD, line("update", "nobody", day=9), line("update", "nobody", day=2), "{nope")

    lines = [told.split(",")[0] for told in answer.err.splitlines() if told.startswith("Line ")]
    assert lines == ["Line 1", "Line 3", "Line 4", "Line 5"]


def test_a_line_is_taken_without_its_only_faulty_field(take: Import, file: Path) -> None:
    take(line("create", "grace", first_name="Grace", email="one@example.org"))
    second = line("create", first_name="Ada", email="one@example.org", title="Clerk")

    refused = take(second)
    taken = take(second, options=("--skip-refused",))

    assert refused.code == 2
    assert taken.code == 1
    assert taken.err.startswith("Line 1, column ")
    assert "email" in taken.err
    assert "without this field" in taken.err
    now = user(file)
    assert (now["first_name"], now["title"], now["email"]) == ("Ada", "Clerk", None)


def test_an_attribute_can_be_the_only_faulty_field(take: Import, file: Path) -> None:
    taken = take(line("create", first_name="Ada", office=7, floor="3"), options=("--skip-refused",))

    assert taken.code == 1
    assert user(file)["attributes"] == {"floor": "3"}


def test_a_line_with_two_faulty_fields_is_not_taken(take: Import, file: Path) -> None:
    taken = take(GOOD, line("create", first_name="Ada", email="nope", status="gone"), options=("--skip-refused",))

    assert taken.code == 1
    assert set(whowas("list", file, "--json", "--status", "any").people) == {"grace"}


def test_the_lines_left_out_are_saved_as_they_were(take: Import, file: Path, tmp_path: Path) -> None:
    out = tmp_path / "refused.jsonl"
    unreadable, not_json, unknown = b'{"op": "\xff"}', "{nope", line("update", "ada", title="Clerk ¾")

    answer = take(GOOD, unreadable, not_json, unknown, options=("--skip-refused", "--refused", out))

    first, second, third = out.read_bytes().splitlines()
    assert answer.code == 1
    assert b"\xff" in first
    assert second == not_json.encode()
    kept = json.loads(third)
    kept.pop("refused", None)
    assert kept == unknown
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_the_lines_left_out_can_be_mended_and_imported(take: Import, file: Path, tmp_path: Path) -> None:
    out = tmp_path / "refused.jsonl"
    take(GOOD, line("update", "grace", day=2, status="gone", office="B 12"), options=("--refused", out))
    mended = out.read_text(encoding="utf-8").replace('"gone"', '"suspended"')

    assert take(GOOD).code == 0
    assert take(mended.strip()).code == 0

    now = user(file, "grace")
    assert (now["status"], now["attributes"]) == ("suspended", {"office": "B 12"})


def test_the_lines_left_out_never_go_over_the_directory_or_the_input(take: Import, file: Path, tmp_path: Path) -> None:
    assert take(GOOD).code == 0
    before = contents(file.parent)

    for target in (file, tmp_path / "history.jsonl"):
        assert take("{nope", options=("--skip-refused", "--refused", target)).code == 2
        assert contents(file.parent) == before
    assert (tmp_path / "history.jsonl").read_text(encoding="utf-8") == "{nope\n"


def test_a_dry_run_says_what_it_would_do(take: Import, file: Path) -> None:
    answer = take(GOOD, line("create", first_name="Ada"), line("delete", day=2), options=("--dry-run",))

    assert answer.code == 0
    assert answer.out == "Would import: 2 created, 1 changed, 0 unchanged, 1 of them deleted.\n"
    assert contents(file.parent) == {}


def test_an_empty_file_is_refused(take: Import, file: Path) -> None:
    answer = take(b"", options=("--format", "changelog"))

    assert answer.code == 2
    assert "empty" in answer.err
    assert contents(file.parent) == {}


def test_stdin_is_read_where_a_dash_is_given(file: Path) -> None:
    answer = whowas("import", file, "-", stdin=json.dumps(GOOD))

    assert answer.code == 0
    assert user(file, "grace")["first_name"] == "Grace"


def told(file: Path, who: str) -> list[tuple[str, str, str]]:
    """Return the first ten characters of the moment, the actor and the sentence of each entry of a history."""
    entries = whowas("history", file, who, "--json").objects
    return [(entry["occurred_at"][:10], entry["actor"], entry["sentence"]) for entry in entries]


def test_every_line_of_one_instant_is_told_with_its_own_actor(take: Import, file: Path) -> None:
    """What two people did to one user at one moment are two entries, also where it was altered back."""
    at = [{"at": f"2021-05-{day:02}T09:00:00Z"} for day in range(1, 6)]
    lee, max_ = {"actor": "lee"}, {"actor": "max"}
    assert (
        take(
            line("create", first_name="Ann", title="clerk"),
            line("update", title="head") | at[0] | lee,
            line("update", title="chief") | at[0] | max_,
            line("update", title="x") | at[1] | lee,
            line("update", title="chief") | at[1] | max_,
            line("delete") | at[2] | lee,
            line("create", first_name="Ann", title="chief") | at[2] | max_,
            line("update", phone="1") | at[3] | lee,
            line("update", department="D") | at[3] | max_,
        ).code
        == 0
    )
    assert told(file, "ada") == [
        ("2020-03-01", "Ruth", "Created: Ann"),
        ("2021-05-01", "lee", "Title changed: clerk → head"),
        ("2021-05-01", "max", "Title changed: head → chief"),
        ("2021-05-02", "lee", "Title changed: chief → x"),
        ("2021-05-02", "max", "Title changed: x → chief"),
        ("2021-05-03", "lee", "Deleted: Ann"),
        ("2021-05-03", "max", "Restored: Ann"),
        ("2021-05-04", "lee", "Phone changed: empty → 1"),
        ("2021-05-04", "max", "Department changed: empty → D"),
    ]


def test_every_email_ever_held_is_found_and_told(take: Import, file: Path) -> None:
    at = {"at": "2022-01-01"}
    lines = [line("create", first_name="Ann", email="a@example.org"), line("delete", day=2)]
    lines += [line("create", day=2, first_name="Ann", email="b@example.org") | {"actor": "max"}]
    lines += [line("update", email=f"{letter}@example.org") | at for letter in "cd"]
    assert take(*lines).code == 0

    for letter in "abcd":
        assert [entry for _, _, entry in told(file, f"{letter}@example.org")] == [
            "Created: Ann",
            "Deleted: Ann",
            "Restored: Email: a@example.org → b@example.org",
            "Email changed: b@example.org → c@example.org",
            "Email changed: c@example.org → d@example.org",
        ]


def test_an_array_of_changes_is_read_as_their_lines_would_be(file: Path, tmp_path: Path) -> None:
    source = tmp_path / "history.json"
    entries = [line("update", day=2, title="Clerk"), line("create", first_name="Ada")]
    source.write_text(json.dumps(entries, indent=2), encoding="utf-16")

    assert whowas("import", file, source).code == 0

    assert [entry for _, _, entry in told(file, "ada")] == ["Created: Ada", "Title changed: empty → Clerk"]


def test_where_an_object_of_an_array_is_at_fault_is_told(file: Path, tmp_path: Path) -> None:
    source = tmp_path / "history.json"
    good, bad = json.dumps(GOOD), json.dumps(line("create", email="nope"))
    source.write_text(f"[{good},\n  {bad}]", encoding="utf-8")

    answer = whowas("import", file, source)

    assert answer.code == 2
    column = bad.index('"email"') + 3
    assert answer.err.startswith(f"Line 2, column {column}, email: “nope” is not an email address.")
