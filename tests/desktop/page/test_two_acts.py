"""What a person does while a job of theirs is still on its way is done as well."""

from __future__ import annotations

from tests.desktop.putting_back.test_commands import do
from tests.desktop.window.test_main_window import ADA, BEN, Desk, desk, directory
from whowas.desktop.session.lens import AsKnown, Now
from whowas.domain.commands import UpdateUser

__all__ = ["desk", "directory"]


def test_deleting_right_after_undo(desk: Desk) -> None:
    do(desk, UpdateUser(ADA, {"title": "Clerk"}))
    desk.select("Ben")
    desk.window.actions_.undo.trigger()
    desk.window.actions_.delete.trigger()
    desk.settle()
    assert desk.shown(ADA).title is None
    assert desk.shown(BEN).status == "deleted"


def test_the_switch_of_clocks_says_what_is_shown(desk: Desk) -> None:
    assert desk.window.session is not None
    shown, as_known = desk.window.session.shown, desk.window.actions_.as_known
    desk.page.view.show_moment(2)
    desk.settle()
    assert as_known.isEnabled()
    desk.window.actions_.verify.trigger()
    as_known.trigger()
    desk.settle()
    assert isinstance(shown.lens, AsKnown) == as_known.isChecked()
    assert not isinstance(shown.lens, Now)
