"""CSV on the command line: what a row does, and what is said of a file or a row that cannot be taken."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import Answer, contents, whowas

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
    row = 'Ada,"Lovelace, Countess",ada@example.org,"two\nlines",B 12'
    answer = take(f"first_name,last_name,email,notes,Room\n{row}\n", "--map", "Room=attribute:Room")

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


def test_an_empty_cell_clears_if_asked_and_a_missing_column_leaves(take: Import, file: Path) -> None:
    room = ("--map", "Room=attribute:Room")
    take("email,title,phone,Room\nada@example.org,Clerk,1,B 12\n", *room)
    whole = users(file)

    assert take("email,title,Room\nada@example.org,,\n", *room).code == 0
    assert users(file) == whole
    assert take("email,title,Room\nada@example.org,,\n", *room, "--blank", "clear").code == 0

    ada = users(file)["ada@example.org"]
    assert (ada["title"], ada["phone"], ada["attributes"]) == (None, "1", {})


def test_groups_and_status(take: Import, file: Path) -> None:
    assert take('email,status,groups\nada@example.org,suspended,"Legal; Budget"\n').code == 0
    assert take("email,status,groups\nada@example.org,active,Budget\n").code == 0

    assert users(file)["ada@example.org"]["groups"] == ["Budget"]
    assert users(file)["ada@example.org"]["status"] == "active"


BROKEN = {
    "empty": (b"", "empty"),
    "white space": (b"\n\n \n", "empty"),
    "no header": (b"Ada,Lovelace,ada@example.org\n", "Nothing in this list names a person"),
    "a column twice": (b"email,title,email\na@example.org,x,y\n", "the same title, “email”"),
    "a column twice in other words": (b"first_name,First name\nA,B\n", "the same title, “first_name” and “First name”"),
    "a NUL byte": (b"email,first_name\na@example.org,A\0da\n", "NUL"),
    "a field of ten megabytes": (b"email,notes\na@example.org," + b"x" * 10_000_000 + b"\n", "too long"),
    "ten megabytes in quotes": (b'email,notes\na@example.org,"' + b"x" * 10_000_000 + b'"\n', "too long"),
    "a header of ten megabytes": (b"x" * 10_000_000, "too long"),
    "a quote that never closes": (b'email,notes\na@example.org,"never\nb@example.org,x\n', "never closed"),
}


@pytest.mark.parametrize(("content", "says"), BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("options", [[], ["--skip-refused"]], ids=["", "skipping"])
def test_a_file_that_is_no_list_is_refused_as_a_whole(
    content: bytes, says: str, options: list[str], take: Import, file: Path
) -> None:
    answer = take(content, *options)

    assert (answer.code, answer.out) == (2, "")
    first, *rest = answer.err.splitlines()
    assert says in first
    assert rest == ["Nothing was written."]
    assert len(answer.err) < 1_000
    assert contents(file.parent) == {}


ROWS = {
    "too many cells": ("ada@example.org,Clerk,x,y,z", "column 4", "5 cells"),
    "text behind a quote": ('"ada"@example.org,Clerk,', "column 1", "closing quotation mark"),
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
    told = answer.err.splitlines()[0]
    assert told.startswith(f"Line 3, {place}")
    assert says.lower() in told.lower()
    assert contents(file.parent) == before


def test_the_line_of_a_row_counts_the_lines_inside_cells(take: Import) -> None:
    answer = take('email,notes\nada@example.org,"one\ntwo\nthree"\nnope,x\n')
    assert answer.err.startswith("Line 5, column 1, email: ")


def test_two_rows_for_one_person_are_refused_where_they_differ(take: Import, file: Path) -> None:
    take("external_id,email\na1,ada@example.org\n")

    answer = take("external_id,email,title\na1,ada@example.org,Clerk\n,ADA@example.org,Fellow\n")
    new = take("email,title\nnew@example.org,Clerk\nNEW@example.org,Fellow\n")

    assert answer.code == new.code == 2
    for told in (answer.err, new.err):
        assert "the same user as in line 2" in told
        assert "Title" in told
    assert users(file)["ada@example.org"]["title"] is None
    assert take("email,title\nada@example.org,Clerk\nADA@example.org,Clerk\n").code == 0
    assert users(file)["ada@example.org"]["title"] == "Clerk"


def test_a_row_is_taken_without_its_only_faulty_cell(take: Import, file: Path, tmp_path: Path) -> None:
    out = tmp_path / "refused.csv"
    row = f"a1,ada@example.org,{'x' * 2_000},1"

    answer = take(
        f"external_id,email,title,phone\n{row}\nb1,b@example.org,Fellow,2\n", "--skip-refused", "--refused", out
    )

    assert answer.code == 1
    assert answer.err.startswith("Line 2, column 3, title: ")
    assert "without this field" in answer.err
    assert "1 of them without a field" in answer.out
    found = {user["external_id"]: (user["title"], user["phone"]) for user in users(file).values()}
    assert found == {"a1": (None, "1"), "b1": ("Fellow", "2")}
    assert out.read_text(encoding="utf-8") == f"external_id,email,title,phone\n{row}\n"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_a_row_with_a_faulty_key_is_left_out_as_a_whole(take: Import, file: Path) -> None:
    take("external_id,email\n,grace@example.org\na1,ada@example.org\n")
    answer = take("external_id,email,title\na1,GRACE@example.org,Clerk\n", "--skip-refused")
    assert answer.code == 1
    assert users(file)["ada@example.org"]["title"] is None


def test_rows_left_out_can_be_mended_and_imported(take: Import, file: Path, tmp_path: Path) -> None:
    out = tmp_path / "refused.csv"
    raw = 'ada@example.org,"two\nlines, ""quoted""",x'

    assert take(f"email,notes\n{raw}\nb@example.org,fine\n", "--skip-refused", "--refused", out).code == 1
    assert list(users(file)) == ["b@example.org"]
    assert take(out.read_text(encoding="utf-8").replace('",x', '"')).code == 0
    assert users(file)["ada@example.org"]["notes"] == 'two\nlines, "quoted"'
