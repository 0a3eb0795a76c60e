"""Commands dispatched together: each sees what earlier ones reserved, and all are rolled back together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser, DeleteUser, RestoreUser, UpdateUser
from whowas.domain.errors import RefusedError
from whowas.store.event_log import EventLog

ADA = "01890000-0000-7000-8000-00000000000a"
BEN = "01890000-0000-7000-8000-00000000000b"
CAM = "01890000-0000-7000-8000-00000000000c"


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Bus]:
    log = EventLog.create(tmp_path / "people.whowas")
    yield Bus(log, clock=lambda: 1_000_000, actor="ines")
    log.close()


def test_one_email_is_not_given_to_two_users_at_once(bus: Bus) -> None:
    with bus.change() as change, pytest.raises(RefusedError, match="Another user has the email"):
        change.dispatch(CreateUser(ADA, {"email": "a@example.org"}), CreateUser(BEN, {"email": "A@example.org"}))


def test_one_external_id_is_not_given_to_two_users_at_once(bus: Bus) -> None:
    with bus.change() as change, pytest.raises(RefusedError, match="Another user has the external id"):
        change.dispatch(CreateUser(ADA, {"external_id": "7"}), CreateUser(BEN, {"external_id": "7"}))


def test_two_deleted_users_with_one_email_are_not_both_restored(bus: Bus) -> None:
    for user in (ADA, BEN):
        bus.dispatch(CreateUser(user, {"email": "a@example.org"}))
        bus.dispatch(DeleteUser(user))
    with bus.change() as change, pytest.raises(RefusedError, match="Another user has the email"):
        change.dispatch(RestoreUser(ADA), RestoreUser(BEN))


def test_an_email_given_up_is_free_for_the_next_command(bus: Bus) -> None:
    bus.dispatch(CreateUser(ADA, {"email": "a@example.org"}))
    with bus.change() as change:
        change.dispatch(UpdateUser(ADA, {"email": "b@example.org"}), CreateUser(BEN, {"email": "a@example.org"}))
    with pytest.raises(RefusedError):
        bus.dispatch(CreateUser(CAM, {"email": "a@example.org"}))


def test_refused_commands_give_back_what_the_others_claimed_and_gave_up(bus: Bus) -> None:
    bus.dispatch(CreateUser(ADA, {"email": "a@example.org"}))
    bus.dispatch(CreateUser(BEN, {"email": "b@example.org"}))
    with bus.change() as change:
        with pytest.raises(RefusedError, match="no such user"):
            change.dispatch(
                UpdateUser(ADA, {"email": "new@example.org"}),
                UpdateUser(BEN, {"email": "a@example.org"}),
                UpdateUser(ADA, {"email": "b@example.org"}),
                DeleteUser(CAM),
            )
        assert change.events == 0
        owners = {name: change.reservations.owner_of_email(f"{name}@example.org") for name in ("a", "b", "new")}
        assert owners == {"a": ADA, "b": BEN, "new": None}
        ada, ben = change.user(ADA), change.user(BEN)
        assert ada is not None
        assert ben is not None
        assert (ada.email, ben.email) == ("a@example.org", "b@example.org")
