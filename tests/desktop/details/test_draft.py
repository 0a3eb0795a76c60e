"""What counts as a draft, and how it is applied to a newer version of its user."""

from __future__ import annotations

import pytest

from whowas.desktop.details.draft import Draft, UserForm, contested, differs, merged_groups, typed_since, without


@pytest.mark.parametrize(
    ("text", "shown", "edited"),
    [
        ("Ada", "Ada", False),
        ("Ada ", "Ada", False),
        ("  ", "", False),
        ("Ada", "Ada ", True),
        ("Ada ", "Ada ", False),
        ("", "Ada", True),
        ("ada", "Ada", True),
    ],
)
def test_white_space_that_saving_takes_away_is_no_edit(text: str, shown: str, edited: bool) -> None:
    assert differs(text, shown) is edited


def test_an_empty_draft_is_none() -> None:
    assert not Draft()
    assert Draft(groups=())
    assert Draft(values={"title": ""})
    assert Draft(attributes={"Room": "1"})


def test_fields_are_named_as_refusals_name_them() -> None:
    draft = Draft({"title": "Clerk"}, ("Records",), {"Room": "B 12"})
    assert draft.fields() == {"title", "groups", "attributes.Room"}


def test_texts_are_trimmed_for_saving() -> None:
    draft = Draft({"title": " Clerk\n", "notes": "\n"}, ("Records",), {"Room": "\tB 12"})
    assert draft.trimmed() == Draft({"title": "Clerk", "notes": ""}, ("Records",), {"Room": "B 12"})


def test_only_drafted_texts_can_be_contested() -> None:
    before = UserForm("1", 1, {"title": "Clerk", "email": "a@x", "phone": "1"}, attributes={"Room": "1"})
    now = UserForm("1", 2, {"title": "Clerk", "email": "b@x", "phone": "2"})
    draft = Draft({"title": "Head", "email": "c@x"}, attributes={"Room": "2"})
    assert contested(draft, before, now) == {"email": "b@x", "attributes.Room": ""}


def test_joining_and_leaving_groups_is_carried_over() -> None:
    before = UserForm("1", 1, groups=("Records", "Legal", "Budget"))
    now = UserForm("1", 2, groups=("Records", "Budget", "Systems"))
    draft = Draft(groups=("Records", "Legal", "Press"))
    assert merged_groups(draft, before, now).groups == ("Records", "Systems", "Press")
    untouched = Draft({"title": "Head"})
    assert merged_groups(untouched, before, now) is untouched


def test_what_was_typed_after_a_save_is_still_a_draft() -> None:
    saved = Draft({"title": "Clerk", "notes": "One"}, ("Records",), {"Room": "1"})
    now = Draft({"title": "Clerk ", "notes": "One and two"}, ("Records", "Press"), {"Room": "1"})
    assert typed_since(now, saved) == Draft({"notes": "One and two"}, ("Records", "Press"))
    assert not typed_since(saved, saved)


def test_texts_given_up_are_no_part_of_a_draft() -> None:
    draft = Draft({"title": "Clerk", "notes": "One"}, ("Records",), {"Room": "1"})
    assert without(draft, {"title", "attributes.Room"}) == Draft({"notes": "One"}, ("Records",))
