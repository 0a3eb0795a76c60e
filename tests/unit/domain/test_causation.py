"""How causes are stored, and which of them older programs know."""

from __future__ import annotations

import json

import pytest

from whowas.domain.causation import (
    Causation,
    ImportOf,
    RedoOf,
    RestoreOf,
    TakenBack,
    UndoForSome,
    UndoOf,
    WhatIfOf,
    from_text,
    taken_back,
    to_text,
)

KNOWN_TO_0_5_0 = {
    "import": {"source", "by"},
    "undo": {"change_id", "reason"},
    "redo": {"change_id"},
    "what_if": {"change_ids", "reason"},
    "restore": {"occurred_at", "position", "reason"},
}
"""The kinds with their keys; it reads another kind as an edit, but cannot read another key of one of these."""

EVERY: list[Causation] = [
    ImportOf("list.csv", "ines"),
    UndoOf("a", "typo"),
    UndoForSome("a", "typo"),
    RedoOf("a"),
    WhatIfOf(("a", "b"), "never was"),
    RestoreOf(1, 2, "asked for"),
]


@pytest.mark.parametrize("causation", EVERY)
def test_what_is_stored_is_read_again_and_by_0_5_0_too(causation: Causation) -> None:
    text = to_text(causation)
    assert from_text(text) == causation
    ((kind, fields),) = json.loads(text or "").items()
    assert kind not in KNOWN_TO_0_5_0 or fields.keys() == KNOWN_TO_0_5_0[kind]


def test_a_kind_of_a_later_program_reads_as_an_edit() -> None:
    assert from_text('{"merge": {"of": ["a"]}}') is None
    assert from_text(None) is None


def test_what_is_taken_back_for_some_stands_for_the_others() -> None:
    changes: list[tuple[str, Causation | None]] = [("p", UndoForSome("i")), ("i", ImportOf("list.csv"))]
    assert taken_back(changes) == TakenBack(set(), {"i": ["p"]})
    assert taken_back([("u", UndoOf("p")), *changes]) == TakenBack({"p"})
    assert taken_back([("r", RedoOf("u")), ("u", UndoOf("p")), *changes]) == TakenBack({"u"}, {"i": ["p"]})
    assert taken_back([("q", UndoForSome("i")), ("u", UndoOf("i")), *changes]) == TakenBack({"i"}, {"i": ["q", "p"]})


def test_the_name_of_a_file_that_is_no_text_can_be_stored() -> None:
    stored = to_text(ImportOf("staff\udcff.csv"))
    assert stored is not None
    assert from_text(stored) == ImportOf("staff?.csv")
    assert stored.encode()
