"""An import of dated lists that is cancelled at any moment answers at once, and leaves everything as it was."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from tests.command_line import contents
from tests.dated_lists import monthly_lists, write_lists
from tests.faults.test_cancelled_imports import CANCELLED, EVERY, LONGEST_SECONDS, Watching
from whowas.command_bus.bus import Bus
from whowas.domain.errors import CancelledError
from whowas.interchange.importing.dates.list_dates import dated
from whowas.interchange.importing.given.rules import ImportRules
from whowas.interchange.importing.ready import Request, made_ready
from whowas.interchange.importing.told.outcome import ImportOutcome
from whowas.interchange.mapping.chosen import Chosen
from whowas.interchange.source import Source
from whowas.store.event_log import EventLog

LISTS, USERS = (60, 2_000) if EVERY else (8, 150)
REQUEST = Request(
    chosen=Chosen({"Room": "attributes.Room"}, blank="clear"), rules=ImportRules(missing="delete", yes=True)
)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("begun", [False, True], ids=["new", "begun"])
def test_cancelled_dated_lists_leave_nothing(begun: bool, tmp_path: Path) -> None:
    lists = list(monthly_lists(1, LISTS, USERS, blanks=True))
    (folder := tmp_path / "folder").mkdir()
    (files := tmp_path / "files").mkdir()
    contents_of = {path.name: path.read_bytes() for path in write_lists(files, lists, 1)}
    dates = dated(contents_of)
    names = sorted(dates, key=dates.__getitem__)
    earlier, later = names[: LISTS // 2] if begun else [], names[LISTS // 2 :] if begun else names
    with closing(EventLog.create(folder / "members.whowas")) as log:
        if begun:
            assert _import(log, {name: contents_of[name] for name in earlier}, Watching()).written
        log.settle()
        before, kept = log.head(), _kept(folder)
        log.copy_into(tmp_path / "copy.whowas")
        wanted = {name: contents_of[name] for name in later}
        with closing(EventLog.open(tmp_path / "copy.whowas")) as copy:
            whole = Watching()
            assert _import(copy, wanted, whole).written
        dice, longest = Random(1), whole.longest
        for at in (*(dice.randrange(1, whole.calls + 1) for _ in range(CANCELLED)), whole.calls):
            watching = Watching(at)
            with pytest.raises(CancelledError):
                _import(log, wanted, watching)
            longest = max(longest, watching.longest, time.thread_time() - watching.last)
            assert log.head() == before
        log.settle()
        assert _kept(folder) == kept
        assert log.verify() is None
    assert longest < LONGEST_SECONDS


def _kept(folder: Path) -> dict[str, str]:
    """Return what is in a folder; what connections share of a file is no part of it."""
    return {name: digest for name, digest in contents(folder).items() if not name.endswith("-shm")}


def _import(log: EventLog, lists: Mapping[str, bytes], watching: Watching) -> ImportOutcome:
    sources = [Source.of(name, content) for name, content in lists.items()]
    ready = made_ready(sources, replace(REQUEST, moments=dated(lists)), watching)
    bus = Bus(log, clock=lambda: time.time_ns() // 1_000, actor="ines")
    return ready.take(bus, log, progress=watching)
