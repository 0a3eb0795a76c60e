"""The assistant from its first page to the import: corrections, decisions, going back, giving up, failing."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel

from tests.desktop.exchange.assisting import (
    all_shown,
    columns_of,
    opened,
    preview_of,
    previewed,
    shown,
    still_asked,
    take,
    titles,
    wait_for_jobs,
)
from tests.desktop.putting_back.test_undo_one import together
from tests.desktop.window.test_main_window import BEN, Desk, desk, directory, press, somebody_else
from whowas.desktop.exchange.assistant import loading, previewing
from whowas.desktop.exchange.assistant.frame.dialog import BEFORE_PREVIEW, AssistantDialog
from whowas.desktop.exchange.assistant.loading import PARTS
from whowas.desktop.exchange.preview.rows.preview_rows import PreviewRows
from whowas.desktop.kit.dialogs.progress import ProgressDialog
from whowas.desktop.kit.scrim import Scrim
from whowas.desktop.kit.toast import Toast
from whowas.desktop.session.jobs import Stage
from whowas.domain.commands import DefineField, DescribeField, SuspendUser, UpdateUser
from whowas.domain.errors import StoreError, UnfinishedError
from whowas.domain.progress import unwatched
from whowas.interchange.importing import remembered
from whowas.interchange.importing.given.rules import LeaveOut
from whowas.interchange.mapping.chosen import Chosen
from whowas.interchange.reading.table import HowToRead

__all__ = ["desk", "directory"]

LIST = "email,title\nada@example.org,Clerk\ndan@example.org,Counsel\n"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "more.csv"
    path.write_text(LIST)
    return path


@pytest.fixture(autouse=True)
def large_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is one of which a private copy is made."""
    monkeypatch.setattr("whowas.interchange.source.HELD_BYTES", 8)


def copies(home: Path) -> list[Path]:
    """Private copies of what is imported."""
    return [path for path in home.rglob("import") if path.is_file()]


def foot(dialog: AssistantDialog) -> list[str]:
    return [label.text() for label in (dialog.foot._upper, dialog.foot._lower) if label.isVisible()]


def test_a_list_is_shown_previewed_and_imported(desk: Desk, source: Path, home: Path) -> None:
    dialog = opened(desk, source)
    assert dialog.windowTitle() == "Import more.csv"
    assert dialog.steps.accessibleName() == "Step 1 of 3: Columns"
    assert foot(dialog) == [BEFORE_PREVIEW]
    assert len(copies(home)) == 1
    press(dialog, "Next")
    desk.runner.drain()
    assert dialog.steps.accessibleName() == "Step 2 of 3: Preview"
    assert foot(dialog) == ["One change, can be undone at any time", "1 new, 1 changed"]
    assert titles(desk) == {"Ada": None, "Ben": None, "Chi": None}, "nothing is saved before"
    press(dialog, "Import 2 users")
    desk.runner.drain()
    assert titles(desk) == {"Ada": "Clerk", "Ben": None, "Chi": None, "dan@example.org": "Counsel"}
    assert not still_asked()
    assert copies(home) == []
    assert desk.window.messages.message() == ""


def test_what_was_imported_can_be_undone_from_the_toast(desk: Desk, source: Path) -> None:
    take(desk, previewed(desk, source))
    (toast,) = desk.page.findChildren(Toast)
    toast._link.click()
    desk.runner.drain()
    assert titles(desk) == {"Ada": None, "Ben": None, "Chi": None}
    assert not toast.isVisible()


def test_the_toast_undoes_the_import_and_not_what_came_after(desk: Desk, source: Path) -> None:
    take(desk, previewed(desk, source))
    together(desk, SuspendUser(BEN))
    (toast,) = desk.page.findChildren(Toast)
    toast._link.click()
    desk.runner.drain()
    assert titles(desk) == {"Ada": None, "Ben": None, "Chi": None}
    assert desk.shown(BEN).status == "suspended"


def test_a_corrected_column_is_read_again(desk: Desk, source: Path) -> None:
    dialog = opened(desk, source)
    columns_of(dialog).table.fieldChosen.emit("title", None)
    assert not dialog.next.isEnabled(), "nothing goes on before it is read"
    desk.runner.drain()
    assert dialog.next.isEnabled()
    press(dialog, "Next")
    desk.runner.drain()
    take(desk, dialog)
    assert titles(desk) == {"Ada": None, "Ben": None, "Chi": None, "dan@example.org": None}


