"""Several users who are being made are kept apart, and each goes on where it was left."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLineEdit

from tests.desktop.page.test_one_refresh import title
from tests.desktop.window.test_main_window import Desk, desk, directory
from whowas.desktop.details.draft import is_new

__all__ = ["desk", "directory"]


def first_name(desk: Desk) -> QLineEdit:
    editor = desk.page.panel.form.rows.texts["first_name"].editor
    assert isinstance(editor, QLineEdit)
    return editor


def begin(desk: Desk, name: str) -> str:
    """Begin to make a user; return the key of the draft."""
    desk.trigger("new_user")
    assert first_name(desk).text() == ""
    first_name(desk).setText(name)
    key = desk.page.details.draft_keeper.key
    assert key is not None
    assert is_new(key)
    return key


def test_each_is_handed_back_as_it_was_left(desk: Desk) -> None:
    begun = {name: begin(desk, name) for name in ("Zoe", "Yan", "Xia")}
    assert desk.page.details.draft_keeper.count == 3
    for name in ("Yan", "Zoe", "Xia"):
        desk.page.details.show_draft(begun[name])
        assert first_name(desk).text() == name


def test_saving_one_leaves_the_others(desk: Desk) -> None:
    zoe, yan = begin(desk, "Zoe"), begin(desk, "Yan")
    desk.page.details.show_draft(zoe)
    desk.trigger("save")
    assert "Zoe" in desk.names()
    assert desk.page.details.draft_keeper.drafted == {yan}
    desk.page.details.show_draft(yan)
    desk.trigger("save")
    assert "Yan" in desk.names()
    assert desk.page.details.draft_keeper.count == 0


def test_one_who_is_saved_late_is_not_mixed_up_with_the_next(desk: Desk) -> None:
    begin(desk, "Zoe")
    desk.window.actions_.save.trigger()
    title(desk).setText("Clerk")
    yan = begin(desk, "Yan")
    desk.settle()
    assert (first_name(desk).text(), title(desk).text()) == ("Yan", "")
    assert desk.page.details.draft_keeper.count == 2, "what was typed for Zoe since, and Yan"
    assert desk.page.details.draft_keeper.key == yan
    desk.select("Zoe")
    assert title(desk).text() == "Clerk"


def test_asking_for_a_new_user_twice_makes_no_two_empty_ones(desk: Desk) -> None:
    desk.trigger("new_user")
    key = desk.page.details.draft_keeper.key
    desk.trigger("new_user")
    assert desk.page.details.draft_keeper.key == key
    assert desk.page.details.draft_keeper.count == 0


def test_they_are_there_at_the_next_start(desk: Desk, directory: Path) -> None:
    begun = [begin(desk, name) for name in ("Zoe", "Yan")]
    desk.open(directory)
    assert desk.page.details.draft_keeper.drafted == set(begun)
    desk.page.details.show_draft(begun[0])
    assert first_name(desk).text() == "Zoe"


def test_a_refused_one_is_told_of_where_another_is_shown_by_then(desk: Desk) -> None:
    zoe = begin(desk, "Zoe")
    email = desk.page.panel.form.rows.texts["email"].editor
    assert isinstance(email, QLineEdit)
    email.setText("no email")
    desk.window.actions_.save.trigger()
    begin(desk, "Yan")
    desk.settle()
    assert desk.window.messages.message().startswith("The new user was not saved. ")
    assert zoe in desk.page.details.draft_keeper.drafted


def test_the_past_hides_it_and_it_is_there_again_at_now(desk: Desk) -> None:
    begin(desk, "Zoe")
    yan = begin(desk, "Yan")
    desk.page.view.show_moment(desk.page.view.index.now - 1)
    assert first_name(desk).text() == ""
    desk.trigger("return_to_now")
    assert (desk.page.details.draft_keeper.key, first_name(desk).text()) == (yan, "Yan")
    assert desk.page.details.draft_keeper.count == 2


def test_a_discarded_draft_does_not_come_back(desk: Desk) -> None:
    zoe, yan = begin(desk, "Zoe"), begin(desk, "Yan")
    desk.page.details.discard_draft(zoe)
    assert desk.page.details.draft_keeper.drafted == {yan}
    desk.page.details.discard_draft(yan)
    assert first_name(desk).text() == ""
    desk.page.keep_draft()
    assert desk.page.details.draft_keeper.count == len(desk.page.drafts) == 0


def test_a_draft_discarded_in_the_past_or_while_nobody_is_shown_does_not_come_back(desk: Desk) -> None:
    for hide in ("nobody", "the past", "somebody else in the past"):
        desk.select("Ben")
        title(desk).setText("Clerk")
        ben = desk.page.details.draft_keeper.key
        assert ben is not None
        if hide == "nobody":
            desk.page.details.show_user(None)
        else:
            desk.page.view.show_moment(desk.page.view.index.now - 1)
        if hide == "somebody else in the past":
            desk.select("Ada")
        desk.page.details.discard_draft(ben)
        desk.trigger("return_to_now")
        desk.select("Ada")
        desk.select("Ben")
        assert title(desk).text() == "", hide
        desk.page.keep_draft()
        assert desk.page.details.draft_keeper.count == len(desk.page.drafts) == 0, hide
