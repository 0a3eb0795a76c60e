"""Small inputs, each of which stands for a whole kind of fault met in programs that take in lists, with what is right.

They lie in ``tests/cases/import``; names and values are made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import Answer, whowas

CASES = Path(__file__).parents[3] / "cases" / "import"
TAKEN, LEFT_OUT, REFUSED = 0, 1, 2


class Staff:
    """A directory that cases are imported into."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "staff.whowas"

    def take(self, case: str, *options: str, code: int = TAKEN) -> Answer:
        """Import a case, and see that a dry run before it said the same of every record."""
        would = whowas("import", self.file, CASES / case, "--dry-run", "--json", *options)
        answer = whowas("import", self.file, CASES / case, "--json", *options)
        assert answer.code == would.code == code, answer.err
        assert _numbered(answer.objects) == _numbered(would.objects)
        assert answer.objects[-1].keys() == {"summary", "left_out", "fields", "groups"}
        return answer

    def refuse(self, case: str, *reasons: str) -> None:
        """See a case refused for reasons that contain these words, one for each line refused, and nothing written."""
        before = self.file.read_bytes() if self.file.exists() else None
        answer = self.take(case, code=REFUSED)
        found = [one["reason"] for one in answer.objects[:-1] if one["what"] in ("refused", "similar")]
        assert len(found) == len(reasons), found
        for reason, words in zip(found, reasons, strict=True):
            assert words in reason
        assert "Nothing was written." in answer.err
        assert (self.file.read_bytes() if self.file.exists() else None) == before

    def users(self, *fields: str, at: str = "now") -> list[tuple[Any, ...]]:
        """Return these fields of all users, deleted ones too, sorted by the first field."""
        listed = whowas("list", self.file, "--status", "any", "--at", at, "--json")
        assert listed.code == 0, listed.err
        return sorted((tuple(_of(user, field) for field in fields) for user in listed.objects), key=str)

    def shown(self, who: str, *options: str) -> dict[str, Any]:
        """Return one user as ``show`` has them."""
        answer = whowas("show", self.file, who, "--json", *options)
        assert answer.code == 0, answer.err
        (user,) = answer.objects
        return user

    def history(self, who: str) -> list[dict[str, Any]]:
        """Return the entries of one user's history, the oldest first."""
        answer = whowas("history", self.file, who, "--json")
        assert answer.code == 0, answer.err
        return sorted(answer.objects, key=lambda entry: entry["position"])


def _of(user: dict[str, Any], field: str) -> Any:
    value = user[field] if field in user else user["attributes"].get(field)
    return tuple(value) if isinstance(value, list) else value


