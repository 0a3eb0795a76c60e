"""What is typed for several users is theirs: it is shown for nobody else, kept, listed, saved and refused as theirs."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from tests.desktop.page.test_other_rows import erase_elsewhere, take_in
from tests.desktop.selection.test_panel import (
    IDS,
    LEGAL,
    NIGHT,
    called,
    chips,
    directory,
    elsewhere,
    line,
    panel,
    press,
    select,
    text,
    users,
)
from tests.desktop.users.test_draft_commands import click_row, discard_row, link, opened, rows
from tests.desktop.window.test_main_window import Desk, desk
from whowas.command_bus.bus import Bus
from whowas.desktop.details.draft_store import DraftStore
from whowas.desktop.details.group_chips import Chip
from whowas.desktop.details.selection_draft import SelectionDraft
from whowas.desktop.kit import theme
from whowas.desktop.kit.dates import microseconds_now
from whowas.desktop.kit.search_field import SearchField
from whowas.desktop.page import selection
from whowas.desktop.selection.partial_chip import PartialChip
from whowas.domain.commands import (
    ColourGroup,
    DeleteGroup,
    DeleteUser,
    EraseUser,
    RenameField,
    RenameGroup,
    RestoreUser,
    UpdateUser,
)
from whowas.store.event_log import EventLog

__all__ = ["desk", "directory"]


def type_for(desk: Desk, *names: str, title: str = "Judge") -> None:
    select(desk, *names)
    line(desk, "title").setText(title)


def titles(desk: Desk) -> list[str | None]:
    return [user.title for user in users(desk).values()]


def shown_title(desk: Desk) -> tuple[str, str]:
    """Return the text in the field, and what is said of it as an edited one."""
    return line(desk, "title").text(), text(desk, "title").row.was()


def ctrl_click(desk: Desk, name: str) -> None:
    table = desk.page.table
    place = table.visualRect(desk.page.model.index(desk.names().index(name), 0)).center()
    desk.qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, place)
    desk.settle()


def reopened(desk: Desk) -> None:
    assert desk.window.session is not None
    path = desk.window.session.path
    desk.window.close_directory()
    desk.runner.drain()
    desk.open(path)


def test_what_is_typed_for_some_is_not_there_for_others(desk: Desk) -> None:
    type_for(desk, "Ada", "Ben")
    select(desk, "Ada", "Chi")
    assert shown_title(desk) == ("Clerk", "")
    assert not panel(desk).foot.save.isEnabled()
    panel(desk).save()
    desk.settle()
    assert titles(desk) == ["Clerk"] * 5


def test_it_is_there_again_for_the_same_users_and_saved_for_them_alone(desk: Desk) -> None:
    type_for(desk, "Ada", "Ben")
    panel(desk).fields.status.choose("suspended")
    press(desk, "Legal, 1 of 2")
    select(desk, "Chi")
    type_for(desk, "Chi", "Dan", title="Cook")
    select(desk, "Ben", "Ada")
    assert shown_title(desk) == ("Judge", "was Clerk")
    assert panel(desk).fields.status.chosen == "suspended"
    assert panel(desk).fields.draft() == SelectionDraft({"title": "Judge"}, (LEGAL,), (), (), "suspended")
    press(desk, "Save changes to 2 users")
    assert titles(desk) == ["Judge", "Judge", "Clerk", "Clerk", "Clerk"]
    assert link(desk).text() == "1 draft not saved"
    select(desk, "Chi", "Dan")
    assert shown_title(desk) == ("Cook", "was Clerk")


def test_one_more_user_is_another_selection(desk: Desk) -> None:
    type_for(desk, "Ada", "Ben")
    ctrl_click(desk, "Chi")
    assert shown_title(desk) == ("Clerk", "")
    ctrl_click(desk, "Chi")
    assert shown_title(desk) == ("Judge", "was Clerk")


def test_a_field_that_is_to_be_cleared_comes_back_so(desk: Desk) -> None:
    type_for(desk, "Ada", "Ben", title="")
    select(desk, "Chi", "Dan")
    assert shown_title(desk) == ("Clerk", "")
    select(desk, "Ada", "Ben")
    assert shown_title(desk) == ("", "was Clerk")
    press(desk, "Save changes to 2 users")
    assert titles(desk)[:3] == [None, None, "Clerk"]


def test_a_field_to_be_cleared_stays_so_while_it_is_counted_anew(desk: Desk) -> None:
    type_for(desk, "Ada", "Ben", title="")
    panel(desk).fields.show_summary(None)
    line(desk, "phone").setText("1")
    elsewhere(desk, UpdateUser(IDS["Ben"], {"notes": "x"}))
    assert shown_title(desk) == ("", "was Clerk")


def test_the_past_shows_what_was_then(desk: Desk) -> None:
    type_for(desk, "Ada", "Ben")
    line(desk, "Room").setText("C 7")
    desk.page.view.show_moment(1)
    desk.settle()
    desk.page.view.show_moment(desk.page.view.index.now - 1)
    desk.settle()
    assert shown_title(desk) == ("Clerk", "")
    assert line(desk, "Room").text() == ""
    desk.page.return_to_now()
    desk.settle()
    assert shown_title(desk) == ("Judge", "was Clerk")
    assert line(desk, "Room").text() == "C 7"


def test_of_deleted_users_it_is_not_shown_as_if_it_were_theirs(desk: Desk) -> None:
    type_for(desk, "Ada", "Ben")
    elsewhere(desk, DeleteUser(IDS["Ada"]), DeleteUser(IDS["Ben"]))
    desk.page.view.show_section("deleted")
    desk.settle()
    select(desk, "Ada", "Ben")
    assert shown_title(desk) == ("Clerk", "")
    assert link(desk).text() == "1 draft not saved"
    elsewhere(desk, RestoreUser(IDS["Ada"]), RestoreUser(IDS["Ben"]))
    desk.page.view.show_section("everyone")
    desk.settle()
    select(desk, "Ada", "Ben")
    assert shown_title(desk) == ("Judge", "was Clerk")


def test_the_panel_of_users_who_were_deleted_goes_and_comes_back_with_them(desk: Desk) -> None:
    select(desk, "Ada", "Ben")
    desk.trigger("delete")
    desk.settle()
    assert not desk.page.several.is_shown
    desk.trigger("undo")
    desk.settle()
    assert chips(desk) == ["Legal, 1 of 2", "Night shift"]


def test_drafts_are_counted_and_listed(desk: Desk) -> None:
    type_for(desk, "Ada", "Ben")
    line(desk, "Room").setText("C 7")
    assert link(desk).text() == "1 draft not saved"
    select(desk, "Chi", "Dan", "Eve")
    panel(desk).fields.groups.adding.setText("Budget")
    panel(desk).fields.status.choose("suspended")
    assert link(desk).text() == "2 drafts not saved"
    shown = opened(desk)
    assert rows(shown) == [("2 users", "Title and Room"), ("3 users", "Groups and Status")]
    discard_row(desk, shown, "3 users")
    assert rows(shown) == [("2 users", "Title and Room")]
    assert not panel(desk).fields.draft()
    assert not panel(desk).foot.save.isEnabled()
    click_row(desk, shown, 0)
    desk.settle()
    assert [user.name for user in desk.page.selection.users()] == ["Ada", "Ben"]
    assert shown_title(desk) == ("Judge", "was Clerk")
    assert desk.window.focusWidget() is line(desk, "title")
    press(desk, "Discard")
    assert not link(desk).isVisible()
    assert not desk.window.actions_.drafts.isEnabled()


@pytest.mark.parametrize("hidden_by", ["a search", "a section", "the past", "one user", "the changes"])
def test_the_list_leads_to_them_wherever_somebody_is(desk: Desk, hidden_by: str) -> None:
    type_for(desk, "Ada", "Ben")
    match hidden_by:
        case "a search":
            (search,) = desk.window.findChildren(SearchField)
            search.setText("chi")
            desk.qtbot.waitUntil(lambda: desk.page.view.search_text == "chi")
        case "a section":
            desk.page.view.show_section("deleted")
        case "the past":
            desk.page.view.show_moment(4)
        case "one user":
            select(desk, "Chi")
        case _:
            select(desk, "Chi")
            desk.page.show_changes()
    desk.settle()
    click_row(desk, opened(desk), 0)
    desk.settle()
    assert [user.name for user in desk.page.selection.users()] == ["Ada", "Ben"]
    assert shown_title(desk) == ("Judge", "was Clerk")


def test_the_list_leads_to_users_who_are_deleted(desk: Desk) -> None:
    type_for(desk, "Ada", "Ben")
    elsewhere(desk, DeleteUser(IDS["Ada"]), DeleteUser(IDS["Ben"]))
    click_row(desk, opened(desk), 0)
    desk.settle()
    assert [user.name for user in desk.page.selection.users()] == ["Ada", "Ben"]
    assert line(desk, "title").isReadOnly()


@pytest.mark.parametrize("ids_kept", [200, 1])
def test_they_outlive_closing(desk: Desk, monkeypatch: pytest.MonkeyPatch, ids_kept: int) -> None:
    monkeypatch.setattr(selection, "USERS_LOOKED_AT", ids_kept)
    type_for(desk, "Ada", "Ben")
    press(desk, "Legal, 1 of 2")
    panel(desk).fields.groups.adding.setText("Budget")
    draft = panel(desk).fields.draft()
    reopened(desk)
    assert link(desk).text() == "1 draft not saved"
    assert rows(opened(desk)) == [("2 users", "Title and Groups")]
    select(desk, "Ada", "Chi")
    assert not panel(desk).fields.draft()
    select(desk, "Ada", "Ben")
    assert panel(desk).fields.draft() == draft == SelectionDraft({"title": "Judge"}, (LEGAL,), (), ("Budget",))


def test_they_are_written_soon_after_they_are_typed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    monkeypatch.setattr(DraftStore, "_put_on_disk", lambda store: written.append(len(store.several)))
    type_for(desk, "Ada", "Ben")
    desk.qtbot.waitUntil(lambda: written == [1])


def test_closing_asks_where_they_cannot_be_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_store: DraftStore) -> None:
        raise OSError(28, "No space left on device")

    asked: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: asked.append(box.text()))
    monkeypatch.setattr(DraftStore, "_put_on_disk", full)
    type_for(desk, "Ada", "Ben")
    desk.window.close()
    assert desk.window.isVisible()
    assert len(asked) == 1


def test_whoever_was_erased_is_left_out_of_it(desk: Desk) -> None:
    type_for(desk, "Ben", "Chi", "Dan")
    desk.page.keep_draft()
    erase_elsewhere(desk, "Ben")
    take_in(desk)
    desk.settle()
    assert [user.name for user in desk.page.selection.users()] == ["Chi", "Dan"]
    assert shown_title(desk) == ("Judge", "was Clerk")
    erase_elsewhere(desk, "Chi")
    take_in(desk)
    desk.settle()
    assert not link(desk).isVisible()


def test_who_they_were_is_not_guessed_after_an_erasure(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "USERS_LOOKED_AT", 1)
    type_for(desk, "Chi", "Dan")
    desk.page.keep_draft()
    erase_elsewhere(desk, "Ben")
    take_in(desk)
    desk.settle()
    assert not link(desk).isVisible()
    assert "draft for 2 users is gone" in desk.window.messages.message()
    select(desk, "Dan", "Eve")
    assert shown_title(desk) == ("Clerk", "")


def test_a_save_that_ends_while_others_are_selected_is_of_its_own_draft(desk: Desk) -> None:
    type_for(desk, "Ada", "Ben")
    panel(desk).foot.save.click()
    desk.select("Chi", "Dan")
    line(desk, "title").setText("Judge")
    line(desk, "Room").setText("C 7")
    desk.settle()
    assert titles(desk) == ["Judge", "Judge", "Clerk", "Clerk", "Clerk"]
    assert panel(desk).fields.draft().values == {"title": "Judge", "attributes.Room": "C 7"}
    assert panel(desk).foot.save.isEnabled()
    assert rows(opened(desk)) == [("2 users", "Title and Room")]


def test_what_is_typed_while_it_is_saved_is_still_to_be_saved(desk: Desk) -> None:
    type_for(desk, "Ada", "Ben")
    panel(desk).foot.save.click()
    line(desk, "phone").setText("1")
    desk.select("Chi", "Dan")
    desk.settle()
    select(desk, "Ada", "Ben")
    assert panel(desk).fields.draft().values == {"phone": "1"}


def test_a_refusal_that_comes_while_others_are_selected_waits_beside_its_field(desk: Desk) -> None:
    type_for(desk, "Ada", "Ben", title="x" * 1_001)
    panel(desk).foot.save.click()
    desk.select("Chi", "Dan")
    desk.settle()
    assert text(desk, "title").row.note.sentence() == ""
    assert panel(desk).foot.note.sentence() == ""
    assert panel(desk).foot.discard.isEnabled() is False
    assert desk.window.messages.message().startswith("The changes to 2 users were not saved.")
    select(desk, "Ada", "Ben")
    assert "too long" in text(desk, "title").row.note.sentence()
    select(desk, "Chi", "Dan")
    assert text(desk, "title").row.note.sentence() == ""
    select(desk, "Ada", "Ben")
    line(desk, "title").setText("Judge")
    select(desk, "Chi", "Dan")
    select(desk, "Ada", "Ben")
    assert text(desk, "title").row.note.sentence() == ""


def test_a_save_that_ends_after_closing_leaves_no_draft(desk: Desk) -> None:
    assert desk.window.session is not None
    path = desk.window.session.path
    type_for(desk, "Ada", "Ben")
    panel(desk).foot.save.click()
    desk.window.close_directory()
    desk.runner.drain()
    desk.open(path)
    assert titles(desk)[:2] == ["Judge", "Judge"]
    assert not link(desk).isVisible()


def test_a_group_that_gets_another_name_meanwhile_is_the_same(desk: Desk) -> None:
    select(desk, "Ada", "Ben")
    press(desk, "Legal, 1 of 2")
    panel(desk).fields.groups.adding.setText("night shift, Budget")
    elsewhere(desk, RenameGroup(LEGAL, "Law"), RenameGroup(NIGHT, "Late shift"))
    assert panel(desk).fields.groups.was() == "all join Law and Budget"
    press(desk, "Save changes to 2 users")
    assert desk.window.session is not None
    groups = desk.window.session.shown.index.latest_directory().groups
    assert sorted(groups.values()) == ["Budget", "Late shift", "Law"]
    assert {NIGHT, LEGAL} < users(desk)["Ben"].groups


def test_a_name_being_typed_stays_that_of_its_group(desk: Desk) -> None:
    select(desk, "Ada", "Ben")
    panel(desk).fields.groups.adding.setText("Legal")
    elsewhere(desk, RenameGroup(LEGAL, "Law"))
    assert panel(desk).fields.draft().joined == (LEGAL,)
    assert panel(desk).fields.draft().made == ()


def test_a_group_deleted_meanwhile_is_refused_beside_the_field_and_nothing_is_made(desk: Desk) -> None:
    select(desk, "Ada", "Ben")
    press(desk, "Legal, 1 of 2")
    panel(desk).fields.groups.adding.setText("Budget")
    elsewhere(desk, DeleteGroup(LEGAL))
    before = users(desk)
    press(desk, "Save changes to 2 users")
    told = "The group “Legal” was deleted meanwhile. Nothing was changed."
    assert panel(desk).fields.groups.note.sentence() == told
    assert users(desk) == before
    assert desk.window.session is not None
    assert [*desk.window.session.shown.index.latest_directory().groups] == [NIGHT]
    reopened(desk)
    select(desk, "Ada", "Ben")
    assert panel(desk).fields.groups.was() == "all join Legal and Budget"


def test_a_refusal_finds_a_field_that_has_another_name(desk: Desk) -> None:
    elsewhere(desk, RenameField("Room", "Office"))
    select(desk, "Ada", "Ben")
    line(desk, "Room").setText("x\x07")
    press(desk, "Save changes to 2 users")
    assert "cannot be stored" in text(desk, "Room").row.note.sentence()
    assert panel(desk).foot.note.sentence() == ""


def test_the_tab_key_goes_from_top_to_bottom(desk: Desk) -> None:
    select(desk, "Ada", "Ben")
    line(desk, "Room").setText("C 7")
    panel(desk).fields.groups.adding.setText("Budget")
    desk.settle()
    shown, widget, stops = panel(desk), panel(desk).foot.discard.nextInFocusChain(), list[QWidget]()
    while widget is not panel(desk).foot.discard:
        if shown.isAncestorOf(widget) and widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            stops.append(widget)
        widget = widget.nextInFocusChain()
    places = [one.mapTo(shown, one.rect().center()).y() for one in stops]
    assert len(stops) > 12
    assert called(stops[0]) == "Add to group…"
    # What lies beside each other need not have the same middle to the pixel.
    assert all(after > before - 8 for before, after in pairwise(places)), [
        (called(one), y) for one, y in zip(stops, places, strict=True)
    ]


def test_groups_have_their_colours(desk: Desk) -> None:
    elsewhere(desk, ColourGroup(NIGHT, "teal"), ColourGroup(LEGAL, "red"))
    select(desk, "Ada", "Ben")
    found = panel(desk).fields.groups
    (whole,) = (one for one in found.findChildren(Chip) if not one.isHidden())
    (some,) = (one for one in found.findChildren(PartialChip) if not one.isHidden())
    for chip, token in ((whole, "group_teal"), (some, "group_red")):
        edge = theme.current().colour(token)  # type: ignore[arg-type]
        picture = chip.grab().toImage()
        row = [picture.pixelColor(x, 0).rgb() for x in range(picture.width())]
        assert edge.rgb() in row, token


def test_ctrl_click_keeps_who_is_not_listed(desk: Desk) -> None:
    select(desk, "Ada", "Chi")
    desk.page.view.search("ben")
    desk.settle()
    ctrl_click(desk, "Ben")
    desk.page.view.search("")
    desk.settle()
    assert [user.name for user in desk.page.selection.users()] == ["Ada", "Ben", "Chi"]
    desk.page.view.search("a")
    desk.settle()
    ctrl_click(desk, "Ada")
    desk.page.view.search("")
    desk.settle()
    assert [user.name for user in desk.page.selection.users()] == ["Ben", "Chi"]


def test_a_click_alone_lets_go_of_who_is_not_listed(desk: Desk) -> None:
    select(desk, "Ada", "Chi")
    desk.page.view.search("ben")
    desk.settle()
    table = desk.page.table
    place = table.visualRect(desk.page.model.index(0, 0)).center()
    desk.qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    desk.page.view.search("")
    desk.settle()
    assert [user.name for user in desk.page.selection.users()] == ["Ben"]


def test_the_actions_on_drafts_are_about_the_panel_whatever_the_form_says(desk: Desk) -> None:
    type_for(desk, "Ada", "Ben")
    desk.page.draftChanged.emit()
    assert desk.window.actions_.save.isEnabled()
    assert desk.window.actions_.discard.isEnabled()


def test_the_status_line_counts_whom_everyone_counts(desk: Desk) -> None:
    elsewhere(desk, DeleteUser(IDS["Ada"]))
    assert desk.window.messages.standing.users == 4


def test_drafts_move_with_a_copy_and_are_not_taken_for_those_of_another_history(
    desk: Desk, directory: Path, tmp_path: Path
) -> None:
    type_for(desk, "Ada", "Ben")
    desk.page.keep_draft()
    copy = tmp_path / "copy.whowas"
    copy.write_bytes(directory.read_bytes())
    desk.page.drafts.carry_to(copy)
    desk.window.close_directory()
    desk.runner.drain()
    desk.open(copy)
    assert link(desk).text() == "1 draft not saved"


def test_a_draft_lost_while_nobody_had_the_directory_open_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "USERS_LOOKED_AT", 1)
    type_for(desk, "Chi", "Dan")
    assert desk.window.session is not None
    path = desk.window.session.path
    desk.window.close_directory()
    desk.runner.drain()
    log = EventLog.open(path)
    Bus(log, clock=microseconds_now, actor="otto").dispatch(EraseUser(IDS["Ben"]))
    log.close()
    desk.open(path)
    assert "draft for 2 users is gone" in desk.window.messages.message()
