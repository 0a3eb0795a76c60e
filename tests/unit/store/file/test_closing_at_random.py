"""Logs are closed at any moment while another thread asks them, which could end the process by broken memory."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.unit.store.follower.followed_file import FollowedFile
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser
from whowas.domain.errors import StoreError
from whowas.store.event_log import EventLog
from whowas.store.follower.follower import Follower

USERS = [f"00000000-0000-7000-8000-{number:012}" for number in range(300)]
NOON = 1_800_000_000_000_000
CLOSED = 40
"""How often the logs are closed for each kind of question."""


def ask_and_close(ask: Callable[[], object], close: Callable[[], None], times: int) -> None:
    """Ask again and again in another thread, and close ``times`` at random moments; what was closed is opened anew."""
    is_over, asking = threading.Event(), threading.Event()
    bugs: list[BaseException] = []

    def asked() -> None:
        while not is_over.is_set():
            asking.set()
            try:
                ask()
            except StoreError:  # it was closed while it was read
                continue
            except BaseException as bug:  # noqa: BLE001 (told below)
                bugs.append(bug)
                is_over.set()
                asking.set()

    thread = threading.Thread(target=asked)
    thread.start()
    for _ in range(times):
        if is_over.is_set():
            break
        asking.clear()
        asking.wait(10)
        is_over.wait(random.random() / 500)
        close()
    is_over.set()
    thread.join()
    close()
    assert not bugs, bugs


def run(folder: Path, question: str) -> None:
    """Ask one question of logs in a folder, while they are closed."""
    server = EventLog.open(folder / "staff.whowas")
    follower = Follower(folder / "follower.whowas", server.directory_id, hides_passwords=False)
    following = FollowedFile(server, rows_a_page=100)

    def follow() -> None:
        follower.witness(following)
        follower.follow(following)
        list(following.pages(0))

    def close() -> None:
        follower.log.close()
        server.close()

    ask: dict[str, Callable[[], object]] = {
        "following": follow,
        "reading": lambda: (list(server.read()), server.positions_with(["nobody"]), server.stream(USERS[0])),
        "verifying": server.verify,
    }
    ask_and_close(ask[question], close, CLOSED)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "staff.whowas"
    with (
        closing(EventLog.create(path)) as log,
        Bus(log, clock=lambda: NOON, actor="ines").change() as change,
    ):
        for user_id in USERS:
            change.dispatch(CreateUser(user_id, {"first_name": "Kim"}))
    return path


@pytest.mark.parametrize("question", ["following", "reading", "verifying"])
def test_closed_at_any_moment(template: Path, tmp_path: Path, question: str) -> None:
    shutil.copy(template, tmp_path)
    program = f"from {__name__} import run; from pathlib import Path; run(Path({str(tmp_path)!r}), {question!r})"
    ran = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", program], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
