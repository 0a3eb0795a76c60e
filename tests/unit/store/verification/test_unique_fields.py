"""Verifying looks at who has which value of a unique custom field, as the events tell it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser, DefineField, DeleteUser, DescribeField
from whowas.store.event_log import EventLog

ADA, BEN = (f"0199a3c4-0000-7000-8000-{number:012}" for number in (1, 2))
ADA_STREAM, BEN_STREAM = (f"x'{user_id.replace('-', '')}'" for user_id in (ADA, BEN))
KEY = "char(31) || 'badge' || char(31) || '12'"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "staff.whowas"
    with closing(EventLog.create(path)) as log:
        bus = Bus(log, clock=lambda: 1_000_000, actor="ines")
        bus.dispatch(DefineField("Badge", "badge"))
        bus.dispatch(DefineField("Work email", "work"))
        bus.dispatch(CreateUser(ADA, {"first_name": "Ada", "external_id": "a"}, {"badge": "12", "work": "a@x.org"}))
        bus.dispatch(CreateUser(BEN, {"first_name": "Ben"}, {"badge": "13", "work": "b@x.org"}))
        bus.dispatch(DescribeField("badge", unique=True, type="number"))
        bus.dispatch(DescribeField("work", unique=True, type="email"))
        bus.dispatch(DeleteUser(BEN))
        assert log.verify() is None
    return path


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (
            f"DELETE FROM external_id_owner WHERE external_id = {KEY}",
            f"the value in the unique field badge of user {ADA}",
        ),
        (
            f"UPDATE external_id_owner SET user_id = {BEN_STREAM} WHERE external_id = {KEY}",
            f"the value in the unique field badge of user {ADA} is not kept as theirs",
        ),
        (
            f"INSERT INTO external_id_owner VALUES (char(31) || 'badge' || char(31) || '14', {ADA_STREAM})",
            "an external id, or the value of a unique field, is kept for somebody who does not have it",
        ),
        ("DELETE FROM email_owner WHERE email = 'a@x.org'", f"the email of user {ADA} is not kept as theirs"),
        (
            f"INSERT INTO email_owner VALUES ('b@x.org', {BEN_STREAM})",
            "an email is kept for somebody who does not have it",
        ),
    ],
)
def test_a_wrong_owner_is_found(file: Path, statement: str, reason: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        assert connection.execute(statement).rowcount == 1
    with closing(EventLog.open(file)) as log:
        damage = log.verify()
    assert damage is not None
    assert reason in damage.reason