def test_a_correction_puts_an_end_to_the_reading_before(desk: Desk, source: Path) -> None:
    dialog = opened(desk, source)
    columns_of(dialog).table.fieldChosen.emit("title", None)
    columns_of(dialog).table.fieldChosen.emit("title", "department")
    first, second = desk.runner.jobs
    assert (first.stage, second.stage) == (Stage.CANCELLED, Stage.CANCELLABLE)
    desk.runner.drain()
    assert columns_of(dialog).plan.chosen.fields == {"title": "department"}
    press(dialog, "Next")
    desk.runner.drain()
    take(desk, dialog)
    assert desk.shown(desk.page.model.user(0).id).department == "Clerk"  # type: ignore[union-attr]


def test_what_cannot_be_read_so_is_told_on_the_page(desk: Desk, source: Path) -> None:
    dialog = opened(desk, source)
    columns_of(dialog).detected.howChanged.emit(HowToRead(delimiter=";"))
    desk.runner.drain()
    assert still_asked()
    assert not dialog.next.isEnabled()
    assert desk.window.messages.message() == ""
    columns_of(dialog).detected.howChanged.emit(HowToRead())
    desk.runner.drain()
    assert dialog.next.isEnabled()


def test_a_row_that_is_left_out_is_not_imported(desk: Desk, source: Path) -> None:
    dialog = previewed(desk, source)
    preview_of(dialog).decided.emit(("more.csv", 3), LeaveOut())
    assert not dialog.import_button.isEnabled(), "nothing is taken that was not looked at"
    wait_for_jobs(desk)
    assert dialog.import_button.text() == "Import 1 user"
    take(desk, dialog)
    assert titles(desk) == {"Ada": "Clerk", "Ben": None, "Chi": None}


def test_a_decision_can_be_taken_back(desk: Desk, source: Path) -> None:
    dialog = previewed(desk, source)
    preview_of(dialog).decided.emit(("more.csv", 3), LeaveOut())
    preview_of(dialog).decided.emit(("more.csv", 3), None)
    wait_for_jobs(desk)
    assert dialog.import_button.text() == "Import 2 users"


def test_back_keeps_what_was_decided_unless_the_lines_are_others(desk: Desk, source: Path) -> None:
    dialog = previewed(desk, source)
    preview_of(dialog).decided.emit(("more.csv", 3), LeaveOut())
    wait_for_jobs(desk)
    press(dialog, "Back")
    assert foot(dialog) == [BEFORE_PREVIEW]
    press(dialog, "Next")
    desk.runner.drain()
    assert dialog.import_button.text() == "Import 1 user"
    press(dialog, "Back")
    columns_of(dialog).table.fieldChosen.emit("title", None)
    desk.runner.drain()
    press(dialog, "Next")
    desk.runner.drain()
    assert dialog.import_button.text() == "Import 1 user", "Ada stays as she is, and Dan is new"
    take(desk, dialog)
    assert "dan@example.org" in titles(desk)


def test_more_than_a_third_are_missing_only_where_that_is_agreed_to(desk: Desk, source: Path, tmp_path: Path) -> None:
    take(desk, previewed(desk, source))
    shorter = tmp_path / "shorter.csv"
    shorter.write_text("email,title\nada@example.org,Clerk\n")
    dialog = opened(desk, shorter)
    columns_of(dialog).options.missingChosen.emit("suspend")
    press(dialog, "Next")
    desk.runner.drain()
    assert not dialog.import_button.isEnabled()
    assert foot(dialog) == ["It cannot be imported as it is"]
    preview_of(dialog).agreed.emit(True)
    wait_for_jobs(desk)
    assert foot(dialog)[1] == "1 suspended"
    take(desk, dialog)
    toast = desk.page.findChildren(Toast)[-1]
    assert toast.accessibleName() == "Suspended 1 user who is not in shorter.csv"


def test_enter_goes_on_to_the_preview_and_never_further(desk: Desk, source: Path) -> None:
    dialog = opened(desk, source)
    desk.qtbot.keyClick(dialog, Qt.Key.Key_Return)
    desk.runner.drain()
    assert dialog.on_preview
    assert dialog.import_button.isEnabled()
    desk.qtbot.keyClick(preview_of(dialog).search, Qt.Key.Key_Return)
    desk.qtbot.keyClick(dialog, Qt.Key.Key_Return)
    desk.runner.drain()
    assert titles(desk) == {"Ada": None, "Ben": None, "Chi": None}


