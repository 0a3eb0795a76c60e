"""Words go with their cause: the status line, the bars and the notes under fields, in the whole window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QStatusTipEvent
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QMessageBox, QProgressBar, QPushButton, QToolTip

from tests.altered_files import alter
from tests.desktop.window.test_main_window import ADA, BEN, CHI, Desk, desk, dialog, directory, press, somebody_else
from whowas.command_bus.bus import Bus
from whowas.desktop.chrome.message_bar import MessageBar
from whowas.desktop.chrome.standing import Condition, Severity
from whowas.desktop.details.draft_store import DraftStore
from whowas.desktop.keeping import verify_commands
from whowas.desktop.kit.dates import microseconds_now
from whowas.desktop.page.new_day import NewDay
from whowas.desktop.session.writer import Writer
from whowas.domain.commands import CreateUser, SuspendUser, UpdateUser
from whowas.domain.errors import StoreError, UncertainError
from whowas.store.event_log import EventLog
from whowas.system import folders

__all__ = ["desk", "directory"]

FULL = "The disk is full. Nothing was saved."


def line(desk: Desk) -> list[str]:
    """What the status line shows."""
    labels = desk.window.statusBar().findChildren(QLabel)
    return [label.text() for label in labels if label.text() and not label.isHidden()]


def saved(desk: Desk) -> str:
    links = [one.text() for one in desk.window.statusBar().findChildren(QPushButton) if not one.isHidden()]
    return " ".join([line(desk)[-1].partition(" ·")[2].strip(), *links]).strip()


def said(desk: Desk) -> str:
    return desk.window.messages.message()


def type_into(desk: Desk, key: str, text: str) -> None:
    desk.page.panel.form.rows.texts[key].editor.setText(text)


def notes(desk: Desk) -> dict[str, str]:
    rows = desk.page.panel.form.rows.all()
    return {row.key: row.note.sentence() for row in rows if not row.note.isHidden()}


def no_room(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let nothing be written to the directory; what comes back lets it again."""
    patch = pytest.MonkeyPatch()

    def full(_writer: Writer) -> Bus:
        raise StoreError(FULL)

    patch.setattr(Writer, "load_bus", full)
    return patch.undo


def other_directory(folder: Path) -> Path:
    path = folder / "other.whowas"
    log = EventLog.create(path)
    Bus(log, clock=microseconds_now, actor="ines").dispatch(CreateUser(ADA, {"first_name": "Zoe"}))
    log.close()
    return path


