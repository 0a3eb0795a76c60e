"""What older versions took for two addresses stays two people where something else is imagined away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.integration.store.test_upgrade import golden
from whowas.command_bus.bus import Bus
from whowas.corrections.what_if.rerun import imagine
from whowas.domain.commands import UpdateUser
from whowas.store.event_log import EventLog

ADA, ANNA, OTHER_ANNA, CY, OTHER_CY = (f"0199a3c4-0000-7000-8000-00000000000{number}" for number in range(5))


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    """The directory as version 0.4.0 wrote it, in which two Annas and two Cys have addresses that are one by now."""
    with closing(EventLog.open(golden(tmp_path, "0.4.0"))) as log:
        yield log


def change_ids(log: EventLog) -> list[str]:
    return list(dict.fromkeys(recorded.change_id for recorded in log.read()))


def test_they_stay_without_a_change_of_somebody_else(log: EventLog) -> None:
    outcome = imagine(log, change_ids(log)[:1])
    assert [(refused.person, refused.reason) for refused in outcome.refused] == [
        ("Ada Osei", "There is no such user."),
    ]
    assert len(outcome.user_differences) == 1, "whatever older versions took stays to the letter"
    assert {ANNA, OTHER_ANNA, CY, OTHER_CY} <= outcome.users.keys()


def test_one_of_them_stays_without_the_other(log: EventLog) -> None:
    outcome = imagine(log, change_ids(log)[1:2])
    assert outcome.refused == []
    assert ANNA not in outcome.users
    assert OTHER_ANNA in outcome.users


def test_who_took_the_address_later_takes_it_again_but_not_from_who_would_have_it_still(log: EventLog) -> None:
    bus = Bus(log, clock=lambda: 2_000_000_000_000_000, actor="ines")
    moved = [bus.dispatch(UpdateUser(user_id, {"email": f"{user_id}@x.org"})).change_id for user_id in (CY, OTHER_CY)]
    bus.dispatch(UpdateUser(ADA, {"email": "cy@example.org"}))
    assert imagine(log, change_ids(log)[1:2]).refused == []
    outcome = imagine(log, moved)
    assert [refused.reason for refused in outcome.refused] == ["Another user has the email cy@example.org already."]
