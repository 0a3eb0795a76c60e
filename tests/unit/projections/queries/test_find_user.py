"""Finding a user by id, external id or email: who holds it now goes before who held it once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser, DeleteUser, UpdateUser
from whowas.projections.queries.find_user import user_called
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

ADA = "01890000-0000-7000-8000-00000000000a"
BEN = "01890000-0000-7000-8000-00000000000b"


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Bus]:
    log = EventLog.create(tmp_path / "staff.whowas")
    yield Bus(log, clock=lambda: 1_000_000, actor="ines")
    log.close()


@pytest.fixture
def find(bus: Bus, tmp_path: Path) -> Iterator[Callable[[str], str | None]]:
    log = EventLog.open(tmp_path / "staff.whowas")
    read_side = ReadSide(log, tmp_path / "cache")

    def find(who: str) -> str | None:
        read_side.catch_up()
        return user_called(read_side.read_model, who)

    yield find
    read_side.close()
    log.close()


def test_every_way_to_call_somebody(bus: Bus, find: Callable[[str], str | None]) -> None:
    bus.dispatch(CreateUser(ADA, {"external_id": "a-1", "email": "Ada@example.org"}))

    assert [find(who) for who in (ADA, ADA.upper(), "a-1", "ada@EXAMPLE.org")] == [ADA] * 4
    assert [find(who) for who in ("A-1", "ada", "", "'", BEN, "x\ud800")] == [None] * 6


def test_who_has_it_now_goes_before_who_had_it(bus: Bus, find: Callable[[str], str | None]) -> None:
    bus.dispatch(CreateUser(ADA, {"email": "desk@example.org"}))
    bus.dispatch(UpdateUser(ADA, {"email": "ada@example.org"}))
    assert find("desk@example.org") == ADA
    bus.dispatch(CreateUser(BEN, {"email": "desk@example.org"}))
    assert find("desk@example.org") == BEN
    bus.dispatch(DeleteUser(BEN))
    assert find("desk@example.org") == BEN, "a deleted user still has it"


def test_a_present_user_goes_before_a_deleted_one(bus: Bus, find: Callable[[str], str | None]) -> None:
    bus.dispatch(CreateUser(BEN, {"email": "desk@example.org"}))
    bus.dispatch(DeleteUser(BEN))
    bus.dispatch(CreateUser(ADA, {"email": "desk@example.org"}))
    assert find("desk@example.org") == ADA
    bus.dispatch(UpdateUser(ADA, {"external_id": "x", "email": None}))
    assert find("desk@example.org") == BEN


def test_an_external_id_goes_before_an_email(bus: Bus, find: Callable[[str], str | None]) -> None:
    bus.dispatch(CreateUser(ADA, {"email": "desk@example.org"}))
    bus.dispatch(CreateUser(BEN, {"external_id": "desk@example.org"}))
    assert find("desk@example.org") == BEN


def test_emails_are_compared_as_they_are_for_uniqueness(bus: Bus, find: Callable[[str], str | None]) -> None:
    bus.dispatch(CreateUser(ADA, {"email": "ÉMILE@straße.example"}))
    assert find("émile@STRAẞE.example") == ADA


def test_spellings_that_are_one_to_the_rules_are_one_here(bus: Bus, find: Callable[[str], str | None]) -> None:
    bus.dispatch(CreateUser(ADA, {"external_id": "e\u0301-1", "email": "ada@münchen。example"}))
    bus.dispatch(CreateUser(BEN, {"external_id": "00123", "email": "weiss@example.org"}))

    for who in ("ada@münchen.example", "ADA@xn--mnchen-3ya.EXAMPLE", " ada@mu\u0308nchen.example\u200b", "é-1", " é-1"):
        assert find(who) == ADA, who
    for who in (" 00123", "00123\u00a0", "weiss@example。org", "\ufeffWEISS@example.org "):
        assert find(who) == BEN, who
    assert [find(who) for who in ("weiß@example.org", "0123", "É-1", "\u200b")] == [None] * 4


def test_who_has_it_now_in_other_words_goes_before_who_had_it_in_these(
    bus: Bus, find: Callable[[str], str | None]
) -> None:
    bus.dispatch(CreateUser(ADA, {"email": "desk@xn--mnchen-3ya.example"}))
    bus.dispatch(UpdateUser(ADA, {"email": "ada@example.org"}))
    bus.dispatch(CreateUser(BEN, {"email": "desk@münchen.example"}))
    assert find("desk@xn--mnchen-3ya.example") == BEN
