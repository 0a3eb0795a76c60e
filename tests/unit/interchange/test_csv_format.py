"""CSV: what a row does, what is said of a file that is no such CSV, and that an export imported changes nothing."""

from __future__ import annotations

import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.command_line import Answer, contents, json_lines, whowas
from tests.examples import at_most

Import = Callable[..., Answer]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the directory will be."""
    folder = tmp_path / "directory"
    folder.mkdir()
    return folder / "staff.whowas"


@pytest.fixture
def take(file: Path, tmp_path: Path) -> Import:
    """Imports a file of that content."""

    def take(content: str | bytes, *options: object) -> Answer:
        source = tmp_path / "staff.csv"
        source.write_bytes(content.encode() if isinstance(content, str) else content)
        return whowas("import", file, source, "--format", "csv", *options)

    return take


def users(file: Path) -> dict[str, dict[str, Any]]:
    """Return all users by email."""
    return {user["email"]: user for user in whowas("list", file, "--json", "--status", "any").objects}


def test_a_row_is_a_user(take: Import, file: Path) -> None:
    answer = take(
        'first_name,last_name,email,notes,Room\nAda,"Lovelace, Countess",ada@example.org,"two\nlines",B 12\n',
        *("--map", "Room=attribute:Room"),
    )

    assert (answer.code, answer.err) == (0, "")
    ada = users(file)["ada@example.org"]
    assert (ada["first_name"], ada["last_name"], ada["notes"]) == ("Ada", "Lovelace, Countess", "two\nlines")
    assert ada["attributes"] == {"Room": "B 12"}


def test_columns_may_be_called_as_in_the_window(take: Import, file: Path) -> None:
    assert take("First Name,EMAIL,External id\nAda,ada@example.org,a1\n").code == 0
    ada = users(file)["ada@example.org"]
    assert (ada["first_name"], ada["external_id"], ada["attributes"]) == ("Ada", "a1", {})


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_marks_of_other_programs(end: str, mark: str, take: Import, file: Path) -> None:
    assert (
        take(mark + end.join(("email,first_name", "ada@example.org,Ada", "", "grace@example.org,Grace", ""))).code == 0
    )
    assert {email: user["first_name"] for email, user in users(file).items()} == {
        "ada@example.org": "Ada",
        "grace@example.org": "Grace",
    }


def test_a_user_is_found_by_id_then_external_id_then_email(take: Import, file: Path) -> None:
    take("external_id,email,title\na1,ada@example.org,Clerk\n,grace@example.org,Clerk\n,hedy@example.org,Clerk\n")
    hedy = users(file)["hedy@example.org"]["id"]

    rows = (",a1,countess@example.org", ",,GRACE@example.org", f"{hedy},,h@example.org")
    assert take("id,external_id,email,title\n" + "".join(f"{row},Fellow\n" for row in rows)).code == 0

    now = users(file)
    assert len(now) == 3
    assert {user["title"] for user in now.values()} == {"Fellow"}
    assert now["countess@example.org"]["external_id"] == "a1"
    assert now["h@example.org"]["id"] == hedy


def test_an_empty_cell_leaves_unless_it_is_to_clear_and_a_missing_column_leaves(take: Import, file: Path) -> None:
    room = ("--map", "Room=attribute:Room")
    take("email,title,phone,Room\nada@example.org,Clerk,1,B 12\n", *room)

    assert take("email,title,Room\nada@example.org,,\n", *room).code == 0
    ada = users(file)["ada@example.org"]
    assert (ada["title"], ada["phone"], ada["attributes"]) == ("Clerk", "1", {"Room": "B 12"})

    assert take("email,title,Room\nada@example.org,,\n", *room, "--blank", "clear").code == 0
    ada = users(file)["ada@example.org"]
    assert (ada["title"], ada["phone"], ada["attributes"]) == (None, "1", {})


def test_groups_and_status(take: Import, file: Path) -> None:
    assert take('email,status,groups\nada@example.org,suspended,"Legal; Budget"\n').code == 0
    assert take("email,status,groups\nada@example.org,active,Budget\n").code == 0

    assert users(file)["ada@example.org"]["groups"] == ["Budget"]
    assert users(file)["ada@example.org"]["status"] == "active"


BROKEN = {
    "empty": (b"", 0, 0, "empty"),
    "white space": (b"\n\n \n", 0, 0, "empty"),
    "no header": (b"Ada,Lovelace,ada@example.org\n", 1, 1, "--no-header"),
    "a column twice": (b"email,title,email\na@example.org,x,y\n", 1, 3, "same title"),
    "a column twice in other words": (b"first_name,First name\nA,B\n", 1, 2, "same title"),
    "a NUL byte": (b"email,first_name\na@example.org,A\0da\n", 2, 1, "NUL"),
    "a field of ten megabytes": (b"email,notes\na@example.org," + b"x" * 10_000_000 + b"\n", 2, 1, "too long"),
    "ten megabytes in quotes": (b'email,notes\na@example.org,"' + b"x" * 10_000_000 + b'"\n', 2, 1, "long"),
    "a header of ten megabytes": (b"x" * 10_000_000, 1, 1, ""),
    "a quote that never closes": (b'email,notes\na@example.org,"never\nb@example.org,x\n', 2, 2, "never closed"),
}


@pytest.mark.parametrize(("content", "line", "column", "says"), BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("options", [[], ["--skip-refused"]], ids=["", "skipping"])
def test_a_file_that_is_no_such_csv_is_refused_as_a_whole(
    content: bytes, line: int, column: int, says: str, options: list[str], take: Import, file: Path
) -> None:
    answer = take(content, *options)

    assert (answer.code, answer.out) == (2, "")
    first = answer.err.splitlines()[0]
    assert first.startswith(f"Line {line}, column {column}: " if line else "The file ")
    assert says in first
    assert len(answer.err) < 1_000
    assert contents(file.parent) == {}


READ = {
    "semicolons": b"first_name;email\nAda;ada@example.org\n",
    "tabs": b"first_name\temail\nAda\tada@example.org\n",
    "a column without name": b"email,,first_name\nada@example.org,x,Ada\n",
    "UTF-16": "email,first_name\nada@example.org,Ada\n".encode("utf-16"),
    "too few cells": b"first_name,email,title\nAda,ada@example.org\n",
}


@pytest.mark.parametrize("content", READ.values(), ids=READ)
def test_lists_of_other_programs_are_read(content: bytes, take: Import, file: Path) -> None:
    assert take(content).code == 0
    assert users(file)["ada@example.org"]["first_name"] == "Ada"


ROWS = {
    "text behind a quote": ('ada@example.org,"x"y,', "column 2", "closing quotation mark"),
    "too many cells": ("ada@example.org,Clerk,x,y,z", "column 4", "5 cells"),
    "a bad email": ("ada at example,Clerk,", "column 1, email", "not an email address"),
    "somebody else's email": ("GRACE@example.org,Clerk,h1", "column 1, email", "belongs to grace@example.org"),
    "a title of 10,000 characters": ("ada@example.org," + "x" * 10_000 + ",", "column 2, title", "10,000"),
    "a title of two lines": ('ada@example.org,"two\nlines",', "column 2, title", "single line"),
}


@pytest.mark.parametrize(("row", "place", "says"), ROWS.values(), ids=ROWS)
def test_a_faulty_row_is_named_and_nothing_is_written(
    row: str, place: str, says: str, take: Import, file: Path
) -> None:
    take("external_id,email\ng1,grace@example.org\nh1,h@example.org\n")
    before = contents(file.parent)

    answer = take(f"email,title,external_id\nhedy@example.org,Fellow,\n{row}\n")

    assert (answer.code, answer.out) == (2, "")
    (told,) = [line for line in answer.err.splitlines() if line.startswith("Line ")]
    assert told.startswith(f"Line 3, {place}")
    assert says.lower() in told.lower()
    assert contents(file.parent) == before


def test_the_line_of_a_row_counts_the_lines_inside_cells(take: Import) -> None:
    answer = take('email,notes\nada@example.org,"one\ntwo\nthree"\nnope,x\n')
    assert answer.err.startswith("Line 5, column 1, email: ")


def test_two_rows_for_one_person_are_refused(take: Import, file: Path) -> None:
    take("external_id,email\na1,ada@example.org\n")

    answer = take("external_id,email,title\na1,ada@example.org,Clerk\n,ADA@example.org,Fellow\n")
    new = take("email,title\nnew@example.org,Clerk\nNEW@example.org,Fellow\n")

    assert answer.code == new.code == 2
    for told in (answer.err, new.err):
        assert "same user as in line" in told
        assert "Title" in next(line for line in told.splitlines() if line.startswith("Line "))
    assert users(file)["ada@example.org"]["title"] is None


def test_a_row_is_taken_without_its_only_faulty_cell(take: Import, file: Path, tmp_path: Path) -> None:
    out = tmp_path / "refused.csv"
    take("external_id,email\n,grace@example.org\na1,ada@example.org\n")

    row = f"a1,ada@example.org,Clerk,{'5' * 1_001}"
    answer = take(
        f"external_id,email,title,phone\n{row}\nb1,b@example.org,Fellow,\n", "--skip-refused", "--refused", out
    )

    assert answer.code == 1
    assert answer.err.startswith("Line 2, column 4, phone: ")
    assert "without this field" in answer.err
    assert {user["external_id"]: user["title"] for user in users(file).values()} == {
        None: None,
        "a1": "Clerk",
        "b1": "Fellow",
    }
    assert out.read_text(encoding="utf-8").splitlines()[-1] == row
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_rows_left_out_can_be_mended_and_imported(take: Import, file: Path, tmp_path: Path) -> None:
    out = tmp_path / "refused.csv"
    raw = 'ada@example.org,"two\nlines, ""quoted""",x'

    assert take(f"email,notes\n{raw}\nb@example.org,fine\n", "--skip-refused", "--refused", out).code == 1
    assert list(users(file)) == ["b@example.org"]
    assert take(out.read_text(encoding="utf-8").replace('",x', '"')).code == 0
    assert users(file)["ada@example.org"]["notes"] == 'two\nlines, "quoted"'


