"""A newer program's events: refused in a sentence by whoever does not know them, also while the file is open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.command_line import json_lines, whowas
from tests.decisions import decided
from tests.desktop.manual_jobs import ManualJobRunner
from whowas import __version__
from whowas.command_bus.bus import Bus
from whowas.desktop.settings.stored import Settings
from whowas.desktop.window.assembly import assembled
from whowas.desktop.window.main_window import MainWindow
from whowas.domain.commands import UpdateUser
from whowas.domain.errors import StoreError
from whowas.domain.events import UserCreated, UserUpdated
from whowas.store import codec
from whowas.store.codec import Codec
from whowas.store.decided import Committed
from whowas.store.event_forms import FORMS, TEXT_KEYS, Form
from whowas.store.event_log import EventLog
from whowas.store.recorded_event import NewEvent

ADA = "01890000-0000-7000-8000-000000000001"
BEN = "01890000-0000-7000-8000-000000000002"
NEXT_SCHEMA = max(TEXT_KEYS.values()) + 1
NEXT_FIELDS = {**TEXT_KEYS, "star_sign": NEXT_SCHEMA}
NEXT = Codec(
    (
        *(form for form in FORMS if form.held not in (UserCreated, UserUpdated)),
        Form("UserCreated", UserCreated, within={"fields": NEXT_FIELDS}),
        Form("UserUpdated", UserUpdated, within={"changes": NEXT_FIELDS}),
    )
)
REFUSED = f"holds an event “UserUpdated” (schema {NEXT_SCHEMA}) that Whowas {__version__} does not know"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A directory with Ada and Ben."""
    path = tmp_path / "staff.whowas"
    users = ({"command": "CreateUser", "id": user, "first_name": name} for user, name in ((ADA, "Ada"), (BEN, "Ben")))
    assert whowas("run", path, stdin=json_lines(*users)).code == 0
    return path


def append_as_the_next_version(path: Path, changes: dict[str, str | None]) -> None:
    """Do what the program of a later version does that knows star signs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(codec, "EVENTS", NEXT)
        log = EventLog.open(path)
        with log.writing() as transaction:
            new = NewEvent(
                ADA,
                len(transaction.stream_events(ADA)) + 1,
                UserUpdated(changes, {}),
                transaction.last_recorded_at,
                "ines",
                None,
            )
            change = decided(transaction.head, new, change_id=BEN, recorded_at=transaction.last_recorded_at)
            assert isinstance(transaction.append(change, lambda: None), Committed)
        log.close()


def test_a_newer_program_s_file_is_read_as_long_as_it_can_be(file: Path) -> None:
    append_as_the_next_version(file, {"title": "Archivist"})
    assert whowas("show", file, ADA, "--json").objects[0]["title"] == "Archivist"


@pytest.mark.parametrize("command", ["list", "history", "run", "verify", "rebuild", "head"])
def test_it_is_refused_from_the_first_event_on_that_cannot_be_read(file: Path, command: str) -> None:
    append_as_the_next_version(file, {"star_sign": "Leo"})
    before = file.read_bytes()

    answer = whowas(command, file)

    assert (answer.code, answer.out) == (2, "")
    assert REFUSED in answer.err
    assert file.read_bytes() == before


def test_who_has_it_open_writes_nothing_beside_what_they_cannot_read(file: Path) -> None:
    log = EventLog.open(file)
    bus = Bus(log, clock=lambda: 1, actor="max")
    bus.dispatch(UpdateUser(BEN, {"title": "Clerk"}))
    append_as_the_next_version(file, {"star_sign": "Leo"})
    head = log.head()

    for _ in range(2):
        with pytest.raises(StoreError) as caught:
            bus.dispatch(UpdateUser(BEN, {"title": "Head clerk"}))
        assert REFUSED in str(caught.value)
        with pytest.raises(StoreError, match="does not know"):
            list(log.read())
    assert log.head() == head
    log.close()


@pytest.fixture
def window(file: Path, tmp_path: Path, qtbot: QtBot, runner: ManualJobRunner) -> Iterator[MainWindow]:
    """The window of this program, with the directory open."""
    window = assembled(Settings(tmp_path / "config"), runner, actor="max")
    qtbot.addWidget(window)
    window.show()
    window.open(file)

    def equipped() -> bool:
        runner.drain()
        return window.is_equipped

    qtbot.waitUntil(equipped, timeout=60_000)
    yield window
    window.put_away()
    runner.drain()


def test_an_open_window_says_so_and_goes_on_showing_what_it_knows(
    file: Path, window: MainWindow, runner: ManualJobRunner, qtbot: QtBot
) -> None:
    def told() -> bool:
        runner.drain()
        shown = [label for label in window.findChildren(QLabel) if label.isVisibleTo(window)]
        return any(REFUSED in label.text() for label in shown)

    append_as_the_next_version(file, {"star_sign": "Leo"})
    qtbot.waitUntil(told, timeout=60_000)

    assert window.session.shown.index.now == 2
    answers: list[str] = []
    window.session.writer.change(
        lambda change: change.dispatch(UpdateUser(BEN, {"title": "Clerk"})),
        done=lambda _: answers.append("saved"),
        failed=lambda error: answers.append(str(error)),
    )
    runner.drain()
    assert REFUSED in answers[0]
