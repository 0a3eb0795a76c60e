"""Erasing a user: nothing of them is left in any file, and everything that reads events goes on without them."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from tests.altered_files import alter
from tests.leftovers_of import Person, files_with
from whowas.command_bus.bus import Bus
from whowas.corrections.restore import planned as planned_restoring
from whowas.corrections.undo.last_change import ERASED, take_back
from whowas.corrections.undo_one.outcome import carried_out
from whowas.corrections.undo_one.planning import planned
from whowas.corrections.what_if.rerun import imagine
from whowas.domain.causation import UndoOf
from whowas.domain.commands import (
    Command,
    CreateGroup,
    CreateUser,
    DeleteUser,
    EraseUser,
    JoinGroup,
    RestoreUser,
    SetPassword,
    UpdateUser,
)
from whowas.domain.errors import RefusedError, StoreError
from whowas.domain.events import Forgotten, UserErased
from whowas.erasure import Erasure, erase, finish
from whowas.projections.queries.change_lines import change_lines
from whowas.projections.queries.field_history import spans_of
from whowas.projections.queries.find_user import user_called
from whowas.projections.queries.undo_list import DoneChange, UndoList, change_called
from whowas.projections.sides.as_known import as_known
from whowas.projections.sides.read_side import ReadSide
from whowas.projections.sides.temporary import temporary_side
from whowas.store.event_log import EventLog, ReadOnlyError

ADA = "0199a3c4-0000-7000-8000-000000000001"
BEN = "0199a3c4-0000-7000-8000-000000000002"
CAM = "0199a3c4-0000-7000-8000-000000000003"
STAFF = "0199a3c4-0000-7000-8000-0000000000f1"
SECOND = 1_000_000
PERSON = Person()


@dataclass
class Desk:
    """A directory in which some things happened, a second apart; ``changes`` are their receipts' change ids."""

    folder: Path
    now: int = 1_700_000_000 * SECOND
    changes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.log = EventLog.create(self.folder / "staff.whowas")
        self.bus = Bus(self.log, clock=lambda: self.now, actor="ines")
        self.side = ReadSide(self.log, self.folder / "cache")
        self.index = self.side.catch_up()

    def do(self, *commands: Command, ago: int = 0) -> None:
        self.now += SECOND
        with self.bus.change() as change:
            for command in commands:
                change.dispatch(command, occurred_at=self.now - ago * SECOND if ago else None)
        self.changes.append(change.id)
        self.index = self.side.catch_up()

    def erase(self, user_id: str = ADA) -> Erasure:
        self.now += SECOND
        drafts = self.folder / "drafts" / f"{self.log.directory_id}.json"
        reports = list(self.folder.glob("whowas.log*"))
        done = erase(
            *(self.bus, self.log, user_id),
            cache=self.folder / "cache",
            drafts=drafts,
            reports=reports,
            catch_up=self.side.catch_up,
        )
        self.index = self.side.catch_up()
        return done

    def done(self, change: int) -> DoneChange:
        found = change_called(self.side.read_model, self.changes[change])
        assert found is not None
        return found

    def title(self, done: DoneChange) -> str:
        return self.side.change_titles(self.index, [done.change_id])[done.change_id]

    def sentences(self) -> list[str]:
        return [line.text for line in change_lines(self.side.read_model, self.index, range(1, self.index.now + 1))]

    def names(self, moment: int) -> list[str]:
        numbers = self.index.numbers[self.index.alive(moment)]
        return sorted(row.user.name for row in self.side.rows(np.sort(numbers).tolist()))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Ada created and edited, alone and with others, backdated and deleted; Ben and Cam too."""
    desk = Desk(tmp_path)
    desk.do(CreateGroup(STAFF, "Staff"))
    desk.do(CreateUser(ADA, PERSON.fields()))
    desk.do(CreateUser(BEN, {"first_name": "Ben"}), CreateUser(CAM, {"first_name": "Cam"}))
    desk.do(*(UpdateUser(user, {"department": "Press"}) for user in (ADA, BEN, CAM)))
    desk.do(UpdateUser(ADA, PERSON.later()), SetPassword(ADA, PERSON.password), JoinGroup(ADA, STAFF))
    desk.do(UpdateUser(ADA, {"notes": PERSON.once}), ago=3)
    desk.do(DeleteUser(ADA))
    yield desk
    desk.side.close()
    desk.log.close()


def test_no_byte_of_the_person_is_left_in_any_file(desk: Desk) -> None:
    desk.side.index_texts()
    desk.side.keep_index()
    other = desk.folder / "cache" / f"{desk.log.directory_id}-000000000000"
    shutil.copytree(desk.folder / "cache" / next((desk.folder / "cache").iterdir()).name, other)
    drafts = desk.folder / "drafts" / f"{desk.log.directory_id}.json"
    drafts.parent.mkdir()
    drafts.write_text(json.dumps({ADA: {"draft": {"values": {"notes": PERSON.once}}}, BEN: {"draft": {}}}))
    assert {path.parent.name for path in files_with(desk.folder, PERSON)} >= {desk.folder.name, other.name, "drafts"}

    done = desk.erase()

    assert files_with(desk.folder, PERSON) == []
    assert done == Erasure(7, (), (), "")
    assert ADA not in drafts.read_text()
    assert BEN in drafts.read_text()
    assert not other.exists()
    assert (desk.folder / "staff.whowas-wal").stat().st_size < 20_000
    assert not desk.log.unswept


def test_what_a_killed_import_left_goes_and_the_log_of_another_file_is_named(desk: Desk) -> None:
    killed = desk.folder / ".whowas-0123_abc.new"
    killed.mkdir()
    (killed / desk.log.path.name).write_text(PERSON.once)
    aside = desk.log.path.with_name(f"{desk.log.path.name}-wal set aside")
    aside.write_bytes(b"pages")
    done = desk.erase(ADA)
    assert not killed.exists()
    assert aside.read_bytes() == b"pages"
    said = f"“{aside.name}” holds changes of a file that was here before, maybe of this person too: delete it."
    assert done.left == (said,)


def test_drafts_of_all_copies_are_forgotten(desk: Desk) -> None:
    named = desk.folder / "drafts" / f"{desk.log.directory_id}.json"
    named.parent.mkdir()
    draft = {"draft": {"values": {"notes": PERSON.once}}}
    copy, unreadable, other = (named.with_suffix(f".{name}.json") for name in ("copy", "unreadable", "other"))
    whose = {"path": "/copy.whowas", "device": 1, "number": 2}
    copy.write_text(
        json.dumps({"file": whose, "drafts": {ADA: draft, BEN: {}}, "elsewhere": [[ADA, draft], [BEN, {}]]})
    )
    unreadable.write_text(f'{{"file": "{PERSON.once}"}}')
    other.write_text(json.dumps({"file": whose, "drafts": {BEN: {}}, "elsewhere": []}))
    before = other.read_bytes()
    desk.erase(ADA)
    assert json.loads(copy.read_text()) == {"file": whose, "drafts": {BEN: {}}, "elsewhere": [[BEN, {}]]}
    assert not unreadable.exists()
    assert other.read_bytes() == before


def test_who_was_erased_is_left_out_of_drafts_for_several(desk: Desk) -> None:
    named = desk.folder / "drafts" / f"{desk.log.directory_id}.json"
    named.parent.mkdir()
    file, other = named.with_suffix(".one.json"), "0199a3c4-0000-7000-8000-0000000000aa"
    whose = {"path": "/staff.whowas", "device": 1, "number": 2}
    kept = {"draft": {"values": {"title": "Judge"}}, "numbers": ""}
    several = {
        "several-1": {**kept, "ids": [ADA, BEN, other], "count": 3},
        "several-2": {**kept, "ids": [ADA, BEN], "count": 2},
        "several-3": {**kept, "ids": [], "count": 4_000},
    }
    file.write_text(json.dumps({"file": whose, "drafts": {}, "elsewhere": [], "several": several}))
    desk.erase(ADA)
    left = {"several-1": {**kept, "ids": [BEN, other], "count": 2}, "several-3": several["several-3"]}
    assert json.loads(file.read_text()) == {"file": whose, "drafts": {}, "elsewhere": [], "several": left}


def test_what_sqlite_itself_left_in_the_pages_goes_too(desk: Desk) -> None:
    """As a build of it does that zeroes nothing where rows were deleted, or moved to another page."""
    with closing(sqlite3.connect(desk.log.path, isolation_level=None)) as raw:
        raw.execute("PRAGMA secure_delete = OFF")
        raw.execute("INSERT INTO email_owner VALUES (?, x'00')", (PERSON.fields()["email"],))
        raw.execute("DELETE FROM email_owner WHERE user_id = x'00'")
    desk.erase()
    assert files_with(desk.folder, PERSON) == []


def test_what_programs_left_over_goes_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders of those that were killed, drafts nobody can read, and what was written down about their ends."""
    monkeypatch.setattr(tempfile, "tempdir", str(desk.folder))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    folders = [desk.folder / f"whowas-{name}-0123_abc" for name in (ended.pid, os.getpid(), "somebody")]
    drafts = desk.folder / "drafts" / f"{desk.log.directory_id}.json"
    for folder in (*folders, drafts.parent):
        folder.mkdir(mode=0o700)
        (folder / "read.db").write_text(PERSON.name)
    for file in (drafts, desk.folder / "whowas.log", desk.folder / "whowas.log.1"):
        file.write_text(f"KeyError: {PERSON.name}")
    (drafts.parent / "read.db").unlink()

    assert desk.erase().left == ()

    assert [folder.exists() for folder in folders] == [False, True, True], "others may still be at theirs"
    assert files_with(desk.folder, PERSON) == [folder / "read.db" for folder in folders[1:]]