def test_an_export_starts_with_its_header_and_is_private(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    whowas(
        "run",
        file,
        stdin=json_lines({"command": "CreateUser", "email": "ada@example.org", "attributes": {"Room": "1"}}),
    )

    assert whowas("export", file, out, "--format", "csv").code == 0

    header = "id,external_id,first_name,last_name,email,phone,title,department,notes,status,groups,Room"
    assert out.read_text(encoding="utf-8").splitlines()[0] == header
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert whowas("export", file, "-", "--format", "csv").out == out.read_text(encoding="utf-8")


def test_an_export_of_the_past_is_as_it_was(file: Path) -> None:
    lines = [
        {"command": "CreateUser", "email": "ada@example.org", "title": "Clerk", "occurred_at": "2020-01-01T00:00:00Z"},
        {"command": "UpdateUser", "id": "ada@example.org", "title": "Fellow", "occurred_at": "2021-01-01T00:00:00Z"},
    ]
    assert whowas("run", file, stdin=json_lines(*lines)).code == 0

    past = whowas("export", file, "-", "--format", "csv", "--at", "2020-06-01T00:00:00Z").out

    assert "Clerk" in past
    assert "Fellow" not in past


SOME_HARD = [
    "",
    '"',
    '""',
    ",",
    ";",
    "a;b",
    "\n",
    "\r\n",
    "\r",
    " x ",
    "=1+1",
    "🏳️‍🌈",
    "مرحبا",
    "\u202eabc",
    "e\u0301",
    "\ufeffx",
    "\u2028",
    "\x85",
]
LETTERS = st.characters(
    exclude_categories=["Cs"], exclude_characters=[chr(code) for code in (*range(9), 11, 12, *range(14, 32), 127)]
)
TEXTS = st.one_of(st.sampled_from(SOME_HARD), st.text(LETTERS, max_size=30))
LINES = TEXTS.map(lambda text: text.replace("\n", "").replace("\r", ""))
# Of a title in which nothing can be seen it is said that the column has none.
NAMES = LINES.map(str.strip).filter(lambda name: any(map(str.isalnum, name)))
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {"first_name": LINES, "last_name": LINES, "title": LINES, "notes": TEXTS},
        optional={
            "attributes": st.dictionaries(NAMES, TEXTS, max_size=3),
            "groups": st.lists(NAMES, max_size=3),
            "status": st.sampled_from(["active", "suspended"]),
        },
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=at_most(40))
@given(PEOPLE)
@example([{"first_name": "Ada", "last_name": '"', "title": "", "notes": "an old Mac's\rend of line"}])
def test_an_export_that_is_imported_changes_nothing(people: list[dict[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file, out = Path(folder) / "staff.whowas", Path(folder) / "out.csv"
        told = whowas("run", file, stdin=json_lines(*({"command": "CreateUser", **person} for person in people)))
        created = sum(reply["ok"] for reply in told.objects)
        if created == 0:
            return
        before = whowas("list", file, "--json").out
        assert whowas("export", file, out, "--format", "csv").code == 0

        answer = whowas("import", file, out)

        assert (answer.code, answer.err) == (0, "")
        assert whowas("list", file, "--json").out == before
        # The first import of a list records whom it met; the second has nothing to say at all.
        head = whowas("head", file).out
        assert whowas("import", file, out).code == 0
        assert (whowas("list", file, "--json").out, whowas("head", file).out) == (before, head)


@settings(max_examples=at_most(40))
@given(PEOPLE)
def test_an_export_makes_the_same_users_elsewhere(people: list[dict[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file, out, other = Path(folder) / "staff.whowas", Path(folder) / "out.csv", Path(folder) / "other.whowas"
        told = whowas("run", file, stdin=json_lines(*({"command": "CreateUser", **person} for person in people)))
        if not any(reply["ok"] for reply in told.objects):
            return
        assert whowas("export", file, out, "--format", "csv").code == 0

        answer = whowas("import", other, out)

        assert (answer.code, answer.err) == (0, "")
        ours, theirs = (
            {user["id"]: {**user, "version": 0} for user in whowas("list", path, "--json").objects}
            for path in (file, other)
        )
        assert ours == theirs
