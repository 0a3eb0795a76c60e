"""Asking where to save: the ending decides on the type, and no file is replaced without asking about that very one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

import whowas.desktop
from tests.desktop.window.test_main_window import Desk, directory
from whowas.desktop.kit.save_as import ask_where_to_save

__all__ = ["directory"]

CSV, LOG = "Users shown, as CSV (*.csv)", "Whole event log, as JSON lines (*.jsonl)"
WEB = "Web page (*.html)"
ENDINGS = {CSV: ".csv", LOG: ".jsonl", WEB: ".html"}

Answer = Callable[[Path, str], list[object]]


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Make the dialog answer with a name and a type; return the arguments of its calls."""

    def answering(name: Path, kind: str) -> list[object]:
        asked: list[object] = []

        def dialog(*arguments: object) -> tuple[str, str]:
            asked.extend(arguments)
            return str(name), kind

        monkeypatch.setattr(QFileDialog, "getSaveFileName", dialog)
        return asked

    return answering


@pytest.fixture
def desk(qtbot: Any, tmp_path: Path, directory: Path) -> Iterator[Desk]:
    desk = Desk(qtbot, tmp_path / "config")
    desk.open(directory)
    yield desk
    desk.window.put_away()
    desk.runner.drain()


@pytest.mark.parametrize(
    ("typed", "kind", "written"),
    [
        ("staff.csv", CSV, "staff.csv"),
        ("staff.csv", LOG, "staff.jsonl"),
        ("staff.CSV", CSV, "staff.CSV"),
        ("staff.CSV", LOG, "staff.jsonl"),
        ("staff.jsonl", CSV, "staff.jsonl"),
        ("staff.jsonl", LOG, "staff.jsonl"),
        ("staff.html", LOG, "staff.jsonl"),
        ("staff.html", "", "staff.html"),
        ("staff", CSV, "staff.csv"),
        ("staff", LOG, "staff.jsonl"),
        ("staff", "", "staff.csv"),
        ("staff.txt", CSV, "staff.txt.csv"),
        ("staff.2026", LOG, "staff.2026.jsonl"),
        ("staff.csv.jsonl", WEB, "staff.csv.html"),
    ],
)
def test_the_ending_is_that_of_what_is_written(
    typed: str, kind: str, written: str, qtbot: QtBot, tmp_path: Path, answer: Answer
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    answer(tmp_path / typed, kind)
    assert ask_where_to_save(window, "Export", "staff.csv", ENDINGS) == tmp_path / written


@pytest.mark.parametrize("pressed", ["Replace", "Cancel"])
@pytest.mark.parametrize("typed", ["staff.csv", "staff.jsonl", "staff"])
def test_replacing_is_asked_of_the_name_that_is_written_and_of_no_other(
    typed: str, pressed: str, qtbot: QtBot, tmp_path: Path, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def press(box: QMessageBox) -> int:
        told.append(box.text())
        (button,) = [one for one in box.findChildren(QPushButton) if one.text().replace("&", "") == pressed]
        button.click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", press)
    window = QWidget()
    qtbot.addWidget(window)
    for name in ("staff.jsonl", "staff", "staff.csv"):
        (tmp_path / name).write_text("kept")
    asked = answer(tmp_path / typed, LOG)
    found = ask_where_to_save(window, "Export", "staff.csv", ENDINGS)
    assert found == (tmp_path / "staff.jsonl" if pressed == "Replace" else None)
    assert told == ["“staff.jsonl” exists already. Replace it?"]
    assert QFileDialog.Option.DontConfirmOverwrite in asked, "Qt asks about the name that was typed"


def test_nothing_is_asked_of_what_is_not_there(qtbot: QtBot, tmp_path: Path, answer: Answer) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    (tmp_path / "staff.csv").write_text("is not the one that is written")
    answer(tmp_path / "staff.csv", LOG)
    assert ask_where_to_save(window, "Export", "staff.csv", ENDINGS) == tmp_path / "staff.jsonl"


@pytest.mark.parametrize(
    ("typed", "kind", "written", "is_log"),
    [
        ("users.csv", LOG, "users.jsonl", True),
        ("users.csv", CSV, "users.csv", False),
        ("users.jsonl", CSV, "users.jsonl", True),
        ("users", LOG, "users.jsonl", True),
        ("USERS.JSONL", LOG, "USERS.JSONL", True),
    ],
)
def test_what_is_exported_is_what_the_ending_says(
    typed: str, kind: str, written: str, is_log: bool, desk: Desk, tmp_path: Path, answer: Answer
) -> None:
    answer(tmp_path / typed, kind)
    desk.trigger("export")
    assert [path.name for path in tmp_path.iterdir() if path.name.lower().startswith("users")] == [written]
    first = (tmp_path / written).read_text(encoding="utf-8").splitlines()[0]
    if is_log:
        assert json.loads(first)["position"] == 1
    else:
        assert first.startswith("id,external_id,first_name")


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ("team", "team.whowas"),
        ("team.whowas", "team.whowas"),
        ("team.csv", "team.csv.whowas"),
        ("team.2026", "team.2026.whowas"),
    ],
)
def test_a_new_directory_has_its_own_ending(typed: str, made: str, desk: Desk, tmp_path: Path, answer: Answer) -> None:
    answer(tmp_path / typed, "")
    desk.trigger("new_directory")
    assert desk.window.session is not None
    assert desk.window.session.path == tmp_path / made
    assert (tmp_path / made).is_file()


def test_a_directory_that_is_there_is_not_offered_to_be_replaced(
    desk: Desk, tmp_path: Path, directory: Path, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QMessageBox, "exec", lambda _box: pytest.fail("it cannot be replaced"))
    before = directory.read_bytes()
    answer(tmp_path / "staff", "")
    desk.trigger("new_directory")
    assert desk.window.messages.message() == "“staff.whowas” exists already; nothing was written."
    assert directory.read_bytes() == before


def test_there_is_one_way_to_a_name_for_a_file() -> None:
    folder = Path(whowas.desktop.__path__[0])
    asking = [
        path.name
        for path in folder.rglob("*.py")
        if re.search(r"getSaveFile|AcceptSave|saveFileContent", path.read_text(encoding="utf-8"))
    ]
    assert asking == ["save_as.py"]
