"""What an import came to, as people are told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from whowas.interchange.importing.told.outcome import WHATS, ImportOutcome, RowOutcome
from whowas.interchange.importing.told.sentences import (
    MOST_NAMED,
    left_out,
    named,
    not_wholly_taken,
    recognised,
    sentence_of,
    summary,
)


def outcome(*rows: RowOutcome, **others: Any) -> ImportOutcome:
    """An outcome of these rows; what ``others`` do not say is nothing."""
    counts = {what: sum(row.what == what for row in rows) for what in WHATS}
    nothing: dict[str, Any] = dict.fromkeys(("left_out", "fields", "groups", "said"), ())
    known: dict[str, Any] = {"suspended": 0, "deleted": 0, "events": 1, "header": "", **nothing}
    states = dict.fromkeys(("readable", "accepted", "written"), True)
    return ImportOutcome(rows, counts, **{**known, **states, **others})


def rows(*whats: Any) -> Sequence[RowOutcome]:
    return [RowOutcome("a.csv", line, what) for line, what in enumerate(whats, start=2)]


@pytest.mark.parametrize(
    ("known", "would", "expected"),
    [
        (outcome(), True, "Would import: 0 created, 0 changed, 0 unchanged."),
        (outcome(*rows("created", "created", "changed")), False, "Imported: 2 created, 1 changed, 0 unchanged."),
        (
            outcome(*rows("unchanged"), events=0),
            False,
            "Imported: 0 created, 0 changed, 1 unchanged. Nothing changed.",
        ),
        (
            outcome(*rows("similar", "refused", "refused")),
            True,
            "Would import: 0 created, 0 changed, 0 unchanged, 1 perhaps the same as somebody, 2 refused.",
        ),
        (
            outcome(*rows("missing", "missing"), suspended=2),
            False,
            "Imported: 0 created, 0 changed, 0 unchanged, 2 missing and suspended.",
        ),
        (
            outcome(*rows("missing", "missing"), deleted=1),
            False,
            "Imported: 0 created, 0 changed, 0 unchanged, 2 missing (1 deleted).",
        ),
        (
            outcome(fields=("Team",), groups=("Choir", "Board")),
            False,
            "Imported: 0 created, 0 changed, 0 unchanged. New field: “Team”. New groups: “Choir” and “Board”.",
        ),
    ],
)
def test_a_summary_counts_what_there_is(known: ImportOutcome, would: bool, expected: str) -> None:
    assert summary(known, would=would) == expected


def test_options_are_told_only_to_who_types_commands() -> None:
    row = RowOutcome("a.csv", 3, "similar", reason="Ann is there.", advice="Say --key name.", taken_without_field=True)
    assert sentence_of(row) == "Line 3: Ann is there. Taken without this field."
    assert sentence_of(row, advised=True) == "Line 3: Ann is there. Say --key name. Taken without this field."
    known = outcome(said=("Left out: “A”.", "Read as UTF-8."), advice={"Left out: “A”.": "Name it: --map."})
    assert recognised(known) == ["Left out: “A”.", "Read as UTF-8."]
    assert recognised(known, advised=True) == ["Left out: “A”. Name it: --map.", "Read as UTF-8."]


def test_rows_that_somebody_left_out_are_no_part_of_a_summary() -> None:
    known = outcome(*rows("created", "left_out"))
    assert summary(known) == "Imported: 1 created, 0 changed, 0 unchanged."
    assert (left_out(known), list(not_wholly_taken(known))) == (0, [])


def test_rows_taken_without_a_field_are_counted_and_told() -> None:
    row = RowOutcome("a.csv", 3, "created", column=2, field="phone", reason="Too long.", taken_without_field=True)
    known = outcome(row, *rows("created", "refused", "created"), in_part=1)
    assert left_out(known) == 2
    assert [one.what for one in not_wholly_taken(known)] == ["created", "refused"]
    assert "3 created, 0 changed, 0 unchanged, 1 of them without a field, 1 refused." in summary(known)
    assert sentence_of(row) == "Line 3, column 2, phone: Too long. Taken without this field."


@pytest.mark.parametrize(
    ("row", "several", "expected"),
    [
        (RowOutcome("a.csv", 3, "refused", reason="No."), False, "Line 3: No."),
        (RowOutcome("a.csv", 3, "refused", column=1, reason="No."), True, "a.csv, line 3, column 1: No."),
        (RowOutcome("a.csv", 0, "refused", reason="No."), True, "a.csv: No."),
        (RowOutcome("", 0, "refused", reason="Too many."), True, "Too many."),
        (RowOutcome("a.csv", 0, "refused", reason="No."), False, "No."),
        (RowOutcome("a.csv", 3, "refused", field="attributes.Team", reason="No."), False, "Line 3, Team: No."),
        (RowOutcome("a.csv", 3, "refused", field="attribute:Team", reason="No."), False, "Line 3, Team: No."),
    ],
)
def test_a_refusal_names_its_place(row: RowOutcome, several: bool, expected: str) -> None:
    assert sentence_of(row, several_files=several) == expected


def test_who_is_missing_is_named_and_beyond_that_counted() -> None:
    missing = [RowOutcome("", 0, "missing", user_id=f"u{number}", name=f"N{number}") for number in range(14)]
    told = recognised(outcome(RowOutcome("a.csv", 2, "created"), *missing, said=("Read as UTF-8.",)))
    assert told[0] == "Read as UTF-8."
    assert told[1].startswith("Missing from what was imported: “N0”, “N1”, ")
    assert told[1].endswith("“N11” and 2 more.")
    nameless = RowOutcome("", 0, "missing", user_id="u1")
    assert recognised(outcome(nameless)) == ["Missing from what was imported: “u1”."]
    assert recognised(outcome()) == []


def test_who_is_missing_from_several_dated_lists_is_named_once() -> None:
    lists = [RowOutcome(f"{year}.csv", 0, "missing", user_id="u1", name="Ann") for year in range(2001, 2010)]
    one = RowOutcome("2003.csv", 0, "missing", user_id="u2", name="Ben")
    assert recognised(outcome(*lists, one)) == ["Missing from one list or several: “Ann” and “Ben”."]
    assert recognised(outcome(one, *lists, *lists)) == [
        "Missing from one list or several, among others: “Ben” and “Ann”."
    ]


def test_names_are_listed_up_to_a_number() -> None:
    assert named(["a"]) == "“a”"
    assert named(["a", "b"]) == "“a” and “b”"
    assert named([str(number) for number in range(MOST_NAMED + 5)]).endswith(f"“{MOST_NAMED - 1}” and 5 more")
