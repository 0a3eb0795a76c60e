"""What was said of a file that is another one by now: as much of it counts as fits, and the rest is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desktop.exchange.assisting import all_shown, columns_of, opened, shown, still_asked
from tests.desktop.window.test_main_window import Desk, desk, directory, press
from whowas.desktop.exchange.assistant.files.dialog import FilesDialog
from whowas.desktop.exchange.assistant.frame.dialog import AssistantDialog
from whowas.desktop.exchange.assistant.plan import ImportPlan
from whowas.interchange.importing.given.rules import ImportRules
from whowas.interchange.mapping.chosen import Chosen
from whowas.interchange.reading.table import HowToRead

__all__ = ["desk", "directory"]

RULES = ImportRules(keys=("email",), missing="suspend", skip_refused=True)


def again(desk: Desk, plan: ImportPlan, *paths: Path) -> AssistantDialog:
    desk.commands.files.open_files(list(paths), plan=plan)
    desk.runner.drain()
    return shown(AssistantDialog)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "more.csv"
    path.write_text("email,title\nada@example.org,Clerk\n")
    return path


def test_a_title_that_is_gone_is_told_and_the_rest_is_said_again(desk: Desk, source: Path) -> None:
    plan = ImportPlan(chosen=Chosen({"Amt": "department", "Title": "notes"}), rules=RULES)
    dialog = again(desk, plan, source)
    assert dialog.notice.text == "“Amt” is no longer there: what was said of it the last time does not count."
    assert columns_of(dialog).plan.chosen.fields == {"Title": "notes"}
    assert columns_of(dialog).plan.rules.missing == "suspend"
    press(dialog, "Next")
    desk.runner.drain()
    assert dialog.on_preview


def test_of_many_titles_that_are_gone_three_are_named(desk: Desk, source: Path) -> None:
    plan = ImportPlan(chosen=Chosen(dict.fromkeys(["A1", "B2", "C3", "D4", "E5"])))
    text = again(desk, plan, source).notice.text
    assert text.startswith("“A1”, “B2”, “C3” and 2 more are no longer there: what was said of them")


@pytest.mark.parametrize("how", [HowToRead(delimiter=";"), HowToRead(encoding="no-such")])
def test_what_cannot_be_read_as_the_last_time_is_found_out_anew(desk: Desk, source: Path, how: HowToRead) -> None:
    dialog = again(desk, ImportPlan(how, Chosen({"title": "notes"}), RULES), source)
    fields = {column.title: column.field for column in columns_of(dialog)._merged.columns}
    if how.delimiter:  # then all of it is one title, which is no wrong way of reading it
        assert "“title” is no longer there" in dialog.notice.text
    else:
        assert dialog.notice.text.endswith("what does not was found out anew.")
        assert fields == {"email": "email", "title": "notes"}


def test_a_saved_mapping_that_is_gone_is_left_aside(desk: Desk, source: Path) -> None:
    dialog = again(desk, ImportPlan(chosen=Chosen({"title": "notes"}, name="Payroll")), source)
    assert columns_of(dialog).plan.chosen == Chosen({"title": "notes"})
    assert dialog.notice.text.endswith("what does not was found out anew.")


@pytest.mark.parametrize("fields", [{"email": "nonsense"}, {"title": "attributes."}, {"title": "password"}])
def test_what_no_title_can_become_is_left_aside(desk: Desk, source: Path, fields: dict[str, str | None]) -> None:
    dialog = again(desk, ImportPlan(chosen=Chosen(fields, blank="clear")), source)
    assert columns_of(dialog).plan.chosen == Chosen(blank="clear")
    assert dialog.notice.text.endswith("what does not was found out anew.")


def test_starting_anew_says_nothing_more_of_it(desk: Desk, source: Path) -> None:
    dialog = again(desk, ImportPlan(chosen=Chosen({"Amt": "department", "title": "notes"})), source)
    press(dialog, "Start anew")
    desk.runner.drain()
    assert dialog.notice.text == ""
    assert columns_of(dialog).plan.chosen == Chosen()


def test_a_list_among_several_need_not_have_every_title(desk: Desk, tmp_path: Path) -> None:
    one, other = tmp_path / "2019-03.csv", tmp_path / "2019-04.csv"
    one.write_text("email,post\nada@example.org,Clerk\n")
    other.write_text("email\nada@example.org\n")
    dialog = again(desk, ImportPlan(chosen=Chosen({"post": "title"})), one, other)
    assert not all_shown(FilesDialog)
    assert columns_of(dialog).plan.chosen.fields == {"post": "title"}


def test_what_is_no_list_is_refused_for_what_it_is(desk: Desk, tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.touch()
    desk.commands.files.open_files([empty], plan=ImportPlan(HowToRead(delimiter=";"), Chosen({"Amt": "title"})))
    desk.runner.drain()
    assert not still_asked()
    assert desk.window.messages.message() == "empty.csv was not imported. The file is empty."


def test_a_title_that_went_while_the_assistant_was_open_is_told(desk: Desk, source: Path) -> None:
    dialog = opened(desk, source)
    columns_of(dialog).table.fieldChosen.emit("title", "department")
    desk.runner.drain()
    press(dialog, "Next")
    desk.runner.drain()
    source.write_text("email,phone\nada@example.org,555-0100\n")
    dialog.import_button.click()
    desk.runner.drain()
    press(dialog, "Read again")
    desk.runner.drain()
    assert not dialog.on_preview
    assert dialog.notice.text.startswith("“title” is no longer there")


def test_what_a_person_corrects_is_never_left_aside_without_a_word(desk: Desk, source: Path) -> None:
    dialog = opened(desk, source)
    columns_of(dialog).detected.howChanged.emit(HowToRead(encoding="no-such"))
    desk.runner.drain()
    refusal = columns_of(dialog)._refusal
    assert refusal.isVisible()
    assert refusal.text() != ""
