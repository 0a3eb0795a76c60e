"""The side shown: through another lens, and back."""

from __future__ import annotations

import gc
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.desktop.conftest import fail
from tests.desktop.manual_jobs import ManualJobRunner
from tests.desktop.session.test_session import ADA, BEN, changed
from whowas.desktop.kit.dates import microseconds_now
from whowas.desktop.session.lens import Now, WhatIf
from whowas.desktop.session.session import Session
from whowas.domain.commands import CreateUser
from whowas.domain.errors import CancelledError, WhowasError
from whowas.projections.sides.as_known import as_known
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog


def test_what_was_known_is_put_away_where_the_directory_was_closed_meanwhile(
    session: Session, runner: ManualJobRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(session, runner, CreateUser(ADA, {"first_name": "Ada"}))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    laid: list[int] = []

    def as_known_seen(log: EventLog, position: int) -> AbstractContextManager[ReadSide]:
        laid.append(position)
        return as_known(log, position)

    monkeypatch.setattr("whowas.desktop.session.lens_sides.as_known", as_known_seen)
    failures: list[WhowasError] = []
    session.shown.show_as_known(
        microseconds_now(), done=lambda _: pytest.fail("nobody looks any more"), failed=failures.append
    )
    session.close()
    runner.drain()
    assert laid, "another read side was folded"
    assert [type(error) for error in failures] == [CancelledError]
    assert session.shown.lens == Now()
    assert not list(tmp_path.glob(".whowas-*"))


def test_what_if_reports_how_far_it_is_and_is_taken_back(session: Session, runner: ManualJobRunner) -> None:
    for name in ("Ada", "Bea"):
        changed(session, runner, CreateUser(ADA if name == "Ada" else BEN, {"first_name": name}))
    line = session.reads.change_line(1)
    assert line is not None
    told: list[tuple[int, int]] = []
    session.shown.show_what_if(
        [line.change_id],
        "Ada",
        done=lambda _: None,
        failed=fail,
        reported=lambda done, total: told.append((done, total)),
    )
    runner.drain()
    assert isinstance(session.shown.lens, WhatIf)
    assert (session.shown.index.now, session.reads.user_row(ADA, 1)) == (1, None)
    assert told
    shares = [done / total for done, total in told]
    assert shares == sorted(shares)
    assert 0 <= shares[0] < shares[-1] <= 1
    assert gc.get_freeze_count() > 0
    session.shown.show_now()
    runner.drain()
    assert (session.shown.lens, session.shown.index.now, gc.get_freeze_count()) == (Now(), 2, 0)
