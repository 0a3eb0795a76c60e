"""Run in a process of its own: write to a shared directory, and be killed, or have its server killed, at some moment.

Says on stdout, a line each, what it is about to save and what came of it. Where the server is to be killed it says so,
and goes on once it is told, on stdin, that this was done.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Generator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import psycopg
from psycopg.waiting import Wait

from whowas.command_bus.bus import Bus
from whowas.command_bus.unit_of_work import Change
from whowas.domain.commands import CreateUser
from whowas.domain.errors import StoreError, UncertainError
from whowas.store.follower.shared_directory import SharedDirectory
from whowas.store.server.errors import NotConnectedError
from whowas.store.server.team_file import read_team_file

SPACE = UUID("0199a3c4-0000-7000-8000-0000000000aa")
AT_ONCE = 30
"""How many users come in one change every now and then, as in an import."""

WHOLE_EVERY = 4
TRIES = 40


class Moment:
    """Counts what is asked of the server, and calls ``strike`` before, amid or after one of these.

    ``lost`` is amid, and then whatever the server may have answered is lost too.
    """

    def __init__(self, number: int, when: str, strike: Callable[[], None]) -> None:
        self._left = number
        self._when = when
        self._strike = strike
        self._own = psycopg.Connection.wait

    def arm(self) -> None:
        """Begin to count."""
        own, moment = self._own, self

        def wait(self: psycopg.Connection[Any], asking: Any, *more: Any) -> Any:
            moment._left -= 1
            if moment._left != 0:
                return own(self, asking, *more)
            if moment._when == "before":
                moment._strike()
            if moment._when in {"amid", "lost"}:
                asking = moment._amid(self, asking)
            answer = own(self, asking, *more)
            if moment._when == "after":
                moment._strike()
            return answer

        psycopg.Connection.wait = wait  # type: ignore[method-assign, assignment]

    def _amid(self, connection: psycopg.Connection[Any], asking: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        """Pass on what is asked, and strike when all of it is sent and the answer is waited for."""
        struck = False
        try:
            state = next(asking)
            while True:
                if state == Wait.R and not struck:
                    struck = True
                    self._strike()
                    if self._when == "lost":
                        lose_answer(connection)
                state = asking.send((yield state))
        except StopIteration as end:
            return end.value


def say(*words: object) -> None:
    """Say a line at once: whoever is killed has said it."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def die() -> None:
    """End as by the kernel, for want of memory."""
    os.kill(os.getpid(), 9)


def have_server_killed() -> None:
    """Ask for it, and wait until it is done."""
    say("kill")
    sys.stdin.readline()


def lose_answer(connection: psycopg.Connection[Any]) -> None:
    """Take what has come from a server that is gone, so that nobody reads it."""
    with suppress(OSError):
        while os.read(connection.fileno(), 65_536):
            pass


def names(label: str, number: int) -> list[str]:
    """Return the external ids of the users that save ``number`` creates."""
    if number % WHOLE_EVERY:
        return [f"{label}-{number}"]
    return [f"{label}-{number}-{each}" for each in range(AT_ONCE)]


def save(bus: Bus, label: str, number: int) -> str:
    """Create the users of a save as one change, the same however often it is asked for; say whether it was there."""
    users = [(str(uuid5(SPACE, name)), name) for name in names(label, number)]

    def decide(change: Change) -> str:
        for at, (user_id, name) in enumerate(users):
            command_id = str(uuid5(SPACE, f"{name}!")) if at == 0 else None
            if command_id is not None and change.done_before(command_id) is not None:
                change.abandon()
                return "there"
            change.dispatch(CreateUser(user_id, {"external_id": name}), command_id=command_id)
        return "saved"

    said, _ = bus.carry_out(decide, whole=len(users) > 1)
    return said


def work(team_file: Path, label: str, count: int, moment: Moment | None) -> None:
    """Save ``count`` times, each until it is known to be saved; say each time what came of it."""
    with closing(SharedDirectory.open(read_team_file(team_file))) as directory:
        say("open")
        if moment is not None:
            moment.arm()
        bus = Bus(directory.writes, clock=directory.clock, actor=directory.account)
        for number in range(1, count + 1):
            for _ in range(TRIES):
                say("begin", number)
                try:
                    said = save(bus, label, number)
                except UncertainError:
                    say("uncertain", number)
                except NotConnectedError as error:
                    say("unsaved" if "not saved" in str(error) else "away", number)
                except StoreError as error:
                    say("refused", number, type(error).__name__, error)
                else:
                    say(said, number)
                    break
                time.sleep(0.1)
            else:
                say("never", number)


def main() -> None:
    """Work as the one argument says, in JSON."""
    told = json.loads(sys.argv[1])
    strike = {"client": die, "server": have_server_killed}.get(told.get("whom", ""))
    moment = Moment(told["number"], told["when"], strike) if strike else None
    work(Path(told["team_file"]), told["label"], told["count"], moment)


if __name__ == "__main__":
    main()
