"""Who was on earlier lists of a source is read from the log, where those imports still stand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.domain.causation import Causation, ImportOf, RedoOf, UndoForSome, UndoOf, WhatIfOf
from whowas.domain.commands import (
    Command,
    CreateUser,
    DefineField,
    DeleteUser,
    RecordListImport,
    RestoreUser,
    UpdateUser,
)
from whowas.domain.events import ListImported
from whowas.store.event_log import EventLog

ADA, BEN, CLEO, DAN = (f"01890000-0000-7000-8000-00000000000{last}" for last in "abcd")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog.create(tmp_path / "people.whowas")
    yield log
    log.close()


@pytest.fixture
def bus(log: EventLog) -> Bus:
    ticks = count(1_000_000)
    return Bus(log, clock=lambda: next(ticks), actor="ines")


def done(bus: Bus, *commands: Command, because: Causation | None = None) -> str:
    """Carry out commands as one change and return its id."""
    with bus.change(causation=because) as change:
        change.dispatch(*commands)
    return change.id


def imported(bus: Bus, source: str, *commands: Command, matched: tuple[str, ...] = ()) -> str:
    return done(bus, *commands, RecordListImport(source, matched), because=ImportOf("list.csv"))


def known(bus: Bus, source: str) -> set[str]:
    with bus.change() as change:
        return change.users_of_source(source)


def created(user_id: str) -> CreateUser:
    return CreateUser(user_id, {"first_name": user_id})


def test_nobody_is_known_of_a_source_that_was_never_imported(bus: Bus) -> None:
    done(bus, created(ADA))
    imported(bus, "Members", created(BEN))
    assert known(bus, "Pupils") == set()


def test_whom_an_import_created_changed_or_met_is_known_of_its_source(bus: Bus) -> None:
    for user_id in (ADA, BEN, CLEO):
        done(bus, created(user_id))
    imported(bus, "Members", UpdateUser(ADA, {"title": "Clerk"}), created(DAN), matched=(BEN,))
    assert known(bus, "Members") == {ADA, BEN, DAN}


def test_imports_of_a_source_add_up_and_changes_around_them_do_not_count(bus: Bus) -> None:
    done(bus, DefineField("Desk"))
    imported(bus, "Members", created(ADA))
    done(bus, created(BEN))
    imported(bus, "Pupils", created(CLEO), matched=(ADA,))
    imported(bus, "Members", created(DAN))
    assert known(bus, "Members") == {ADA, DAN}
    assert known(bus, "Pupils") == {ADA, CLEO}


def test_an_import_that_is_being_decided_does_not_count_yet(bus: Bus) -> None:
    with bus.change() as change:
        change.dispatch(created(ADA), RecordListImport("Members"))
        assert change.users_of_source("Members") == set()
    assert known(bus, "Members") == {ADA}


def test_an_import_counts_no_more_once_it_was_undone_and_again_once_that_was_redone(bus: Bus) -> None:
    done(bus, created(ADA))
    first = imported(bus, "Members", created(BEN), matched=(ADA,))
    undo = done(bus, DeleteUser(BEN), because=UndoOf(first))
    assert known(bus, "Members") == set()
    redo = done(bus, UpdateUser(ADA, {"title": "a"}), because=RedoOf(undo))
    assert known(bus, "Members") == {ADA, BEN}
    undone_again = done(bus, UpdateUser(ADA, {"title": "b"}), because=UndoOf(redo))
    assert known(bus, "Members") == set()
    done(bus, UpdateUser(ADA, {"title": "c"}), because=RedoOf(undone_again))
    assert known(bus, "Members") == {ADA, BEN}


def test_an_import_that_was_undone_for_some_users_counts_for_the_others(bus: Bus) -> None:
    done(bus, created(ADA))
    first = imported(bus, "Members", created(BEN), created(CLEO), matched=(ADA,))
    some = done(bus, DeleteUser(BEN), because=UndoForSome(first))
    assert known(bus, "Members") == {ADA, CLEO}
    more = done(bus, DeleteUser(CLEO), because=UndoForSome(first))
    assert known(bus, "Members") == {ADA}
    undo = done(bus, UpdateUser(ADA, {"title": "a"}), because=UndoOf(some))
    assert known(bus, "Members") == {ADA, BEN}
    done(bus, UpdateUser(ADA, {"title": "b"}), because=RedoOf(undo))
    assert known(bus, "Members") == {ADA}
    whole = done(bus, UpdateUser(ADA, {"title": "c"}), because=UndoOf(first))
    assert known(bus, "Members") == set()
    done(bus, UpdateUser(ADA, {"title": "d"}), because=UndoOf(whole))
    assert known(bus, "Members") == {ADA}
    done(bus, UpdateUser(ADA, {"title": "e"}), because=UndoOf(more))
    assert known(bus, "Members") == {ADA, CLEO}


def test_what_people_kept_when_they_undid_an_import_does_not_count_for_its_source(bus: Bus) -> None:
    first = imported(bus, "Members", created(ADA), created(BEN))
    done(bus, UpdateUser(ADA, {"title": "Head"}))
    done(bus, DeleteUser(BEN), because=UndoOf(first))
    assert known(bus, "Members") == set(), "Ada stays as later work, and the list was the wrong one all the same"


def test_whoever_an_undo_for_some_left_as_they_were_still_counts(bus: Bus) -> None:
    first = imported(bus, "Members", created(ADA), created(BEN))
    again = imported(bus, "Members", UpdateUser(BEN, {"title": "Head"}))
    done(bus, DeleteUser(BEN), because=UndoForSome(first))
    assert known(bus, "Members") == {ADA, BEN}, "the later list has Ben as well"
    done(bus, RestoreUser(BEN), because=UndoForSome(again))
    assert known(bus, "Members") == {ADA}


def test_an_import_that_a_what_if_left_out_counts_no_more(bus: Bus) -> None:
    first = imported(bus, "Members", created(ADA))
    imported(bus, "Members", created(BEN))
    done(bus, DeleteUser(ADA), because=WhatIfOf((first,)))
    assert known(bus, "Members") == {BEN}


def test_the_ids_are_read_only_where_they_are_asked_for(bus: Bus, log: EventLog) -> None:
    imported(bus, "Members", matched=(ADA, BEN))
    assert [recorded.event for recorded in log.read()] == [ListImported("Members", (ADA, BEN))]
    assert [recorded.event for recorded in log.stream(log.directory_id)] == [ListImported("", ())]
    with log.writing() as transaction:
        assert [event for _, event in transaction.stream_events(log.directory_id)] == [ListImported("", ())]


def test_the_directory_goes_on_after_an_import(bus: Bus, log: EventLog) -> None:
    imported(bus, "Members", matched=(ADA,))
    done(Bus(log, clock=lambda: 2_000_000, actor="lee"), DefineField("Desk"))
    assert [recorded.version for recorded in log.stream(log.directory_id)] == [1, 2]
    assert log.verify() is None