def test_where_nothing_would_change_nothing_can_be_imported(desk: Desk, source: Path) -> None:
    take(desk, previewed(desk, source))
    dialog = previewed(desk, source)
    assert not dialog.import_button.isEnabled()
    assert foot(dialog) == ["Nothing would change"]


def test_of_many_rows_the_first_are_shown_at_once(desk: Desk, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previewing, "MANY_ROWS", 1)
    monkeypatch.setattr(previewing, "FIRST_ROWS", 1)
    dialog = opened(desk, source)
    seen: list[tuple[int, bool, int]] = []
    show = preview_of(dialog).show_rows

    def noting(rows: PreviewRows, *, looking: bool, total: int) -> None:
        seen.append((len(rows), looking, total))
        show(rows, looking=looking, total=total)

    monkeypatch.setattr(preview_of(dialog), "show_rows", noting)
    press(dialog, "Next")
    desk.runner.turn()
    assert seen == [(1, True, 2)]
    assert dialog.on_preview
    assert not dialog.import_button.isEnabled()
    desk.runner.drain()
    assert seen == [(1, True, 2), (2, False, 2)]
    assert dialog.import_button.isEnabled()


def test_a_list_of_nobody_who_is_known_is_remarked_on(desk: Desk, tmp_path: Path) -> None:
    others = tmp_path / "others.csv"
    others.write_text("email\nzoe@example.com\nyan@example.com\n")
    dialog = previewed(desk, others)
    texts = [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]
    assert [text for text in texts if "Nobody in" in text] == [
        "Nobody in “others.csv” is known to the directory: it may be a list of another one."
    ]
    assert dialog.import_button.isEnabled()


