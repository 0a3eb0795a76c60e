"""Lists by dice are imported: nothing but a sentence refuses one, nothing is half written, and what is told is true."""

from __future__ import annotations

import gc
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.fuzzing import PEOPLE_THERE, Fuzzed, decided, fuzzed
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateGroup, CreateUser, DefineField, JoinGroup
from whowas.domain.errors import RefusedError
from whowas.interchange import log_export
from whowas.interchange.importing.given.rules import LeaveOut, NewUser, SameAs
from whowas.interchange.importing.ready import Ready, made_ready
from whowas.interchange.importing.told.outcome import ImportOutcome, RowOutcome
from whowas.interchange.source import Source
from whowas.sample import make_sample
from whowas.store.event_log import EventLog

FILES = 20_000 if os.environ.get("EVERY_FAULT") == "1" else 400
EACH_DIRECTORY = 25
"""How many files are imported into one directory, each on what the ones before it made of it."""

NOW = 1_700_000_000_000_000


@pytest.mark.timeout(7200)
def test_whatever_a_list_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary, cache = tmp_path / "temporary", tmp_path / "cache"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    exported = _exported(tmp_path / "sample.whowas")
    became: Counter[str] = Counter()
    first = int(os.environ.get("FIRST_FUZZED", "0"))
    for begin in range(first, first + FILES, EACH_DIRECTORY):
        folder = tmp_path / "folder"
        folder.mkdir()
        with closing(EventLog.create(folder / "members.whowas")) as log:
            _fill(log)
            for seed in range(begin, begin + EACH_DIRECTORY):
                try:
                    became[_import(log, fuzzed(seed, exported), seed)] += 1
                except Exception as error:
                    error.add_note(f"file {seed}")
                    raise
        assert [path.name for path in folder.iterdir()] == ["members.whowas"]
        shutil.rmtree(folder)
    gc.collect()
    assert list(temporary.iterdir()) == []
    assert not cache.exists() or not any(path.is_file() for path in cache.rglob("*"))
    for what in ("refused as it is", "refused by row", "written", "nothing to do"):
        assert became[what] > FILES / 50, became


def _import(log: EventLog, given: Fuzzed, seed: int) -> str:
    """Import files and return what became of them; whatever is told of that must be true."""
    bus = Bus(log, clock=lambda: NOW, actor="ines")
    before = log.head()
    try:
        ready = made_ready([Source.of(name, content) for name, content in given.files], given.request)
        undecided = ready.take(bus, log, dry_run=True)
        _require_first(bus, log, ready, undecided)
        ready = decided(seed, ready, undecided.rows)
        preview = ready.take(bus, log, dry_run=True)
        assert log.head() == before
        real = ready.take(bus, log, previewed=preview)
    except RefusedError as error:
        assert log.head() == before
        _require_sentence(str(error))
        return "refused as it is"
    assert _told(preview) == _told(real), "the dry run is the real run"
    assert not real.decided_again
    for row in real.rows:
        _require_true(row, ready)
        _require_obeyed(row, ready)
    grown = log.head().position - before.position
    assert grown == (real.events if real.written else 0)
    if not real.accepted:
        assert not real.written
        assert log.head() == before
        assert any(row.what in ("refused", "similar") for row in real.rows)
        return "refused by row"
    assert real.written
    assert log.verify() is None
    _require_settled(bus, log, ready, real)
    return "written" if grown else "nothing to do"


def _require_settled(bus: Bus, log: EventLog, ready: Ready, real: ImportOutcome) -> None:
    """Require that a second import finds nothing to do, where the same files cannot mean anything else then.

    An entry of a change log that makes somebody is refused if it is repeated, and so is an exported log; a row that is
    about nobody on purpose makes somebody each time; a refused row may be taken once the others are, and one that
    resembles somebody once another row has given that user another name or key.
    """
    second = ready.take(bus, log, dry_run=True)
    again = ready.rules.similar == "new" or NewUser() in ready.rules.decisions.values()
    others = real.counts["refused"] + real.counts["similar"] + real.in_part
    if ready.kind == "list" and not again and not others:
        changing = [row for row in second.rows if row.what in ("created", "changed")]
        assert not changing, changing[:3]
        assert not second.accepted or not second.events


