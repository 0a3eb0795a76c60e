"""Drafts for several users on disk: whose they are is known by id or number, in the history they were made over."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.desktop.details.test_draft_store import ADA, BEN, Opened, do, file, named, opened
from whowas.desktop.details.draft_store import DraftStore
from whowas.desktop.details.kept_selections import KeptSelection, KeptSelections, packed, unpacked
from whowas.desktop.details.selection_draft import SelectionDraft
from whowas.domain.commands import UpdateUser

__all__ = ["file", "named", "opened"]

JUDGE = SelectionDraft({"title": "Judge"}, ("a",), ("b",), ("Budget",), "suspended")
TEXTS = st.dictionaries(st.sampled_from(("title", "phone", "attributes.x")), st.text(max_size=3))
NAMES = st.lists(st.sampled_from("abc"), unique=True).map(tuple)
DRAFTS = st.builds(SelectionDraft, TEXTS, NAMES, NAMES, NAMES, st.sampled_from((None, "active", "suspended")))


@given(st.sets(st.integers(0, 5_000), min_size=1))
def test_numbers_come_back(numbers: set[int]) -> None:
    assert unpacked(packed(np.array([*numbers], dtype=np.int32))).tolist() == sorted(numbers)


def test_a_text_that_is_none_of_ours_means_nobody() -> None:
    for text in ("", "x", "AAAA", "é"):
        assert not len(unpacked(text))


def test_a_hundred_thousand_users_take_little_room() -> None:
    assert len(packed(np.arange(3, 1_000_003, 10, dtype=np.int32))) < 200_000
    assert len(packed(np.arange(100_000, dtype=np.int32))) < 200


@given(DRAFTS, DRAFTS)
def test_nothing_is_left_of_what_was_saved_but_what_was_typed_since(now: SelectionDraft, saved: SelectionDraft) -> None:
    assert not saved.since(saved)
    assert now.since(SelectionDraft()) == now
    left = now.since(saved)
    assert {**saved.values, **left.values} == {**saved.values, **now.values}
    assert {*left.joined} == {*now.joined} - {*saved.joined}


def test_a_draft_is_kept_with_its_users(opened: Opened, named: Path, file: Path) -> None:
    log = opened(file)
    store = DraftStore(named, log)
    head = log.head()
    kept = KeptSelection(JUDGE, 2, (ADA, BEN), position=head.position, chain=head.chain.hex())
    store.several.put("several-1", kept)
    store.write()
    assert len(store) == 1
    assert {**DraftStore(named, opened(file)).several.drafts} == {"several-1": kept}
    store.several.put("several-1", None)
    store.write()
    assert list(named.parent.iterdir()) == []


def test_one_made_over_another_history_is_nobodys_here_and_is_kept(opened: Opened, named: Path, file: Path) -> None:
    before = file.read_bytes()
    log = opened(file)
    do(log, UpdateUser(ADA, {"title": "Clerk"}))
    head = log.head()
    store = DraftStore(named, log)
    kept = KeptSelection(JUDGE, 4_000, numbers=packed(np.arange(4_000, dtype=np.int32)), position=head.position)
    store.several.put("several-1", kept)
    store.several.put("several-2", KeptSelection(JUDGE, 2, (ADA, BEN), position=head.position, chain=head.chain.hex()))
    store.write()
    log.close()
    file.write_bytes(before)  # as from a backup
    earlier = DraftStore(named, opened(file))
    assert len(earlier) == 0
    assert [*earlier.several.everything] == ["several-1", "several-2"]
    earlier.several.put("several-3", KeptSelection(JUDGE, 2, (ADA, BEN)))
    earlier.write()
    again = DraftStore(named, opened(file)).several
    assert [*again.drafts] == ["several-3"]
    assert {*again.everything} == {"several-1", "several-2", "several-3"}


def test_what_is_left_is_said_by_who_asks(opened: Opened, file: Path) -> None:
    several = KeptSelections(opened(file))
    several.take({"several-1": KeptSelection(JUDGE, 2), "several-2": KeptSelection(JUDGE, 3)})
    assert not several.let_go(lambda kept: kept)
    assert several.let_go(lambda kept: kept if kept.count == 3 else None)
    assert [*several.drafts] == ["several-2"]