def test_what_fails_leaves_everything_as_it_was(desk: Desk, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> str:
        raise StoreError("The disk failed.")

    dialog = previewed(desk, source)
    with monkeypatch.context() as disk:
        disk.setattr("whowas.desktop.exchange.assistant.jobs.import_job.backed_up", failing)
        take(desk, dialog)
    assert dialog.notice.text == "The disk failed."
    assert titles(desk) == {"Ada": None, "Ben": None, "Chi": None}
    take(desk, dialog)
    assert titles(desk)["Ada"] == "Clerk"


def test_what_is_saved_but_not_finished_closes_the_assistant(
    desk: Desk, source: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise StoreError("The disk failed.")

    dialog = previewed(desk, source)
    monkeypatch.setattr("whowas.desktop.exchange.assistant.jobs.import_job._remember", failing)
    take(desk, dialog)
    assert not still_asked()
    assert desk.window.messages.message() == str(
        UnfinishedError("This is saved, but something was left undone after it. The disk failed.")
    )
    assert copies(home) == []


def reading(desk: Desk, source: Path) -> None:
    desk.commands.files.open_files([source])


def at_columns(desk: Desk, source: Path) -> None:
    opened(desk, source)


def reading_again(desk: Desk, source: Path) -> None:
    columns_of(opened(desk, source)).table.fieldChosen.emit("title", None)


def looking(desk: Desk, source: Path) -> None:
    press(opened(desk, source), "Next")


def at_preview(desk: Desk, source: Path) -> None:
    previewed(desk, source)


def deciding(desk: Desk, source: Path) -> None:
    preview_of(previewed(desk, source)).decided.emit(("more.csv", 3), LeaveOut())


def importing(desk: Desk, source: Path) -> None:
    previewed(desk, source).import_button.click()


STATES = [reading, at_columns, reading_again, looking, at_preview, deciding, importing]


def nothing_left(desk: Desk, home: Path) -> None:
    assert all_shown(QDialog) == []
    assert copies(home) == []
    assert [scrim for scrim in desk.window.findChildren(Scrim) if scrim.isVisible()] == []


@pytest.mark.parametrize("state", STATES)
def test_giving_up_leaves_nothing_behind(
    state: Callable[[Desk, Path], None], desk: Desk, source: Path, home: Path
) -> None:
    state(desk, source)
    for progress in desk.window.findChildren(ProgressDialog):
        progress.cancelled.emit()
    desk.runner.drain()
    for dialog in all_shown(AssistantDialog):
        dialog.reject()
    desk.runner.drain()
    desk.qtbot.wait(previewing.DECIDED_AFTER_MS + 50)
    desk.runner.drain()
    nothing_left(desk, home)
    assert titles(desk) == {"Ada": None, "Ben": None, "Chi": None}
    dialog = opened(desk, source)
    assert dialog.next.isEnabled(), "it can be begun again"
    dialog.reject()
    desk.runner.drain()


@pytest.mark.parametrize("state", STATES)
def test_a_directory_that_is_closed_meanwhile_leaves_nothing_behind(
    state: Callable[[Desk, Path], None], desk: Desk, source: Path, home: Path
) -> None:
    state(desk, source)
    desk.window.go_to_welcome()
    desk.runner.drain()
    desk.qtbot.wait(previewing.DECIDED_AFTER_MS + 50)
    desk.runner.drain()
    nothing_left(desk, home)


@pytest.mark.parametrize("state", STATES)
def test_another_directory_can_be_opened_meanwhile(
    state: Callable[[Desk, Path], None], desk: Desk, source: Path, home: Path, tmp_path: Path
) -> None:
    state(desk, source)
    desk.window.open(tmp_path / "other.whowas", create=True)
    desk.qtbot.waitUntil(desk.equipped)
    desk.settle()
    nothing_left(desk, home)
    assert desk.names() == []


def test_an_import_that_is_cancelled_can_be_begun_again(desk: Desk, source: Path) -> None:
    dialog = previewed(desk, source)
    dialog.import_button.click()
    for progress in desk.window.findChildren(ProgressDialog):
        progress.cancelled.emit()
    desk.runner.drain()
    assert titles(desk) == {"Ada": None, "Ben": None, "Chi": None}
    assert dialog.notice.text == ""
    take(desk, dialog)
    assert titles(desk)["Ada"] == "Clerk"


def test_what_was_said_of_such_titles_is_said_again(desk: Desk, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[frozenset[str], remembered.RememberedColumns] = {}

    def remember(titles: tuple[str, ...], chosen: Chosen, keys: tuple[str, ...]) -> None:
        kept[frozenset(titles)] = remembered.RememberedColumns(chosen, keys)

    monkeypatch.setattr(remembered, "columns_for", lambda titles: kept.get(frozenset(titles)))
    monkeypatch.setattr(remembered, "remember_columns", remember)
    dialog = opened(desk, source)
    assert dialog.notice.text == ""
    columns_of(dialog).table.fieldChosen.emit("title", "department")
    desk.runner.drain()
    press(dialog, "Next")
    desk.runner.drain()
    take(desk, dialog)
    again = opened(desk, source)
    assert again.notice.text == "The columns are taken as the last time a file had these titles."
    assert columns_of(again).plan.chosen.fields == {"title": "department"}
    press(again, "Start anew")
    desk.runner.drain()
    assert columns_of(again).plan.chosen.fields == {}
    assert again.notice.text == ""


def test_where_nothing_was_said_nothing_is_told_of_the_last_time(desk: Desk, source: Path) -> None:
    take(desk, previewed(desk, source))
    assert opened(desk, source).notice.text == ""


def test_the_file_and_what_was_said_of_it_are_kept_for_the_next_time(
    desk: Desk, source: Path, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[tuple[str, remembered.LastImport]] = []
    monkeypatch.setattr(remembered, "remember_import", lambda place, made: kept.append((place, made)))
    dialog = previewed(desk, source)
    preview_of(dialog).decided.emit(("more.csv", 3), LeaveOut())
    wait_for_jobs(desk)
    take(desk, dialog)
    ((place, made),) = kept
    assert (place, made.paths) == (str(directory), (str(source),))
    assert (made.rules.decisions, made.rules.yes) == ({}, False)


def test_what_somebody_else_does_meanwhile_is_counted(desk: Desk, source: Path, directory: Path) -> None:
    dialog = opened(desk, source)
    somebody_else(directory, UpdateUser(BEN, {"email": "dan@example.org"}))
    press(dialog, "Next")
    desk.runner.drain()
    assert foot(dialog)[1] == "2 changed"
    shown(AssistantDialog).reject()


def test_of_titles_that_nobody_knows_a_person_says_what_they_hold(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "lista.csv"
    path.write_text("Kto,Poczta\nEla Wilk,ela@example.org\n")
    dialog = opened(desk, path)
    assert not dialog.next.isEnabled()
    page = columns_of(dialog)
    for title, field in (("Kto", "name"), ("Poczta", "email")):
        page.table.fieldChosen.emit(title, field)
        desk.runner.drain()
    press(dialog, "Next")
    desk.runner.drain()
    take(desk, dialog)
    assert "Ela Wilk" in titles(desk)


def test_an_import_asks_once_what_comes_first_in_its_days(desk: Desk, tmp_path: Path) -> None:
    field = DefineField("Start"), DescribeField("Start", type="date")
    together(desk, *field)
    path = tmp_path / "starts.csv"
    path.write_text("email,begins\nada@example.org,03/04/2024\n")
    dialog = opened(desk, path)
    page = columns_of(dialog)
    assert page.days.isHidden(), "the column is left out"
    page.table.fieldChosen.emit("begins", "attributes.Start")
    desk.runner.drain()
    assert (page.days.isHidden(), dialog.next.isEnabled()) == (False, False)
    page.days.segments.button("day first").click()
    assert dialog.next.isEnabled()
    press(dialog, "Next")
    desk.runner.drain()
    take(desk, dialog)
    page_shown = desk.page
    user = next(
        user
        for row in range(page_shown.model.rowCount())
        if (user := page_shown.model.user(row)) and user.first_name == "Ada"
    )
    assert user.attributes["Start"] == "2024-04-03"
    again = opened(desk, path)
    assert columns_of(again).plan.chosen.days == "day first"
    assert again.next.isEnabled(), "nothing is asked of such a list again"


def test_what_is_said_while_files_are_read_again_is_not_forgotten(desk: Desk, source: Path) -> None:
    dialog = opened(desk, source)
    page = columns_of(dialog)
    page.table.fieldChosen.emit("title", "notes")
    page.options.blankChosen.emit("clear")
    page.options.missingChosen.emit("suspend")
    desk.runner.drain()
    assert (page.plan.chosen.fields, page.plan.chosen.blank) == ({"title": "notes"}, "clear")
    assert page.plan.rules.missing == "suspend"
    assert page.options.missing.current() == "suspend"


def test_of_several_files_the_one_that_cannot_be_read_so_is_named(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [tmp_path / "2019-01.csv", tmp_path / "2019-02.csv"]
    for path in paths:
        path.write_text(LIST)
    page = columns_of(opened(desk, *paths))
    told: list[str] = []
    monkeypatch.setattr(page, "show_refusal", lambda sentence, _field="": told.append(sentence))
    page.detected.howChanged.emit(HowToRead(encoding="no such encoding"))
    desk.runner.drain()
    (sentence,) = told
    assert sentence.startswith("“2019-01.csv”: ")
    shown(AssistantDialog).reject()


def test_refused_rows_are_saved_from_the_preview(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, target = tmp_path / "more.csv", tmp_path / "refused.csv"
    path.write_text("email,title\nada@example.org,Clerk\nno email,Counsel\n")
    dialog = previewed(desk, path)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    press(dialog, "Save the refused rows…")
    desk.runner.drain()
    assert dialog.notice.text == f"1 row saved to {target}."
    assert "no email,Counsel" in target.read_text(encoding="utf-8")
    assert dialog.import_button.isEnabled(), "the others can be imported all the same"


def test_where_nothing_is_refused_nothing_is_saved(desk: Desk, source: Path) -> None:
    assert not previewed(desk, source).refused_button.isEnabled()


def test_the_window_imports_no_module_while_a_job_may_be_importing_it(
    desk: Desk, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it stands still until the job has done so: two threads that import one module wait for each other."""
    imported: list[str] = []
    for place in ("whowas.desktop.exchange.assistant.loading", "whowas.desktop.kit.loading_parts"):
        monkeypatch.setattr(f"{place}.import_module", imported.append)
    monkeypatch.delitem(sys.modules, PARTS[-1], raising=False)
    desk.commands.files.open_files([source])
    for _ in range(5):
        QApplication.processEvents()
    assert imported == []
    desk.runner.turn()
    assert "whowas.desktop.exchange.assistant.jobs.looking" in imported
    by_job = len(imported)
    for turn in range(1, 4):
        QApplication.processEvents()
        assert len(imported) <= by_job + turn, "each turn of the event loop imports one module"
    for _ in range(len(PARTS) + 2):
        desk.runner.drain()
        QApplication.processEvents()
    assert still_asked()


def test_loading_for_the_jobs_has_the_garbage_collector_pass_over_what_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    collecting: list[bool] = []
    monkeypatch.setattr(loading, "FOR_JOBS", ("no.such.module",))
    monkeypatch.setattr(loading, "import_module", lambda _name: collecting.append(gc.isenabled()))
    try:
        loading.load_for_jobs(unwatched)
        assert collecting == [False]
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