def _require_first(bus: Bus, log: EventLog, ready: Ready, whole: ImportOutcome) -> None:
    """Require that the first rows can be looked at alone, whatever they are, and are the first of all of them."""
    before = log.head()
    first = ready.take(bus, log, first=3)
    assert log.head() == before
    assert not first.written
    if ready.kind != "log":
        assert not first.counts["missing"]
        assert [(row.file, row.line) for row in first.rows] == [
            (row.file, row.line) for row in whole.rows[:3] if row.file
        ]


def _require_obeyed(row: RowOutcome, ready: Ready) -> None:
    """Require that what was decided about a row is so, unless it is refused."""
    decision = ready.rules.decisions.get((row.file, row.line))
    assert (row.what == "left_out") <= isinstance(decision, LeaveOut), row
    match decision:
        case LeaveOut():
            assert (row.what, row.changes) == ("left_out", {}) or not row.line, row
        case NewUser():
            assert row.what in ("created", "unchanged", "refused"), row
        case SameAs(user_id):
            assert row.what == "refused" or (row.what, row.user_id) in (("changed", user_id), ("unchanged", user_id)), (
                row
            )
        case None:
            pass


def _told(outcome: ImportOutcome) -> tuple[object, ...]:
    """Return all that is told of an import, but for what must differ: the new ids, and whether it is written."""
    made = {row.user_id: f"new {row.line}" for row in outcome.rows if row.what == "created"}
    rows = [replace(row, user_id=made.get(row.user_id, row.user_id)) for row in outcome.rows]
    return rows, dict(outcome.counts), replace(outcome, rows=(), digests=(), counts={}, written=False, change_id="")


def _require_true(row: RowOutcome, ready: Ready) -> None:
    if row.what in ("refused", "similar") or row.taken_without_field:
        _require_sentence(row.reason)
    if row.what == "refused" and row.file:
        (source,) = (source for source in ready.sources if source.name == row.file)
        assert 0 <= row.line <= max(source.size, 1 << 20), row
        assert row.line or not row.raw, row
        assert row.column >= 0, row
    if row.what == "changed":
        assert row.changes, row
        assert all(old != new for old, new in row.changes.values()), row
    if row.what in ("created", "changed", "unchanged"):
        assert row.user_id, row


def _require_sentence(text: str) -> None:
    assert not re.search(r" --(map|key|similar|status|encoding|no-header|yes|skip-refused)\b", text), text
    assert text.rstrip("”)")[-1:] in ".?!", text
    assert "Traceback" not in text, text
    assert "\n" not in text, text


def _fill(log: EventLog) -> None:
    bus = Bus(log, clock=lambda: NOW - 1_000_000, actor="ines")
    with bus.change() as change:
        choir = "01890000-0000-7000-8000-0000000000ff"
        change.dispatch(DefineField("Badge"), CreateGroup(choir, "Choir"))
        for number, (first, last, email, external_id) in enumerate(_there()):
            user = PEOPLE_THERE[number]
            fields = {"first_name": first, "last_name": last, "email": email, "external_id": external_id}
            change.dispatch(
                CreateUser(user, {name: text for name, text in fields.items() if text}, {"Badge": str(number)})
            )
            change.dispatch(JoinGroup(user, choir))


def _there() -> Iterator[tuple[str, str, str, str]]:
    yield "Ann", "Lee", "ann@example.org", "E1"
    yield "Bob", "Stone", "bob.stone@example.org", "E2"
    yield "Zoë", "Müller", "zoe@xn--bcher-kva.example", ""
    yield "Cher", "", "", ""
    yield "Kim", "Pine", "kim@example.org", "E9"


def _exported(path: Path) -> bytes:
    make_sample(path, people=8, changes=30, seed=1)
    with closing(EventLog.open(path)) as log:
        return "".join(log_export.write(log)).encode()
