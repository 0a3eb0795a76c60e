"""Somebody else may have the email of a deleted user by now; the user can still come back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser, DeleteUser, RestoreUser
from whowas.domain.errors import RefusedError
from whowas.store.event_log import EventLog

ADA = "01890000-0000-7000-8000-00000000000a"
BEN = "01890000-0000-7000-8000-00000000000b"


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Bus]:
    log = EventLog.create(tmp_path / "people.whowas")
    yield Bus(log, clock=lambda: 1_000_000, actor="ines")
    log.close()


def test_a_user_comes_back_without_the_email_that_another_has_now(bus: Bus) -> None:
    bus.dispatch(CreateUser(ADA, {"first_name": "Ada", "email": "desk@example.org"}))
    bus.dispatch(DeleteUser(ADA))
    bus.dispatch(CreateUser(BEN, {"first_name": "Ben", "email": "desk@example.org"}))
    with pytest.raises(RefusedError, match="Another user has the email"):
        bus.dispatch(RestoreUser(ADA))
    bus.dispatch(RestoreUser(ADA, keep_email=False))
    with bus.change() as change:
        ada, owner = change.user(ADA), change.reservations.owner_of_email("desk@example.org")
    assert ada is not None
    assert (ada.status, ada.email, owner) == ("active", None, BEN)


def test_a_user_who_is_nothing_but_an_email_does_not_come_back_without_it(bus: Bus) -> None:
    bus.dispatch(CreateUser(ADA, {"email": "desk@example.org"}))
    bus.dispatch(DeleteUser(ADA))
    with pytest.raises(RefusedError, match="needs a name"):
        bus.dispatch(RestoreUser(ADA, keep_email=False))