def _numbered(records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return records with numbers for ids, as new users get others each time."""
    numbers: dict[str, int] = {}
    return [{**one, "id": numbers.setdefault(one["id"], len(numbers))} if one.get("id") else one for one in records]


@pytest.fixture
def staff(tmp_path: Path) -> Staff:
    return Staff(tmp_path)


def test_what_happened_in_the_same_second_is_told_line_by_line(staff: Staff) -> None:
    staff.take("01_same_second.jsonl")
    told = [(entry["occurred_at"][:10], entry["actor"]) for entry in staff.history("E1")]
    days = ["2021-05-01", "2021-05-02", "2021-05-03", "2021-05-04"]
    assert told == [("2020-01-01", "kim"), *((day, actor) for day in days for actor in ("lee", "max"))]
    assert staff.users("external_id", "first_name", "title", "phone", "department", "status") == [
        ("E1", "Ann", "chief", "1", "D", "active")
    ]


def test_every_email_ever_held_finds_its_user(staff: Staff) -> None:
    staff.take("01b_same_second_delete.jsonl")
    for letter in "abcd":
        assert staff.shown(f"{letter}@example.org")["external_id"] == "E1"
    assert staff.users("external_id", "email") == [("E1", "d@example.org")]


def test_an_email_given_to_somebody_else_does_not_make_one_of_two(staff: Staff) -> None:
    staff.take("02a_reused_email.csv")
    staff.refuse("02b_reused_email.csv", "456")
    assert staff.users("first_name", "last_name", "external_id") == [("Sue", "Ash", "456")]


def test_who_is_inactive_does_not_become_active(staff: Staff) -> None:
    answer = staff.take("03_status_words.csv", "--skip-refused", code=LEFT_OUT)
    statuses = dict(staff.users("first_name", "status"))
    assert statuses == {
        **dict.fromkeys(("Ann", "Ben", "Fi", "Ho"), "active"),
        **dict.fromkeys(("Cy", "Di", "Gi"), "suspended"),
    }
    (refused,) = [one for one in answer.objects if one.get("what") == "refused"]
    assert (refused["line"], refused["column"]) == (6, 3)
    assert "--status" in refused["reason"]
    assert whowas("import", staff.file, CASES / "03_status_words.csv", "--status", "TRUE=active").code == TAKEN
    assert dict(staff.users("first_name", "status")) == {**statuses, "Ed": "active"}


def test_titles_of_an_admin_centre_are_recognised_and_its_people_once(staff: Staff) -> None:
    first = staff.take("04a_primary_email.csv")
    does = [("Jane", "Doe", "jane@doe.invalid", None), ("John", "Doe", "john@doe.invalid", None)]
    assert staff.users("first_name", "last_name", "email", "title") == does
    assert first.objects[-1]["summary"]["created"] == 2
    again = staff.take("04a_primary_email.csv")
    assert again.objects[-1]["summary"]["unchanged"] == 2
    assert staff.users("first_name", "last_name", "email", "title") == does


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("04b_firstname.csv", {}),
        ("04c_m365_titles.csv", {"title": "Clerk", "department": "Ops", "phone": "1"}),
        ("04d_google_titles.csv", {"phone": "+1 000", "groups": ["Choir"]}),
        ("04e_workspace_titles.csv", {"status": "suspended"}),
    ],
)
def test_titles_of_other_products_are_recognised(case: str, expected: dict[str, Any], staff: Staff) -> None:
    staff.take(case)
    user = staff.shown("mara@example.org")
    whole = {"first_name": "Mara", "last_name": "Quill", "email": "mara@example.org", "status": "active", **expected}
    assert {name: user[name] for name in whole} == whole
    assert user["attributes"] == {}
    assert len(staff.users("id")) == 1


def test_emails_that_change_hands_within_a_file_are_taken(staff: Staff) -> None:
    staff.take("05a_swap.csv")
    before = dict(staff.users("external_id", "id"))
    staff.take("05b_swap.csv")
    assert staff.users("external_id", "first_name", "email") == [
        ("E1", "Ann", "ben@example.org"),
        ("E2", "Ben", "ann@example.org"),
    ]
    assert dict(staff.users("external_id", "id")) == before


def test_an_email_handed_on_within_a_file_is_taken(staff: Staff) -> None:
    staff.take("05a_swap.csv")
    staff.take("05c_rotate.csv")
    assert staff.users("external_id", "first_name", "email") == [
        ("E1", "Ann", "ben@example.org"),
        ("E2", "Ben", "new@example.org"),
    ]


def test_emails_that_change_hands_at_one_moment_of_a_change_log_are_taken(staff: Staff) -> None:
    staff.take("05d_swap.jsonl")
    assert staff.users("external_id", "email") == [("E1", "ben@example.org"), ("E2", "ann@example.org")]
    before = staff.users("external_id", "email", at="2020-01-15")
    assert before == [("E1", "ann@example.org"), ("E2", "ben@example.org")]


@pytest.mark.parametrize(
    ("case", "lines"),
    [
        ("06a_invisible_email.csv", 4),
        ("06b_punycode.csv", 2),
        ("06c_ideographic_dot.csv", 2),
        ("06d_external_id_spaces.csv", 3),
    ],
)
def test_a_key_written_otherwise_is_the_same_key(case: str, lines: int, staff: Staff) -> None:
    staff.refuse(case, *["the same user as in line "] * lines)


def test_two_letters_that_look_related_are_two_mailboxes(staff: Staff) -> None:
    staff.take("07a_sharp_s.csv")
    staff.take("07b_sharp_s.csv")
    assert staff.users("email", "first_name") == [("weiss@example.org", "Anton"), ("weiß@example.org", "Berta")]


@pytest.mark.parametrize(
    ("case", "email"), [("08a_nbsp_header.csv", "m@example.org"), ("08b_double_bom.csv", "mara@example.org")]
)
def test_titles_are_cleaned_of_what_nobody_sees(case: str, email: str, staff: Staff) -> None:
    answer = staff.take(case)
    assert staff.users("first_name", "last_name", "email", "attributes") == [("Mara", "Quill", email, {})]
    assert answer.objects[-1]["left_out"] == answer.objects[-1]["fields"] == []


def test_blank_rows_are_overlooked(staff: Staff) -> None:
    answer = staff.take("09a_blank_row.csv")
    assert answer.objects[-1]["summary"] == {**dict.fromkeys(answer.objects[-1]["summary"], 0), "created": 1}
    assert staff.users("first_name") == [("Mara",)]


def test_names_of_nothing_visible_are_refused(staff: Staff) -> None:
    staff.refuse("09b_invisible_names.csv", "", "")
    assert not staff.file.exists()


@pytest.mark.parametrize(
    ("case", "users", "left_out"),
    [
        ("10a_trailing_titles.csv", [("Mara", "Quill", "m@example.org", None)], []),
        (
            "10b_trailing_cells.csv",
            [("Bo", "Ash", "b@example.org", None), ("Mara", "Quill", "m@example.org", None)],
            [],
        ),
        ("10c_short_row.csv", [("Bo", "Ash", "b@example.org", "123"), ("Mara", "Quill", "m@example.org", None)], []),
        ("10d_header_newline.csv", [("A", None, "a@example.org", None)], ["Start Date"]),
        ("10e_header_long.csv", [("A", None, "a@example.org", None)], ["h" * 101]),
        ("10f_ctrl_z.csv", [("Mara", "Quill", "m@example.org", None)], []),
    ],
)
def test_surplus_cells_and_odd_titles_harm_nothing(
    case: str, users: list[tuple[Any, ...]], left_out: list[str], staff: Staff
) -> None:
    answer = staff.take(case)
    assert staff.users("first_name", "last_name", "email", "phone") == users
    assert answer.objects[-1]["left_out"] == left_out
    assert answer.objects[-1]["fields"] == []


@pytest.mark.parametrize(
    ("case", "user"),
    [
        ("11a_sep.csv", ("Mara", "Quill", "mara@example.org")),
        ("11b_semicolon_foreign.csv", ("Mara", "Quill", "mara@example.org")),
        ("11d_utf16_nobom.csv", ("Mara", "Quill", "mara@example.org")),
        ("11e_cp1252.csv", ("Jürgen", "Groß – Söhne", "jg@example.org")),
        ("11f_utf16.csv", ("Müra", "Quill", "mara@example.org")),
    ],
)
def test_other_delimiters_and_encodings_are_read(case: str, user: tuple[str, ...], staff: Staff) -> None:
    staff.take(case)
    assert staff.users("first_name", "last_name", "email") == [user]


def test_a_likely_encoding_is_said(staff: Staff) -> None:
    assert "1252" in staff.take("11e_cp1252.csv").err


def test_a_german_list_with_a_line_break_in_a_cell_is_read(staff: Staff) -> None:
    answer = staff.take("11c_semicolon_quoted.csv")
    assert staff.users("first_name", "last_name", "email", "notes", "status") == [
        ("Juan", "Pérez", None, None, "active"),
        ("Max", "Mustermann", "max@example.com", "Demo\n\nzwei", "active"),
    ]
    assert "Geschlecht" in answer.objects[-1]["left_out"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("O'Neill", "s@example.org"),
        ("oneill", "s@example.org"),
        ("yilmaz", "i@example.org"),
        ("میخواهم", "z@example.org"),
        ("siobhan", "s@example.org"),
        ("jurgen", "j@example.org"),
    ],
)
def test_people_are_found_as_others_write_them(text: str, found: str, staff: Staff) -> None:
    staff.take("12_search.csv")
    answer = whowas("list", staff.file, "--search", text, "--json")
    assert [user["email"] for user in answer.objects] == [found]


@pytest.mark.parametrize(
    ("case", "moment"),
    [
        ("13a_leap_second.jsonl", "2016-12-31T23:59:59"),
        ("13b_24h.jsonl", "2020-01-02T00:00:00"),
        ("13c_lower_tz.jsonl", "2020-01-01T10:00:00"),
    ],
)
def test_moments_are_read_in_every_form_of_the_standard(
    case: str, moment: str, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    staff.take(case)
    (entry,) = staff.history("E1")
    assert entry["occurred_at"].startswith(moment)


def test_the_ids_of_another_program_become_external_ids(staff: Staff) -> None:
    staff.take("14_id_column.csv")
    assert staff.users("external_id", "first_name", "email") == [
        ("1", "Ann", "a@example.org"),
        ("2", "Ben", "b@example.org"),
    ]


def test_a_list_of_nobody_is_fine(staff: Staff) -> None:
    answer = staff.take("15_header_only.csv")
    assert len(answer.objects) == 1
    assert set(answer.objects[-1]["summary"].values()) == {0}
    assert staff.users("id") == []


def test_a_blank_before_a_quotation_mark_is_overlooked(staff: Staff) -> None:
    staff.take("16_space_quote.csv")
    assert staff.users("first_name", "last_name", "email") == [("Mara", "Quill", "m@example.org")]


def test_a_number_for_an_id_is_named(staff: Staff) -> None:
    staff.refuse("17a_numeric_id.jsonl", "123")


def test_an_array_of_changes_is_read(staff: Staff) -> None:
    staff.take("17b_array.json")
    assert staff.users("external_id", "first_name") == [("E1", "A")]


def test_titles_that_differ_in_case_are_one(staff: Staff) -> None:
    staff.refuse("18_titles_case.csv", "the same title, “Team” and “team”")
    staff.take("18_titles_case.csv", "--map", "Team=-")
    assert staff.users("first_name", "email", "attributes") == [("A", "a@example.org", {})]


def test_groups_in_one_cell_are_told_apart(staff: Staff) -> None:
    answer = staff.take("19_groups_comma.csv")
    assert staff.users("first_name", "groups") == [(name, ("Board", "Choir")) for name in ("Ann", "Ben", "Cy")]
    assert sorted(answer.objects[-1]["groups"]) == ["Board", "Choir"]