def test_a_full_disk_is_told_until_a_save_succeeds(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.select("Ben")
    type_into(desk, "title", "Clerk")
    room_again = no_room(monkeypatch)
    desk.trigger("save")
    assert said(desk) == FULL
    assert saved(desk) == "the last change was not saved"
    room_again()
    desk.trigger("save")
    assert said(desk) == ""
    assert saved(desk) == "all changes saved"


def test_what_may_be_saved_is_not_said_not_to_be(desk: Desk) -> None:
    told = "The disk failed. Whether this was saved will be seen when the directory is opened again."
    desk.window.messages.show_failure(UncertainError(told))
    assert (said(desk), saved(desk)) == (told, "the last change may not be saved")


def test_a_full_disk_is_not_told_of_what_was_given_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.select("Ben")
    type_into(desk, "title", "Clerk")
    room_again = no_room(monkeypatch)
    desk.trigger("save")
    room_again()
    desk.trigger("discard")
    assert (said(desk), saved(desk)) == ("", "all changes saved")


def test_a_failure_goes_as_somebody_goes_on(desk: Desk, tmp_path: Path) -> None:
    desk.commands.files.exports.export(tmp_path / "none" / "users.csv")
    desk.runner.drain()
    assert "does not exist" in said(desk)
    desk.select("Ben")
    desk.window.actions_.suspend.trigger()
    assert said(desk) == ""
    desk.runner.drain()


def test_while_something_is_written_it_is_not_said_to_be_saved(desk: Desk) -> None:
    desk.select("Ben")
    desk.window.actions_.suspend.trigger()
    assert saved(desk) == "saving…"
    desk.runner.drain()
    assert saved(desk) == "all changes saved"


def test_a_preview_of_an_import_saves_nothing(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_text("first_name\nDan\n")
    desk.commands.files.open_files([tmp_path / "more.csv"])
    assert saved(desk) == "all changes saved"
    desk.runner.drain()


def test_drafts_are_counted_and_said_to_be_refused(desk: Desk) -> None:
    desk.select("Ben")
    type_into(desk, "email", "no email")
    assert saved(desk) == "1 draft not saved"
    desk.trigger("save")
    assert saved(desk) == "1 draft not saved, refused as it is"
    desk.select("Chi")
    assert saved(desk) == "1 draft not saved"
    type_into(desk, "title", "Clerk")
    assert saved(desk) == "2 drafts not saved"
    desk.trigger("save")
    assert saved(desk) == "1 draft not saved"
    desk.select("Ben")
    desk.trigger("discard")
    assert saved(desk) == "all changes saved"


def test_drafts_of_another_day_are_counted_as_soon_as_the_directory_is_shown(desk: Desk, directory: Path) -> None:
    desk.select("Ben")
    type_into(desk, "title", "Clerk")
    desk.window.close_directory()
    desk.runner.drain()
    desk.window.open(directory)
    desk.runner.drain()
    assert not desk.window.is_equipped
    assert saved(desk) == "1 draft not saved"
    desk.qtbot.waitUntil(desk.equipped)
    assert saved(desk) == "1 draft not saved"


def test_a_draft_that_cannot_be_kept_is_told_of_until_it_is_kept(desk: Desk) -> None:
    desk.select("Ben")
    type_into(desk, "title", "Clerk")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DraftStore, "_put_on_disk", _full)
        desk.page.keep_draft()
        assert said(desk) == "Your draft cannot be kept on disk: No space left on device. Save it soon."
        assert saved(desk) == "not kept on disk: 1 draft not saved"
        desk.page.keep_draft()
        assert "cannot be kept" in said(desk), "a draft that did not change is no better kept"
    desk.page.keep_draft()
    assert (said(desk), saved(desk)) == ("", "1 draft not saved")


def test_a_draft_that_could_not_be_kept_is_no_matter_once_it_is_saved(desk: Desk) -> None:
    desk.select("Ben")
    type_into(desk, "title", "Clerk")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DraftStore, "_put_on_disk", _full)
        desk.page.keep_draft()
        desk.trigger("save")
    assert (said(desk), saved(desk)) == ("", "all changes saved")


def _full(_drafts: DraftStore) -> None:
    raise OSError(28, "No space left on device")


def test_what_was_refused_is_not_said_of_the_past_nor_of_anybody_else(desk: Desk) -> None:
    desk.select("Ada")
    type_into(desk, "email", "no email")
    desk.trigger("save")
    assert list(notes(desk)) == ["email"]
    desk.page.view.show_moment(4)
    assert notes(desk) == {}
    desk.select("Ben")
    assert notes(desk) == {}
    desk.page.return_to_now()
    assert notes(desk) == {}


def test_what_was_refused_is_said_again_with_its_draft(desk: Desk) -> None:
    desk.select("Ada")
    type_into(desk, "email", "no email")
    desk.trigger("save")
    told = notes(desk)
    desk.page.view.show_moment(4)
    assert saved(desk) == "1 draft not saved, refused as it is"
    desk.page.return_to_now()
    assert notes(desk) == told


def test_that_somebody_else_changed_it_is_still_told_after_a_look_at_the_past(desk: Desk, directory: Path) -> None:
    desk.select("Ben")
    type_into(desk, "title", "Clerk")
    somebody_else(directory, UpdateUser(BEN, {"title": "Counsel"}))
    assert desk.window.session is not None
    desk.window.session.file.look()
    desk.settle()
    told = notes(desk)
    assert "Counsel" in told["title"]
    desk.page.view.show_moment(4)
    assert notes(desk) == {}
    desk.page.return_to_now()
    assert notes(desk) == told


def test_a_refusal_that_comes_late_is_told_of_whom_it_is_about(desk: Desk) -> None:
    desk.select("Ada")
    type_into(desk, "email", "no email")
    desk.window.actions_.save.trigger()
    desk.select("Ben")
    desk.runner.drain()
    assert notes(desk) == {}
    assert said(desk).startswith("The changes to Ada were not saved. ")
    assert saved(desk) == "1 draft not saved"


def test_a_new_user_who_is_saved_late_takes_nobodys_draft(desk: Desk) -> None:
    desk.trigger("new_user")
    type_into(desk, "first_name", "Dan")
    desk.window.actions_.save.trigger()
    desk.select("Ben")
    type_into(desk, "title", "Clerk")
    desk.runner.drain()
    assert "Dan" in desk.names()
    assert desk.page.details.user_id == BEN
    assert desk.page.panel.form.rows.texts["title"].text() == "Clerk"
    assert saved(desk) == "1 draft not saved"


