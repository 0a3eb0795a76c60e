"""From the welcome page first the file is chosen, then the directory named; if nothing comes of it, no file stays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog, QPushButton

from tests.desktop.kit.test_file_drop import dragged_to
from tests.desktop.window.test_main_window import ADA, Desk
from whowas.desktop.exchange.commands import ImportExport
from whowas.desktop.kit.file_drop import FileDrop
from whowas.desktop.window import import_new
from whowas.desktop.window.welcome import WelcomePage
from whowas.domain.commands import CreateUser
from whowas.domain.errors import StoreError
from whowas.store.event_log import EventLog
from whowas.system import folders

LIST = "email,title\nada@example.org,Clerk\n"


@pytest.fixture
def desk(qtbot: Any, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(qtbot, tmp_path / "config")
    desk.window.start(None)
    qtbot.waitUntil(lambda: desk.window.findChild(FileDrop) is not None)
    yield desk
    desk.window.put_away()
    desk.runner.drain()


@pytest.fixture(autouse=True)
def opened_with(monkeypatch: pytest.MonkeyPatch) -> list[list[Path]]:
    """Return with which files the assistant was opened, which waits then."""
    opened: list[list[Path]] = []
    monkeypatch.setattr(ImportExport, "open_files", lambda _self, paths, **_: opened.append(list(paths)))
    return opened


@pytest.fixture
def proposed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Return which names were proposed for directories; they are taken, in the folder of the test."""
    names: list[str] = []

    def ask(_window: object, _title: str, name: str, _endings: object, *, replacing: bool) -> Path:
        assert not replacing
        names.append(name)
        return tmp_path / Path(name).name

    monkeypatch.setattr(import_new, "ask_where_to_save", ask)
    return names


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "Members 2019.csv"
    path.write_text(LIST)
    return path


def drop(desk: Desk, *paths: Path) -> None:
    dragged_to(desk.window, *paths)
    if desk.window.page is None:
        desk.runner.drain()
    if desk.window.page is not None or desk.window._opening.place is not None:
        desk.qtbot.waitUntil(desk.equipped)
        desk.settle()


def cancel(desk: Desk) -> None:
    desk.commands.files.ended.emit()
    desk.qtbot.wait(1)
    desk.settle()


def welcomed(desk: Desk) -> bool:
    page = desk.window.findChild(WelcomePage)
    return isinstance(page, WelcomePage) and page.isVisible() and desk.window.page is None


def test_the_directory_is_called_like_the_file(
    desk: Desk, source: Path, proposed: list[str], opened_with: list[list[Path]], tmp_path: Path
) -> None:
    drop(desk, source)
    assert proposed == [str(folders.data() / "Members 2019.whowas")]
    assert desk.window.session is not None
    assert desk.window.session.path == tmp_path / "Members 2019.whowas"
    assert opened_with == [[source]]


