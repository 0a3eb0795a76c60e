"""Why changes were made is told wherever they are: what they took back or brought back, and the reason given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from whowas.command_bus.bus import Bus
from whowas.domain.causation import Causation, ImportOf, RedoOf, RestoreOf, UndoForSome, UndoOf, WhatIfOf
from whowas.domain.commands import Command, CreateGroup, CreateUser, UpdateUser
from whowas.projections.queries.causes import Cause
from whowas.projections.queries.change_lines import change_lines
from whowas.projections.queries.history import history_of
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

ADA = "01890000-0000-7000-8000-00000000000a"
BEN = "01890000-0000-7000-8000-00000000000b"
STAFF = "01890000-0000-7000-8000-0000000000f1"


class Directory:
    """A directory with Ada in it, and what its read side tells."""

    def __init__(self, folder: Path) -> None:
        self.log = EventLog.create(folder / "people.whowas")
        moments = iter(range(1_000_000, 1_000_000_000, 1_000_000))
        self.bus = Bus(self.log, clock=lambda: next(moments), actor="ines")
        self.side = ReadSide(self.log, folder / "cache")
        self.do(CreateUser(ADA, {"first_name": "Ada"}))

    def do(self, *commands: Command, because: Causation | None = None) -> str:
        """Carry out one change and return its id."""
        with self.bus.change(causation=because) as change:
            change.dispatch(*commands)
        self.side.catch_up()
        ((change_id,),) = self.side.read_model.select("SELECT change_id FROM change ORDER BY number DESC LIMIT 1")
        return str(change_id)

    def told(self, moment: int | None = None) -> str | None:
        index = self.side.catch_up()
        cause = self.side.change_line(index, index.now if moment is None else moment).cause
        return cause.told(str) if cause else None

    def close(self) -> None:
        self.side.close()
        self.log.close()


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Directory]:
    made = Directory(tmp_path)
    yield made
    made.close()


def titled(title: str) -> UpdateUser:
    return UpdateUser(ADA, {"title": title})


def test_a_plain_edit_has_no_cause(directory: Directory) -> None:
    directory.do(titled("Clerk"))
    assert directory.told() is None


def test_an_undo_names_what_it_took_back_and_why(directory: Directory) -> None:
    wrong = directory.do(titled("Clerk"))
    undo = directory.do(titled("Head"), because=UndoOf(wrong, "typo"))
    assert directory.told() == "undo of “Ada: Title changed” · because: typo"
    directory.do(titled("Clerk"), because=RedoOf(undo))
    assert directory.told() == "redo of “Ada: Title changed”"
    directory.do(titled("Bursar"), because=UndoOf(undo))
    assert directory.told() == "undo of “Ada: Title changed”"


def test_a_restoration_names_its_moment(directory: Directory) -> None:
    directory.do(titled("Clerk"), because=RestoreOf(1_000_000, 1, "asked for"))
    assert directory.told() == "restored to 1000000 · because: asked for"
    directory.do(titled("Head"), because=RestoreOf(0, 0))
    assert directory.told() == "restored to the beginning"


def test_a_what_if_names_the_change_or_counts_them(directory: Directory) -> None:
    one, other = directory.do(titled("Clerk")), directory.do(CreateGroup(STAFF, "Staff"))
    directory.do(titled("Head"), because=WhatIfOf((other,), "never was"))
    assert directory.told() == "what if not “Group Staff created” · because: never was"
    directory.do(titled("Clerk"), because=WhatIfOf((one, other)))
    assert directory.told() == "what if not 2 changes"


def test_an_import_that_was_undone_is_called_by_its_file(directory: Directory) -> None:
    taken_in = directory.do(titled("Clerk"), CreateUser(BEN, {"first_name": "Ben"}), because=ImportOf("staff.csv"))
    assert directory.told() == "import of staff.csv"
    directory.do(titled("Head"), because=UndoOf(taken_in))
    assert directory.told() == "undo of “Import of staff.csv”"


def test_an_import_that_was_undone_for_some_users_is_not_said_to_be_undone(directory: Directory) -> None:
    taken_in = directory.do(titled("Clerk"), CreateUser(BEN, {"first_name": "Ben"}), because=ImportOf("staff.csv"))
    directory.do(titled("Head"), because=UndoForSome(taken_in, "only Ada"))
    assert directory.told() == "undo of “Import of staff.csv” for some of its users · because: only Ada"


def test_a_change_in_parts_is_told_by_its_first(directory: Directory) -> None:
    with directory.bus.change() as change:
        change.dispatch(titled("Clerk"), occurred_at=1_200_000)
        change.dispatch(UpdateUser(ADA, {"phone": "1"}), occurred_at=1_300_000)
    directory.side.catch_up()
    ((change_id,),) = directory.side.read_model.select("SELECT change_id FROM change ORDER BY number DESC LIMIT 1")
    directory.do(titled("Head"), because=UndoOf(change_id))
    assert directory.told() == "undo of “Ada: Title changed and more”"


def test_what_is_not_known_is_not_made_up(directory: Directory) -> None:
    directory.do(titled("Clerk"), because=UndoOf("01890000-0000-7000-8000-0000000000ff"))
    assert directory.told() == "undo of another change"


def test_history_and_blame_tell_it_too(directory: Directory) -> None:
    wrong = directory.do(titled("Clerk"))
    directory.do(titled("Head"), because=UndoOf(wrong, "typo"))
    index = directory.side.catch_up()
    expected = Cause(UndoOf(wrong, "typo"), "Ada: Title changed")
    entries = history_of(directory.side.read_model, index, ADA)
    assert [entry.cause for entry in entries] == [None, None, expected]
    assert [span.cause for span in directory.side.spans_of(ADA, "title", index)] == [expected, None, None]


def test_however_many_lines_have_causes_they_are_looked_up_together(
    directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        wrong = directory.do(titled(f"T{number}"))
        directory.do(titled("Head"), because=UndoOf(wrong))
    model, index = directory.side.read_model, directory.side.catch_up()
    asked: list[str] = []

    def counting(sql: str, parameters: Sequence[object] = ()) -> Iterable[tuple[Any, ...]]:
        asked.append(sql)
        return model.connection().execute(sql, parameters)

    monkeypatch.setattr(model, "select", counting)
    counts = []
    for moments in ([3], range(1, index.now + 1)):
        asked.clear()
        lines = change_lines(model, index, list(moments))
        counts.append(len(asked))
    assert sum(line.cause is not None for line in lines) == 12
    assert counts[1] <= counts[0]
