"""Users and groups are brought to given states in one change, also where they pass names and emails on in a circle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.examples import at_most
from whowas.command_bus.bus import Bus
from whowas.command_bus.steering import bring
from whowas.domain.commands import CreateGroup, CreateUser, DeleteUser, JoinGroup, UpdateUser
from whowas.domain.comparison_keys import email_key
from whowas.domain.errors import CancelledError, RefusedError
from whowas.domain.users import STATUSES, User
from whowas.store.event_log import EventLog

ADA, BEN, CAM, DAN = (f"01890000-0000-7000-8000-00000000000{letter}" for letter in "abcd")
IDS = (ADA, BEN, CAM)
STAFF = "01890000-0000-7000-8000-0000000000f1"
LEGAL = "01890000-0000-7000-8000-0000000000f2"
NEW = "01890000-0000-7000-8000-0000000000f3"
GROUPS = {STAFF: "Staff", LEGAL: "Legal"}


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog.create(tmp_path / "people.whowas")
    yield log
    log.close()


@pytest.fixture
def bus(log: EventLog) -> Bus:
    """Ada, Ben, Cam and Dan have nothing but an email each; the groups are empty."""
    bus = Bus(log, clock=lambda: 1_000_000, actor="ines")
    with bus.change() as change:
        change.dispatch(*(CreateGroup(group_id, name) for group_id, name in GROUPS.items()))
        change.dispatch(*(CreateUser(user_id, {"email": f"{user_id[-1]}@x.org"}) for user_id in (*IDS, DAN)))
    return bus


def users(bus: Bus) -> dict[str, User]:
    with bus.change() as change:
        found = {user_id: change.user(user_id) for user_id in (*IDS, DAN)}
    return {user_id: user._replace(version=0) for user_id, user in found.items() if user is not None}


def brought(bus: Bus, targets: Mapping[str, User], groups: Mapping[str, str | None] | None = None) -> int:
    with bus.change() as change:
        bring(change, targets.values(), groups or {})
    return change.events


def group_names(bus: Bus) -> dict[str, str]:
    with bus.change() as change:
        return dict(change.directory().groups)


def test_emails_go_round_among_people_who_have_nothing_else(bus: Bus) -> None:
    before = users(bus)
    targets = {
        user_id: before[user_id]._replace(email=before[other].email)
        for user_id, other in zip(IDS, (BEN, CAM, ADA), strict=True)
    }
    brought(bus, targets)
    assert users(bus) == {**before, **targets}


def test_external_ids_go_round_among_deleted_people_too(bus: Bus) -> None:
    states = {
        user_id: user._replace(email=None, external_id=f"EMP-{user_id[-1]}", status="deleted")
        for user_id, user in users(bus).items()
    }
    brought(bus, states)
    swapped = {
        ADA: states[ADA]._replace(external_id="EMP-b"),
        BEN: states[BEN]._replace(external_id="EMP-a", status="active"),
    }
    brought(bus, swapped)
    assert users(bus) == {**states, **swapped}


def test_a_deleted_user_gets_an_email_that_another_keeps(bus: Bus) -> None:
    bus.dispatch(DeleteUser(ADA))
    before = users(bus)
    targets = {ADA: before[ADA]._replace(email="D@x.org")}
    brought(bus, targets)
    assert users(bus) == {**before, **targets}


def test_who_is_to_be_deleted_goes_first_and_nobody_else_is_touched_twice(bus: Bus) -> None:
    before = users(bus)
    targets = {BEN: before[BEN]._replace(email="a@x.org"), ADA: before[ADA]._replace(status="deleted")}
    assert brought(bus, targets) == 2
    assert users(bus) == {**before, **targets}


def test_somebody_elses_email_is_refused_and_nothing_written(log: EventLog, bus: Bus) -> None:
    targets = {ADA: users(bus)[ADA]._replace(email="d@x.org")}
    head = log.head()
    with pytest.raises(RefusedError, match="Another user has the email") as refused:
        brought(bus, targets)
    assert (refused.value.field, log.head()) == ("email", head)


def test_groups_swap_names_and_one_ends_in_favour_of_another(bus: Bus) -> None:
    bus.dispatch(JoinGroup(ADA, STAFF))
    brought(bus, {}, {STAFF: "Legal", LEGAL: "staff"})
    assert group_names(bus) == {STAFF: "Legal", LEGAL: "staff"}
    brought(bus, {}, {STAFF: None, NEW: "LEGAL"})
    assert group_names(bus) == {LEGAL: "staff", NEW: "LEGAL"}
    assert users(bus)[ADA].groups == {STAFF}, "who was in it is not asked to leave"


def test_nothing_is_dispatched_for_who_is_so_already_nor_for_what_would_not_show(bus: Bus) -> None:
    bus.dispatch(DeleteUser(BEN))
    now, hidden = users(bus), frozenset({NEW})
    assert brought(bus, now) == 0
    assert brought(bus, {ADA: now[ADA]._replace(groups=hidden), BEN: now[BEN]._replace(groups=hidden)}) == 0


def test_it_tells_how_far_it_is_and_stops_when_asked(log: EventLog, bus: Bus) -> None:
    targets = [user._replace(title="Head") for user in users(bus).values()]
    head, told = log.head(), []

    def progress(done: int, total: int) -> None:
        told.append((done, total))
        if done == 2:
            raise CancelledError("Stopped.")

    with pytest.raises(CancelledError), bus.change() as change:
        bring(change, targets, {}, progress)
    assert (told, log.head()) == ([(0, 4), (1, 4), (2, 4)], head)


EMAILS = st.sampled_from([None, "a@x.org", "B@x.org", "b@x.org", "c@x.org"])
NAMES = st.sampled_from([None, "Ada"])
EXTERNAL_IDS = st.sampled_from([None, "EMP-1", "EMP-2"])
STATES = st.fixed_dictionaries(
    {
        "first_name": NAMES,
        "email": EMAILS,
        "external_id": EXTERNAL_IDS,
        "status": st.sampled_from(STATUSES),
        "groups": st.frozensets(st.sampled_from(sorted(GROUPS))),
    }
).filter(lambda fields: fields["first_name"] or fields["email"] or fields["external_id"])


def possible(states: list[dict[str, object]]) -> bool:
    emails = [
        email_key(str(state["email"]))
        for state in states
        if state["email"] is not None and state["status"] != "deleted"
    ]
    external_ids = [state["external_id"] for state in states if state["external_id"] is not None]
    return len(set(emails)) == len(emails) and len(set(external_ids)) == len(external_ids)


@given(st.lists(st.lists(STATES, min_size=3, max_size=3).filter(possible), min_size=1, max_size=3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=at_most(200))
def test_from_any_possible_state_to_any_other(bus: Bus, journey: list[list[dict[str, object]]]) -> None:
    for states in journey:
        targets = {
            user_id: User(id=user_id, version=0, **state)  # type: ignore[arg-type]
            for user_id, state in zip(IDS, states, strict=True)
        }
        dan = users(bus)[DAN]
        brought(bus, targets)
        assert users(bus) == {**targets, DAN: dan}
        assert brought(bus, targets) == 0


def test_what_older_versions_took_comes_back_to_the_letter(bus: Bus) -> None:
    before = users(bus)
    targets = {
        ADA: before[ADA]._replace(first_name="\u200b", email=None),
        BEN: before[BEN]._replace(last_name=" ", external_id=" 1 ", email="b@x.org\u200b"),
    }
    brought(bus, targets)
    assert users(bus) == {**before, **targets}
    with pytest.raises(RefusedError, match="needs a name"):
        bus.dispatch(UpdateUser(CAM, {"first_name": "\u200b", "email": None}))
