"""Rows decided at random in the assistant: what stands in the directory afterwards is what the rows said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QMenu

from tests.desktop.exchange.assisting import columns_of, preview_of, previewed, still_asked, take
from tests.desktop.window.test_main_window import RECORDS, Desk, desk, directory, press
from whowas.command_bus.bus import Bus
from whowas.desktop.exchange.assistant.frame.dialog import AssistantDialog
from whowas.desktop.exchange.preview.filter_chips import FilterChip
from whowas.desktop.exchange.preview.table.model import PreviewColumn
from whowas.desktop.exchange.preview.table.view import PreviewTable
from whowas.desktop.kit.dates import microseconds_now
from whowas.domain.commands import CreateUser, DeleteUser, JoinGroup, SuspendUser
from whowas.domain.progress import Progress
from whowas.interchange.importing.given.rules import Decision, NewUser, RowKey, SameAs
from whowas.interchange.importing.told.differences import differences
from whowas.interchange.importing.told.outcome import RowOutcome, Value

__all__ = ["desk", "directory"]

SPACE, RETURN = Qt.Key.Key_Space, Qt.Key.Key_Return
NAMES = ("Ada", "Ben", "Chi", "Dov", "Eve", "Fay", "<b>Gil</b>", "Zoë & Co")
TITLES = ("Clerk", "Cook", "", "=1+1", "<img src=x>", "a\u202eb")

Fields = dict[str, Value]


def user_id(number: int) -> str:
    return f"0199a3c4-0000-7000-8000-{number:012x}"


def add_users(desk: Desk, random: Random) -> None:
    """Further users, some of one name, one of them suspended and one deleted."""
    assert desk.window.session is not None

    def work(bus: Bus, _progress: Progress) -> None:
        with bus.change() as change:
            for number in range(16, 26):
                name = random.choice(NAMES)
                change.dispatch(
                    CreateUser(user_id(number), {"first_name": name, "email": f"u{number}@example.org"}),
                    occurred_at=microseconds_now(),
                )
                if random.random() < 0.4:
                    change.dispatch(JoinGroup(user_id(number), RECORDS), occurred_at=microseconds_now())
            change.dispatch(SuspendUser(user_id(17)), occurred_at=microseconds_now())
            change.dispatch(DeleteUser(user_id(18)), occurred_at=microseconds_now())

    desk.window.session.writer.on_bus(work, done=lambda _: None, failed=lambda _: None)
    desk.settle()


def a_list(random: Random) -> str:
    rows = ["email,First name,Title,Group,Cost centre"]
    for number in range(random.randint(3, 25)):
        email = random.choice(
            [
                *(f"u{random.randint(16, 30)}@example.org", "ada@example.org", "ben@example.org"),
                *("", "", f"n{number}@example.org", "no address"),
            ]
        )
        group = random.choice(("", "Records", "Night shift"))
        rows.append(",".join((email, random.choice(NAMES), random.choice(TITLES), group, random.choice(("", "44")))))
    return "\n".join(rows) + "\n"


def everybody(desk: Desk) -> dict[str, Fields]:
    """Every user there is, also deleted ones, by the fields that an import tells of."""
    session = desk.window.session
    assert session is not None
    index, now = session.shown.index, session.shown.index.now
    directory = index.directory(now)
    found = {}
    for number in index.numbers[index.alive(now)].tolist():
        (row,) = session.reads.rows([number])
        found[row.user.id] = {key: new for key, (_, new) in differences(None, row.user, directory).items()}
    return found


def outcomes(table: PreviewTable) -> list[RowOutcome]:
    return [table.preview.outcome_of(table.preview.number_at(row)) for row in range(table.preview.rowCount())]


def promised(before: Mapping[str, Fields], rows: list[RowOutcome]) -> tuple[dict[str, Fields], list[Fields]]:
    """Who is there afterwards as the rows say, and who is new."""
    users, new = {key: dict(fields) for key, fields in before.items()}, []
    for row in rows:
        if row.what == "created":
            new.append({field: value for field, (_, value) in row.changes.items()})
        elif row.what in ("changed", "missing"):
            for field, (old, value) in row.changes.items():
                assert users[row.user_id].get(field) == old, "what it was before is true"
                users[row.user_id][field] = value
    return {key: _filled(fields) for key, fields in users.items()}, [_filled(fields) for fields in new]


def _filled(fields: Fields) -> Fields:
    return {field: value for field, value in fields.items() if value is not None}


class Person:
    """Somebody who does anything that can be done on the second page."""

    def __init__(self, desk: Desk, dialog: AssistantDialog, random: Random) -> None:
        self.desk, self.dialog, self.random = desk, dialog, random
        self.page = preview_of(dialog)
        self.table = self.page.table
        self.said_of: set[RowKey] = set()
        self.page.decided.connect(self.hear)

    def hear(self, key: RowKey, decision: Decision | None) -> None:
        if isinstance(decision, NewUser | SameAs):
            self.said_of.add(key)

    def do_something(self) -> None:
        deeds: list[Callable[[], None]] = [
            *(self.select, self.select, self.press_space, self.press_space, self.use_menu, self.use_menu),
            *(self.choose_chip, self.search, self.order, self.go_back, self.agree, self.wait, self.wait),
        ]
        self.random.choice(deeds)()
        self.nothing_untrue()

    def select(self) -> None:
        model, choice = self.table.preview, self.table.selectionModel()
        flag = QItemSelectionModel.SelectionFlag
        self.table.clearSelection()
        for row in range(model.rowCount()):
            if self.random.random() < 0.3:
                index = model.index(row, PreviewColumn.USER)
                choice.setCurrentIndex(index, flag.Select | flag.Rows)

    def press_space(self) -> None:
        QTest.keyClick(self.table, SPACE)
        for menu in [found for found in self.table.findChildren(QMenu) if found.isVisible()]:
            self.pick(menu)

    def use_menu(self) -> None:
        self.pick(self.table.row_menu())

    def pick(self, menu: QMenu) -> None:
        offered = [action for action in menu.actions() if not action.isSeparator()]
        self.random.choice(offered).trigger()
        menu.close()

    def choose_chip(self) -> None:
        self.random.choice([chip for chip in self.page.findChildren(FilterChip) if chip.isVisible()]).click()

    def search(self) -> None:
        self.page.search.setText(self.random.choice(("", "", "ada", "cook", "@example")))
        QTest.keyClick(self.page.search, RETURN)

    def order(self) -> None:
        header = self.table.horizontalHeader()
        column = self.random.choice((PreviewColumn.USER, PreviewColumn.LINE))
        header.setSortIndicator(column, self.random.choice(list(Qt.SortOrder)))

    def go_back(self) -> None:
        press(self.dialog, "Back")
        if self.random.random() < 0.7:
            options = columns_of(self.dialog).options
            options.missingChosen.emit(self.random.choice(("keep", "suspend", "delete")))
            options.blankChosen.emit(self.random.choice(("keep", "empty")))
        press(self.dialog, "Next")
        self.desk.runner.drain()
        assert self.dialog.on_preview, self.dialog.notice.text

    def agree(self) -> None:
        for box in self.page.findChildren(QCheckBox):
            if box.isVisible():
                box.click()

    def wait(self) -> None:
        """Until the rows were looked at again."""
        self.desk.qtbot.wait(1)
        self.desk.qtbot.waitUntil(lambda: bool(self.desk.runner.jobs) or not self.waits())
        self.desk.runner.drain()

    def waits(self) -> bool:
        model = self.table.preview
        return any(model.words_at(row).waits for row in range(model.rowCount()))

    def nothing_untrue(self) -> None:
        """Who it is, is asked again only where somebody said so before; what waits for nothing is as it came out."""
        model = self.table.preview
        for row in range(model.rowCount()):
            words = model.words_at(row)
            outcome = model.outcome_of(model.number_at(row))
            assert words.waits or words.mark == outcome.what
            assert not words.asks or outcome.what == "similar" or (outcome.file, outcome.line) in self.said_of

    def look_at_everything(self) -> None:
        """All rows as they come out in the end."""
        next(chip for chip in self.page.findChildren(FilterChip) if chip.what is None).click()
        self.page.search.setText("")
        QTest.keyClick(self.page.search, RETURN)
        self.desk.qtbot.wait(150)
        self.desk.runner.drain()
        assert not self.waits()


@pytest.mark.parametrize("seed", range(6))
def test_what_the_rows_say_is_what_is_there_afterwards(desk: Desk, tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    add_users(desk, random)
    path = tmp_path / "some.csv"
    path.write_text(a_list(random), encoding="utf-8")
    dialog = previewed(desk, path)
    person = Person(desk, dialog, random)
    for _ in range(random.randint(3, 25)):
        person.do_something()
    person.look_at_everything()
    before, rows = everybody(desk), outcomes(person.table)
    after, new = promised(before, rows)
    said = {chip.text() for chip in person.page.findChildren(FilterChip) if chip.isVisible()}
    assert f"All {len(rows)}" in said
    if not dialog.import_button.isEnabled():
        shown = person.table.preview.rows
        assert shown is not None
        assert shown.stops or (after, new) == (before, []), "something that could be taken"
        return
    take(desk, dialog)
    desk.settle()
    assert not still_asked()
    now = everybody(desk)
    assert {key: now[key] for key in before} == after
    made = [fields for key, fields in now.items() if key not in before]
    assert sorted(repr(sorted(one.items())) for one in made) == sorted(repr(sorted(one.items())) for one in new)
