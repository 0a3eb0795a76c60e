"""Drafts on disk: they belong to a file and its history."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.desktop.details.draft import Draft
from whowas.desktop.details.draft_store import NEW_USER, DraftStore, KeptDraft
from whowas.domain.commands import CreateUser, EraseUser, UpdateUser
from whowas.store.event_log import EventLog

ADA, BEN = (f"0199a3c4-0000-7000-8000-{number:012}" for number in range(2))
CLERK = Draft({"title": "Clerk"})

Opened = Callable[[Path], EventLog]


@pytest.fixture
def opened() -> Iterator[Opened]:
    logs: list[EventLog] = []

    def open_(path: Path) -> EventLog:
        logs.append(EventLog.open(path))
        return logs[-1]

    yield open_
    for log in logs:
        log.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A directory with Ada in it, at version 2."""
    path = tmp_path / "staff.whowas"
    log = EventLog.create(path)
    do(log, CreateUser(ADA, {"first_name": "Ada"}), UpdateUser(ADA, {"title": "Intern"}))
    log.close()
    return path


@pytest.fixture
def named(tmp_path: Path) -> Path:
    return tmp_path / "drafts" / "directory.json"


def do(log: EventLog, *commands: CreateUser | UpdateUser | EraseUser) -> None:
    bus = Bus(log, clock=lambda: 1_000_000, actor="test")
    for command in commands:
        bus.dispatch(command)


def draft_of(store: DraftStore, user_id: str = ADA) -> Draft | None:
    kept = store.get(user_id)
    return kept and kept.draft


def stored(named: Path) -> list[Path]:
    return sorted(named.parent.glob("*"))


def test_drafts_come_back_in_another_process(file: Path, named: Path, opened: Opened) -> None:
    ada = Draft({"title": "Archivist"}, ("Records", "Legal"), {"Room": "B 12"})
    DraftStore(named, opened(file)).put(ADA, KeptDraft(ada, base_version=2))
    DraftStore(named, opened(file)).put(NEW_USER, KeptDraft(Draft({"first_name": "Émile 🌱"})))
    again = DraftStore(named, opened(file))
    kept = again.get(ADA)
    assert kept is not None
    assert (kept.draft, kept.base_version) == (ada, 2)
    assert draft_of(again, NEW_USER) == Draft({"first_name": "Émile 🌱"})
    (path,) = stored(named)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_several_new_users_are_kept(file: Path, named: Path, opened: Opened) -> None:
    store = DraftStore(named, opened(file))
    begun = {store.new_key(): Draft({"first_name": name}) for name in ("Zoe", "Yan", "Xia")}
    for key, draft in begun.items():
        store.put(key, KeptDraft(draft))
    store.keep_only(lambda user_id: user_id == ADA)
    again = DraftStore(named, opened(file))
    assert {key: draft_of(again, key) for key in again.keys} == begun


@pytest.mark.parametrize("of", ["0.1.0", "later versions"])
def test_a_file_of_an_older_version_is_read(file: Path, named: Path, opened: Opened, of: str) -> None:
    """That has one new user, and says nothing of the chain or the groups that a draft is based on."""
    log = opened(file)
    drafts = {
        "new": {"draft": {"values": {"first_name": "Zoe"}, "groups": ["Records"], "attributes": {}}, "base_version": 0},
        ADA: {"draft": {"values": {"title": "Clerk"}, "groups": None, "attributes": {}}, "base_version": 2},
    }
    owner = {"path": str(file), "device": log.identity.device, "number": log.identity.number}
    named.parent.mkdir()
    if of == "0.1.0":
        named.write_text(json.dumps(drafts))
    else:
        named.with_suffix(".0123.json").write_text(json.dumps({"file": owner, "drafts": drafts, "elsewhere": []}))
    store = DraftStore(named, log)
    assert draft_of(store, NEW_USER) == Draft({"first_name": "Zoe"}, ("Records",))
    assert draft_of(store) == CLERK
    store.put(store.new_key(), KeptDraft(Draft({"first_name": "Yan"})))
    assert len(DraftStore(named, opened(file))) == 3


def test_an_older_version_keeps_the_new_users_that_it_does_not_know_of(file: Path, named: Path, opened: Opened) -> None:
    """It takes them for users of another copy, and writes them among those that are elsewhere."""
    store = DraftStore(named, opened(file))
    key = store.new_key()
    store.put(key, KeptDraft(Draft({"first_name": "Yan"})))
    (path,) = stored(named)
    kept = json.loads(path.read_text())
    kept["elsewhere"] = [*kept["drafts"].items()]
    kept["drafts"] = {}
    path.write_text(json.dumps(kept))
    again = DraftStore(named, opened(file))
    assert draft_of(again, key) == Draft({"first_name": "Yan"})


def test_new_users_of_two_places_are_both_there(file: Path, named: Path, opened: Opened) -> None:
    one, other = DraftStore(named, opened(file)), DraftStore(named.with_name("other.json"), opened(file))
    one.put(NEW_USER, KeptDraft(Draft({"first_name": "Zoe"})))
    other.put(NEW_USER, KeptDraft(Draft({"first_name": "Yan"})))
    one.take_from(other)
    names = sorted(kept.draft.values["first_name"] for key in one.keys if (kept := one.get(key)) is not None)
    assert names == ["Yan", "Zoe"]


def test_forgetting_the_last_draft_leaves_no_file(file: Path, named: Path, opened: Opened) -> None:
    store = DraftStore(named, opened(file))
    store.put(ADA, KeptDraft(CLERK, 2))
    store.put(ADA, None)
    assert store.get(ADA) is None
    assert stored(named) == []


