"""Cancelling any change at any moment: either nothing is written, or it is, and then it is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton

from tests.desktop.putting_back.test_commands import dialog, do
from tests.desktop.window.test_main_window import ADA, BEN, CHI, Desk, desk, directory
from whowas.command_bus.bus import Bus
from whowas.desktop.chrome.message_bar import MessageBar
from whowas.desktop.chrome.standing import READING
from whowas.desktop.exchange.assistant.frame.dialog import AssistantDialog
from whowas.desktop.kit.dialogs.progress import ProgressDialog
from whowas.desktop.session.file_follower import POLL_MS, RETRY_MS
from whowas.desktop.session.job_progress import ShownProgress
from whowas.desktop.session.jobs import Job, JobProgress, Stage
from whowas.desktop.session.session import Session
from whowas.desktop.users.erase_dialog import EraseDialog
from whowas.domain.commands import SuspendUser, UpdateUser
from whowas.domain.errors import CancelledError, StoreError, UnfinishedError, WhowasError
from whowas.domain.progress import Progress, unwatched
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

__all__ = ["desk", "directory"]


def session(desk: Desk) -> Session:
    assert desk.window.session is not None
    return desk.window.session


def bring_in(desk: Desk) -> None:
    source = session(desk).path.with_name("more.csv")
    source.write_text("first_name,email\nDan,dan@example.org\nEli,eli@example.org\n")
    desk.commands.files.open_files([source])
    desk.settle()
    for shown in desk.window.findChildren(AssistantDialog):
        shown.next.click()
        desk.settle()
        shown.import_button.click()


def delete_two(desk: Desk) -> None:
    desk.select("Ada", "Ben")
    desk.window.actions_.delete.trigger()


def undo(desk: Desk) -> None:
    do(desk, UpdateUser(ADA, {"title": "Clerk"}))
    desk.window.actions_.undo.trigger()


def redo(desk: Desk) -> None:
    undo(desk)
    desk.runner.drain()
    desk.window.actions_.redo.trigger()


def press_in_dialog(desk: Desk, text: str) -> None:
    next(one for one in dialog(desk).findChildren(QPushButton) if one.text() == text).click()


def undo_one(desk: Desk) -> None:
    do(desk, UpdateUser(ADA, {"title": "Clerk"}))
    do(desk, UpdateUser(BEN, {"title": "Head"}))
    desk.page.view.show_moment(desk.page.view.index.now - 1)
    desk.window.actions_.undo_this.trigger()
    desk.settle()
    press_in_dialog(desk, "Undo this change")


def restore_all(desk: Desk) -> None:
    do(desk, UpdateUser(ADA, {"title": "Clerk"}))
    do(desk, SuspendUser(BEN))
    desk.page.view.show_moment(desk.page.view.index.now - 2)
    desk.window.actions_.restore_moment.trigger()
    press_in_dialog(desk, "Restore")


def make_it_so(desk: Desk) -> None:
    do(desk, UpdateUser(ADA, {"title": "Clerk"}))
    do(desk, UpdateUser(BEN, {"title": "Head"}))
    desk.page.view.show_moment(desk.page.view.index.now - 1)
    desk.window.actions_.what_if.trigger()
    desk.settle()
    banner = desk.page.what_if_banner
    next(one for one in banner.findChildren(QPushButton) if one.text() == "Make it so…").click()
    press_in_dialog(desk, "Make it so")


def erase(desk: Desk) -> None:
    desk.select("Chi")
    desk.window.actions_.erase.trigger()
    (shown,) = (one for one in desk.window.findChildren(EraseDialog) if one.isVisible())
    field = shown.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    field.setText("Chi")
    shown.accept()


OPERATIONS = [bring_in, delete_two, undo, redo, undo_one, restore_all, make_it_so, erase]


@pytest.fixture(autouse=True)
def every_step_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few users are reported as one would report thousands."""
    monkeypatch.setattr("whowas.projections.tables.logged_change.EVENTS_BETWEEN_REPORTS", 1)
    monkeypatch.setattr("whowas.corrections.bulk_edit._REPORTED_EVERY", 1)
    for module in ("undo.last_change", "undo.met", "undo_one.planning"):
        monkeypatch.setattr(f"whowas.corrections.{module}.LOOKED_AT", 1)
    monkeypatch.setattr("whowas.interchange.importing.deciding.deciding.REPORT_EVERY", 1)


