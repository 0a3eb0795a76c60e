"""The file is followed: what other programs write is shown."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from tests.desktop.manual_jobs import ManualJobRunner
from tests.desktop.session.test_session import ADA
from whowas.command_bus.bus import Bus
from whowas.desktop.kit.dates import microseconds_now
from whowas.desktop.session.session import Session
from whowas.domain.commands import CreateUser
from whowas.store.event_log import EventLog


def test_another_writer_is_noticed_by_the_poll(session: Session, runner: ManualJobRunner, qtbot: QtBot) -> None:
    log = EventLog.open(session.path)
    Bus(log, clock=microseconds_now, actor="farid").dispatch(CreateUser(ADA, {"first_name": "Ada"}))
    log.close()

    def noticed() -> bool:
        runner.drain()
        return session.shown.index.now == 1

    qtbot.waitUntil(noticed, timeout=10_000)
