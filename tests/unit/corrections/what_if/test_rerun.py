"""What if: changes taken out, later ones decided again, and the difference made so by one ordinary change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.corrections.undo.last_change import take_back
from whowas.corrections.what_if.apply import apply
from whowas.corrections.what_if.outcome import GroupDifference, Refused, WhatIfOutcome
from whowas.corrections.what_if.rerun import imagine
from whowas.domain.causation import UndoOf, WhatIfOf, from_text, to_text
from whowas.domain.commands import (
    Command,
    CreateGroup,
    CreateUser,
    DefineField,
    DeleteField,
    DeleteGroup,
    DeleteMoment,
    DeleteUser,
    JoinGroup,
    NameMoment,
    RenameField,
    RenameGroup,
    RenameMoment,
    RestoreField,
    RestoreUser,
    SuspendUser,
    UpdateUser,
)
from whowas.domain.errors import CancelledError, RefusedError
from whowas.domain.sentences import FieldChange
from whowas.domain.users import User
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.undo_list import DoneChange
from whowas.projections.sides.read_side import ReadSide
from whowas.projections.sides.temporary import temporary_side
from whowas.store.event_log import EventLog

ADA = "01890000-0000-7000-8000-00000000000a"
BEN = "01890000-0000-7000-8000-00000000000b"
CAM = "01890000-0000-7000-8000-00000000000c"
STAFF = "01890000-0000-7000-8000-0000000000f1"
CREW = "01890000-0000-7000-8000-0000000000f2"
AUDIT = "01890000-0000-7000-8000-0000000000a1"
MOVE = "01890000-0000-7000-8000-0000000000a2"
SECOND = 1_000_000

Do = Callable[..., str]


class Clock:
    """Stands at the given second until it is set again."""

    def __init__(self) -> None:
        self.now = SECOND

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog.create(tmp_path / "people.whowas")
    yield log
    log.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def bus(log: EventLog, clock: Clock) -> Bus:
    return Bus(log, clock=clock, actor="ines")


@pytest.fixture
def do(bus: Bus, clock: Clock) -> Do:
    """Carry out commands together as one change, a second later than the last; return its id."""

    def do(*commands: Command, occurred_at: int | None = None) -> str:
        clock.now += SECOND
        with bus.change() as change:
            change.dispatch(*commands, occurred_at=occurred_at)
        return change.id

    return do


def people(bus: Bus) -> dict[str, User]:
    with bus.change() as change:
        found = {user_id: change.user(user_id) for user_id in (ADA, BEN, CAM)}
    return {user_id: user._replace(version=0) for user_id, user in found.items() if user is not None}


def users_at(what_if: WhatIfOutcome, moment: int) -> dict[str, User]:
    """Return everybody as of a moment in the directory that is looked at."""
    with looked_at(what_if) as (side, index):
        numbers = index.numbers[index.alive(index.steps.moment_at(moment))].tolist()
        return {row.user.id: row.user for row in side.rows(numbers)}


def groups_at(what_if: WhatIfOutcome, moment: int) -> dict[str, str]:
    with looked_at(what_if) as (_, index):
        states = index.directories[: index.directory_states(index.steps.moment_at(moment))]
        return dict(states[-1][1].groups) if states else {}


@contextmanager
def looked_at(what_if: WhatIfOutcome) -> Iterator[tuple[ReadSide, VersionIndex]]:
    with temporary_side(what_if.log) as side:
        yield side, side.catch_up()


def undo_last(bus: Bus, log: EventLog) -> None:
    events = list(log.read())
    mine = [recorded for recorded in events if recorded.change_id == events[-1].change_id]
    done = DoneChange(mine[0].change_id, mine[0].position, mine[-1].position, mine[0].recorded_at)
    assert take_back(bus, log, done, UndoOf(done.change_id))


def test_later_changes_of_who_would_not_exist_are_refused_and_nothing_is_written(
    log: EventLog, do: Do, bus: Bus
) -> None:
    do(CreateUser(BEN, {"first_name": "Ben"}))
    creation = do(CreateUser(ADA, {"first_name": "Ada", "last_name": "Ito"}))
    titled = do(UpdateUser(ADA, {"title": "Clerk"}))
    later = do(UpdateUser(BEN, {"title": "Head"}), SuspendUser(ADA), occurred_at=3 * SECOND)
    head = log.head()

    what_if = imagine(log, [creation])

    assert log.head() == head
    assert list(what_if.users) == [BEN]
    assert what_if.users[BEN].title == "Head", "the rest of a change stands"
    common = {"user_id": ADA, "person": "Ada Ito", "field": "id", "reason": "There is no such user.", "actor": "ines"}
    assert what_if.refused == [
        Refused(
            **common,  # type: ignore[arg-type]
            title="Title changed",
            command=UpdateUser(ADA, {"title": "Clerk"}),
            change_id=titled,
            position=3,
            recorded_at=4 * SECOND,
            occurred_at=4 * SECOND,
        ),
        Refused(
            **common,  # type: ignore[arg-type]
            title="Suspended",
            command=SuspendUser(ADA),
            change_id=later,
            position=5,
            recorded_at=5 * SECOND,
            occurred_at=3 * SECOND,
        ),
    ]
    (difference,) = what_if.user_differences
    assert (difference.now.id, difference.would_be) == (ADA, None)
    assert difference.changes == (
        FieldChange("first_name", "Ada", None),
        FieldChange("last_name", "Ito", None),
        FieldChange("title", "Clerk", None),
        FieldChange("status", "suspended", None),
    )
    assert apply(bus, what_if)
    assert people(bus)[ADA].status == "deleted"


def test_an_email_that_was_not_freed_is_refused_to_who_took_it(log: EventLog, do: Do, bus: Bus) -> None:
    do(CreateUser(ADA, {"first_name": "Ada", "email": "desk@x.org"}), CreateUser(BEN, {"first_name": "Ben"}))
    freed = do(UpdateUser(ADA, {"email": "ada@x.org"}))
    do(UpdateUser(BEN, {"email": "desk@x.org", "title": "Head"}))
    now = people(bus)

    what_if = imagine(log, [freed])

    (refused,) = what_if.refused
    assert (refused.person, refused.title) == ("Ben", "Email and Title changed")
    assert (refused.field, refused.reason) == ("email", "Another user has the email desk@x.org already.")
    assert [change for difference in what_if.user_differences for change in difference.changes] == [
        FieldChange("email", "ada@x.org", "desk@x.org"),
        FieldChange("email", "desk@x.org", None),
        FieldChange("title", "Head", None),
    ]
    assert apply(bus, what_if)
    assert [user.email for user in people(bus).values()] == ["desk@x.org", None]
    undo_last(bus, log)
    assert people(bus) == now


def test_emails_that_were_swapped_are_swapped_back_and_forth(log: EventLog, do: Do, bus: Bus) -> None:
    do(CreateUser(ADA, {"email": "a@x.org"}), CreateUser(BEN, {"email": "b@x.org"}))
    first = do(UpdateUser(ADA, {"email": "other@x.org"}))
    do(UpdateUser(BEN, {"email": "a@x.org"}))
    do(UpdateUser(ADA, {"email": "b@x.org"}))
    now = people(bus)

    what_if = imagine(log, [first])
    assert [refused.reason for refused in what_if.refused] == [
        "Another user has the email a@x.org already.",
        "Another user has the email b@x.org already.",
    ]
    assert apply(bus, what_if)
    assert [user.email for user in people(bus).values()] == ["a@x.org", "b@x.org"]
    undo_last(bus, log)
    assert people(bus) == now


def test_a_refusal_names_an_email_as_the_command_wrote_it_that_took_it(log: EventLog, do: Do) -> None:
    do(CreateUser(ADA, {"first_name": "Ada", "email": "desk@x.org"}), CreateUser(BEN, {"first_name": "Ben"}))
    freed = do(UpdateUser(ADA, {"email": None}))
    do(UpdateUser(BEN, {"email": "desk@x.org"}), UpdateUser(BEN, {"email": "DESK@x.org"}))
    assert imagine(log, [freed]).refused[0].reason == "Another user has the email desk@x.org already."


def test_a_backdated_email_is_refused_where_somebody_has_it_though_its_user_is_deleted_by_now(
    log: EventLog, do: Do, clock: Clock
) -> None:
    do(CreateUser(ADA, {"first_name": "Ada", "email": "desk@x.org"}), CreateUser(BEN, {"first_name": "Ben"}))
    deletion = do(DeleteUser(ADA))
    before = clock.now
    do(DeleteUser(BEN))
    do(UpdateUser(BEN, {"email": "desk@x.org"}), occurred_at=before)
    (refused,) = imagine(log, [deletion]).refused
    assert refused.reason == "Another user has the email desk@x.org already."


def test_a_user_is_in_the_group_that_would_be_there_though_another_one_has_its_name(
    log: EventLog, do: Do, bus: Bus
) -> None:
    do(CreateGroup(STAFF, "Staff"), CreateUser(ADA, {"first_name": "Ada"}), JoinGroup(ADA, STAFF))
    deletion = do(DeleteGroup(STAFF))
    do(CreateGroup(CREW, "Staff"), JoinGroup(ADA, CREW))
    what_if = imagine(log, [deletion])
    assert what_if.users[ADA].groups == {STAFF}
    assert apply(bus, what_if)
    assert people(bus)[ADA].groups == {STAFF}


def test_who_was_never_deleted_need_not_come_back_without_their_email(log: EventLog, do: Do) -> None:
    do(CreateUser(ADA, {"first_name": "Ada", "email": "desk@x.org"}))
    deletion = do(DeleteUser(ADA))
    taken = do(CreateUser(BEN, {"first_name": "Ben", "email": "desk@x.org"}))
    do(RestoreUser(ADA, keep_email=False))

    without_deletion = imagine(log, [deletion])
    assert without_deletion.users[ADA].email == "desk@x.org"
    assert [refused.person for refused in without_deletion.refused] == ["Ben"]

    without_ben = imagine(log, [taken])
    assert without_ben.users[ADA].email is None, "Ada was asked to come back without it"
    assert without_ben.refused == []


def test_restoring_without_the_email_is_refused_as_a_whole(log: EventLog, do: Do) -> None:
    do(CreateUser(ADA, {"email": "desk@x.org"}))
    named = do(UpdateUser(ADA, {"first_name": "Ada"}))
    do(DeleteUser(ADA))
    do(RestoreUser(ADA, keep_email=False))
    what_if = imagine(log, [named])
    (refused,) = what_if.refused
    assert refused.command == RestoreUser(ADA, keep_email=False)
    assert refused.reason == "A user needs a name or an email address."
    assert what_if.users[ADA].status == "deleted"


def test_what_commands_of_one_change_come_to_counts(log: EventLog, do: Do, bus: Bus, clock: Clock) -> None:
    do(CreateUser(ADA, {"first_name": "Ada", "email": "desk@x.org"}))
    do(DeleteUser(ADA))
    do(CreateUser(BEN, {"first_name": "Ben", "email": "desk@x.org"}))
    freed = do(UpdateUser(BEN, {"email": None}))
    with bus.change() as change:
        change.dispatch(RestoreUser(ADA), command_id="01890000-0000-7000-8000-0000000000d1")
        change.dispatch(UpdateUser(ADA, {"email": None}), command_id="01890000-0000-7000-8000-0000000000d2")
    outcome = imagine(log, [freed])
    assert (outcome.refused, outcome.users[ADA].status, outcome.users[ADA].email) == ([], "active", None)


def test_what_relied_on_a_refused_command_of_its_change_is_refused_too(
    log: EventLog, do: Do, bus: Bus, clock: Clock
) -> None:
    do(CreateUser(ADA, {"first_name": "Ada", "email": "desk@x.org"}))
    do(DeleteUser(ADA))
    do(CreateUser(BEN, {"first_name": "Ben", "email": "desk@x.org"}))
    freed = do(UpdateUser(BEN, {"email": None}))
    with bus.change() as change:
        change.dispatch(RestoreUser(ADA))
        change.dispatch(UpdateUser(ADA, {"title": "Head"}))
        change.dispatch(UpdateUser(BEN, {"title": "Deputy"}))
    outcome = imagine(log, [freed])
    assert [refused.reason for refused in outcome.refused] == [
        "Another user has the email desk@x.org already.",
        "Ada is deleted. Bring this user back first.",
    ]
    assert outcome.users[BEN].title == "Deputy"


def test_a_backdated_command_sees_the_user_of_its_moment(log: EventLog, do: Do) -> None:
    do(CreateUser(ADA, {"first_name": "Ada"}))
    deletion = do(DeleteUser(ADA), occurred_at=10 * SECOND)
    do(RestoreUser(ADA), occurred_at=20 * SECOND)
    do(UpdateUser(ADA, {"title": "Clerk"}), occurred_at=5 * SECOND)
    what_if = imagine(log, [deletion])
    assert what_if.refused == []
    assert users_at(what_if, SECOND) == {}
    seen = [users_at(what_if, moment * SECOND)[ADA] for moment in (2, 5, 15, 25)]
    assert [user.status for user in seen] == ["active"] * 4
    assert [user.title for user in seen] == [None, "Clerk", "Clerk", "Clerk"]


def test_groups_would_be_otherwise(log: EventLog, do: Do, bus: Bus) -> None:
    do(CreateUser(ADA, {"first_name": "Ada"}), CreateGroup(STAFF, "Staff"), JoinGroup(ADA, STAFF))
    ended = do(DeleteGroup(STAFF))
    do(CreateGroup(CREW, "Staff"), JoinGroup(ADA, CREW))
    do(RenameGroup(CREW, "Crew"))
    do(CreateGroup(STAFF, "Staff"))
    now = people(bus)

    what_if = imagine(log, [ended])

    told = [(refused.user_id, refused.person, refused.title, refused.reason) for refused in what_if.refused]
    assert told == [
        (None, "", "Group Staff created", "There is a group called “Staff” already."),
        (ADA, "Ada", "Added to group", "There is no such group."),
        (None, "", "Group Staff renamed to Crew", "There is no such group."),
        (None, "", "Group Staff created", "This group exists already."),
    ]
    assert what_if.group_differences == (GroupDifference(CREW, "Crew", None),)
    assert [groups_at(what_if, moment * SECOND) for moment in (1, 9)] == [{}, {STAFF: "Staff"}]
    (difference,) = what_if.user_differences
    assert difference.changes == (FieldChange("groups", "Crew, Staff", "Staff"),)
    assert apply(bus, what_if)
    assert people(bus)[ADA].groups == {STAFF}
    undo_last(bus, log)
    assert people(bus) == now


def test_groups_begin_and_end_when_they_did(log: EventLog, do: Do) -> None:
    unrelated = do(CreateUser(ADA, {"first_name": "Ada"}))
    do(CreateGroup(STAFF, "Staff"))
    do(CreateGroup(CREW, "Crew"), occurred_at=SECOND)
    do(DeleteGroup(STAFF))
    what_if = imagine(log, [unrelated])
    assert [sorted(groups_at(what_if, second * SECOND).values()) for second in range(6)] == [
        [],
        ["Crew"],
        ["Crew"],
        ["Crew", "Staff"],
        ["Crew", "Staff"],
        ["Crew"],
    ]


def test_a_membership_that_does_not_show_is_left_alone(log: EventLog, do: Do, bus: Bus) -> None:
    do(CreateUser(ADA, {"first_name": "Ada"}), CreateGroup(STAFF, "Staff"))
    without = [do(JoinGroup(ADA, STAFF)), do(UpdateUser(ADA, {"title": "Clerk"}))]
    do(DeleteGroup(STAFF))
    now = people(bus)
    what_if = imagine(log, without)
    (difference,) = what_if.user_differences
    assert difference.changes == (FieldChange("title", "Clerk", None),)
    assert apply(bus, what_if)
    assert people(bus)[ADA] == now[ADA]._replace(title=None)
    undo_last(bus, log)
    assert people(bus) == now


def test_members_of_a_group_that_would_not_have_ended_are_told(log: EventLog, do: Do, bus: Bus) -> None:
    do(CreateUser(ADA, {"first_name": "Ada"}), CreateGroup(STAFF, "Staff"), JoinGroup(ADA, STAFF))
    what_if = imagine(log, [do(DeleteGroup(STAFF))])
    assert what_if.group_differences == (GroupDifference(STAFF, None, "Staff"),)
    assert [difference.changes for difference in what_if.user_differences] == [(FieldChange("groups", None, "Staff"),)]
    assert apply(bus, what_if)
    assert imagine(log, []).directory.groups == {STAFF: "Staff"}


def test_named_moments_would_be_otherwise(log: EventLog, do: Do, bus: Bus) -> None:
    do(NameMoment(AUDIT, "Audit", None, SECOND, 0), NameMoment(MOVE, "Move", None, SECOND, 0))
    first = do(RenameMoment(AUDIT, "Away", None))
    do(RenameMoment(MOVE, "Audit", None))
    do(RenameMoment(AUDIT, "Move", "Noted."))
    named = do(NameMoment(CREW, "Third", None, SECOND, 0))
    do(DeleteMoment(CREW))
    now = imagine(log, []).directory.moments

    what_if = imagine(log, [first, named])

    assert [(refused.title, refused.reason) for refused in what_if.refused] == [
        ("Moment Move renamed to Audit", "There is a moment called “Audit” already."),
        ("Moment Away renamed to Move", "There is a moment called “Move” already."),
        ("Moment Third deleted", "There is no such named moment."),
    ]
    told = [
        (difference.moment_id, difference.now and difference.now.name, difference.would_be and difference.would_be.name)
        for difference in what_if.moment_differences
    ]
    assert told == [(AUDIT, "Move", "Audit"), (MOVE, "Audit", "Move")]
    assert apply(bus, what_if)
    assert imagine(log, []).directory.moments == what_if.directory.moments
    undo_last(bus, log)
    assert imagine(log, []).directory.moments == now


def test_a_custom_field_stays_defined_but_empty(log: EventLog, do: Do, bus: Bus) -> None:
    do(CreateUser(ADA, {"first_name": "Ada"}))
    defined = do(DefineField("Desk"))
    do(UpdateUser(ADA, {}, {"Desk": "7"}))
    what_if = imagine(log, [defined])
    assert what_if.fields == ("Desk",)
    assert [refused.field for refused in what_if.refused] == ["attributes.Desk"]
    assert apply(bus, what_if)
    assert people(bus)[ADA].attributes == {}
    assert imagine(log, []).directory.fields == {"Desk": "Desk"}


@pytest.mark.parametrize("later", [CreateUser, UpdateUser])
def test_nobody_is_lost_with_values_of_a_field_whose_name_is_not_free(
    log: EventLog, do: Do, bus: Bus, later: Callable[..., Command]
) -> None:
    do(DefineField("Dept"), *([CreateUser(ADA, {"first_name": "Ada"})] if later is UpdateUser else []))
    renamed = do(RenameField("Dept", "Division"))
    do(DefineField("Dept"))
    do(later(ADA, {"first_name": "Ada", "title": "Clerk"}, {"Dept 2": "Law"}))
    what_if = imagine(log, [renamed])
    assert what_if.refused == []
    assert what_if.directory.fields == {"Dept": "Dept", "Dept 2": "Dept 2"}
    assert what_if.users[ADA].attributes == {"Dept 2": "Law"}
    assert apply(bus, what_if)
    assert imagine(log, []).directory.fields == what_if.directory.fields
    assert people(bus)[ADA].attributes == {"Dept 2": "Law"}


def test_nobody_is_lost_with_values_of_a_field_that_stays_deleted(log: EventLog, do: Do, bus: Bus) -> None:
    do(DefineField("Dept"), DeleteField("Dept"))
    do(DefineField("Dept"))
    renamed = do(RenameField("Dept 2", "Division"))
    do(RestoreField("Dept"))
    do(CreateUser(ADA, {"first_name": "Ada"}, {"Dept": "Law"}))
    what_if = imagine(log, [renamed])
    assert [(one.title, one.reason) for one in what_if.refused] == [
        ("Custom field Dept brought back", "There is a custom field called “Dept” already.")
    ]
    assert what_if.users[ADA].attributes == {"Dept": "Law"}
    assert (what_if.directory.fields, what_if.directory.deleted_fields) == ({"Dept 2": "Dept"}, {"Dept": "Dept"})


@pytest.mark.parametrize("commands", [[], [DeleteUser(BEN)]])
def test_an_external_id_is_given_up_by_who_would_not_exist(
    log: EventLog, do: Do, bus: Bus, commands: list[Command]
) -> None:
    do(CreateUser(ADA, {"first_name": "Ada", "external_id": "EMP-1"}))
    freed = do(UpdateUser(ADA, {"external_id": None}))
    do(CreateUser(BEN, {"external_id": "EMP-1"}), *commands)
    now = people(bus)
    what_if = imagine(log, [freed])
    assert list(what_if.users) == [ADA]
    assert apply(bus, what_if)
    after = people(bus)
    assert (after[ADA].external_id, after[BEN].external_id, after[BEN].status) == ("EMP-1", None, "deleted")
    undo_last(bus, log)
    assert people(bus) == now


def test_who_is_deleted_anyway_is_no_difference(log: EventLog, do: Do, bus: Bus) -> None:
    do(CreateUser(BEN, {"first_name": "Ben"}))
    creation = do(CreateUser(ADA, {"first_name": "Ada"}))
    do(DeleteUser(ADA))
    what_if = imagine(log, [creation])
    assert len(what_if.refused) == 1
    assert what_if.user_differences == []
    assert not apply(bus, what_if)


def test_the_change_names_what_was_taken_out_and_why(log: EventLog, do: Do, bus: Bus) -> None:
    ids = [
        do(CreateUser(ADA, {"first_name": "Ada"})),
        do(UpdateUser(ADA, {"title": "Clerk"})),
        do(SuspendUser(ADA)),
    ]
    what_if = imagine(log, ids[1:])
    assert apply(bus, what_if, "  Meant for\nsomebody else. ")
    causations = {recorded.causation for recorded in log.read(what_if.head)}
    assert causations == {WhatIfOf(tuple(ids[1:]), "Meant for somebody else.")}
    assert log.verify() is None


@pytest.mark.parametrize("causation", [WhatIfOf(("one", "two"), "Why not."), WhatIfOf(("one",))])
def test_a_causation_reads_back_as_it_was_written(causation: WhatIfOf) -> None:
    assert from_text(to_text(causation)) == causation


def test_no_such_change_and_too_many_are_refused(log: EventLog, do: Do) -> None:
    change_id = do(CreateUser(ADA, {"first_name": "Ada"}))
    with pytest.raises(RefusedError, match="There is no such change"):
        imagine(log, [change_id, "01890000-0000-7000-8000-000000000999"])
    with pytest.raises(RefusedError, match="At most 50 changes"):
        imagine(log, [str(number) for number in range(51)])


def test_nothing_is_applied_over_later_work_nor_with_a_long_reason(log: EventLog, do: Do, bus: Bus) -> None:
    do(CreateUser(ADA, {"first_name": "Ada"}))
    what_if = imagine(log, [do(SuspendUser(ADA))])
    head = log.head()
    with pytest.raises(RefusedError) as refused:
        apply(bus, what_if, "x" * 201)
    assert (refused.value.field, log.head()) == ("reason", head)
    do(UpdateUser(ADA, {"title": "Clerk"}))
    head = log.head()
    with pytest.raises(RefusedError, match=r"changed since you looked at this"):
        apply(bus, what_if)
    assert log.head() == head


def test_an_empty_log_is_an_empty_directory(log: EventLog, bus: Bus) -> None:
    what_if = imagine(log, [])
    assert (what_if.users, what_if.directory.groups, users_at(what_if, SECOND)) == ({}, {}, {})
    assert not apply(bus, what_if)


def test_looking_and_applying_tell_how_far_they_are_and_stop_when_asked(log: EventLog, do: Do, bus: Bus) -> None:
    first = do(CreateUser(ADA, {"first_name": "Ada"}))
    do(*(UpdateUser(ADA, {"title": f"Clerk {number}"}) for number in range(1200)))
    told: list[tuple[int, int]] = []
    what_if = imagine(log, [first], lambda done, total: told.append((done, total)))
    assert told == [(0, 1201), (500, 1201), (1000, 1201), (1201, 1201)]
    assert len(what_if.refused) == 1200
    assert (what_if.refused[0].person, what_if.refused[-1].position) == ("Ada", 1201)

    def stop(done: int, total: int) -> None:
        raise CancelledError("Stopped.")

    head = log.head()
    with pytest.raises(CancelledError):
        imagine(log, [first], stop)
    with pytest.raises(CancelledError):
        apply(bus, what_if, progress=stop)
    assert log.head() == head