def test_what_was_saved_is_not_said_of_what_is_typed_since(desk: Desk) -> None:
    desk.select("Ben")
    form = desk.page.panel.form
    type_into(desk, "title", "Clerk")
    assert desk.window.session is not None
    form.set_since(microseconds_now())
    desk.trigger("save")
    assert form._foot.note.sentence().startswith("Saved as true since")
    type_into(desk, "title", "Counsel")
    assert form._foot.note.sentence() == ""


def test_a_save_that_ends_after_its_directory_was_closed_leaves_no_draft(desk: Desk, directory: Path) -> None:
    desk.select("Ben")
    type_into(desk, "title", "Clerk ")
    desk.window.actions_.save.trigger()
    desk.window.close_directory()
    desk.settle()
    desk.open(directory)
    assert desk.shown(BEN).title == "Clerk"
    assert saved(desk) == "all changes saved"


def test_a_save_that_fails_after_its_directory_was_closed_is_told_and_leaves_its_draft(
    desk: Desk, directory: Path
) -> None:
    desk.select("Ben")
    type_into(desk, "email", "no email")
    desk.window.actions_.save.trigger()
    desk.window.close_directory()
    desk.settle()
    assert said(desk) == "staff.whowas: “no email” is not an email address."
    desk.open(directory)
    assert saved(desk) == "1 draft not saved"


def test_what_is_typed_while_a_save_is_on_its_way_stays_a_draft(desk: Desk) -> None:
    desk.select("Ben")
    type_into(desk, "title", "Clerk")
    type_into(desk, "email", "BEN@Example.ORG ")
    desk.window.actions_.save.trigger()
    type_into(desk, "title", "Counsel")
    type_into(desk, "phone", "1")
    desk.runner.drain()
    assert (desk.shown(BEN).title, desk.shown(BEN).phone) == ("Clerk", None)
    draft = desk.page.panel.form.draft()
    assert draft is not None
    assert dict(draft.values) == {"title": "Counsel", "phone": "1"}
    assert saved(desk) == "1 draft not saved"
    desk.trigger("save")
    assert (desk.shown(BEN).title, desk.shown(BEN).phone) == ("Counsel", "1")
    assert saved(desk) == "all changes saved"


def test_what_is_typed_while_a_new_user_is_saved_stays_a_draft(desk: Desk) -> None:
    desk.trigger("new_user")
    type_into(desk, "first_name", "Dan")
    desk.window.actions_.save.trigger()
    type_into(desk, "title", "Clerk")
    desk.runner.drain()
    assert desk.page.details.user_id is not None
    assert desk.page.panel.form.rows.texts["title"].text() == "Clerk"
    assert saved(desk) == "1 draft not saved"
    desk.trigger("save")
    assert desk.shown(desk.page.details.user_id).title == "Clerk"


@pytest.mark.parametrize("way", ["close", "quit", "another"])
def test_what_cannot_be_kept_is_not_lost_unasked(
    way: str, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    answers = iter(["Cancel", "Lose it"])

    def answer(box: QMessageBox) -> int:
        told.append(box.text())
        press(box, next(answers))
        return 0

    def leave() -> None:
        if way == "another":
            desk.window.open(other)
            desk.runner.drain()
        else:
            desk.trigger(way)

    other = other_directory(tmp_path)
    monkeypatch.setattr(QMessageBox, "exec", answer)
    desk.select("Ben")
    type_into(desk, "title", "Clerk")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DraftStore, "_put_on_disk", _full)
        leave()
        assert desk.window.isVisible()
        assert desk.page.panel.form.rows.texts["title"].text() == "Clerk"
        leave()
    assert (
        told
        == ["What you have not saved cannot be kept on disk: No space left on device. Leave all the same, and lose it?"]
        * 2
    )
    left = {
        "close": desk.window.page is None,
        "quit": not desk.window.isVisible(),
        "another": desk.window.windowTitle().startswith("other"),
    }
    assert left[way]


def test_today_is_yesterday_once_the_day_is_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.select("Ben")
    footer = desk.page.panel.form._foot.footer
    assert footer.text().startswith("Created today")
    tomorrow = microseconds_now() + 86_400_000_000
    monkeypatch.setattr("whowas.desktop.kit.dates.microseconds_now", lambda: tomorrow)
    (day,) = desk.commands.findChildren(NewDay)
    day.look()
    assert footer.text().startswith("Created yesterday")


