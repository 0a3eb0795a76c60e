"""A dry run of only the first rows, to be shown until all of them are looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.command_line import json_lines
from tests.unit.interchange.importing.given_lists import Desk, desk, given, whats
from whowas.domain.commands import CreateUser, DefineField
from whowas.interchange.importing.given.rules import ImportRules
from whowas.interchange.importing.ready import Request, made_ready
from whowas.interchange.reading.table import Row, UnreadableRow
from whowas.interchange.source import Source

ANN = "01890000-0000-7000-8000-00000000000a"
BOB = "01890000-0000-7000-8000-00000000000b"


@pytest.fixture
def staff() -> Iterator[Desk]:
    with desk() as staff:
        staff.bus.dispatch(DefineField("Badge"))
        staff.bus.dispatch(CreateUser(ANN, {"first_name": "Ann", "external_id": "E1"}, {"Badge": "A"}))
        staff.bus.dispatch(CreateUser(BOB, {"first_name": "Bob", "email": "bob@x.org"}))
        yield staff


def test_the_first_rows_over_all_files_are_looked_at_and_nobody_is_missing(staff: Desk) -> None:
    head = staff.log.head()
    one = given([{"external_id": "E1", "first_name": "Anne"}], name="a.csv")
    two = given([{"external_id": "E2"}, {"external_id": "E3"}], name="b.csv")
    three = given([{"external_id": "E4"}], name="c.csv")
    outcome = staff.take_all([one, two, three], first=2, missing="delete", among="all", yes=True)
    assert [(row.file, row.line, row.what) for row in outcome.rows] == [
        ("a.csv", 2, "changed"),
        ("b.csv", 2, "created"),
    ]
    assert (outcome.written, outcome.deleted, staff.log.head()) == (False, 0, head)


def test_no_row_behind_the_first_ones_is_read(staff: Desk) -> None:
    taken: list[int] = []
    whole = given([{"external_id": str(number)} for number in range(10)])

    def watched() -> Iterator[Row | UnreadableRow]:
        for row in whole.table.rows():
            taken.append(row.line)
            yield row

    outcome = staff.take_all([replace(whole, table=replace(whole.table, rows=watched))], first=3)
    assert [row.line for row in outcome.rows] == taken == [2, 3, 4]


def test_the_whole_log_is_read_only_for_a_key_that_needs_it(staff: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    reads = 0
    read = staff.log.read

    def counted(*args: object, **options: object) -> object:
        nonlocal reads
        reads += 1
        return read(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(staff.log, "read", counted)
    row = given([{"first_name": "Bob"}, {"first_name": "Bo", "email": "bob@x.org"}])
    assert whats(staff.take_all([row], first=2, missing="suspend", among="all")) == ["created", "changed"]
    assert reads == 0
    badge = given([{"attributes.Badge": "A", "first_name": "Anne"}])
    assert whats(staff.take_all([badge], first=1, keys=("attributes.Badge",))) == ["changed"]
    assert reads == 1


def test_entries_of_change_logs_too(staff: Desk) -> None:
    lines = [
        {"at": f"2020-03-0{day}", "op": "create", "id": f"E{day}", "fields": {"first_name": "Cy"}}
        for day in range(2, 6)
    ]
    ready = made_ready([Source.of("history.jsonl", json_lines(*lines).encode())], Request(rules=ImportRules()))
    outcome = ready.take(staff.bus, staff.log, first=3)
    assert [row.line for row in outcome.rows] == [1, 2, 3]
    assert not outcome.written
