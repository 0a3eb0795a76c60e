"""An import that is cancelled at any moment answers at once, and leaves everything as it was."""

from __future__ import annotations

import gc
import os
import tempfile
import time
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from tests.benchmarks.importing import list_of
from tests.benchmarks.people import fields_of
from tests.command_line import contents
from whowas.command_bus.bus import Bus
from whowas.domain.errors import CancelledError
from whowas.interchange import spill
from whowas.interchange.importing.given.rules import ImportRules
from whowas.interchange.importing.ready import Request, made_ready
from whowas.interchange.importing.told.outcome import ImportOutcome
from whowas.interchange.source import Source
from whowas.store.event_log import EventLog

EVERY = os.environ.get("EVERY_FAULT") == "1"
ROWS = 100_000 if EVERY else 1_500
CANCELLED = 12
LONGEST_SECONDS = 0.3
"""How long a cancelled import may go on; measured as time of the thread, so that a busy machine alters nothing."""

NOW = 1_700_000_000_000_000
RULES = ImportRules(missing="suspend", yes=True)
LISTS = ("new people", "the same people", "half of them", "names without keys", "emails that all change hands")


class Watching:
    """Notes how long it takes from one call to the next, and cancels at the call of that number, from 1."""

    def __init__(self, cancelled_at: int = 0) -> None:
        self.calls = 0
        self.longest = 0.0
        self._cancelled_at = cancelled_at
        self.last = time.thread_time()

    def __call__(self, _done: int, _total: int) -> None:
        now = time.thread_time()
        self.longest = max(self.longest, now - self.last)
        self.last = now
        self.calls += 1
        if self.calls == self._cancelled_at:
            raise CancelledError


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", LISTS)
def test_a_cancelled_import_answers_at_once_and_leaves_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary, cache = tmp_path / "temporary", tmp_path / "cache"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setattr(spill, "HELD_BYTES", ROWS)
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    people = list_of(fields_of(ROWS))
    content = _list(name, people.decode().splitlines())
    folder = tmp_path / "folder"
    folder.mkdir()
    with closing(EventLog.create(folder / "members.whowas")) as log:
        if name != "new people":
            _import(log, people, Watching())
        log.settle()
        before, kept = log.head(), _kept(folder)
        log.copy_into(tmp_path / "copy.whowas")
        with closing(EventLog.open(tmp_path / "copy.whowas")) as copy:
            whole = Watching()
            outcome = _import(copy, content, whole)
            assert sum(outcome.counts.values()) >= ROWS / 2
            assert outcome.written == (name != "names without keys")
            del outcome  # with which the file goes that it lies in
        dice, longest = Random(1), whole.longest
        anywhere = [dice.randrange(1, whole.calls + 1) for _ in range(CANCELLED)]
        while_written = [whole.calls - dice.randrange(20) for _ in range(CANCELLED // 3)]
        for at in (*anywhere, *while_written, whole.calls):
            watching = Watching(at)
            with pytest.raises(CancelledError):
                _import(log, content, watching)
            longest = max(longest, watching.longest, time.thread_time() - watching.last)
            assert log.head() == before
        gc.collect()
        assert not list(temporary.iterdir())
        assert not [path for path in cache.rglob("*") if path.is_file()]
        log.settle()
        assert _kept(folder) == kept
        assert log.verify() is None
    assert longest < LONGEST_SECONDS


def _kept(folder: Path) -> dict[str, str]:
    """Return what is in a folder; what connections share of a file is no part of it."""
    return {name: digest for name, digest in contents(folder).items() if not name.endswith("-shm")}


def _import(log: EventLog, content: bytes, watching: Watching) -> ImportOutcome:
    ready = made_ready([Source.of("members.csv", content)], Request(rules=RULES), watching)
    return ready.take(Bus(log, clock=lambda: NOW, actor="ines"), log, progress=watching)


def _list(name: str, lines: list[str]) -> bytes:
    """Return one of the lists, made of the lines of that of all people."""
    titles, *people = lines
    email = titles.split(",").index("email")
    match name:
        case "half of them":
            people = people[::2]
        case "names without keys":
            titles, people = "first_name,last_name", [",".join(line.split(",")[:2]) for line in people]
        case "emails that all change hands":
            emails = [line.split(",")[email] for line in people]
            people = [
                line.replace(own, other)
                for line, own, other in zip(people, emails, emails[1:] + emails[:1], strict=True)
            ]
    return "\n".join((titles, *people)).encode()