def test_a_hover_text_over_the_timeline_goes_with_the_history_it_is_of(desk: Desk) -> None:
    desk.select("Ben")
    slider = desk.page.timeline.slider
    QToolTip.showText(slider.mapToGlobal(slider.rect().center()), "Now · change 5", slider)
    assert QToolTip.text() == "Now · change 5"
    desk.page.show_view()
    assert QToolTip.text() == "Now · change 5", "nothing changed"
    desk.trigger("suspend")
    desk.qtbot.waitUntil(lambda: not QToolTip.isVisible() or QToolTip.text() == "", timeout=20_000)


def user_menu(desk: Desk) -> QMenu:
    desk.select("Ben")
    table = desk.page.table
    desk.commands._user_menu(desk.page.model.index(1, 0), table.mapToGlobal(table.rect().center()))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def test_what_a_menu_says_of_an_entry_goes_with_the_menu(desk: Desk) -> None:
    menu, erase = user_menu(desk), desk.window.actions_.erase
    menu.setActiveAction(erase)
    assert desk.window.statusBar().currentMessage() == erase.statusTip() != ""
    menu.hide()
    assert desk.window.statusBar().currentMessage() == ""
    menu = user_menu(desk)
    menu.setActiveAction(erase)
    assert desk.window.statusBar().currentMessage() == erase.statusTip()
    menu.hide()
    assert desk.window.statusBar().currentMessage() == ""


def test_what_comes_when_the_menu_is_closed_already_is_not_shown(desk: Desk) -> None:
    QApplication.sendEvent(desk.window, QStatusTipEvent("Forget the selected user for ever"))
    assert desk.window.statusBar().currentMessage() == ""


def test_undo_says_the_same_wherever_it_says_something(desk: Desk) -> None:
    undo = desk.window.actions_.undo
    assert undo.isEnabled()
    assert undo.statusTip() == undo.toolTip().partition(" (")[0]
    assert "Nothing" not in undo.statusTip()
    desk.window.close_directory()
    assert undo.statusTip() == "Nothing to undo"


def tampered(path: Path) -> None:
    alter(path, "UPDATE event SET actor = 'mallory' WHERE position = 2")


def test_a_damaged_history_is_unlike_a_verified_one(desk: Desk, directory: Path) -> None:
    assert "history verified" in line(desk)
    desk.window.close_directory()
    desk.runner.drain()
    tampered(directory)
    desk.open(directory)
    assert "history damaged at change 2" in line(desk)
    (bar,) = desk.window.findChildren(MessageBar)
    assert bar.condition.severity is Severity.RED
    labels = desk.window.statusBar().findChildren(QLabel)
    (damaged,) = [label for label in labels if label.text() == "history damaged at change 2"]
    (counted,) = [label for label in labels if label.text() == "0 users"]
    assert damaged.palette().windowText() != counted.palette().windowText()