def test_the_history_still_verifies_also_against_a_head_taken_before(desk: Desk) -> None:
    head, payloads = desk.log.head(), [row[3] for row in desk.log.rows()]
    desk.erase()
    assert desk.log.verify(head) is None
    assert [payload is None for payload in (row[3] for row in desk.log.rows())] == [
        *(row.stream == ADA for row in desk.log.read(through=head.position)),
        False,
    ]
    assert all(payloads)
    assert isinstance(desk.log.stream(ADA)[-1].event, UserErased)


def test_the_erased_user_is_there_at_no_moment_and_every_step_stays(desk: Desk) -> None:
    steps, before = desk.index.now, desk.sentences()
    kinds = [getattr(desk.index.steps, name).tolist() for name in ("created", "changed", "removed")]
    desk.erase()
    assert desk.index.now == steps + 1
    assert [getattr(desk.index.steps, name).tolist()[:-1] for name in ("created", "changed", "removed")] == kinds
    assert all(PERSON.fields()["first_name"] not in name for moment in range(steps + 2) for name in desk.names(moment))
    assert desk.names(desk.index.now) == ["Ben", "Cam"]
    told = desk.sentences()
    assert told == [
        "Group Staff created",
        "Erased user: Created",
        before[2],
        "Erased user: Changed",
        "3 users changed: 1 of them erased since",
        "Erased user: Changed",
        "Erased user: Deleted",
        "User erased",
    ]


