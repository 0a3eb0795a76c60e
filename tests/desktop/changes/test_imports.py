"""An import under *Changes*: filtered to, gone to, told as undone, and what its steps offer."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from tests.desktop.changes.test_changes import LISTED, Changes, changes, do, offered, pick, take_in
from tests.desktop.window.test_main_window import ADA, Desk, desk, directory
from whowas.command_bus.bus import Bus
from whowas.domain.causation import ImportOf, RedoOf, UndoForSome, UndoOf
from whowas.domain.commands import Command, CreateUser, DeleteUser, UpdateUser
from whowas.domain.progress import Progress
from whowas.projections.queries.change_filter import ChangeFilter

__all__ = ["changes", "desk", "directory"]

EVE = "0199a3c4-0000-7000-8000-000000000010"
FAY = "0199a3c4-0000-7000-8000-000000000011"


def caused(desk: Desk, causation: ImportOf | UndoOf | UndoForSome | RedoOf, *commands: Command) -> str:
    """Carry out one change for a cause, and return its id."""
    made: list[str] = []

    def work(bus: Bus, _progress: Progress) -> None:
        with bus.change(causation=causation) as change:
            change.dispatch(*commands)
            made.append(change.id)

    assert desk.window.session is not None
    desk.window.session.writer.on_bus(work, done=lambda _: None, failed=lambda error: pytest.fail(str(error)))
    desk.settle()
    return made[0]


def imported(desk: Desk) -> str:
    created = (CreateUser(one, {"first_name": name}) for one, name in ((EVE, "Eve"), (FAY, "Fay")))
    return caused(desk, ImportOf("new.csv"), *created)


def current(changes: Changes) -> str:
    item = changes.model.item(changes.row)
    assert item is not None
    return item.title


def when(changes: Changes, title: str) -> str:
    """What stands beside the date of the row with that title."""
    items = [changes.model.item(row) for row in range(changes.model.rowCount())]
    return next(item.when for item in items if item is not None and item.title == title).partition(" · ")[2]


def test_the_kind_of_imports_lists_the_steps_of_imports_alone(changes: Changes) -> None:
    take_in(changes.desk)
    imported(changes.desk)
    assert changes.offered("Kind") == ["Any kind", "Added", "Changed", "Removed", "Imports"]
    changes.choose("Kind", "Imports")
    assert changes.rows() == ["2 users created", "Dan: Title changed", "Dan: Created"]
    assert changes.summary() == "3 of 8 changes"
    do(changes.desk, UpdateUser(ADA, {"title": "Head"}))
    caused(changes.desk, ImportOf("more.csv"), UpdateUser(ADA, {"title": "Clerk"}))
    assert changes.rows() == ["Ada: Title changed", "2 users created", "Dan: Title changed", "Dan: Created"]


def test_an_import_of_one_step_offers_all_that_one_of_many_does(changes: Changes, qtbot: QtBot) -> None:
    take_in(changes.desk)
    change_id = imported(changes.desk)
    of_one, of_many = (
        offered(changes.menu(changes.rows().index(title))) for title in ("2 users created", "Dan: Created")
    )
    assert of_one == [
        "Show this moment",
        "List only the import of new.csv",
        "Show what it did…",
        "Undo the import of new.csv…",
        "What if not…",
    ]
    assert [text.replace("old && new.csv", "new.csv") for text in of_many] == of_one
    assert "Show what it did…" not in offered(changes.menu(changes.rows().index("Ada: Created")))
    row = changes.rows().index("2 users created")
    with qtbot.waitSignal(changes.desk.page.importRequested) as asked:
        pick(changes.menu(row), "Show what it did…")
    assert asked.args == [change_id]
    pick(changes.menu(row), "List only the import of new.csv")
    changes.desk.settle()
    assert changes.rows() == ["2 users created"]


def test_after_an_import_the_list_is_at_it_whatever_was_listed_before(changes: Changes) -> None:
    change_id = imported(changes.desk)
    do(changes.desk, UpdateUser(ADA, {"title": "Head"}))
    changes.type("ada")
    changes.desk.page.show_import(change_id)
    changes.desk.settle()
    assert current(changes) == "2 users created"
    assert changes.desk.page.counted.wanted == ChangeFilter()
    assert changes.list.visualRect(changes.list.currentIndex()).intersects(changes.list.viewport().rect())
    assert not changes.desk.page.view.is_past, "the moment shown stays"


def test_a_dated_import_is_listed_alone_from_its_last_step_on(changes: Changes) -> None:
    QAbstractItemModelTester(changes.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    take_in(changes.desk)
    session = changes.desk.window.session
    assert session is not None
    change_id = next(event.change_id for event in session.log.read() if isinstance(event.causation, ImportOf))
    changes.desk.page.show_import(change_id)
    changes.desk.settle()
    assert changes.rows() == ["Dan: Title changed", "Dan: Created"]
    assert current(changes) == "Dan: Title changed"
    assert changes.summary() == "Import of old & new.csv · 2 of 7 changes"


def test_it_goes_to_an_import_whose_tab_was_never_open(desk: Desk) -> None:
    change_id = imported(desk)
    desk.page.show_import(change_id)
    desk.settle()
    assert current(Changes(desk)) == "2 users created"


def test_what_is_no_change_here_leaves_the_list_as_it_is(changes: Changes) -> None:
    changes.desk.page.show_import("01890000-0000-7000-8000-00000000ffff")
    changes.desk.settle()
    assert changes.rows() == LISTED


def test_an_import_that_was_undone_says_so_at_once_and_no_more_once_that_was_undone(changes: Changes) -> None:
    change_id = imported(changes.desk)
    assert when(changes, "2 users created") == "import of new.csv"
    some = caused(changes.desk, UndoForSome(change_id), DeleteUser(EVE))
    assert when(changes, "2 users created") == "partly undone · import of new.csv"
    whole = caused(changes.desk, UndoOf(change_id), DeleteUser(FAY))
    assert when(changes, "2 users created") == "undone · import of new.csv"
    caused(changes.desk, UndoOf(whole), UpdateUser(ADA, {"title": "1"}))
    assert when(changes, "2 users created") == "partly undone · import of new.csv"
    undo = caused(changes.desk, UndoOf(some), UpdateUser(ADA, {"title": "2"}))
    assert when(changes, "2 users created") == "import of new.csv"
    caused(changes.desk, RedoOf(undo), UpdateUser(ADA, {"title": "3"}))
    assert when(changes, "2 users created") == "partly undone · import of new.csv"