def test_a_damaged_file_means_no_drafts_and_stays_as_it_is(file: Path, named: Path, opened: Opened) -> None:
    named.parent.mkdir()
    for path in (named, named.with_suffix(".0123.json")):
        path.write_text('{"ada": {"draft"')
    store = DraftStore(named, opened(file))
    assert store.get(ADA) is None
    store.put(ADA, KeptDraft(CLERK, 2))
    assert draft_of(DraftStore(named, opened(file))) == CLERK
    assert named.read_text() == '{"ada": {"draft"'


def test_a_copy_has_no_draft_of_the_original(file: Path, named: Path, opened: Opened, tmp_path: Path) -> None:
    copy = tmp_path / "copy.whowas"
    shutil.copy(file, copy)
    DraftStore(named, opened(file)).put(ADA, KeptDraft(CLERK, 2))
    of_copy = DraftStore(named, opened(copy))
    assert of_copy.get(ADA) is None
    of_copy.put(ADA, KeptDraft(Draft({"title": "Guard"}), 2))
    assert draft_of(DraftStore(named, opened(file))) == CLERK
    assert draft_of(DraftStore(named, opened(copy))) == Draft({"title": "Guard"})
    of_copy.put(ADA, None)
    assert draft_of(DraftStore(named, opened(file))) == CLERK


def test_the_draft_goes_with_a_file_that_is_renamed(file: Path, named: Path, opened: Opened) -> None:
    DraftStore(named, opened(file)).put(ADA, KeptDraft(CLERK, 2))
    renamed = file.with_name("people.whowas")
    file.rename(renamed)
    assert draft_of(DraftStore(named, opened(renamed))) == CLERK
    # The file that is now at the old path is another one.
    shutil.copy(renamed, file)
    assert DraftStore(named, opened(file)).get(ADA) is None
    assert draft_of(DraftStore(named, opened(renamed))) == CLERK


def test_the_draft_stays_where_the_file_is_replaced_by_a_later_state(
    file: Path, named: Path, opened: Opened, tmp_path: Path
) -> None:
    """As a synchronising client does it."""
    DraftStore(named, opened(file)).put(ADA, KeptDraft(CLERK, 2))
    later = tmp_path / "later.whowas"
    shutil.copy(file, later)
    log = opened(later)
    do(log, UpdateUser(ADA, {"phone": "1234"}))
    log.close()
    later.replace(file)
    assert draft_of(DraftStore(named, opened(file))) == CLERK


def test_a_draft_over_another_history_waits_until_that_is_back(
    file: Path, named: Path, opened: Opened, tmp_path: Path
) -> None:
    other = tmp_path / "other.whowas"
    shutil.copy(file, other)
    log = opened(file)
    do(log, UpdateUser(ADA, {"phone": "1234"}), CreateUser(BEN, {"first_name": "Ben"}))
    store = DraftStore(named, log)
    store.put(ADA, KeptDraft(CLERK, 3))
    store.put(BEN, KeptDraft(CLERK, 1))
    log.close()
    log = opened(other)
    do(log, UpdateUser(ADA, {"phone": "5678"}))
    log.close()
    away = tmp_path / "away.whowas"
    file.rename(away)
    other.rename(file)
    in_place = DraftStore(named, opened(file))
    assert in_place.get(ADA) is None, "its version 3 is another one"
    assert in_place.get(BEN) is None, "nobody knows Ben there"
    in_place.keep_only(lambda user_id: user_id == ADA)
    in_place.put(ADA, KeptDraft(Draft({"title": "Guard"}), 3))
    away.replace(file)
    back = DraftStore(named, opened(file))
    assert (draft_of(back), draft_of(back, BEN)) == (CLERK, CLERK)


def test_drafts_of_the_version_before_are_taken_over_where_their_base_is(
    file: Path, named: Path, opened: Opened
) -> None:
    named.parent.mkdir(mode=0o700)
    old = {
        ADA: {"draft": {"values": {"title": "Clerk"}, "groups": None, "attributes": {}}, "base_version": 2},
        BEN: {"draft": {"values": {"title": "Guard"}, "groups": None, "attributes": {}}, "base_version": 1},
    }
    named.write_text(json.dumps(old))
    store = DraftStore(named, opened(file))
    assert draft_of(store) == CLERK
    assert store.get(BEN) is None
    assert json.loads(named.read_text()).keys() == {BEN}, "it waits for the file that knows Ben"
    store.put(ADA, None)
    assert DraftStore(named, opened(file)).get(ADA) is None


def test_drafts_are_carried_to_a_copy_that_the_window_goes_on_in(
    file: Path, named: Path, opened: Opened, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.whowas"
    shutil.copy(file, copy)
    store = DraftStore(named, opened(file))
    store.put(ADA, KeptDraft(CLERK, 2))
    store.carry_to(copy)
    assert draft_of(DraftStore(named, opened(copy))) == CLERK
    assert draft_of(DraftStore(named, opened(file))) == CLERK


def test_a_draft_that_waits_is_forgotten_with_its_user(file: Path, named: Path, opened: Opened, tmp_path: Path) -> None:
    other = tmp_path / "other.whowas"
    shutil.copy(file, other)
    log = opened(file)
    do(log, UpdateUser(ADA, {"phone": "1234"}))
    DraftStore(named, log).put(ADA, KeptDraft(CLERK, 3))
    log.close()
    other.replace(file)
    log = opened(file)
    do(log, EraseUser(ADA))
    store = DraftStore(named, log)
    store.keep_only(lambda user_id: False)
    store.put(NEW_USER, KeptDraft(CLERK))
    assert ADA not in stored(named)[0].read_text()
