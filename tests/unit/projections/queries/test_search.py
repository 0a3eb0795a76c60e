"""Searching finds people whichever apostrophes, dots and joiners are typed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateGroup, CreateUser, DefineField, DeleteField, JoinGroup, UpdateUser
from whowas.domain.errors import CancelledError
from whowas.projections.queries.search import matching
from whowas.projections.sides.read_side import ReadSide
from whowas.projections.tables import search_texts
from whowas.projections.tables.read_model import ReadModel
from whowas.store.event_log import EventLog

PEOPLE = {
    "s": {"first_name": "Siobhán", "last_name": "O’Néill", "email": "s@example.org"},
    "j": {"first_name": "Ju\u0308rgen", "last_name": "Groß", "email": "j@example.org"},
    "i": {"first_name": "I\u0307lker", "last_name": "Yılmaz", "email": "i@example.org"},
    "z": {"first_name": "مریم", "last_name": "می\u200cخواهم", "email": "z@example.org"},
    "r": {"first_name": "RTL", "last_name": "\u202elive", "email": "r@example.org"},
}
IDS = {name: f"01890000-0000-7000-8000-00000000000{number}" for number, name in enumerate(PEOPLE)}
GROUP = "01890000-0000-7000-8000-0000000000f1"


FINDS = (
    *((text, "s") for text in ("O'Neill", "oneill", "o’neill", "ONEILL", "O`Neíll", "siobhan o'", "oʼneill")),
    *((text, "j") for text in ("jürgen", "JURGEN", "groß", "gross", "Ju\u0308rgen Gross")),
    *((text, "i") for text in ("yilmaz", "Yılmaz", "YILMAZ", "ilker", "İlker", "İLKER")),
    *((text, "z") for text in ("میخواهم", "می\u200cخواهم", "childrens", "children's choir")),
    *((text, "r") for text in ("live", "\u202elive", "li\u00adve")),
)


@pytest.fixture
def side(tmp_path: Path) -> Iterator[ReadSide]:
    folder = tmp_path
    log = EventLog.create(folder / "staff.whowas")
    with Bus(log, clock=lambda: 1_000_000, actor="ines").change() as change:
        for name, fields in PEOPLE.items():
            change.dispatch(CreateUser(IDS[name], fields))
        change.dispatch(CreateGroup(GROUP, "Children’s choir"), JoinGroup(IDS["z"], GROUP))
    side = ReadSide(log, folder / "cache")
    yield side
    side.close()
    log.close()


@pytest.mark.parametrize("indexed", [False, True])
def test_it_finds(side: ReadSide, indexed: bool) -> None:
    index = side.catch_up()
    if indexed:
        side.index_texts()
    for text, name in FINDS:
        mask = side.matching(text)
        assert mask is not None
        assert {row.user.id for row in side.rows(index.numbers[mask].tolist())} == {IDS[name]}, text


def test_it_finds_while_another_program_writes(side: ReadSide) -> None:
    """Then the texts cannot be kept: they are made for the one search."""
    index = side.catch_up()
    with closing(ReadModel(side.read_model.path)) as other, other.writing() as connection:
        side.read_model.connection().set_busy_timeout(1)
        for text, name in FINDS:
            mask = side.matching(text)
            assert mask is not None
            assert {row.user.id for row in side.rows(index.numbers[mask].tolist())} == {IDS[name]}, text
        assert list(connection.execute("SELECT * FROM search_text")) == []


def test_making_the_texts_is_told_of_and_can_be_cancelled(side: ReadSide, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_texts, "ROWS_A_TRANSACTION", 2)
    index = side.catch_up()
    told: list[tuple[int, int]] = []

    def given_up(done: int, total: int) -> None:
        told.append((done, total))
        if len(told) == 2:
            raise CancelledError

    with pytest.raises(CancelledError):
        matching(side.read_model, index, "groß", progress=given_up)
    assert told == [(0, 5), (2, 5)]
    mask = matching(side.read_model, index, "groß")
    assert mask is not None
    assert {row.user.id for row in side.rows(index.numbers[mask].tolist())} == {IDS["j"]}


def test_nothing_that_counts_is_no_word(side: ReadSide) -> None:
    side.catch_up()
    assert [side.matching(text) for text in ("", " ", "'", "’ '", "\u200b")] == [None] * 5


def test_where_a_field_is_deleted_only_rows_found_are_looked_at(
    side: ReadSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    bus = Bus(side._log, clock=lambda: 2_000_000, actor="ines")
    bus.dispatch(DefineField("Badge"))
    bus.dispatch(UpdateUser(IDS["s"], {"title": "Seventy"}, {"Badge": "seven"}))
    bus.dispatch(UpdateUser(IDS["j"], {}, {"Badge": "seven"}))
    bus.dispatch(DeleteField("Badge"))
    index = side.catch_up()
    monkeypatch.setattr(search_texts, "_ROWS_ASKED", 1)
    told: list[tuple[int, int]] = []

    def tell(done: int, total: int) -> None:
        told.append((done, total))

    def found(moment: int) -> set[str]:
        told.clear()
        hidden = index.hidden_fields(moment)
        mask = matching(side.read_model, index, "SEVEN", progress=tell, hidden=hidden)
        assert mask is not None
        return {row.user.id for row in side.rows(index.numbers[mask & index.alive(moment)].tolist())}

    assert found(index.now) == {IDS["s"]}, "and not by what shows no more"
    assert told[-2:] == [(0, 2), (1, 2)]
    assert found(index.now - 1) == {IDS["s"], IDS["j"]}
    assert told[-1:] != [(1, 2)], "nothing is hidden"