def test_a_rebuilt_read_side_is_the_same(desk: Desk) -> None:
    desk.erase()
    desk.do(UpdateUser(BEN, {"title": "Head"}))
    fresh = ReadSide(desk.log, desk.folder / "fresh")
    rebuilt = fresh.rebuild()
    assert rebuilt.epoch == desk.index.epoch
    for name in ("numbers", "users", "begins", "ends", "contents", "statuses"):
        assert getattr(rebuilt, name).tolist() == getattr(desk.index, name).tolist()
    assert [rebuilt.counts(moment) for moment in range(rebuilt.now + 1)] == [
        desk.index.counts(moment) for moment in range(rebuilt.now + 1)
    ]
    fresh.close()


def test_rows_have_other_numbers_so_what_was_remembered_of_them_is_void(desk: Desk) -> None:
    before = desk.index.epoch
    desk.erase()
    assert desk.index.epoch.erasure_count == before.erasure_count + 1


def test_a_read_side_that_is_behind_follows(desk: Desk) -> None:
    behind = ReadSide(desk.log, desk.folder / "behind")
    behind.catch_up()
    desk.do(RestoreUser(ADA), UpdateUser(BEN, {"title": "Head"}))
    desk.erase()
    index = behind.catch_up()
    assert behind.user_number(ADA) is None
    assert index.numbers.tolist() == desk.index.numbers.tolist()
    assert files_with(desk.folder / "behind", PERSON) == []
    behind.close()


def test_one_who_came_and_was_erased_unseen_costs_no_rebuilding(desk: Desk) -> None:
    dan, before = "0199a3c4-0000-7000-8000-000000000004", desk.side.read_model
    desk.bus.dispatch(CreateUser(dan, {"first_name": "Dan"}))
    desk.erase(dan)
    assert desk.side.read_model is before
    assert desk.sentences()[-2:] == ["Erased user: Created", "User erased"]


def test_histories_and_searches_know_nothing(desk: Desk) -> None:
    desk.erase()
    model = desk.side.read_model
    assert desk.side.history_of(ADA, desk.index) == []
    assert spans_of(model, desk.index, ADA, "title") == []
    assert user_called(model, ADA) is None
    assert user_called(model, PERSON.fields()["email"]) is None
    found = desk.side.matching("quondam-veritas")
    assert found is not None
    assert not found.any()


