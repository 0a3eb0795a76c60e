"""What is said of a row: in chips, to a screen reader, in its tool tip; and that hostile texts stay text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.desktop.exchange.preview.given_rows import ADA, ALBA, BRAM, CORA, DORIT, MIKA, PIET, row
from whowas.desktop.exchange.preview.words.change_chips import ChangeChip, Tense
from whowas.desktop.exchange.preview.words.plain_words import plain
from whowas.desktop.exchange.preview.words.row_words import (
    spoken_changes,
    whole,
    words_of,
)
from whowas.interchange.importing.given.rules import Decision, LeaveOut, NewUser, SameAs
from whowas.interchange.importing.told.outcome import RowOutcome


def chips(one: RowOutcome, tense: Tense = "will") -> list[tuple[str, str, str, str]]:
    return [(chip.label, chip.old, chip.new, chip.tone) for chip in words_of(one, tense=tense).chips]


def spoken(one: RowOutcome, tense: Tense = "will") -> str:
    return spoken_changes(words_of(one, tense=tense), one, tense=tense)


def test_a_changed_value_shows_both_and_a_new_one_is_green() -> None:
    assert chips(ADA) == [("Phone", "0172", "0199", "changed"), ("Cost centre", "", "4405", "added")]
    assert spoken(ADA) == "Phone from 0172 to 0199; Cost centre 4405"


def test_of_a_new_user_neither_the_name_nor_that_they_are_active_is_told_again() -> None:
    assert chips(BRAM) == [("Email", "", "bram@example.org", "added"), ("Joins", "", "Night shift", "added")]


def test_groups_come_and_go_one_by_one() -> None:
    one = row(2, "changed", "Ada", {"groups": (("Legal", "Records"), ("Records", "Front office"))})
    assert chips(one) == [("Joins", "", "Front office", "added"), ("Leaves", "", "Legal", "removed")]
    assert chips(one, "did") == [("Joined", "", "Front office", "added"), ("Left", "", "Legal", "removed")]


def test_what_becomes_empty_is_said() -> None:
    one = row(2, "changed", "Ada", {"title": ("Clerk", None)})
    assert chips(one) == [("Title", "Clerk", "", "changed")]
    assert spoken(one) == "Title emptied, was Clerk"


def test_a_custom_field_is_called_by_its_own_name() -> None:
    assert chips(row(2, "changed", "Ada", {"attribute:email": ("a", "b")})) == [("email", "a", "b", "changed")]


@pytest.mark.parametrize(("status", "tone"), [("suspended", "removed"), ("deleted", "removed"), ("active", "changed")])
def test_who_goes_is_red(status: str, tone: str) -> None:
    old = "active" if status != "active" else "suspended"
    (chip,) = chips(row(2, "changed", "Ada", {"status": (old, status)}))
    assert chip == ("Status", old.capitalize(), status.capitalize(), tone)


@pytest.mark.parametrize(
    ("tense", "said"),
    [
        ("will", "not in this file, will be suspended"),
        ("would", "not in this file, would be suspended"),
    ],
)
def test_who_is_missing_is_told_what_becomes_of_them(tense: Tense, said: str) -> None:
    assert words_of(ALBA, tense=tense).sentence == said


def test_of_an_import_that_was_made_nobody_knows_who_was_in_the_file() -> None:
    words = words_of(ALBA, tense="did", several_files=True)
    assert (words.kind, words.sentence) == ("Suspended or deleted", "")


def test_of_several_files_who_is_missing_is_in_none_or_not_in_that_of_the_row() -> None:
    words = words_of(ALBA, tense="will", several_files=True)
    assert (words.kind, words.sentence) == ("Missing", "in none of these files, will be suspended")
    dated = words_of(replace(ALBA, file="2019-03.csv"), tense="will", several_files=True)
    assert dated.sentence == "not in this file, will be suspended"


def test_who_is_missing_and_kept_does_not_change() -> None:
    assert words_of(row(0, "missing", "Kim"), tense="will").sentence == "not in this file, nothing changes"


def test_a_refused_row_says_why_and_has_nothing_to_be_taken() -> None:
    words = words_of(DORIT, tense="will")
    assert (words.sentence, words.wrong, words.taken, words.where) == (DORIT.reason, True, None, "29")


def test_a_row_that_is_taken_without_a_field_says_which_and_what_is_taken() -> None:
    one = row(3, "changed", "Otto", {"title": (None, "Clerk")}, reason="“o@” is no email.", taken_without_field=True)
    words = words_of(one, tense="will")
    assert (words.sentence, words.wrong, words.taken) == ("“o@” is no email. Taken without this field.", True, True)
    assert len(words.chips) == 1


@pytest.mark.parametrize(
    ("one", "decision", "mark", "said", "taken"),
    [
        (ADA, LeaveOut(), "left_out", "will be left out", False),
        (PIET, None, "unchanged", "will be taken", True),
        (MIKA, NewUser(), "created", "will be a new user", True),
        (MIKA, SameAs("u1"), "changed", "is Mika Sand, mika@example.org", True),
        (MIKA, LeaveOut(), "left_out", "will be left out", False),
    ],
)
def test_what_was_decided_is_shown_before_it_is_looked_at(
    one: RowOutcome, decision: Decision | None, mark: str, said: str, taken: bool
) -> None:
    who = "Mika Sand, mika@example.org"
    words = words_of(one, tense="will", decided=True, decision=decision, who=who)
    assert (words.mark, words.sentence, words.taken, words.chips, words.waits) == (mark, said, taken, (), True)
    assert said in whole(words, one, tense="will")


def test_the_tool_tip_has_everything() -> None:
    tip = whole(words_of(BRAM, tense="will"), BRAM, tense="will").splitlines()
    assert tip == [
        "Bram Ostler – new",
        "Email bram@example.org",
        "Joins Night shift",
        "google-users.csv, line 14",
    ]


def test_an_unchanged_row_says_so_where_nothing_is_painted() -> None:
    assert spoken(CORA) == "nothing changes"
    assert words_of(CORA, tense="will").sentence == ""


HOSTILE = [
    "<b>bold</b>&amp;<img src=x>",
    "two\nlines\r\nand\ttabs",
    "\u202egnp.exe\u202c and \u2066more",
    "x" * 10_000,
    "שלום עולם",
    "\ud800 half",
    "a\x00b\x1b[31m",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_are_one_line_and_keep_to_themselves(text: str) -> None:
    one = row(2, "changed", text, {f"attribute:{text[:90]}": (text, text + "!"), "groups": ((), (text,))}, reason=text)
    words = words_of(one, tense="will")
    shown = [words.name, words.sentence, spoken_changes(words, one, tense="will")]
    shown += [part for chip in words.chips for part in (chip.label, chip.old, chip.new)]
    for part in [*shown, *whole(words, one, tense="will").splitlines()]:
        assert "\n" not in part
        assert not any(ord(letter) < 32 or 0xD800 <= ord(letter) < 0xE000 for letter in part)
        assert len(part) < 2_500
        part.encode()


@given(st.text(st.characters() | st.sampled_from("\u202a\u202b\u202d\u202e\u2066\u2067\u2068"), max_size=50))
def test_nothing_turns_the_direction_of_what_stands_beside_it(text: str) -> None:
    shown = plain(text, 40)
    inside = shown[1:-1] if shown[:1] == "\u2068" else shown
    assert not any(letter in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069" for letter in inside)


def test_what_is_written_from_the_right_is_kept_apart() -> None:
    assert plain("שלום", 40) == "\u2068שלום\u2069"
    assert plain("Ada\u202e isO", 40) == "Ada isO"


def test_chips_are_values() -> None:
    assert words_of(ADA, tense="will") == words_of(ADA, tense="will")
    assert ChangeChip("Phone", "0172", "0199", "changed") in words_of(ADA, tense="will").chips
