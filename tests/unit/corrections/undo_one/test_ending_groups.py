"""A group that an undo would end stays for whoever is in it afterwards."""

from __future__ import annotations

from tests.unit.interchange.importing.given_lists import Desk, desk
from whowas.corrections.undo_one.outcome import carried_out
from whowas.corrections.undo_one.planning import planned
from whowas.domain.commands import Command, CreateGroup, CreateUser, DeleteUser, JoinGroup, RestoreUser
from whowas.projections.queries.undo_list import DoneChange

ADA, NIGHT = "0199a3c4-0000-7000-8000-000000000000", "0199a3c4-0000-7000-8000-00000000f000"


def change(directory: Desk, *commands: Command) -> DoneChange:
    """Make one change of some commands, and return it."""
    first = directory.log.head().position + 1
    with directory.bus.change() as change:
        change.dispatch(*commands)
    events = list(directory.log.read(first - 1))
    return DoneChange(events[0].change_id, first, events[-1].position, events[0].recorded_at)


def test_also_for_whom_the_undo_brings_back() -> None:
    with desk() as directory:
        change(directory, CreateUser(ADA, {"first_name": "Ada"}))
        undone = change(directory, CreateGroup(NIGHT, "Night shift"), DeleteUser(ADA))
        change(directory, RestoreUser(ADA), JoinGroup(ADA, NIGHT))
        change(directory, DeleteUser(ADA))
        assert carried_out(directory.bus, planned(directory.log, undone))
        (ada,) = directory.users()
        assert (ada.status, ada.groups) == ("active", {NIGHT})
        with directory.bus.change() as now:
            assert now.directory().groups == {NIGHT: "Night shift"}
