"""Lists on the command line: every option does what it says, and every answer is one that a script can rely on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.command_line import Answer, contents, whowas
from tests.integration.store.test_upgrade import golden
from tests.workbooks import write_xlsx

TAKEN, LEFT_OUT, REFUSED = 0, 1, 2
MEMBERS = "Member No,Given,Email,Standing\n1,Ada,ada@example.org,ok\n2,Ben,ben@example.org,gone\n"
MAPPED = ("--map", "Member No=external_id", "--map", "Given=first_name", "--map", "Standing=status")
WORDS = ("--status", "ok=active", "--status", "gone=suspended")
KEYS = {"line", "file", "what", "id", "name", "changes", "column", "reason"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "staff.whowas"


def listed(folder: Path, text: str | bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def take(file: Path, *arguments: object, code: int = TAKEN) -> Answer:
    answer = whowas("import", file, *arguments)
    assert answer.code == code, answer.err
    return answer


def users(file: Path, *fields: str) -> list[tuple[Any, ...]]:
    return sorted(
        (tuple(user[field] for field in fields) for user in whowas("list", file, "--status", "any", "--json").objects),
        key=str,
    )


def test_columns_and_words_are_what_they_are_said_to_be(file: Path, tmp_path: Path) -> None:
    take(file, listed(tmp_path, MEMBERS), *MAPPED, *WORDS)
    assert users(file, "external_id", "first_name", "email", "status") == [
        ("1", "Ada", "ada@example.org", "active"),
        ("2", "Ben", "ben@example.org", "suspended"),
    ]


def test_nobody_new_is_active_where_that_is_asked_and_left_blank(file: Path, tmp_path: Path) -> None:
    ticked = listed(tmp_path, "Vorname;E-Mail;Aktiv\nAda;ada@example.org;x\nBen;ben@example.org;\n")
    refused = take(file, ticked, "--json", code=REFUSED).objects[1]
    assert (refused["what"], refused["column"]) == ("refused", 3)
    assert "--status =suspended" in refused["reason"]
    take(file, ticked, "--status", "=suspended", "--save-mapping", "Ticks")
    assert users(file, "first_name", "status") == [("Ada", "active"), ("Ben", "suspended")]
    take(file, listed(tmp_path, "Vorname;E-Mail;Aktiv\nCy;cy@example.org;\n"), "--mapping", "Ticks")
    take(file, listed(tmp_path, "Vorname;E-Mail;Aktiv;Status\nDi;di@example.org;;aktiv\n"))
    take(file, listed(tmp_path, "Vorname;E-Mail;Status\nEd;ed@example.org;\n"))
    assert [status for _, status in users(file, "first_name", "status")] == [
        "active",
        "suspended",
        "suspended",
        "active",
        "active",
    ]


@pytest.mark.parametrize("cell", ["0", "N/A", "never", "0001-01-01T00:00:00Z", "False"])
def test_nobody_is_deleted_by_a_cell_that_is_no_moment_of_it(cell: str, file: Path, tmp_path: Path) -> None:
    titles = "User principal name,Display name,Block credential,Soft deletion time stamp\n"
    answer = take(file, listed(tmp_path, f"{titles}ada@example.org,Ada,False,{cell}\n"), "--json", code=REFUSED)
    assert (answer.objects[0]["what"], answer.objects[0]["column"]) == ("refused", 4)
    for day in ("2020-01-02", "1/2/2020 5:04:01 PM", "20200102", "2.1.20"):
        deleted = take(file, listed(tmp_path, f"{titles}ada@example.org,Ada,False,{day}\n"), "--json").objects[0]
        assert deleted["what"] in ("created", "unchanged")
    assert users(file, "status") == [("deleted",)]


def test_json_has_a_line_a_record_and_last_the_summary(file: Path, tmp_path: Path) -> None:
    source = listed(tmp_path, "first_name,email,Team\nAda,ada@example.org,A\n")
    *records, last = take(file, source, "--json", "--map", "Team=attribute:Team").objects
    (record,) = records
    assert set(record) == KEYS
    assert record == {
        "line": 2,
        "file": str(source),
        "what": "created",
        "id": users(file, "id")[0][0],
        "name": "Ada",
        "changes": {
            "first_name": [None, "Ada"],
            "email": [None, "ada@example.org"],
            "attribute:Team": [None, "A"],
            "status": [None, "active"],
        },
        "column": None,
        "reason": None,
    }
    nothing = dict.fromkeys(("changed", "unchanged", "similar", "missing", "refused"), 0)
    assert last == {"summary": {"created": 1, **nothing}, "left_out": [], "fields": ["Team"], "groups": []}


def test_json_tells_cell_by_cell_what_changes(file: Path, tmp_path: Path) -> None:
    take(file, listed(tmp_path, "first_name,email,groups\nAda,ada@example.org,Choir\n"))
    source = listed(tmp_path, "first_name,email,groups,phone\nAda,ada@example.org,Board; Choir,\n")
    *records, last = take(file, source, "--dry-run", "--json").objects
    assert [(one["what"], one["changes"]) for one in records] == [
        ("changed", {"groups": [["Choir"], ["Board", "Choir"]]})
    ]
    assert last["groups"] == ["Board"]


def test_json_tells_what_is_refused(file: Path, tmp_path: Path) -> None:
    source = listed(tmp_path, "first_name,email\nAda,ada@\n")
    answer = take(file, source, "--json", code=REFUSED)
    record, last = answer.objects
    assert (record["what"], record["line"], record["column"], record["id"]) == ("refused", 2, 2, None)
    assert "ada@" in record["reason"]
    assert last["summary"]["refused"] == 1
    assert not file.exists()


@pytest.mark.parametrize("text", ["\x00\x00", "Fee,Paid\n1,2\n", ""])
def test_json_tells_why_a_whole_file_is_refused(text: str, file: Path, tmp_path: Path) -> None:
    answer = take(file, listed(tmp_path, text), "--json", code=REFUSED)
    record, last = answer.objects
    assert record["what"] == "refused"
    assert record["reason"].endswith((".", ")"))
    assert last["summary"]["refused"] == 1


def test_what_is_left_of_an_export_still_names_its_users(file: Path, tmp_path: Path) -> None:
    take(file, listed(tmp_path, "first_name,last_name\nAda,Ash\nAda,Ash\n"), "--similar", "new")
    (one, _), (other, _) = users(file, "id", "first_name")
    take(file, listed(tmp_path, f"id,Telefon\n{other},2\n{one.upper()},1\n"))
    assert users(file, "id", "phone") == [(one, "1"), (other, "2")]
    assert users(file, "external_id") == [(None,), (None,)]


def test_what_two_users_of_an_older_file_share_is_no_reason_to_refuse_its_export(tmp_path: Path) -> None:
    file, export = golden(tmp_path, "0.4.0"), tmp_path / "users.csv"
    assert whowas("export", file, export, "--format", "csv").code == 0
    people = [line for line in export.read_text().splitlines() if "@" in line or line.startswith("id,")]
    changed = listed(tmp_path, "\n".join(people).replace(",active,", ",suspended,") + "\n")
    summary = take(file, changed, "--json").objects[-1]["summary"]
    assert summary["changed"] == len(people) - 1
    assert len([user for user in whowas("list", file, "--json").objects if user["status"] == "suspended"]) == 6


def test_several_files_are_one_import(file: Path, tmp_path: Path) -> None:
    staff = listed(tmp_path, "first_name,email\nAda,ada@example.org\n", "staff.csv")
    board = listed(tmp_path, "Vorname;E-Mail\nBen;ben@example.org\n", "board.csv")
    records = take(file, staff, board, "--json").objects[:-1]
    assert [(Path(one["file"]).name, one["line"], one["name"]) for one in records] == [
        ("staff.csv", 2, "Ada"),
        ("board.csv", 2, "Ben"),
    ]
    assert len({entry["change_id"] for entry in whowas("history", file, "--json").objects}) == 1


def test_what_is_said_of_a_title_is_for_the_files_that_have_it(file: Path, tmp_path: Path) -> None:
    staff = listed(tmp_path, "first_name,Post\nAda,ada@example.org\n", "staff.csv")
    board = listed(tmp_path, "first_name,Mail\nBen,ben@example.org\n", "board.csv")
    take(file, staff, board, "--map", "post=email", "--map", "Mail=email")
    assert users(file, "first_name", "email") == [("Ada", "ada@example.org"), ("Ben", "ben@example.org")]
    answer = take(file, staff, board, "--map", "Fax=email", code=REFUSED)
    assert "There is no title “Fax”" in answer.err


def test_files_of_one_name_are_told_apart(file: Path, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    one = listed(tmp_path / "a", "first_name,email\nAda,ada@\n")
    other = listed(tmp_path / "b", "first_name,email\nBen,ben@\n")
    answer = take(file, one, other, "--json", code=REFUSED)
    assert [record["file"] for record in answer.objects[:-1]] == [str(one), str(other)]
    assert f"{other}, line 2" in answer.err


def test_a_file_given_twice_is_refused(file: Path, tmp_path: Path) -> None:
    source = listed(tmp_path, MEMBERS)
    assert "twice" in take(file, source, source, code=REFUSED).err


def test_stdin_is_a_file_like_others(file: Path) -> None:
    answer = whowas("import", file, "-", "--json", stdin="first_name,email\nAda,ada@example.org\n")
    assert (answer.code, answer.objects[0]["file"]) == (TAKEN, "-")
    assert users(file, "first_name") == [("Ada",)]


def test_what_is_left_out_is_said_by_the_exit_code_and_saved_to_be_corrected(file: Path, tmp_path: Path) -> None:
    source = listed(tmp_path, "first_name,email,status\nAda,ada@example.org,active\nBen,ben@example.org,ruht\n")
    out = tmp_path / "refused.csv"
    answer = take(file, source, "--skip-refused", "--refused", out, code=LEFT_OUT)
    assert "1 created" in answer.out
    assert "1 refused" in answer.out
    assert out.read_text() == "first_name,email,status\nBen,ben@example.org,ruht\n"
    again = take(file, out, "--status", "ruht=suspended")
    assert "1 created" in again.out
    assert users(file, "first_name", "status") == [("Ada", "active"), ("Ben", "suspended")]


def test_rows_of_lists_with_other_titles_are_not_saved_below_those_of_the_first(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "refused.csv"
    one = listed(tmp_path, "first_name,email\nAda,ada@\n", "one.csv")
    alike = listed(tmp_path, "first_name,email\nBen,ben@\n", "alike.csv")
    other = listed(tmp_path, "email,first_name\ncy@,Cy\n", "other.csv")
    answer = take(file, one, other, "--refused", out, code=REFUSED)
    assert "--refused wants files with the same titles" in answer.err
    assert not out.exists()
    take(file, one, alike, "--refused", out, code=REFUSED)
    assert out.read_text() == "first_name,email\nAda,ada@\nBen,ben@\n"


def test_what_was_refused_is_saved_also_where_nothing_was_taken(file: Path, tmp_path: Path) -> None:
    source, out = listed(tmp_path, "first_name,email\nAda,ada@\n"), tmp_path / "refused.csv"
    take(file, source, "--refused", out, code=REFUSED)
    assert out.read_text() == "first_name,email\nAda,ada@\n"
    assert not file.exists()


def test_rows_of_a_spreadsheet_are_saved_as_csv(file: Path, tmp_path: Path) -> None:
    source, out = tmp_path / "list.xlsx", tmp_path / "refused.csv"
    write_xlsx(source, {"Staff": [("Vorname", "E-Mail"), ("Ada", "ada@example.org"), ("Ben, B.", "ben@")]})
    take(file, source, "--skip-refused", "--refused", out, code=LEFT_OUT)
    corrected = out.read_text().replace("ben@", "ben@example.org")
    assert corrected == 'Vorname,E-Mail\n"Ben, B.",ben@example.org\n'
    take(file, listed(tmp_path, corrected))
    assert users(file, "first_name", "email") == [("Ada", "ada@example.org"), ("Ben, B.", "ben@example.org")]


def test_a_sheet_is_chosen_by_its_name(file: Path, tmp_path: Path) -> None:
    source = tmp_path / "list.xlsx"
    rows = {name: [("first_name", "email"), (name, f"{name}@example.org")] for name in ("ada", "ben")}
    write_xlsx(source, rows)
    take(file, source, "--sheet", "ben")
    assert users(file, "first_name") == [("ben",)]


def test_a_list_without_titles_goes_by_position(file: Path, tmp_path: Path) -> None:
    source = listed(tmp_path, "Ada,ada@example.org\nBen,ben@example.org\n")
    take(file, source, "--no-header", "--map", "1=first_name", "--map", "2=email")
    assert users(file, "first_name", "email") == [("Ada", "ada@example.org"), ("Ben", "ben@example.org")]


def test_a_blank_cell_leaves_alone_unless_it_is_told_to_clear(file: Path, tmp_path: Path) -> None:
    take(file, listed(tmp_path, "first_name,email,phone\nAda,ada@example.org,12\n"))
    source = listed(tmp_path, "first_name,email,phone\nAda,ada@example.org,\n")
    take(file, source)
    assert users(file, "phone") == [("12",)]
    take(file, source, "--blank", "clear")
    assert users(file, "phone") == [(None,)]


def test_who_resembles_somebody_is_refused_unless_something_tells_what_to_do(file: Path, tmp_path: Path) -> None:
    take(file, listed(tmp_path, "first_name,last_name,phone\nAda,Ash,1\n"))
    source = listed(tmp_path, "first_name,last_name,phone\nAda,Ash,2\n")
    answer = take(file, source, "--json", code=REFUSED)
    assert answer.objects[0]["what"] == "similar"
    take(file, source, "--key", "name")
    assert users(file, "phone") == [("2",)]
    take(file, listed(tmp_path, "first_name,last_name,phone\nAda,Ash,3\n"), "--similar", "new")
    assert users(file, "phone") == [("2",), ("3",)]


def test_who_has_another_email_of_a_row_is_not_made_twice(file: Path, tmp_path: Path) -> None:
    titles = "First name,Email 1,Email 2\n"
    take(file, listed(tmp_path, f"{titles}Ada,,ada@example.org\nBen,ben@example.org,\n"))
    moved = listed(tmp_path, f"{titles}Ada,new@example.org,Ada@Example.org\nCy,cy@example.org,ben@example.org\n")
    whats = [record.get("what") for record in take(file, moved, "--json", code=REFUSED).objects]
    assert whats[:2] == ["similar", "created"]
    take(file, moved, "--similar", "new")
    assert len(users(file, "id")) == 4


def test_who_is_missing_is_told_and_suspended_or_deleted_only_when_asked(file: Path, tmp_path: Path) -> None:
    people = {name: f"{name},{name}@example.org\n" for name in ("ada", "ben", "cy", "di")}
    whowas("run", file, stdin='{"command": "CreateUser", "first_name": "Eve", "email": "eve@example.org"}\n')
    take(file, listed(tmp_path, "first_name,email\n" + "".join(people.values())))
    del people["di"]
    shorter = listed(tmp_path, "first_name,email\n" + "".join(people.values()))
    told = take(file, shorter)
    assert "Missing from what was imported: “di”." in told.err
    assert {status for (status,) in users(file, "status")} == {"active"}
    take(file, shorter, "--missing", "suspend")
    assert [name for name, status in users(file, "first_name", "status") if status == "suspended"] == ["di"]
    take(file, shorter, "--missing", "delete", "--among", "all", code=REFUSED)
    take(file, shorter, "--missing", "delete", "--among", "all", "--yes")
    assert [name for name, status in users(file, "first_name", "status") if status == "deleted"] == ["Eve", "di"]


def test_a_mapping_is_saved_under_a_name_and_taken_again(file: Path, tmp_path: Path) -> None:
    source = listed(tmp_path, MEMBERS)
    take(file, source, *MAPPED, *WORDS, "--save-mapping", "members")
    take(file, source, "--mapping", "members", "--status", "gone=active")
    fewer = listed(tmp_path, "".join(MEMBERS.splitlines(keepends=True)[:2]))
    answer = take(file, fewer, "--mapping", "members", "--json")
    assert [one["what"] for one in answer.objects[:-1]] == ["unchanged", "missing"]


def test_a_mapping_is_saved_into_a_file_and_taken_from_it(file: Path, tmp_path: Path) -> None:
    source, mapping = listed(tmp_path, MEMBERS), tmp_path / "members.json"
    take(file, source, *MAPPED, *WORDS, "--save-mapping", mapping)
    answer = take(tmp_path / "other.whowas", source, "--mapping", mapping)
    assert "2 created" in answer.out


def test_a_mapping_is_not_saved_where_the_import_is_refused(file: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "members.json"
    take(file, listed(tmp_path, MEMBERS), *MAPPED, "--save-mapping", mapping, code=REFUSED)
    assert not mapping.exists()


def test_a_dry_run_writes_nothing(file: Path, tmp_path: Path) -> None:
    take(file, listed(tmp_path, "first_name,email\nAda,ada@example.org\n"))
    before = contents(tmp_path)
    source = tmp_path / "list.csv"
    assert "Would import: 0 created, 0 changed, 1 unchanged" in take(file, source, "--dry-run").out
    assert contents(tmp_path) == before


CHANGES = (
    '{"at": "2020-01-01T00:00:00Z", "actor": "kim", "op": "create", "id": "E1", "fields": {"first_name": "Ada"}}\n'
)


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        (MEMBERS, ("--among", "all"), "--missing"),
        (MEMBERS, ("--missing", "keep", "--among", "all"), "--missing"),
        (MEMBERS, ("--map", "Given"), "TITLE=FIELD"),
        (MEMBERS, ("--map", "Given=given"), "There is no field “given”"),
        (MEMBERS, ("--map", "Family=last_name"), "There is no title “Family”"),
        (MEMBERS, ("--map", "Given=email", "--map", "Email=email"), "cannot both be"),
        (MEMBERS, ("--status", "gone=away"), "active, suspended or deleted"),
        (MEMBERS, ("--key", "phone"), "cannot tell users apart"),
        (MEMBERS, ("--delimiter", "semi"), "separates no columns"),
        (MEMBERS, ("--encoding", "utf-99"), "utf-99"),
        (MEMBERS, ("--sheet", "One"), "--sheet is for spreadsheets"),
        (MEMBERS, ("--mapping", "nobody's"), "There is no saved mapping"),
        (MEMBERS, ("--mapping", "nowhere.json"), "could not be read"),
        (CHANGES, ("--mapping", "members"), "--mapping is for lists"),
        (CHANGES, ("--map", "a=email"), "--map is for lists"),
        (CHANGES, ("--format", "changelog", "--blank", "clear"), "--blank is for lists"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    text: str, options: tuple[str, ...], said: str, file: Path, tmp_path: Path
) -> None:
    source = listed(tmp_path, text, "changes.jsonl" if text == CHANGES else "list.csv")
    answer = take(file, source, *options, code=REFUSED)
    assert said in answer.err
    assert len(answer.err.removesuffix("Nothing was written.\n").splitlines()) == 1, answer.err
    assert answer.out == ""
    assert not file.exists()


def test_an_exported_log_makes_the_same_directory(file: Path, tmp_path: Path) -> None:
    take(file, listed(tmp_path, CHANGES, "changes.jsonl"))
    take(file, listed(tmp_path, "external_id,first_name,groups\nE1,Ada,Choir\nE2,Ben,\n"))
    log, other = tmp_path / "log.jsonl", tmp_path / "other.whowas"
    assert whowas("export", file, log, "--format", "log").code == 0
    take(other, log)
    for moment in ("now", "2020-06-01T00:00:00Z"):
        assert (
            whowas("list", other, "--at", moment, "--json").objects
            == whowas("list", file, "--at", moment, "--json").objects
        )
