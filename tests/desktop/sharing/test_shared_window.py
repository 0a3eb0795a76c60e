"""A window on a shared directory: others' changes come in, the server goes away and comes back."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QRadioButton

from tests.desktop.sharing.conftest import SharedDesk
from tests.desktop.window.test_main_window import ADA, BEN, CHI
from whowas.command_bus.bus import Bus
from whowas.desktop.chrome.message_bar import MessageBar
from whowas.desktop.chrome.standing import FILE, LOST, RIGHTS, SAVING, SERVER, Severity, bars
from whowas.desktop.chrome.status_words import status_line
from whowas.desktop.details.conflict_dialog import ConflictDialog
from whowas.desktop.kit import dates
from whowas.desktop.sharing.lost_dialog import LostChangesDialog
from whowas.domain.commands import CreateUser, UpdateUser
from whowas.domain.errors import StoreError
from whowas.store.event_log import EventLog
from whowas.store.follower.lost_changes import LostChanges, LostChangesError
from whowas.store.server.errors import AnotherHistoryError, NotConnectedError

NEW = "0199a3c4-0000-7000-8000-000000000009"


def bar(desk: SharedDesk, about: str) -> MessageBar | None:
    found = desk.window.findChildren(MessageBar)
    return next((each for each in found if not each.isHidden() and each.condition.about == about), None)


def field(desk: SharedDesk, name: str) -> QLineEdit:
    (editor,) = desk.page.panel.form.rows.texts[name].findChildren(QLineEdit)
    return editor


def save_button(desk: SharedDesk) -> QPushButton:
    return desk.page.panel.form._foot.save


def test_what_others_change_comes_in_by_itself(shared_desk: SharedDesk) -> None:
    desk = shared_desk
    assert desk.window.windowTitle().startswith("staff")
    desk.by("lee", UpdateUser(ADA, {"title": "Archivist"}))
    assert desk.shown(ADA).title == "Archivist"
    assert desk.names() == ["Ada", "Ben", "Chi"]


def test_what_is_saved_is_on_the_server_by_this_account(shared_desk: SharedDesk) -> None:
    desk = shared_desk
    desk.select("Ben")
    field(desk, "title").setText("Porter")
    desk.trigger("save")
    (last,) = [one for one in desk.shared.server.read() if one.position == desk.shared.server.head().position]
    assert (last.actor, last.stream) == ("kim", BEN)
    assert desk.shown(BEN).title == "Porter"


def test_without_the_server_everything_is_read_and_typed_but_nothing_saved(shared_desk: SharedDesk) -> None:
    desk = shared_desk
    desk.select("Ada")
    desk.go_away()
    strip = bar(desk, SERVER)
    assert strip is not None
    assert strip.condition.severity is Severity.AMBER
    since = dates.local(desk.shared.offline_since or 0)
    said = f"Not connected since {since:%H:%M}. You see the directory as it was then; changes are kept as drafts."
    assert strip.condition.sentence.startswith(said)
    field(desk, "title").setText("Archivist")
    assert not field(desk, "title").isReadOnly()
    assert not save_button(desk).isEnabled()
    assert not desk.window.actions_.save.isEnabled()
    assert "no connection" in save_button(desk).accessibleDescription()
    assert desk.enabled() == {"new_user"}
    assert not desk.window.actions_.import_.isEnabled()
    assert "not connected" in status_line(desk.window.messages.standing).file.text
    desk.by("lee", UpdateUser(BEN, {"title": "Porter"}))
    assert not desk.shown(BEN).title
    desk.come_back()
    desk.until(lambda: bar(desk, SERVER) is None)
    desk.until(lambda: desk.runs() and desk.shown(BEN).title == "Porter")
    assert save_button(desk).isEnabled()
    assert field(desk, "title").text() == "Archivist"
    desk.trigger("save")
    assert desk.shown(ADA).title == "Archivist"


def test_trying_again_is_said_and_does_it_at_once(shared_desk: SharedDesk) -> None:
    desk = shared_desk
    desk.go_away()
    strip = bar(desk, SERVER)
    assert strip is not None
    (button,) = strip.findChildren(QPushButton)
    assert button.text() == "Try again"
    follows = desk.shared.follows
    button.click()
    said = bar(desk, SERVER)
    assert said is not None
    assert said.condition.sentence.endswith("Connecting…")
    desk.until(lambda: desk.shared.follows > follows)
    desk.until(lambda: "Connecting" not in bars(desk.window.messages.standing)[0].sentence)


def test_a_reader_is_told_why_nothing_can_be_written(shared_desk: SharedDesk) -> None:
    desk = shared_desk
    desk.shared.rights = "reader"
    desk.shared.hurry()
    desk.until(lambda: bar(desk, RIGHTS) is not None)
    desk.select("Ada")
    assert field(desk, "title").isReadOnly()
    assert desk.enabled() == set()
    strip = bar(desk, RIGHTS)
    assert strip is not None
    assert "kim" in strip.condition.sentence
    desk.shared.rights = "editor"
    desk.shared.hurry()
    desk.until(lambda: bar(desk, RIGHTS) is None)
    assert not field(desk, "title").isReadOnly()


def test_who_is_here_is_said_in_the_status_line(shared_desk: SharedDesk) -> None:
    desk = shared_desk
    desk.shared.here = ["lee", "kim"]
    desk.shared.hurry()
    desk.until(lambda: status_line(desk.window.messages.standing).people.text == "Here now: kim, lee")


def test_a_row_that_somebody_else_changed_bears_their_name(shared_desk: SharedDesk) -> None:
    desk = shared_desk
    desk.by("lee", UpdateUser(ADA, {"title": "Archivist"}))
    named = desk.page.model.named
    assert {user: one.words for user, one in named.items()} == {ADA: "Changed by lee"}
    spoken = desk.page.model.index(0, 0).data(Qt.ItemDataRole.AccessibleDescriptionRole)
    assert (desk.names()[0], spoken) == ("Ada", "Changed by lee")
    desk.page.model.set_named({})
    desk.by("kim", UpdateUser(ADA, {"title": "Head"}))
    assert not desk.page.model.named


def test_closing_ends_the_thread_and_the_connections(shared_desk: SharedDesk) -> None:
    desk = shared_desk
    thread = desk.live._thread
    desk.window.go_to_welcome()
    desk.runner.drain()
    assert not thread.is_alive()
    assert desk.shared.is_closed


@pytest.mark.parametrize("saved", [True, False])
def test_what_became_of_a_save_whose_answer_was_lost_is_said_later(shared_desk: SharedDesk, saved: bool) -> None:
    desk = shared_desk
    desk.select("Ada")
    field(desk, "title").setText("Archivist")
    desk.shared.writes.answer_is_lost = "but it is saved" if saved else "and nothing saved"
    desk.trigger("save")
    (told,) = [each for each in desk.window.messages.standing.conditions if each.about == SAVING]
    assert "will be seen as soon as there is a connection" in told.sentence
    assert field(desk, "title").text() == "Archivist"
    desk.shared.hurry()
    desk.until(lambda: not desk.live.reached.connected)
    desk.come_back()
    desk.until(lambda: desk.runs() and not desk.window.session.writer.unknown)  # type: ignore[union-attr]
    (told,) = [each for each in desk.window.messages.standing.conditions if each.about == SAVING]
    keeper = desk.page.details.draft_keeper
    if saved:
        assert told.sentence == "The last change was saved after all: the server has it."
        assert (desk.shown(ADA).title, keeper.has_draft) == ("Archivist", False)
    else:
        assert told.sentence.startswith("The last change was not saved")
        assert (desk.shown(ADA).title, keeper.has_draft) == (None, True)
        desk.trigger("save")
        assert desk.shown(ADA).title == "Archivist"


def test_what_two_people_changed_at_once_is_merged_field_by_field(shared_desk: SharedDesk) -> None:
    desk = shared_desk
    desk.select("Ada")
    field(desk, "title").setText("Archivist")
    field(desk, "phone").setText("1234")
    desk.by("lee", UpdateUser(ADA, {"title": "Head", "department": "Records"}))
    desk.page.details.draft_keeper.base_version -= 1  # as where the change comes in while this is being saved
    desk.trigger("save")
    dialogs = desk.window.findChildren(ConflictDialog)
    assert [each.isVisible() for each in dialogs] == [True]
    (theirs,) = [each for each in dialogs[0].findChildren(QRadioButton) if "Head" in each.text()]
    theirs.click()
    dialogs[0].accept()
    desk.settle()
    ada = desk.shown(ADA)
    assert (ada.title, ada.phone, ada.department) == ("Head", "1234", "Records")


def test_undo_is_of_ones_own_change_and_asks_where_another_stands_on_it(shared_desk: SharedDesk) -> None:
    desk = shared_desk
    desk.select("Ada")
    field(desk, "title").setText("Archivist")
    desk.trigger("save")
    desk.by("lee", UpdateUser(BEN, {"title": "Porter"}))
    desk.trigger("undo")
    desk.settle()
    assert (desk.shown(ADA).title, desk.shown(BEN).title) == (None, "Porter")
    field(desk, "title").setText("Archivist")
    desk.trigger("save")
    desk.by("lee", UpdateUser(ADA, {"title": "Head"}))
    desk.trigger("undo")
    desk.settle()
    assert desk.shown(ADA).title == "Head"
    assert "was changed again since" in desk.window.messages.message()


def test_a_client_s_clock_does_not_make_one_s_own_change_one_from_before(
    shared_desk: SharedDesk, team_file: Path
) -> None:
    """The server says when a change was recorded, and its clock is an hour behind this one."""
    desk = shared_desk
    desk.next_shared().clock_ahead = -3_600_000_000
    desk.window.go_to_welcome()
    desk.open(team_file)
    desk.select("Ada")
    field(desk, "title").setText("Archivist")
    desk.trigger("save")
    assert desk.window.session is not None
    assert not desk.window.session.undo_redo.is_from_before


def test_another_history_turns_writing_off_and_says_what_to_do(shared_desk: SharedDesk) -> None:
    desk = shared_desk
    desk.shared.broken = AnotherHistoryError("another", 3)
    desk.shared.hurry()
    desk.until(lambda: bar(desk, SERVER) is not None)
    strip = bar(desk, SERVER)
    assert strip is not None
    assert strip.condition.severity is Severity.RED
    said = "The history on the server is not the one this computer saw, from change 3 on."
    assert strip.condition.text.startswith(said)
    desk.select("Ada")
    assert field(desk, "title").isReadOnly()
    assert desk.enabled() == set()


def test_what_cannot_be_followed_any_more_is_said_to_be_so(shared_desk: SharedDesk) -> None:
    desk = shared_desk
    desk.shared.broken = StoreError("What you may do was changed.")
    desk.shared.hurry()
    desk.until(lambda: bar(desk, SERVER) is not None)
    strip = bar(desk, SERVER)
    assert strip is not None
    assert strip.condition.text == "Others' changes do not come in any more. What you may do was changed."
    assert desk.enabled() == set()


def lost(desk: SharedDesk, tmp_path: Path, forgotten: list[bool]) -> LostChanges:
    """Two changes of kim's and one of lee's that the server does not have."""
    kept = tmp_path / "staff lost changes.whowas"
    kept.write_bytes(desk.server.read_bytes())
    with closing(EventLog.open(kept)) as log:
        through = log.head().position
        bus = Bus(log, clock=dates.microseconds_now, actor="kim")
        bus.dispatch(UpdateUser(ADA, {"title": "Archivist"}))
        bus.dispatch(UpdateUser(BEN, {"email": "desk@example.org"}))
        bus.dispatch(CreateUser(NEW, {"first_name": "Dan"}), actor="lee")
    return LostChanges(kept, through, 3, lambda: forgotten.append(True))


def test_lost_changes_are_listed_and_sent_again(shared_desk: SharedDesk, tmp_path: Path, team_file: Path) -> None:
    desk, forgotten = shared_desk, list[bool]()
    desk.shared.broken = LostChangesError("The server no longer has 3 events.", 5)
    desk.shared.hurry()
    desk.until(lambda: bar(desk, SERVER) is not None)
    strip = bar(desk, SERVER)
    assert strip is not None
    (button,) = strip.findChildren(QPushButton)
    assert button.text() == "Open again"
    found = lost(desk, tmp_path, forgotten)
    others = EventLog.open(desk.server)
    Bus(others, clock=dates.microseconds_now, actor="lee").dispatch(UpdateUser(CHI, {"email": "desk@example.org"}))
    others.close()
    before = desk.shared
    desk.next_shared().lost_changes = found
    button.click()
    desk.qtbot.waitUntil(lambda: desk.equipped() and before.is_closed and LOST in desk.abouts())
    desk.settle()
    (dialog,) = desk.window.findChildren(LostChangesDialog)
    lines = [dialog._list.lines.index(row, 2).data() for row in range(3)]
    assert "Archivist" in lines[0]
    assert [dialog._list.lines.index(row, 1).data() for row in range(3)] == ["kim", "kim", "lee"]
    dialog.sent.emit()
    desk.settle()
    assert (desk.shown(ADA).title, desk.shown(BEN).email) == ("Archivist", "ben@example.org")
    assert forgotten == [True]
    assert LOST not in desk.abouts()
    assert desk.window.messages.message().startswith("1 change was sent again. 1 change could not be:")
    assert "desk@example.org" in desk.window.messages.message()


def test_no_thread_is_left_where_opening_fails(shared_desk: SharedDesk, tmp_path: Path) -> None:
    desk = shared_desk
    desk.fails = StoreError("The server db.example.org has no directory.")
    desk.window.open(tmp_path / "other.whowas-team")
    desk.runner.drain()
    assert "has no directory" in desk.window.messages.message()
    assert desk.live.reached.connected


def test_opened_without_the_server_it_says_since_when(shared_desk: SharedDesk, team_file: Path) -> None:
    desk = shared_desk
    desk.window.go_to_welcome()
    desk.runner.drain()
    later = desk.next_shared()
    yesterday = dates.microseconds_now() - 86_400_000_000
    later.away, later.offline, later.offline_since = True, NotConnectedError("It does not answer."), yesterday
    desk.open(team_file)
    strip = bar(desk, SERVER)
    assert strip is not None
    assert strip.condition.sentence.startswith(f"Not connected since yesterday {dates.local(yesterday):%H:%M}. You see")
    assert desk.enabled() == {"new_user"}
    later.away = False
    later.hurry()
    desk.until(lambda: bar(desk, SERVER) is None)
    assert desk.runs()


def test_a_save_that_is_on_one_server_only_is_said_to_be_so(shared_desk: SharedDesk) -> None:
    desk = shared_desk
    desk.shared.writes.not_copied = True
    desk.select("Ada")
    field(desk, "title").setText("Archivist")
    desk.trigger("save")
    assert desk.window.messages.message() == "Saved on the server, not yet copied to the second one."
    desk.shared.writes.not_copied = False
    field(desk, "title").setText("Head")
    desk.trigger("save")
    assert desk.window.messages.message() == ""


def test_what_this_computer_kept_can_be_lost_and_is_followed_anew(shared_desk: SharedDesk) -> None:
    desk = shared_desk
    desk.shared.log.path.rename(desk.shared.log.path.with_name("elsewhere.whowas"))
    assert desk.window.session is not None
    desk.window.session.file.look()
    desk.runner.drain()
    strip = bar(desk, FILE)
    assert strip is not None
    assert strip.condition.sentence == "What this computer kept of staff is gone. All that was saved is on the server."
    before = desk.shared
    desk.next_shared()
    (button,) = strip.findChildren(QPushButton)
    button.click()
    desk.qtbot.waitUntil(lambda: desk.equipped() and desk.shared is not before)
    desk.settle()
    assert bar(desk, FILE) is None


def test_a_shared_directory_is_verified_by_what_this_computer_has(shared_desk: SharedDesk) -> None:
    desk = shared_desk
    desk.shared.rights = "reader"
    desk.shared.hurry()
    desk.until(lambda: bar(desk, RIGHTS) is not None)
    desk.commands.verifying.verify()
    desk.runner.drain()
    line = status_line(desk.window.messages.standing)
    assert (line.history.text, line.file.text) == ("history verified", "staff.whowas-team · read-only")