def test_what_was_known_once_is_known_without_them(desk: Desk) -> None:
    desk.erase()
    with as_known(desk.log, 4) as side:
        index = side.catch_up()
        assert [row.user.name for row in side.rows(index.numbers.tolist())] == ["Ben", "Cam"]


def test_their_email_and_external_id_are_free_again(desk: Desk) -> None:
    desk.do(RestoreUser(ADA))
    desk.erase()
    taken = {name: PERSON.fields()[name] for name in ("email", "external_id")}
    desk.do(UpdateUser(BEN, taken))
    assert desk.log.verify() is None


@pytest.mark.parametrize("command", [CreateUser(ADA, {"first_name": "Ada"}), RestoreUser(ADA), EraseUser(ADA)])
@pytest.mark.parametrize("ago", [0, 100])
@pytest.mark.parametrize("remembered", [True, False])
def test_nothing_can_be_done_about_them_any_more(desk: Desk, command: Command, ago: int, remembered: bool) -> None:
    desk.erase()
    head = desk.log.head()
    if not remembered:
        desk.bus = Bus(desk.log, clock=lambda: desk.now, actor="ines")
    with pytest.raises(RefusedError):
        desk.do(command, ago=ago)
    assert desk.log.head() == head


@pytest.mark.parametrize("who", ["0199a3c4-0000-7000-8000-00000000000f", STAFF, "nobody"])
def test_nobody_is_no_user_to_erase(desk: Desk, who: str) -> None:
    head = desk.log.head()
    with pytest.raises(RefusedError):
        desk.erase(who)
    assert desk.log.head() == head


def test_erasing_cannot_be_backdated(desk: Desk) -> None:
    with pytest.raises(RefusedError) as refused:
        desk.do(EraseUser(BEN), ago=2)
    assert refused.value.field == "occurred_at"


def test_erasing_is_refused_by_undo_in_one_sentence(desk: Desk) -> None:
    desk.erase()
    erasure = desk.log.erasure_of(ADA)
    assert erasure is not None
    done = change_called(desk.side.read_model, erasure.change_id)
    assert done is not None
    assert desk.title(done) == "User erased"
    for attempt in (lambda: take_back(desk.bus, desk.log, done, UndoOf("")), lambda: planned(desk.log, done)):
        with pytest.raises(RefusedError, match="Erasing is for ever") as refused:
            attempt()
        assert refused.value.field == ERASED


def test_what_nobody_can_take_back_is_not_on_the_undo_list(desk: Desk) -> None:
    undo_list = UndoList("ines")
    undo_list.follow(desk.side.read_model)
    assert undo_list.to_undo == desk.done(6)
    desk.erase()
    undo_list.follow(desk.side.read_model)
    assert undo_list.to_undo == desk.done(3), "the last one that did something to somebody else"
    desk.do(UpdateUser(BEN, {"title": "Head"}))
    undo_list.follow(desk.side.read_model)
    assert undo_list.to_undo == desk.done(7)


@pytest.mark.parametrize(("change", "called"), [(1, "Erased user: Created"), (6, "Erased user: Deleted")])
def test_a_change_to_them_alone_is_refused_by_undo(desk: Desk, change: int, called: str) -> None:
    desk.erase()
    done, head = desk.done(change), desk.log.head()
    assert desk.title(done) == called
    for attempt in (lambda: take_back(desk.bus, desk.log, done, UndoOf("")), lambda: planned(desk.log, done)):
        with pytest.raises(RefusedError, match="erased since"):
            attempt()
    assert desk.log.head() == head


def test_a_change_to_several_is_undone_for_the_others(desk: Desk) -> None:
    desk.erase()
    done = desk.done(3)
    assert desk.title(done) == "3 users changed"
    plan = planned(desk.log, done)
    assert [user.now.name for user in plan.users] == ["Ben", "Cam"]
    assert carried_out(desk.bus, plan)
    desk.index = desk.side.catch_up()
    rows = desk.side.rows(desk.index.numbers[desk.index.alive(desk.index.now)].tolist())
    assert [row.user.department for row in rows] == [None, None]


def test_restoring_a_moment_brings_nobody_back(desk: Desk) -> None:
    desk.erase()
    model, position = desk.side.read_model, desk.log.head().position
    assert {one.now.name for one in planned_restoring(model, desk.index, position, 3).users} == {"Ben", "Cam"}


