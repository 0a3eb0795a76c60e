"""Random decisions about rows of random lists: they are obeyed, or the row is refused, and other rows are as ever."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial

from hypothesis import event, settings
from hypothesis import given as examples
from hypothesis import strategies as st

from tests.examples import at_most
from tests.unit.interchange.importing.given_lists import NOW, Desk, Fields, desk, given
from tests.unit.interchange.importing.test_whom_rows_mean import EMAILS, EXTERNAL_IDS, KEYS, NAMES, filled
from whowas.domain.commands import CreateUser, UpdateUser
from whowas.domain.users import User
from whowas.interchange.importing.given.list_input import ListInput
from whowas.interchange.importing.given.rules import Decision, LeaveOut, NewUser, RowKey, SameAs
from whowas.interchange.importing.told.outcome import ImportOutcome, RowOutcome
from whowas.interchange.reading.table import Row, UnreadableRow

DAY = 86_400_000_000
IDS = [f"01890000-0000-7000-8000-{number:012x}" for number in range(5)]
PEOPLE = st.lists(
    st.fixed_dictionaries({"first_name": NAMES}, optional={"external_id": EXTERNAL_IDS, "email": EMAILS}),
    min_size=2,
    max_size=4,
    unique_by=(
        lambda fields: fields.get("external_id", object()),
        lambda fields: fields.get("email", "").lower() or object(),
    ),
)
GONE = st.sets(st.integers(0, 3), max_size=1)
ROW = st.fixed_dictionaries(
    {"first_name": NAMES},
    optional={
        "external_id": st.one_of(EXTERNAL_IDS, st.sampled_from("456")),
        "email": st.one_of(EMAILS, st.sampled_from(["d@x.org", "e@x.org"])),
        "title": st.sampled_from(["Clerk", "Judge"]),
        "status": st.sampled_from(["active", "suspended", "deleted"]),
    },
)
WITH_ID = st.builds(lambda row, user_id: {**row, "id": user_id}, ROW, st.sampled_from(IDS))
DECISION = st.one_of(st.none(), st.just(LeaveOut()), st.just(NewUser()), st.sampled_from(IDS).map(SameAs))
ROWS = st.lists(st.tuples(st.one_of(ROW, ROW, WITH_ID), DECISION), max_size=4)
SIMILAR = st.sampled_from(["new", "refuse"])
MANY = settings(max_examples=at_most(100), deadline=None)


def decisions_of(rows: list[tuple[Fields, Decision | None]], name: str = "list.csv") -> dict[RowKey, Decision]:
    return {(name, line): decision for line, (_, decision) in enumerate(rows, start=2) if decision is not None}


def told(outcome: ImportOutcome) -> list[RowOutcome]:
    """All rows as they are told, but for the ids of who is new."""
    new = {row.user_id for row in outcome.rows if row.what == "created"}
    return [replace(row, user_id="") if row.user_id in new else row for row in outcome.rows]


def without(whole: ListInput, lines: set[int]) -> ListInput:
    """The same list as if some lines had never stood there."""

    def rows() -> Iterator[Row | UnreadableRow]:
        return (row for row in whole.table.rows() if row.line not in lines)

    return replace(whole, table=replace(whole.table, rows=rows))


def state(staff: Desk) -> list[tuple[object, ...]]:
    """Everybody as they are, but for the ids of who is new."""
    return sorted((tuple(user._replace(id=user.id if user.id in IDS else "")) for user in staff.users()), key=repr)


@MANY
@examples(PEOPLE, GONE, ROWS, KEYS, SIMILAR, st.booleans())
def test_decisions_are_obeyed(
    people: list[Fields],
    gone: set[int],
    rows: list[tuple[Fields, Decision | None]],
    keys: tuple[str, ...],
    similar: str,
    skip_refused: bool,
) -> None:
    with desk() as staff:
        filled(staff, people, gone)
        before = {user.id: user for user in staff.users()}
        rules = {"keys": keys, "similar": similar, "skip_refused": skip_refused, "decisions": decisions_of(rows)}
        inputs = [given([row for row, _ in rows])]
        preview = staff.take_all(inputs, dry_run=True, **rules)
        outcome = staff.take_all(inputs, previewed=preview, **rules)
        assert told(preview) == told(outcome)
        assert not outcome.decided_again
        assert outcome.accepted == (skip_refused or not outcome.counts["refused"] + outcome.counts["similar"])
        for row, (_, decision) in zip(outcome.rows, rows, strict=True):
            _require_obeyed(row, decision, before)
        if outcome.written:
            assert {user.id for user in staff.users()} - before.keys() == {
                row.user_id for row in outcome.rows if row.what == "created"
            } - before.keys()


@MANY
@examples(PEOPLE, ROWS, ROWS, KEYS, SIMILAR, st.sampled_from(["keep", "suspend", "delete"]), st.booleans())
def test_decisions_about_rows_of_dated_lists_are_obeyed(
    people: list[Fields],
    one: list[tuple[Fields, Decision | None]],
    two: list[tuple[Fields, Decision | None]],
    keys: tuple[str, ...],
    similar: str,
    missing: str,
    later: bool,
) -> None:
    with desk() as staff:
        for user_id, fields in zip(IDS, people, strict=False):
            staff.bus.dispatch(CreateUser(user_id, fields), occurred_at=NOW - 4 * DAY)
        if later:  # the lists are then older than what the directory knows
            staff.bus.dispatch(UpdateUser(IDS[1], {"notes": "Tall"}), occurred_at=NOW - DAY)
        before = {user.id: user for user in staff.users()}
        inputs = [
            given([row for row, _ in rows], "members", name, moment, name.encode())
            for name, rows, moment in (("1.csv", one, NOW - 3 * DAY), ("2.csv", two, NOW - 2 * DAY))
        ]
        decisions = decisions_of(one, "1.csv") | decisions_of(two, "2.csv")
        rules = {"keys": keys, "similar": similar, "missing": missing, "among": "all", "yes": True}
        taking = partial(staff.take_all, inputs, skip_refused=True, decisions=decisions, **rules)
        preview = taking(dry_run=True)
        outcome = taking(previewed=preview)
        assert told(preview) == told(outcome)
        assert not outcome.decided_again
        made = {row.user_id for row in outcome.rows if row.what == "created"}
        for row in outcome.rows:
            if row.line:
                _require_obeyed(row, decisions.get((row.file, row.line)), before, made)
        assert staff.log.verify() is None


def _require_obeyed(
    row: RowOutcome, decision: Decision | None, before: Mapping[str, User], made: Collection[str] = ()
) -> None:
    """Require what was decided about a row; ``made`` are those whom earlier lists may have made."""
    event(f"{type(decision).__name__} {row.what}")
    match decision:
        case LeaveOut():
            assert (row.what, row.reason, row.changes) == ("left_out", "", {})
        case NewUser():
            assert row.what in ("created", "unchanged", "refused"), row
            assert row.what == "refused" or row.user_id not in before
        case SameAs(user_id):
            assert row.what in ("changed", "unchanged", "refused"), row
            assert row.what == "refused" or row.user_id == user_id
            there = before.get(user_id)
            assert row.what == "refused" or user_id in made or (there is not None and there.status != "deleted")
        case None:
            assert row.what != "left_out"


@MANY
@examples(PEOPLE, GONE, ROWS, KEYS, SIMILAR)
def test_a_row_that_is_left_out_might_as_well_not_stand_there(
    people: list[Fields],
    gone: set[int],
    rows: list[tuple[Fields, Decision | None]],
    keys: tuple[str, ...],
    similar: str,
) -> None:
    decisions = decisions_of(rows)
    left = {line for (_, line), decision in decisions.items() if decision == LeaveOut()}
    others = {key: decision for key, decision in decisions.items() if key[1] not in left}
    whole = given([row for row, _ in rows])
    with desk() as one, desk() as other:
        for staff in (one, other):
            filled(staff, people, gone)
        taken = one.take_all([whole], keys=keys, similar=similar, skip_refused=True, decisions=decisions)
        there = other.take_all([without(whole, left)], keys=keys, similar=similar, skip_refused=True, decisions=others)
        assert [row for row in told(taken) if row.what != "left_out"] == told(there)
        assert state(one) == state(other)


@MANY
@examples(PEOPLE, GONE, st.lists(ROW, min_size=1, max_size=4), KEYS, SIMILAR, st.data())
def test_whom_a_row_is_about_that_is_left_out_is_never_missing(
    people: list[Fields], gone: set[int], rows: list[Fields], keys: tuple[str, ...], similar: str, data: st.DataObject
) -> None:
    left = data.draw(st.integers(0, len(rows) - 1))
    rules = {"keys": keys, "similar": similar, "skip_refused": True, "missing": "suspend", "among": "all", "yes": True}
    with desk() as staff:
        filled(staff, people, gone)
        whole = staff.take_all([given(rows)], dry_run=True, **rules).rows[left]
        about = {*whole.perhaps, *({whole.user_id} if whole.what in ("changed", "unchanged") else ())}
        event(f"{whole.what}, about {len(about)}")
        outcome = staff.take_all([given(rows)], decisions={("list.csv", left + 2): LeaveOut()}, **rules)
        assert outcome.rows[left].what == "left_out"
        assert not about.intersection(row.user_id for row in outcome.rows if row.what == "missing")