def told_by(side: ReadSide, index: VersionIndex) -> tuple[int, list[str]]:
    """How many changes there are, and everybody as they are after them."""
    rows = side.rows(index.numbers[index.alive(index.now)].tolist())
    return index.now, sorted(repr(row.user) for row in rows)


def shown(desk: Desk) -> tuple[int, list[str]]:
    """What the window shows of now."""
    assert desk.page.view.index is session(desk).shown.index
    return told_by(session(desk)._directory.today, session(desk).shown.index)


def filed(desk: Desk, cache: Path) -> tuple[int, list[str]]:
    """What the file holds, read by somebody who has seen nothing of it so far."""
    log = EventLog.open(session(desk).path)
    side = ReadSide(log, cache)
    try:
        return told_by(side, side.catch_up())
    finally:
        side.close()
        log.close()


class Impatient:
    """Presses Escape at every report of any job from the first one of a stage on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, stage: Stage) -> None:
        self.stage = stage
        self.here = False
        self.pressed = 0
        self.texts: list[str] = []
        report = ShownProgress._report

        def reported(progress: ShownProgress, done: int, total: int) -> None:
            report(progress, done, total)
            dialog = progress._dialog
            assert dialog is not None
            assert progress._job is not None
            if not self.here:
                return
            if self.pressed or progress._job.stage is self.stage:
                self.pressed += 1
                dialog.reject()
                self.texts.append(dialog._text.text())

        monkeypatch.setattr(ShownProgress, "_report", reported)


@pytest.mark.parametrize("stage", [Stage.CANCELLABLE, Stage.COMMITTING, Stage.COMMITTED])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_cancelled_at_any_moment_it_is_not_written_or_it_is_shown(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, operation: Callable[[Desk], None], stage: Stage
) -> None:
    impatient = Impatient(monkeypatch, stage)
    operation(desk)  # as far as its job is queued
    began, head = shown(desk), session(desk).log.head()
    impatient.here = True
    while not impatient.pressed and session(desk).log.head() == head:  # a timer may have put another job before it
        desk.runner.turn()
    after = session(desk).log.head()
    if stage is Stage.CANCELLABLE and operation is not erase:
        assert impatient.pressed
        assert after == head, "nothing is written"
        assert shown(desk) == began, "and nothing shown"
        assert set(impatient.texts) == {"Stopping…"}
    else:
        assert impatient.pressed or operation is erase
        assert after.position > head.position, "it is written"
        assert shown(desk) != began
        assert "Stopping…" not in impatient.texts
    session(desk).shown.show_now()  # where something imagined is still shown
    assert shown(desk) == filed(desk, tmp_path / "another cache")
    assert desk.window.messages.message() == "" or after != head
    assert not [one for one in desk.window.findChildren(ProgressDialog) if one.isVisible()]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_where_what_is_shown_cannot_follow_it_says_that_it_is_saved_and_tries_again(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, operation: Callable[[Desk], None]
) -> None:
    operation(desk)
    head = session(desk).log.head()
    catch_up = ReadSide.catch_up

    def failing(side: ReadSide, progress: Progress = unwatched) -> VersionIndex:
        if session(desk).log.head() != head:
            raise StoreError("The disk is full.")
        return catch_up(side, progress)

    monkeypatch.setattr(ReadSide, "catch_up", failing)
    while session(desk).log.head() == head:  # a timer may have put another job before it
        desk.runner.turn()
    told = "This is saved, but not shown yet; it will be tried again. The disk is full."
    assert unread(desk) == [told]
    close_bar(desk, told)
    look(desk)
    look(desk)
    assert told not in desk.window.messages.message(), "it is said once"
    assert session(desk).file._poll.interval() == RETRY_MS
    monkeypatch.setattr(ReadSide, "catch_up", catch_up)
    look(desk)
    assert shown(desk) == filed(desk, tmp_path / "another cache")
    assert unread(desk) == [], "what it told of is over"
    assert session(desk).file._poll.interval() == POLL_MS


def unread(desk: Desk) -> list[str]:
    """Why what is shown cannot be brought up to the file."""
    return [one.sentence for one in desk.window.messages.standing.conditions if one.about == READING]


def close_bar(desk: Desk, sentence: str) -> None:
    (bar,) = [bar for bar in desk.window.findChildren(MessageBar) if bar.condition.sentence == sentence]
    bar.closed.emit(bar.condition)


def look(desk: Desk) -> None:
    """What the session does every now and then."""
    session(desk).file.look()
    desk.runner.drain()


def test_what_others_wrote_is_looked_for_again_where_it_could_not_be_shown(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = EventLog.open(session(desk).path)
    Bus(log, clock=lambda: 2**50, actor="zoe").dispatch(SuspendUser(CHI))
    log.close()
    catch_up = ReadSide.catch_up

    def failing(side: ReadSide, progress: Progress = unwatched) -> VersionIndex:
        raise StoreError("The disk failed.")

    monkeypatch.setattr(ReadSide, "catch_up", failing)
    look(desk)
    assert desk.window.messages.message() == "The disk failed."
    monkeypatch.setattr(ReadSide, "catch_up", catch_up)
    look(desk)
    assert desk.shown(CHI).status == "suspended"
    assert desk.window.messages.message() == ""


def test_work_that_fails_after_its_commit_has_not_failed(desk: Desk, tmp_path: Path) -> None:
    told: list[WhowasError] = []

    def work(bus: Bus, progress: JobProgress) -> None:
        bus.dispatch(SuspendUser(CHI))
        progress(1, 2)
        raise StoreError("The disk failed.")

    job = session(desk).writer.on_bus(work, done=lambda _: pytest.fail("not all of it is done"), failed=told.append)
    desk.runner.drain()
    assert [type(error) for error in told] == [UnfinishedError]
    assert str(told[0]) == "This is saved, but something was left undone after it. The disk failed."
    assert desk.shown(CHI).status == "suspended"
    assert not job.cancel()


def test_a_commit_that_fails_has_written_nothing_and_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[WhowasError] = []
    head = session(desk).log.head()
    begin_commit = JobProgress.begin_commit

    def full(progress: JobProgress) -> None:
        begin_commit(progress)
        raise StoreError("The disk is full; nothing was saved.")

    monkeypatch.setattr(JobProgress, "begin_commit", full)
    session(desk).writer.on_bus(lambda bus, _: bus.dispatch(SuspendUser(CHI)), done=lambda _: None, failed=told.append)
    desk.runner.drain()
    assert [str(error) for error in told] == ["The disk is full; nothing was saved."]
    assert session(desk).log.head() == head
    assert desk.shown(CHI).status == "active"


def test_cancelling_and_committing_cannot_both_win() -> None:
    def job() -> Job:
        return Job(lambda _: None, lambda _: None, None, None)

    early, late = job(), job()
    assert early.cancel()
    with pytest.raises(CancelledError):
        JobProgress(early, lambda _done, _total: None).begin_commit()
    progress = JobProgress(late, lambda _done, _total: None)
    progress.begin_commit()
    assert not late.cancel()
    progress(1, 2)
    progress.end_commit()
    assert not late.cancel()
    progress(2, 2)
    assert progress.committed


def test_a_window_that_is_closed_after_a_commit_shows_it_at_the_next_start(desk: Desk, directory: Path) -> None:
    delete_two(desk)
    job = desk.runner.jobs[-1]
    job.reported = lambda _done, _total: desk.window.put_away() if job.stage is Stage.COMMITTED else None
    desk.runner.drain()
    desk.open(directory)
    assert desk.names() == ["Chi"]
