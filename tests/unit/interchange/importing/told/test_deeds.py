"""Each user of an import counts once, whatever is done to them."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from whowas.interchange.importing.told.deeds import DEEDS, deed_of, deeds_in_words, users_by_deed
from whowas.interchange.importing.told.outcome import RowOutcome


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(DEEDS))))
def test_each_user_counts_once_for_the_first_of_the_deeds(done: list[tuple[int, str]]) -> None:
    by_user = defaultdict(set)
    for user, deed in done:
        by_user[user].add(deed)
    first = [next(deed for deed in DEEDS if deed in deeds) for deeds in by_user.values()]
    users = np.array([user for user, _ in done], dtype=np.int64)
    deeds = np.array([DEEDS.index(deed) for _, deed in done], dtype=np.uint8)
    assert users_by_deed(users, deeds) == {deed: first.count(deed) for deed in DEEDS}


def test_a_row_that_only_tells_who_is_missing_does_nothing() -> None:
    assert deed_of(RowOutcome("", 0, "missing")) is None
    assert deed_of(RowOutcome("", 0, "missing", changes={"status": ("active", "suspended")})) == "suspended"
    assert deed_of(RowOutcome("", 0, "missing", changes={"status": ("suspended", "deleted")})) == "deleted"
    assert deed_of(RowOutcome("a.csv", 2, "refused")) is None


def test_only_what_was_done_is_put_into_words() -> None:
    counts = dict.fromkeys(DEEDS, 0)
    assert deeds_in_words(counts, "nobody") == "nobody"
    assert deeds_in_words({**counts, "deleted": 1, "created": 1_200}, "nobody") == "1,200 new, 1 deleted"