def test_by_the_button_the_files_are_chosen_first(
    desk: Desk, source: Path, proposed: list[str], opened_with: list[list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def choose(_window: object, title: str, *_: object) -> tuple[Sequence[str], str]:
        assert title == "Import a list"
        assert not proposed
        return [str(source)], ""

    monkeypatch.setattr(QFileDialog, "getOpenFileNames", choose)
    welcome = desk.window.findChild(WelcomePage)
    assert isinstance(welcome, WelcomePage)
    (button,) = [one for one in welcome.findChildren(QPushButton) if one.text() == "Import a list…"]
    button.click()
    desk.qtbot.waitUntil(desk.equipped)
    assert opened_with == [[source]]


def test_several_files_are_called_like_their_folder(
    desk: Desk, source: Path, proposed: list[str], opened_with: list[list[Path]]
) -> None:
    folder = source.parent / "Our club"
    folder.mkdir()
    for name in ("2019.csv", "2020.csv", "letter.pdf"):
        (folder / name).write_text(LIST)
    drop(desk, folder)
    assert [Path(name).name for name in proposed] == ["Our club.whowas"]
    assert [path.name for path in opened_with[0]] == ["2019.csv", "2020.csv"]


def test_a_name_that_is_taken_is_not_proposed(desk: Desk, source: Path, proposed: list[str]) -> None:
    folders.private_folder(folders.data())
    (folders.data() / "Members 2019.whowas").touch()
    drop(desk, source)
    assert [Path(name).name for name in proposed] == ["Members 2019 2.whowas"]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.pdf", "%PDF-1.7", "“a.pdf” was not imported. This is a PDF document; a list is needed (CSV, XLSX or ODS)."),
        ("a.whowas", "SQLite", "“a.whowas” is a directory of Whowas: open it instead."),
        ("a.csv", "", "“a.csv” was not imported. The file is empty."),
        ("a.csv", None, "“a.csv” was not imported. “a.csv” cannot be read: No such file or directory."),
    ],
)
def test_what_is_no_list_says_so_and_no_directory_is_made(
    desk: Desk, tmp_path: Path, proposed: list[str], name: str, content: str | None, why: str
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    drop(desk, tmp_path / name)
    assert desk.window.messages.message() == why
    assert not proposed
    assert welcomed(desk)
    assert [path for path in tmp_path.glob("*.whowas") if path.name != name] == []


def test_a_list_whose_titles_nobody_knows_goes_to_the_assistant(
    desk: Desk, tmp_path: Path, proposed: list[str], opened_with: list[list[Path]]
) -> None:
    (tmp_path / "a.csv").write_text("Zodiac,Shoes\nLion,43\n")
    drop(desk, tmp_path / "a.csv")
    assert [[path.name for path in paths] for paths in opened_with] == [["a.csv"]]


def test_one_broken_file_among_others_is_for_the_assistant_to_name(
    desk: Desk, source: Path, proposed: list[str], opened_with: list[list[Path]]
) -> None:
    broken = source.with_name("a.pdf")
    broken.write_text("%PDF-1.7")
    drop(desk, broken, source)
    assert opened_with == [[broken, source]]


def test_cancelled_it_leaves_nothing_and_welcomes_again(
    desk: Desk, source: Path, proposed: list[str], tmp_path: Path
) -> None:
    drop(desk, source)
    cancel(desk)
    assert welcomed(desk)
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "config") == ["Members 2019.csv"]
    assert desk.settings.recent() == []


def test_why_nothing_came_of_it_stays_to_be_read(desk: Desk, source: Path, proposed: list[str]) -> None:
    drop(desk, source)
    desk.window.messages.show_error("It is another list by now.", about=import_new.IMPORTING)
    cancel(desk)
    assert welcomed(desk)
    assert desk.window.messages.message() == "It is another list by now."


def test_what_was_imported_stays(desk: Desk, source: Path, proposed: list[str], tmp_path: Path) -> None:
    drop(desk, source)
    assert desk.window.session is not None
    desk.window.session.writer.change(
        lambda change: change.dispatch(CreateUser(ADA, {"first_name": "Ada"})), done=lambda _: None, failed=pytest.fail
    )
    desk.runner.drain()
    cancel(desk)
    assert not welcomed(desk)
    assert (tmp_path / "Members 2019.whowas").exists()


def test_where_nobody_can_tell_whether_it_is_empty_it_stays(
    desk: Desk, source: Path, proposed: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_log: EventLog) -> None:
        raise StoreError("The disk failed.")

    drop(desk, source)
    with monkeypatch.context() as disk:
        disk.setattr(EventLog, "head", failing)
        desk.commands.files.ended.emit()
        desk.qtbot.wait(5)
    desk.settle()
    assert not welcomed(desk)
    assert (tmp_path / "Members 2019.whowas").exists()


def test_an_empty_directory_that_was_there_before_stays(
    desk: Desk, source: Path, proposed: list[str], tmp_path: Path
) -> None:
    drop(desk, source)
    desk.window.go_to_welcome()
    desk.runner.drain()
    desk.open(tmp_path / "Members 2019.whowas")
    cancel(desk)
    assert (tmp_path / "Members 2019.whowas").exists()


def test_where_the_name_is_taken_nothing_is_replaced(
    desk: Desk, source: Path, proposed: list[str], opened_with: list[list[Path]], tmp_path: Path
) -> None:
    taken = tmp_path / "Members 2019.whowas"
    taken.write_text("somebody's")
    dragged_to(desk.window, source)
    desk.runner.drain()
    assert desk.window.messages.message() == "“Members 2019.whowas” exists already; nothing was written."
    assert taken.read_text() == "somebody's"
    assert not opened_with
    assert welcomed(desk)


def test_who_names_nothing_makes_nothing(
    desk: Desk, source: Path, monkeypatch: pytest.MonkeyPatch, opened_with: list[list[Path]]
) -> None:
    monkeypatch.setattr(import_new, "ask_where_to_save", lambda *_, **__: None)
    drop(desk, source)
    assert welcomed(desk)
    assert not opened_with
