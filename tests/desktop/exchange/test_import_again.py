"""What was imported last is proposed again, with what was said of it; where nothing was, the action says so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from uuid_utils import uuid7

from tests.desktop.window.test_main_window import Desk, desk, directory
from whowas.desktop.exchange.assistant.plan import ImportPlan
from whowas.desktop.exchange.import_again import NEVER
from whowas.domain.commands import CreateUser
from whowas.interchange.importing.given.rules import ImportRules
from whowas.interchange.importing.remembered import LastImport, remember_import
from whowas.interchange.mapping.chosen import Chosen
from whowas.interchange.reading.table import HowToRead

__all__ = ["desk", "directory"]

HOW = HowToRead(delimiter=";")
CHOSEN = Chosen(fields={"Amt": "department"})
RULES = ImportRules(keys=("email",), missing="suspend")


@pytest.fixture
def opened(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Sequence[Path], ImportPlan | None]]:
    """Return what the assistant was opened with."""
    found: list[tuple[Sequence[Path], ImportPlan | None]] = []

    def open_files(paths: Sequence[Path], *, plan: ImportPlan | None = None) -> None:
        found.append((paths, plan))

    monkeypatch.setattr(desk.commands.files, "open_files", open_files)
    return found


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return which files were proposed; they are taken."""
    proposed: list[str] = []

    def ask(_window: object, title: str, name: str, _kinds: str) -> tuple[list[str], str]:
        assert title == "Import again"
        proposed.append(name)
        return [name], ""

    monkeypatch.setattr(QFileDialog, "getOpenFileNames", ask)
    return proposed


def imported(desk: Desk, *paths: Path) -> None:
    """Do what an import leaves behind."""
    assert desk.window.session is not None
    dan = CreateUser(str(uuid7()), {"first_name": "Dan"})
    desk.window.session.writer.change(lambda change: change.dispatch(dan), done=lambda _: None, failed=pytest.fail)
    desk.runner.drain()
    remember_import(str(desk.window.session.path), LastImport(tuple(map(str, paths)), HOW, CHOSEN, RULES))
    desk.commands.files.ended.emit()
    desk.runner.drain()


def test_before_the_first_import_there_is_nothing_to_import_again(desk: Desk) -> None:
    action = desk.window.actions_.import_again
    assert not action.isEnabled()
    assert NEVER in action.toolTip()


def test_the_last_file_is_proposed_with_what_was_said_of_it(
    desk: Desk, tmp_path: Path, asked: list[str], opened: list[tuple[Sequence[Path], ImportPlan | None]]
) -> None:
    imported(desk, tmp_path / "first.csv")
    imported(desk, tmp_path / "members.csv")
    action = desk.window.actions_.import_again
    assert "“members.csv”" in action.toolTip()

    desk.trigger("import_again")

    assert asked == [str(tmp_path / "members.csv")]
    ((paths, plan),) = opened
    assert paths == [tmp_path / "members.csv"]
    assert plan is not None
    assert (plan.how, plan.chosen) == (HOW, CHOSEN)
    assert (plan.rules.keys, plan.rules.missing, plan.rules.skip_refused) == (("email",), "suspend", True)


def test_it_is_remembered_until_the_next_start(desk: Desk, tmp_path: Path, directory: Path) -> None:
    imported(desk, tmp_path / "a.csv", tmp_path / "b.csv")
    desk.window.go_to_welcome()
    desk.runner.drain()
    assert not desk.window.actions_.import_again.isEnabled()
    desk.open(directory)
    assert desk.window.actions_.import_again.isEnabled()
    assert "“a.csv” and 1 more" in desk.window.actions_.import_again.toolTip()


def test_in_the_past_it_is_off(desk: Desk, tmp_path: Path) -> None:
    imported(desk, tmp_path / "a.csv")
    desk.page.view.show_moment(1)
    desk.runner.drain()
    assert not desk.window.actions_.import_again.isEnabled()
    desk.page.return_to_now()
    desk.runner.drain()
    assert desk.window.actions_.import_again.isEnabled()


def test_who_chooses_nothing_opens_nothing(
    desk: Desk,
    tmp_path: Path,
    opened: list[tuple[Sequence[Path], ImportPlan | None]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    imported(desk, tmp_path / "a.csv")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([], ""))
    desk.trigger("import_again")
    assert not opened