def test_nothing_is_said_of_another_directorys_history(
    desk: Desk, directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.window.close_directory()
    desk.runner.drain()
    tampered(directory)
    desk.open(directory)
    assert "not as it was written" in said(desk)
    monkeypatch.setattr(verify_commands, "VERIFIED_UNASKED", 0)
    desk.open(other_directory(tmp_path))
    assert said(desk) == ""
    assert not [text for text in line(desk) if text.startswith("history")]


def test_what_was_recorded_since_is_not_said_to_be_verified(desk: Desk) -> None:
    assert "history verified" in line(desk)
    desk.select("Ben")
    desk.trigger("suspend")
    assert "5 of 6 changes verified" in line(desk)
    desk.trigger("verify")
    assert "history verified" in line(desk)


def test_verifying_that_ends_late_says_nothing_of_the_next_directory(
    desk: Desk, directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.settle()
    desk.commands.verifying.verify()
    job = desk.runner.jobs[-1]
    desk.runner.jobs.clear()
    monkeypatch.setattr(verify_commands, "VERIFIED_UNASKED", 0)
    desk.open(other_directory(tmp_path))
    job.done(None)
    assert not [text for text in line(desk) if text.startswith("history")]


def test_a_change_that_fails_late_is_told_of_its_file(desk: Desk, tmp_path: Path) -> None:
    failing = desk.window.messages.failing()
    desk.open(other_directory(tmp_path))
    failing(StoreError(FULL))
    assert said(desk) == f"staff.whowas: {FULL}"
    assert saved(desk) == "all changes saved"


def test_a_file_that_cannot_be_read_is_told_of_until_it_can(desk: Desk) -> None:
    desk.settle()  # else it may be looked at just now
    session = desk.window.session
    assert session is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session.file, "_news", _unreadable)
        session.file.look()
        desk.runner.drain()
        assert said(desk) == "The disk failed."
        session.file.look()
        desk.runner.drain()
        assert said(desk) == "The disk failed."
    session.file.look()
    desk.runner.drain()
    assert said(desk) == ""


def _unreadable(_progress: object) -> None:
    raise StoreError("The disk failed.")


def test_conditions_stand_beside_what_is_asked_for_and_end_with_their_directory(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whowas.desktop.window.moved_file.ask_where_to_save", lambda *_, **__: None)
    messages = desk.window.messages
    gone = Condition("place", Severity.RED, "It is no longer in its folder.", ("Look for it…",), unsaved="not there")
    messages.hold(gone)
    messages.hold(Condition("folder", Severity.CALM, "It is on a network."))
    assert saved(desk) == "not there"
    desk.select("Ben")
    desk.trigger("suspend")
    assert said(desk) == "It is no longer in its folder.\nIt is on a network."
    with desk.qtbot.waitSignal(messages.acted, timeout=1000) as acted:
        (button,) = [one for one in desk.window.findChildren(QPushButton) if one.text() == "Look for it…"]
        button.click()
    assert acted.args == ["place", "Look for it…"]
    messages.end("place")
    assert (said(desk), saved(desk)) == ("It is on a network.", "all changes saved")
    desk.open(other_directory(tmp_path))
    assert said(desk) == ""


def test_a_file_that_cannot_be_opened_leaves_no_title_of_it(desk: Desk, tmp_path: Path) -> None:
    desk.window.close_directory()
    broken = tmp_path / "broken.whowas"
    broken.write_bytes(b"no database")
    desk.window.start(broken)
    desk.window._fill()
    desk.runner.drain()
    assert desk.window.windowTitle() == "Whowas"
    assert not desk.window.toolbar.isVisible()
    assert said(desk) == "“broken.whowas” is not a Whowas directory."


def test_a_file_that_cannot_be_opened_does_not_end_the_opening_of_another(desk: Desk, tmp_path: Path) -> None:
    broken = tmp_path / "broken.whowas"
    broken.write_bytes(b"no database")
    desk.window.open(broken)
    desk.window.open(other_directory(tmp_path))
    desk.runner.drain()
    assert desk.window.windowTitle().startswith("other")


def test_a_sample_that_cannot_be_made_leaves_no_progress(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(_path: Path, *, progress: Callable[[int, int], None]) -> None:
        progress(1, 2)
        raise StoreError(FULL)

    monkeypatch.setattr("whowas.sample.make_sample", stopped)
    desk.trigger("sample")
    (progress,) = desk.window.statusBar().findChildren(QProgressBar)
    assert progress.isHidden()
    assert said(desk) == FULL


def test_the_log_that_lay_where_the_sample_was_made_is_told(desk: Desk) -> None:
    wal = folders.data() / "sample.whowas-wal"
    wal.parent.mkdir(parents=True, exist_ok=True)
    wal.write_bytes(b"7" * 10_000)
    desk.window.close_directory()
    desk.trigger("sample")
    desk.qtbot.waitUntil(desk.equipped)
    assert desk.window.windowTitle().startswith("sample")
    assert "kept as “sample.whowas-wal set aside”" in said(desk)


def test_the_border_is_asked_about_again_where_the_last_change_is_another_by_then(desk: Desk, directory: Path) -> None:
    desk.trigger("undo")
    asked = dialog(QMessageBox)
    log = EventLog.open(directory)
    Bus(log, clock=lambda: 1, actor="ines").dispatch(SuspendUser(CHI))
    log.close()
    assert desk.window.session is not None
    desk.window.session.file.look()
    desk.runner.drain()
    press(asked, "Undo it")
    desk.runner.drain()
    assert desk.shown(CHI).status == "suspended", "nobody was asked about that"
    press(dialog(QMessageBox), "Undo it")
    desk.runner.drain()
    assert desk.shown(CHI).status == "active"
