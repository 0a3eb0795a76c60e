"""Whatever is edited, backdated, renamed and undone: a named moment shows exactly what was before its event."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import uuid_utils
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import at_most
from tests.naive_steps import naive_steps
from whowas.command_bus.bus import Bus
from whowas.corrections.undo.last_change import take_back
from whowas.domain.causation import UndoOf
from whowas.domain.commands import Command, CreateUser, DeleteMoment, NameMoment, RenameMoment
from whowas.domain.errors import RefusedError
from whowas.domain.fields import name_key
from whowas.domain.named_moments import NamedMoment
from whowas.projections.queries.named_moments import named_moments, place_of
from whowas.projections.queries.undo_list import UndoList
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

IDS = [f"0199a3c4-0000-7000-8000-00000000f{number:03}" for number in range(4)]
MOMENT = st.sampled_from(IDS)
NAME = st.sampled_from(["Audit", "AUDIT", "the move", "The Move", "Payday", "now", "#1", ""])
NOTE = st.sampled_from([None, "", "Noted."])
EDIT = st.tuples(st.just("edit"), st.lists(st.integers(-3, 12), min_size=1, max_size=4))
NAMING = st.tuples(st.just("name"), MOMENT, NAME, NOTE, st.floats(0, 1))
RENAMING = st.tuples(st.just("rename"), MOMENT, NAME, NOTE)
DELETION = st.tuples(st.just("delete"), MOMENT)
UNDO = st.tuples(st.just("undo"))

Model = dict[str, NamedMoment]


class Desk:
    """A directory, and what is thought to be named in it."""

    def __init__(self, folder: Path) -> None:
        self.log = EventLog.create(folder / "d.whowas")
        self.now = 10
        self.bus = Bus(self.log, clock=lambda: self.now, actor="ines")
        self.read_side = ReadSide(self.log, folder / "cache")
        self.model: Model = {}
        self.before: Model | None = None

    def close(self) -> None:
        self.read_side.close()
        self.log.close()

    def do(self, step: tuple[object, ...]) -> None:
        match step:
            case ("edit", list(moments)):
                with self.bus.change() as change:
                    for occurred_at in moments:
                        user = CreateUser(str(uuid_utils.uuid7()), {"first_name": "Ada"})
                        change.dispatch(user, occurred_at=occurred_at)
                self.before = None
            case ("name", str(moment_id), str(name), note, float(share)):
                index = self.read_side.catch_up()
                place = place_of(self.log, index.steps, round(share * index.now))
                note = str(note) if note else None
                self._command(NameMoment(moment_id, name, note, *place), NamedMoment(name, note, *place))
            case ("rename", str(moment_id), str(name), note):
                note = str(note) if note else None
                known = self.model.get(moment_id)
                renamed = replace(known, name=name, note=note) if known else None
                self._command(RenameMoment(moment_id, name, note), renamed)
            case ("delete", str(moment_id)):
                self._command(DeleteMoment(moment_id), None)
            case _:
                self._undo()

    def _command(self, command: NameMoment | RenameMoment | DeleteMoment, after: NamedMoment | None) -> None:
        moment_id, others = command.moment_id, {i: m for i, m in self.model.items() if i != command.moment_id}
        taken = {name_key(known.name) for known in others.values()}
        allowed = isinstance(command, NameMoment) is (moment_id not in self.model)
        if after is not None:
            allowed = allowed and after.name not in ("now", "#1", "") and name_key(after.name) not in taken
        head = self.log.head()
        if self._was_taken(command) != allowed:
            raise AssertionError(f"{command} should {'' if allowed else 'not '}be taken")
        if not allowed:
            assert self.log.head() == head, "what is refused leaves everything as it was"
        elif self.log.head() != head:
            self.before, self.model = self.model, others | ({moment_id: after} if after else {})

    def _was_taken(self, command: Command) -> bool:
        try:
            self.bus.dispatch(command)
        except RefusedError:
            return False
        return True

    def _undo(self) -> None:
        if self.before is None:
            return
        self.read_side.catch_up()
        undo_list = UndoList("ines")
        undo_list.follow(self.read_side.read_model)
        done = undo_list.to_undo
        assert done is not None
        assert take_back(self.bus, self.log, done, UndoOf(done.change_id))
        self.model, self.before = self.before, None

    def check(self) -> None:
        index = self.read_side.catch_up()
        placed = {known.moment_id: known for known in named_moments(index)}
        assert {i: (known.name, known.note) for i, known in placed.items()} == {
            i: (known.name, known.note) for i, known in self.model.items()
        }
        places = [known.moment for known in named_moments(index)]
        assert places == sorted(places)
        ends = [(0, 0), *((step[-1].occurred_at, step[-1].position) for step in naive_steps(self.log.read()))]
        for moment_id, known in self.model.items():
            assert known.place == ends[placed[moment_id].moment]
        assert named_moments(self.read_side.rebuild()) == list(placed.values())


@settings(max_examples=at_most(40))
@given(st.lists(st.one_of(EDIT, NAMING, RENAMING, DELETION, UNDO), max_size=12))
def test_a_named_moment_shows_what_was_before_its_event(steps: list[tuple[object, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        try:
            for step in steps:
                desk.now += 1
                desk.do(step)
                desk.check()
        finally:
            desk.close()
