"""The harness drives a window that is not the program, so that its own faults show here and nowhere else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.end_to_end.application import Application
from tests.end_to_end.conftest import Launch
from tests.end_to_end.screen import Screen
from tests.end_to_end.screen_reader import NotThere

DRAGGED = (sys.executable, str(Path(__file__).with_name("files_to_drag.py")))
WINDOW = (sys.executable, str(Path(__file__).with_name("harness_window.py")))


@pytest.fixture
def window(launch: Launch) -> Application:
    return launch("1000", program=WINDOW)


def says(window: Application, text: str) -> None:
    assert window.label(text).name == text


def test_fields_are_read_and_written(window: Application) -> None:
    window.field("Email").text = "ana@example.org"
    says(window, "email ana@example.org")
    window.field("Notes").text = "one\ntwo"
    assert window.field("Notes").text == "one\ntwo"
    assert window.field("Email").text == "ana@example.org"
    assert window.field("Email").editable


def test_slider_tells_its_range_and_moves(window: Application) -> None:
    assert window.slider("Timeline").range == (0, 5000)
    window.slider("Timeline").value = 1234
    says(window, "moment 1234")
    assert window.slider("Timeline").value == 1234


def test_button_is_pressed_and_found_disabled(window: Application) -> None:
    window.button("Save").press()
    says(window, "saved ")
    assert not window.button("Save").enabled


def test_modal_dialog_does_not_hold_up_the_reader(window: Application) -> None:
    window.button("Ask…").press()
    says(window, "Really do it?")
    assert window.windows == ["Harness — one of everything", "Really?"]
    window.button("Yes").press()
    says(window, "Yes")
    window.eventually(lambda: window.windows == [window.title], "the dialog is closed")


def test_table_is_read_by_row_and_column(window: Application) -> None:
    table = window.table("Users")
    assert table.row_count == 1000
    assert table.headers == ["A", "B", "C"]
    assert table.cell(999, 2) == "999/2"
    assert table.cell(5, "B") == "5/1"
    assert table.rows(998, 10) == [["998/0", "998/1", "998/2"], ["999/0", "999/1", "999/2"]]
    assert table.column("C", 2) == ["0/2", "1/2"]


def test_table_row_is_selected(window: Application) -> None:
    table = window.table("Users")
    table.select(7)
    says(window, "row 7")
    table.select(700)
    says(window, "row 700")
    assert table.selected_rows == [700]


def test_table_is_clicked(window: Application) -> None:
    window.table("Users").click_cell(3, "B")
    says(window, "row 3")
    window.table("Users").click_header("C")
    says(window, "header 2")
    window.button("Save").click()
    says(window, "saved ")


def test_big_table_is_as_quick_as_a_small_one(launch: Launch) -> None:
    window = launch("100000", program=WINDOW)
    table = window.table("Users")
    assert table.row_count == 100_000
    assert table.rows(99_990, 10)[9] == ["99999/0", "99999/1", "99999/2"]
    assert len(window.tree().splitlines()) < 100  # nobody asks for the rest


def test_tabs_and_menus(window: Application) -> None:
    window.tab("History").press()
    says(window, "second page")
    assert not window.label("first page").shows()
    window.menu_item("Quit").press()
    assert window.wait_closed() == 0


def test_real_keys_reach_the_window(window: Application) -> None:
    window.field("Email").focus()
    for key in ("a", "Shift+b", "1"):
        window.press_keys(key)
    says(window, "email aB1")
    window.press_keys("Ctrl+z")
    says(window, "email ")
    assert "focused" in window.field("Email").states
    window.press_keys("Enter")
    says(window, "entered")
    window.press_keys("Ctrl+q")
    assert window.wait_closed() == 0


def test_files_are_dragged_from_another_program(window: Application, launch: Launch, tmp_path: Path) -> None:
    files = launch(tmp_path / "one.csv", tmp_path / "two.csv", program=DRAGGED)
    above = window.label("files above")
    files.button("Files").drop_on(window.button("Save"), above.shows)
    says(window, "dropped one.csv, two.csv")


def test_waiting_ends_with_a_sentence(window: Application) -> None:
    assert window.title == "Harness — one of everything"
    with pytest.raises(NotThere, match=r"no button .*“Missing”"):
        window.patiently(lambda: window.ask("press", target=window.button("Missing").target.sent()), 0.2)
    with pytest.raises(NotThere, match="not so: pigs fly"):
        window.eventually(lambda: False, "pigs fly", 0.1)


def test_a_program_that_ends_is_noticed(launch: Launch) -> None:
    window = launch("import sys; sys.exit('gone')", program=(sys.executable, "-c"))
    with pytest.raises(NotThere, match="the program ended, code 1"):
        _ = window.title
    assert window.errors() == "gone\n"


def test_screen_is_photographed(window: Application, screen: Screen, tmp_path: Path) -> None:
    assert window.title
    screen.photograph(tmp_path / "screen.png")
    assert (tmp_path / "screen.png").read_bytes().startswith(b"\x89PNG")
