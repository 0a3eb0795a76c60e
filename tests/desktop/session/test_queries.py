"""Queries: each asks one side, and what it finds is for that side only."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import apsw
import pytest

from tests.desktop.conftest import fail
from tests.desktop.manual_jobs import ManualJobRunner
from tests.desktop.session.test_session import ADA, BEN, changed
from whowas.desktop.kit.dates import microseconds_now
from whowas.desktop.session.lens import AsKnown, Now
from whowas.desktop.session.session import Session
from whowas.domain.commands import CreateUser
from whowas.domain.progress import Progress, unwatched
from whowas.projections.index.version_index import Mask, VersionIndex
from whowas.projections.queries.search import matching
from whowas.projections.sides.read_side import ReadSide
from whowas.projections.tables.read_model import ReadModel


def test_what_was_searched_for_on_another_read_side_is_not_for_this_one(
    session: Session, runner: ManualJobRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(session, runner, CreateUser(ADA, {"first_name": "Ada"}))
    then = microseconds_now()
    changed(session, runner, CreateUser(BEN, {"first_name": "Ben"}))
    session.shown.show_as_known(then, done=lambda _: None, failed=fail)
    runner.drain()

    def interrupted(
        read_model: ReadModel, index: VersionIndex, text: str, progress: Progress, hidden: Collection[str]
    ) -> Mask | None:
        found = matching(read_model, index, text, progress=progress, hidden=hidden)
        session.shown.show_now()
        return found

    monkeypatch.setattr("whowas.desktop.session.queries.matching", interrupted)
    session.queries.search("ada", lambda _found, _index: pytest.fail("nobody asked this one"))
    runner.drain()
    assert (session.shown.lens, session.shown.index.now) == (Now(), 2)


def test_a_job_asks_one_read_side_whichever_is_shown_meanwhile(
    session: Session, runner: ManualJobRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(session, runner, CreateUser(ADA, {"first_name": "Ada"}))
    then = microseconds_now()
    changed(session, runner, CreateUser(BEN, {"first_name": "Ben"}))
    session.shown.show_as_known(then, done=lambda _: None, failed=fail)
    runner.drain()
    assert (session.shown.lens, session.shown.index.now) == (AsKnown(then), 1)
    catch_up = ReadSide.catch_up

    def interrupted(side: ReadSide, progress: Progress = unwatched) -> VersionIndex:
        index = catch_up(side, progress)
        session.shown.show_now()
        return index

    monkeypatch.setattr(ReadSide, "catch_up", interrupted)
    found: list[tuple[int, int]] = []

    def rows(read_model: ReadModel, index: VersionIndex) -> None:
        ((count,),) = read_model.select("SELECT count(*) FROM version_row", ())
        found.append((int(count), len(index.numbers)))

    session.queries.find(rows, lambda _: pytest.fail("it is not of what is shown by now"))
    runner.drain()
    assert found == [(1, 1)]
    assert (session.shown.lens, session.shown.index.now) == (Now(), 2)


def test_a_search_in_damaged_tables_has_them_made_again(
    session: Session, runner: ManualJobRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(session, runner, CreateUser(ADA, {"first_name": "Ada"}))
    asked: list[int] = []

    def damaged_once(
        read_model: ReadModel, index: VersionIndex, text: str, progress: Progress, hidden: Collection[str]
    ) -> Mask | None:
        asked.append(index.now)
        if len(asked) == 1:
            raise apsw.exception_for(apsw.SQLITE_CORRUPT)
        return matching(read_model, index, text, progress=progress, hidden=hidden)

    monkeypatch.setattr("whowas.desktop.session.queries.matching", damaged_once)
    found: list[list[bool]] = []
    session.queries.search("ada", lambda mask, _index: found.append([] if mask is None else mask.tolist()))
    runner.drain()
    assert (asked, found) == ([1, 1], [[True]])
