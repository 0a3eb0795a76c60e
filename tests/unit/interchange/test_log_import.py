"""What an exported log brings in, and why it is refused: altered, cut, of a newer version, or known already."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.interchange.test_log_export import columns
from whowas import __version__
from whowas.command_bus.bus import Bus
from whowas.domain.causation import ImportOf, RedoOf, UndoOf
from whowas.domain.commands import (
    Command,
    CreateGroup,
    CreateUser,
    DefineField,
    DeleteField,
    DeleteUser,
    EraseUser,
    JoinGroup,
    NameMoment,
    RecordListImport,
    RenameField,
    SetPassword,
    UpdateUser,
)
from whowas.domain.errors import CancelledError
from whowas.interchange import log_export
from whowas.interchange.entries import UnreadableError
from whowas.interchange.importing.told.outcome import ImportOutcome
from whowas.interchange.log_import import import_log
from whowas.interchange.log_lines import is_log, logged_lines
from whowas.interchange.source import Source
from whowas.store.chain import GENESIS, linked
from whowas.store.event_log import EventLog

ADA, BEN, CLEO = (f"01890000-0000-7000-8000-00000000000{last}" for last in "abc")
CHOIR, AUDIT = (f"01890000-0000-7000-8000-0000000000f{last}" for last in "12")
NOON = 1_600_000_000_000_000
HASH = "$argon2id$one"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    """A directory of two users, which is exported."""
    log = EventLog.create(tmp_path / "old.whowas")
    bus = Bus(log, clock=lambda: NOON + 10, actor="ines")
    bus.dispatch(CreateGroup(CHOIR, "Choir"), occurred_at=NOON)
    bus.dispatch(DefineField("Desk"), occurred_at=NOON)
    bus.dispatch(CreateUser(ADA, {"first_name": "Ada", "email": "ada@x.org"}), occurred_at=NOON + 1, actor="kim")
    bus.dispatch(CreateUser(BEN, {"first_name": "Ben", "external_id": "7"}, {"Desk": "3"}), occurred_at=NOON + 2)
    bus.dispatch(JoinGroup(ADA, CHOIR), occurred_at=NOON + 3)
    bus.dispatch(SetPassword(ADA, HASH), occurred_at=NOON + 3)
    bus.dispatch(NameMoment(AUDIT, "Audit", "Noted.", NOON + 3, 6))
    bus.dispatch(UpdateUser(ADA, {"title": "Clerk"}), actor="lee")
    yield log
    log.close()


@pytest.fixture
def new(tmp_path: Path) -> Iterator[EventLog]:
    """An empty directory."""
    new = EventLog.create(tmp_path / "new.whowas")
    yield new
    new.close()


def bus_of(log: EventLog) -> Bus:
    return Bus(log, clock=lambda: NOON + 1_000, actor="max")


def exported(log: EventLog) -> list[str]:
    return list(log_export.write(log))


def taken(new: EventLog, lines: list[str], *, dry_run: bool = False) -> ImportOutcome:
    return import_log(bus_of(new), Source.of("log.jsonl", "".join(lines).encode()), dry_run=dry_run)


def told(new: EventLog, lines: list[str]) -> str:
    """Return where and why a log is refused, having looked that nothing was written."""
    head = new.head()
    outcome = taken(new, lines)
    assert not outcome.accepted
    assert not outcome.written
    assert new.head() == head
    assert outcome.counts["refused"] == len(outcome.rows)
    return "\n".join(f"{row.line}, {row.column}, {row.field}: {row.reason}" for row in outcome.rows)


def test_everything_comes_in_as_one_change(log: EventLog, new: EventLog) -> None:
    outcome = taken(new, exported(log))

    assert outcome.written
    assert (outcome.counts["created"], outcome.events) == (2, 8)
    assert (outcome.groups, outcome.fields, outcome.said) == (("Choir",), ("Desk",), ())
    assert [(row.what, row.line, row.user_id, row.name) for row in outcome.rows] == [
        ("created", 3, ADA, "Ada"),
        ("created", 4, BEN, "Ben"),
    ]
    events = list(new.read())
    assert len({event.change_id for event in events}) == 1
    assert {event.causation for event in events} == {ImportOf("log.jsonl", "max")}
    assert {event.recorded_at for event in events} == {NOON + 1_000}
    assert [(event.occurred_at, event.actor, event.event) for event in events] == [
        (event.occurred_at, event.actor, event.event) for event in log.read()
    ]
    assert new.verify() is None


def test_rules_hold_for_what_came_in(log: EventLog, new: EventLog) -> None:
    taken(new, exported(log))
    with bus_of(new).change() as change:
        assert change.reservations.owner_of_email("ada@x.org") == ADA
        assert change.reservations.owner_of_external_id("7") == BEN
        assert change.directory().moments[AUDIT].place == (NOON + 3, 6)


def test_what_would_be_is_told_without_writing(log: EventLog, new: EventLog) -> None:
    outcome = taken(new, exported(log), dry_run=True)
    assert (outcome.accepted, outcome.written, outcome.counts["created"]) == (True, False, 2)
    assert new.head().position == 0


def test_others_may_be_there_already(log: EventLog, new: EventLog) -> None:
    bus_of(new).dispatch(CreateUser(CLEO, {"first_name": "Cleo"}))
    assert taken(new, exported(log)).written
    with bus_of(new).change() as change:
        assert change.directory().moments[AUDIT].place == (NOON + 3, 7)
    assert new.verify() is None


def test_erased_users_are_left_out_and_moments_stay_where_they_are(log: EventLog, new: EventLog) -> None:
    bus_of(log).dispatch(EraseUser(BEN))
    outcome = taken(new, exported(log))
    assert outcome.said == ("1 user who was erased is left out.",)
    assert [event.stream for event in new.read() if event.stream == BEN] == []
    assert [event.event for event in new.read()][5].position == 5  # type: ignore[union-attr]  # it was 6
    assert new.verify() is None


CONFLICTS: dict[str, tuple[list[Command], str]] = {
    "a user": (
        [CreateUser(ADA, {"first_name": "Ada B."})],
        "3, 1, id: Ada B. is in this directory already: a log comes in where none of its users are.",
    ),
    "an erased user": (
        [CreateUser(ADA, {"first_name": "Ada B."}), EraseUser(ADA)],
        "3, 1, id: Somebody in this log was erased from this directory: nothing of them comes back.",
    ),
    "two users": (
        [CreateUser(ADA, {"first_name": "Ada B."}), CreateUser(BEN, {"first_name": "Ben B."}), DeleteUser(BEN)],
        (
            "3, 1, id: Ada B. and 1 other in this log are in this directory already: a log comes in where none of "
            "its users are."
        ),
    ),
    "an email": (
        [CreateUser(CLEO, {"email": "ADA@x.org"})],
        "3, 1, email: Another user has the email ada@x.org already.",
    ),
    "an external id": (
        [CreateUser(CLEO, {"external_id": "7"})],
        "4, 1, external_id: Another user has the external id 7 already.",
    ),
    "a group": ([CreateGroup(CHOIR, "Singers")], "1, 1, groups: The group Singers is in this directory already."),
    "the name of a group": ([CreateGroup(CLEO, "choir")], "1, 1, groups: There is a group called “Choir” already."),
    "a custom field that has another name": (
        [DefineField("Desk"), RenameField("Desk", "Table")],
        "2, 1, name: The custom field Table is in this directory already.",
    ),
    "a custom field that is deleted": (
        [DefineField("Desk"), DeleteField("Desk")],
        "2, 1, name: The custom field Desk is in this directory already.",
    ),
    "the name of a custom field": (
        [DefineField("desk")],
        "2, 1, name: There is a custom field called “Desk” already.",
    ),
    "a moment": ([NameMoment(AUDIT, "Then", None, 0, 0)], "7, 1, moment: The moment Then is here already."),
    "the name of a moment": (
        [NameMoment(CLEO, "audit", None, 0, 0)],
        "7, 1, moment: There is a moment called “Audit” already.",
    ),
}


@pytest.mark.parametrize(("commands", "says"), CONFLICTS.values(), ids=CONFLICTS)
def test_what_is_there_already_is_refused(commands: list[Command], says: str, log: EventLog, new: EventLog) -> None:
    for command in commands:
        bus_of(new).dispatch(command)
    assert told(new, exported(log)) == says


def test_a_log_comes_in_once(log: EventLog, new: EventLog) -> None:
    assert taken(new, exported(log)).written
    assert told(new, exported(log)) == (
        "3, 1, id: Ada and 1 other in this log are in this directory already: a log comes in where none of its users "
        "are."
    )


def test_a_user_who_is_created_twice_is_refused(log: EventLog, new: EventLog) -> None:
    """No program writes such a log, but somebody may make one."""
    line = altered(exported(log)[2], position=2)
    first = rechained(altered(exported(log)[2], position=1), GENESIS)
    second = rechained(line, bytes.fromhex(json.loads(first)["chain"]))
    assert told(new, [first, second]) == "2, 1, id: It is of a user who was never created, or was created before."


def altered(line: str, **values: object) -> str:
    return json.dumps({**json.loads(line), **values}, separators=(",", ":"), ensure_ascii=False) + "\n"


Alter = Callable[[list[str]], list[str]]

FAULTS: dict[str, tuple[Alter, str]] = {
    "another name": (
        lambda lines: [*lines[:2], lines[2].replace('"Ada"', '"Eda"'), *lines[3:]],
        "3, {payload}, : What this event holds was altered: it differs from its digest.",
    ),
    "another actor": (
        lambda lines: [*lines[:2], altered(lines[2], actor="eve"), *lines[3:]],
        "3, {chain}, : This line, or one before it, was altered, moved or put in: the chain breaks here.",
    ),
    "a line less": (
        lambda lines: [*lines[:3], *lines[4:]],
        "4, 2, : Position 5 follows 3: what was between them is missing.",
    ),
    "a line twice": (
        lambda lines: [*lines[:4], *lines[3:]],
        "5, 2, : Position 4 was there before: a line was moved, or is there twice.",
    ),
    "the first line less": (
        lambda lines: lines[1:],
        "1, 2, : This log begins with position 2: only a whole one, from position 1, can be imported.",
    ),
    "no payload": (
        lambda lines: [*lines[:2], altered(lines[2], payload=None), *lines[3:]],
        "3, {payload}, : What this event holds, or its salt, was taken out.",
    ),
    "neither payload nor salt": (
        lambda lines: [*lines[:2], altered(lines[2], payload=None, salt=None), *lines[3:]],
        "3, 1, : What this event holds is missing, though its user was not erased.",
    ),
    "half a line": (lambda lines: [*lines[:7], lines[7][:100]], "8, 1, : This is no line of an exported log: "),
    "another key": (
        lambda lines: [*lines[:7], altered(lines[7], more=1)],
        "8, 1, : This is no line of an exported log: ",
    ),
    "no UTF-8": (
        lambda lines: [lines[0].replace("Choir", "\udcff"), *lines[1:]],
        "1, {payload}, : What this event holds was al",
    ),
    "an id that is none": (lambda lines: [altered(lines[0], stream="x")], "1, {stream}, : “x” is not an id (a UUID)."),
    "a moment that is none": (lambda lines: [altered(lines[0], occurred_at="x")], "1, {occurred_at}, : “x” is not a m"),
    "a digest that is none": (lambda lines: [altered(lines[0], digest="x")], "1, {digest}, : These are not bytes"),
    "a number too large": (
        lambda lines: [altered(lines[0], version=2**64)],
        "1, {version}, : This line holds a number",
    ),
    "nothing": (lambda _: [], "1, 1, : The file is empty."),
    "blank lines": (lambda _: ["\n", " \n"], "1, 1, : The file is empty."),
}


@pytest.mark.parametrize(("alter", "says"), FAULTS.values(), ids=FAULTS)
def test_a_log_that_was_altered_is_refused_by_line(alter: Alter, says: str, log: EventLog, new: EventLog) -> None:
    lines = alter(exported(log))
    content = "".join(lines).encode("utf-8", "surrogateescape")
    outcome = import_log(bus_of(new), Source.of("log.jsonl", content))
    (row,) = outcome.rows
    columns = (
        {name: lines[row.line - 1].find(f'"{name}":') + 1 for name in json.loads(exported(log)[0])} if lines else {}
    )
    assert f"{row.line}, {row.column}, {row.field}: {row.reason}".startswith(says.format(**columns))
    assert (outcome.accepted, outcome.readable, outcome.written) == (False, False, False)
    assert new.head().position == 0


def test_a_log_of_a_newer_version_is_refused_with_a_sentence(log: EventLog, new: EventLog) -> None:
    line = rechained(altered(exported(log)[0], type="UserMoved", schema=3), GENESIS)
    assert told(new, [line]).endswith(
        f": This is an event “UserMoved” (schema 3) that Whowas {__version__} does not know. Import it with a newer "
        "version."
    )


def rechained(line: str, before: bytes) -> str:
    """Return a line of a log with the chain value that belongs to it, behind another one."""
    entry = json.loads(line)
    return altered(line, chain=linked(before, columns(entry), bytes.fromhex(entry["digest"])).hex())


def test_lists_that_were_imported_count_as_they_did(log: EventLog, new: EventLog) -> None:
    ticks = iter(range(NOON + 100, NOON + 200))
    bus = Bus(log, clock=lambda: next(ticks), actor="ines")

    def changed(*commands: Command, because: object = None) -> str:
        with bus.change(causation=because) as change:  # type: ignore[arg-type]
            change.dispatch(*commands)
        return change.id

    changed(CreateUser(CLEO, {"first_name": "Cleo"}), RecordListImport("Members", (BEN,)), because=ImportOf("m.csv"))
    undone = changed(UpdateUser(ADA, {"title": "a"}), RecordListImport("Pupils"), because=ImportOf("p.csv"))
    changed(UpdateUser(ADA, {"title": "b"}), because=UndoOf(undone))
    first = changed(UpdateUser(ADA, {"title": "c"}), RecordListImport("Staff"), because=ImportOf("s.csv"))
    undo = changed(UpdateUser(ADA, {"title": "d"}), because=UndoOf(first))
    changed(UpdateUser(ADA, {"title": "e"}), because=RedoOf(undo))
    assert taken(new, exported(log)).written

    for directory in (log, new):
        with bus_of(directory).change() as change:
            known = [change.users_of_source(source) for source in ("Members", "Pupils", "Staff")]
        assert known == [{CLEO, BEN}, set(), {ADA}]
    assert new.verify() is None


def test_a_byte_order_mark_is_no_text_of_a_log(log: EventLog, new: EventLog) -> None:
    assert taken(new, ["\ufeff", *exported(log)]).written


def test_it_can_be_cancelled_and_leaves_nothing(log: EventLog, new: EventLog) -> None:
    asked: list[float] = []

    def progress(done: int, total: int) -> None:
        asked.append(done / total)
        if done / total > 1 / 3:
            raise CancelledError

    content = "".join(exported(log)).encode()
    with pytest.raises(CancelledError):
        import_log(bus_of(new), Source.of("log.jsonl", content), progress=progress)
    assert asked == sorted(asked)
    assert new.head().position == 0


def test_a_log_is_told_by_its_first_line(log: EventLog) -> None:
    lines = "".join(exported(log)).encode()
    assert is_log(Source.of("x", lines))
    assert is_log(Source.of("x", b"\xef\xbb\xbf" + lines))
    assert is_log(Source.of("x", altered(exported(log)[0], more=1).encode()))
    for other in (b"", b"{}", b'{"at": "2020-01-01", "op": "create", "id": "a"}', b"[", b"\xff{", b"id,name\n"):
        assert not is_log(Source.of("x", other))


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A small log, exported once."""
    with closing(EventLog.create(tmp_path_factory.mktemp("log") / "old.whowas")) as log:
        bus = Bus(log, clock=lambda: NOON, actor="ines")
        bus.dispatch(CreateUser(ADA, {"first_name": "Ada"}), occurred_at=NOON - 5)
        with bus.change(causation=ImportOf("list.csv")) as change:
            change.dispatch(UpdateUser(ADA, {"title": "Clerk"}), RecordListImport("A", (ADA,)))
        return "".join(exported(log)).encode()


@given(st.data())
def test_no_byte_can_be_altered_unnoticed(content: bytes, data: st.DataObject) -> None:
    altered_bytes = bytearray(content)
    for _ in range(data.draw(st.integers(1, 2))):
        altered_bytes[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = list(logged_lines(Source.of("log.jsonl", bytes(altered_bytes))))
    except UnreadableError as error:
        assert str(error)  # noqa: PT017 (that it is raised is no must: a blank may become another one)
    else:
        assert found == list(logged_lines(Source.of("log.jsonl", content)))