def test_what_if_decides_the_rest_again_without_them(desk: Desk) -> None:
    desk.do(RestoreUser(ADA))
    desk.erase()
    desk.do(UpdateUser(BEN, {"email": PERSON.fields()["email"]}))
    without = imagine(desk.log, [desk.changes[3]])
    assert [(one.now.name, len(one.changes)) for one in without.user_differences] == [("Ben", 1), ("Cam", 1)]
    assert list(without.refused) == []
    assert ADA not in without.users
    with temporary_side(without.log) as side:
        index = side.catch_up()
        assert sorted({row.user.name for row in side.rows(index.numbers.tolist())}) == ["Ben", "Cam"]
    assert list(imagine(desk.log, [desk.changes[1]]).user_differences) == []
    erasure = desk.log.erasure_of(ADA)
    assert erasure is not None
    with pytest.raises(RefusedError, match="Erasing is for ever"):
        imagine(desk.log, [erasure.change_id])


def test_what_others_say_about_them_is_told(desk: Desk) -> None:
    desk.do(UpdateUser(BEN, {"notes": f"Deputy of {PERSON.name}"}))
    position = desk.log.head().position
    done = desk.erase()
    assert done.named_at == (position,)
    assert done.told() == [f"1 other event still names this person, the one at position {position}."]


def test_nobody_is_erased_from_a_directory_that_is_damaged(desk: Desk) -> None:
    """Its backups may be all that is sound: they could not go, and what holds the user would be left for ever."""
    head = desk.log.head()
    alter(desk.log.path, "UPDATE event SET actor = 'mallory' WHERE position = 2")
    with pytest.raises(ReadOnlyError, match=r"Event 2 was altered .* This was not saved\."):
        desk.erase()
    assert (desk.log.head(), desk.log.unswept) == (head, False)


def test_a_payload_that_is_only_missing_is_damage(desk: Desk) -> None:
    desk.erase()
    with closing(sqlite3.connect(desk.log.path, isolation_level=None)) as raw:
        with pytest.raises(sqlite3.IntegrityError, match="a payload goes only with its user"):
            raw.execute("DELETE FROM payload WHERE position = 3")
        with pytest.raises(sqlite3.IntegrityError, match="a payload goes only with its user"):
            raw.execute("DELETE FROM payload WHERE position = (SELECT max(position) FROM event)")
        raw.execute("DROP TRIGGER payload_goes_only_with_its_user")
        raw.execute("DELETE FROM payload WHERE position = 3")
    damage = desk.log.verify()
    assert damage is not None
    assert (damage.position, damage.reason) == (3, "the payload is missing")
    with pytest.raises(StoreError, match="position 3 is missing"):
        list(desk.log.read())


def test_what_an_erasure_left_over_is_swept_when_the_log_is_opened(desk: Desk) -> None:
    desk.bus.dispatch(EraseUser(ADA))
    assert desk.log.unswept, "killed before it could sweep"
    again = EventLog.open(desk.log.path)
    drafts, report = desk.folder / f"{desk.log.directory_id}.json", desk.folder / "whowas.log"
    drafts.write_text(json.dumps({ADA: {"draft": {"values": {"notes": PERSON.once}}}, BEN: {}}))
    drafts.with_suffix(".new").write_text(PERSON.once)
    report.write_text(PERSON.once)
    finish(again, cache=desk.folder / "cache", drafts=drafts, reports=[report])
    assert not again.unswept
    assert files_with(desk.folder, PERSON) == []
    assert json.loads(drafts.read_text()) == {BEN: {}}
    assert [type(recorded.event) for recorded in again.stream(ADA)] == [*[Forgotten] * 7, UserErased]
    again.close()


def test_who_reads_meanwhile_does_not_stop_it_and_is_told_of(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whowas.store.file.database.BUSY_TIMEOUT_MS", 50)
    log = EventLog.open(desk.log.path)
    bus = Bus(log, clock=lambda: desk.now, actor="ines")
    with closing(sqlite3.connect(desk.log.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM event").fetchone()
        done = erase(bus, log, ADA, cache=desk.folder / "cache", drafts=desk.folder / "none", reports=())
        assert len(done.left) == 1
        (sentence,) = done.told()
        assert sentence.startswith("Traces may be left until this directory is opened again. “staff.whowas” is in use")
        assert log.unswept
    log.close()
    again = EventLog.open(desk.log.path)
    finish(again, cache=desk.folder / "cache", drafts=desk.folder / "none", reports=())
    again.close()
    assert [path for path in files_with(desk.folder, PERSON) if path.parent == desk.folder] == []
