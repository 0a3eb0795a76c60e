"""Order, filter and search of a preview's rows, beside an obviously right, slow answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.desktop.exchange.preview.given_rows import (
    ADA,
    ALBA,
    BRAM,
    CORA,
    DORIT,
    MIKA,
    PIET,
    ROWS,
    TOO_MANY,
    outcome,
    preview,
    row,
)
from whowas.desktop.exchange.preview.rows import ordering, search_text
from whowas.desktop.exchange.preview.rows.preview_rows import PreviewRows, RowOrder
from whowas.desktop.exchange.preview.rows.users_taken import UsersTaken
from whowas.domain.errors import CancelledError
from whowas.domain.progress import unwatched
from whowas.domain.text_folding import folded, searchable
from whowas.interchange.importing.told.outcome import WHATS, RowOutcome, What

ALPHABET = "aAbß éÉ'’\n\x1f-z1あ\u202e\ud800"
TEXTS = st.text(ALPHABET, max_size=6)
VALUES = st.none() | TEXTS | st.lists(TEXTS, max_size=2).map(tuple)


@st.composite
def outcomes(draw: st.DrawFn) -> RowOutcome:
    line = draw(st.sampled_from((0, 2, 3, 11, 111)))
    return RowOutcome(
        file=draw(st.sampled_from(("a.csv", "b.csv"))) if line else "",
        line=line,
        what=draw(st.sampled_from(WHATS)),
        user_id=draw(st.sampled_from(("", "somebody"))),
        name=draw(TEXTS | st.just("a" * 300) | st.just("a" * 250)),
        changes=draw(st.dictionaries(st.sampled_from(("email", "groups")), st.tuples(VALUES, VALUES))),
        reason=draw(TEXTS),
    )


def is_stop(one: RowOutcome) -> bool:
    return one.what == "refused" and not one.line and not one.user_id


def by_name(rows: list[RowOutcome], number: int) -> tuple[str, int]:
    return folded(rows[number].name[:200]).strip() or "\U0010ffff", number


def naive(rows: list[RowOutcome], what: What | None, text: str, order: RowOrder) -> list[int]:
    """What is shown, in order: looked at one by one."""

    def contains(one: RowOutcome) -> bool:
        parts = [one.name, one.reason, one.file, str(one.line) if one.line else ""]
        for pair in one.changes.values():
            for value in pair:
                parts += [value] if isinstance(value, str) else value or ()
        return all(any(word in searchable(part) for part in parts) for word in searchable(text).split())

    shown = [number for number, one in enumerate(rows) if not is_stop(one)]
    names = sorted(shown, key=lambda number: by_name(rows, number))
    if order.by == "user":
        first = [number for number in names if rows[number].what != "unchanged"]
        last = [number for number in names if rows[number].what == "unchanged"]
        ordered = [*first[::-1], *last[::-1]] if order.descending else [*first, *last]
    else:
        lines = [number for number in shown if rows[number].line]
        rest = sorted(
            set(shown) - set(lines), key=lambda number: (rows[number].what == "unchanged", *by_name(rows, number))
        )
        ordered = [*(lines[::-1] if order.descending else lines), *rest]
    return [number for number in ordered if what in (None, rows[number].what) and contains(rows[number])]


@given(
    rows=st.lists(outcomes(), max_size=12),
    what=st.none() | st.sampled_from(WHATS),
    text=TEXTS,
    order=st.builds(RowOrder, st.sampled_from(("user", "line")), descending=st.booleans()),
    at_once=st.sampled_from((1, 2, 5, 2_000)),
)
def test_rows_are_found_and_ordered_as_one_by_one(
    rows: list[RowOutcome], what: What | None, text: str, order: RowOrder, at_once: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_text, "_ROWS_AT_ONCE", at_once)
        patch.setattr(ordering, "_SORTED_AT_ONCE", at_once)
        made = PreviewRows.of_rows(rows, unwatched)
    assert made.filtered(what, text, order).tolist() == naive(rows, what, text, order)
    assert len(made) == len(rows) - sum(map(is_stop, rows)) == sum(made.counts.values())
    assert made.filtered(None, "").dtype == np.int32


def test_changed_rows_come_first_by_name_and_unchanged_last() -> None:
    rows = [
        row(2, "unchanged", "Aaron"),
        row(3, "changed", "zoe"),
        row(4, "created", "Émile"),
        row(5, "refused", "eva"),
    ]
    assert preview(rows).filtered(None, "").tolist() == [2, 3, 1, 0]


def test_words_are_found_in_name_values_reason_and_line() -> None:
    made = preview(ROWS)
    found = {text: made.filtered(None, text).tolist() for text in ("OSEI 4405", "night", "not an email", "29", "zzz")}
    assert found == {"OSEI 4405": [0], "night": [1], "not an email": [3], "29": [3], "zzz": []}


def test_users_are_counted_once_whatever_the_number_of_lists_they_are_in() -> None:
    again = replace(BRAM, line=15, what="changed", file="later.csv")
    deleted = row(0, "missing", "Emil Gone", {"status": ("suspended", "deleted")})
    kept = row(0, "missing", "Kept As They Are")
    made = preview([ADA, BRAM, again, ADA, CORA, DORIT, MIKA, PIET, ALBA, deleted, kept])
    assert made.summary == "1 new, 1 changed, 1 suspended, 1 deleted"
    assert made.taken == UsersTaken(created=1, changed=1, suspended=1, deleted=1)
    assert made.several_files


def test_a_user_whom_one_list_changes_and_a_later_one_has_not_any_more_is_counted_as_deleted() -> None:
    gone = replace(ADA, line=0, what="missing", changes={"status": ("active", "deleted")})
    assert preview([ADA, gone]).taken == UsersTaken(deleted=1)


def test_what_stands_against_the_whole_import_is_no_row() -> None:
    made = preview([ADA, ALBA, TOO_MANY], accepted=False)
    assert made.stops == (TOO_MANY,)
    assert (made.counts["refused"], len(made), made.tense) == (0, 2, "would")
    assert (made.taken, made.asked) == (UsersTaken(), UsersTaken(changed=1, suspended=1))
    assert TOO_MANY not in [made.outcomes[number] for number in made.filtered(None, "")]


def test_nothing_is_there_of_an_empty_list() -> None:
    made = preview([])
    assert (len(made), made.taken, made.summary) == (0, UsersTaken(), "Nobody is new or changed")
    assert made.filtered("changed", "a").tolist() == []


def test_reading_through_many_rows_can_be_cancelled() -> None:
    def cancel(_done: int, _total: int) -> None:
        raise CancelledError("Cancelled.")

    with pytest.raises(CancelledError):
        PreviewRows.of(outcome([ADA] * 1_000), cancel)
