"""The command that carries out lines from stdin: each is one change, and is answered."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, assert_never

import click

from whowas.cli.exit_codes import NO, REFUSED
from whowas.cli.opening import FILE, looking_up, reading
from whowas.cli.printing import give_up_stdout, notify, say_json
from whowas.cli.running import run_requests
from whowas.cli.running.run_commands import FIELDS, RUN_COMMANDS, Lookup
from whowas.cli.running.run_requests import RunRequest
from whowas.cli.where import Where
from whowas.cli.writing import carry_out, given_lines, reporting_saved, writable
from whowas.command_bus.bus import Bus
from whowas.command_bus.unit_of_work import Change
from whowas.domain.errors import RefusedError, WhowasError
from whowas.domain.events import (
    DirectoryEvent,
    FieldDefined,
    FieldDeleted,
    FieldDescribed,
    FieldRenamed,
    FieldRestored,
    FieldsOrdered,
    GroupColoured,
    GroupCreated,
    GroupDeleted,
    GroupRenamed,
    GroupsOrdered,
    ListImported,
    MomentDeleted,
    MomentNamed,
    MomentRenamed,
)
from whowas.projections.queries.named_moments import place_of
from whowas.safekeeping.backups import DAILY
from whowas.store.event_log import EventLog
from whowas.store.file.publish import require_free
from whowas.store.recorded_event import RecordedEvent

_RUN_HELP = f"""Carry out commands from stdin, one JSON object a line, and answer each with a line of JSON.

    Creates FILE where there is none. Each command is saved before it is answered. "id" is an id, external id or
    email; "moment" is written as for list --at. Commands: {", ".join(RUN_COMMANDS)}.

    \b
    Example: echo '{{"command": "CreateUser", "first_name": "Ada"}}' | whowas run staff.whowas
    """


@click.command("run", help=_RUN_HELP)
@FILE
def run_commands(file: Where) -> int:
    """Carry out and answer the lines of stdin; exit with 2 where one of them was refused."""
    lines = ((number, line) for number, line in enumerate(given_lines(), start=1) if line.strip())
    with closing(_answers(file, lines)) as answers:
        try:
            return _print_answers(answers)
        except KeyboardInterrupt as stopped:
            # If it came between two answers, the generator, which counts what is saved, does not know of it yet.
            answers.throw(stopped)
            raise


class _Runner:
    """Answers requests; ``called_once`` and ``timeline_key_of`` are those of Lookup."""

    def __init__(
        self,
        bus: Bus,
        log: EventLog,
        called_once: Callable[[str], str | None],
        timeline_key_of: Callable[[str], tuple[int, int]],
    ) -> None:
        self._bus = bus
        self._log = log
        self._called_once = called_once
        self._timeline_key_of = timeline_key_of

    def answer(self, line: bytes, number: int) -> dict[str, Any]:
        """Carry out one line and return its answer; an error is an answer too."""
        try:
            subject, position = self._carried_out(run_requests.read(line, number, FIELDS))
        except RefusedError as error:
            return {"ok": False, "error": "RefusedError", "field": error.field or None, "message": str(error)}
        except WhowasError as error:
            return {"ok": False, "error": type(error).__name__, "field": None, "message": str(error)}
        return {"ok": True, "id": subject, "position": position}

    def _carried_out(self, request: RunRequest) -> tuple[str | None, int]:
        """Return the id of what a request was about, and the last position of its change."""
        command = RUN_COMMANDS[request.command]
        request = command.prepared(request)

        def decide(change: Change) -> tuple[str | None, int | None]:
            if request.command_id is not None and (done := change.done_before(request.command_id)) is not None:
                _, first, last = done
                return _subject(self._log.read(first - 1, last)), last
            subject, commands = command.asked(
                Lookup(change, self._log, self._called_once, self._timeline_key_of), request
            )
            change.dispatch(
                *commands,
                command_id=request.command_id,
                expected_version=request.expected_version,
                occurred_at=request.occurred_at,
            )
            return subject, None

        (subject, before), receipt = self._bus.carry_out(decide, actor=request.actor, whole=command.whole)
        return subject, receipt.last_position if before is None else before


def _subject(change: Iterable[RecordedEvent]) -> str | None:
    """Return the id of what a repeated request was about, from the events of its change, as its first answer had it."""
    own: list[str | None] = []
    users: list[str] = []
    for recorded in change:
        if isinstance(recorded.event, GroupDeleted):
            return recorded.event.group_id  # those before it were only in it
        if isinstance(recorded.event, FieldDescribed):
            return None  # users only got what belongs to that
        if isinstance(recorded.event, DirectoryEvent):
            own.append(_subject_of(recorded.event))
        elif not users:
            users.append(recorded.stream)
    return users[0] if users else own[0]


def _subject_of(event: DirectoryEvent) -> str | None:
    match event:
        case GroupCreated(subject) | GroupRenamed(subject) | GroupDeleted(subject) | GroupColoured(subject):
            return subject
        case MomentNamed(subject) | MomentRenamed(subject) | MomentDeleted(subject):
            return subject
        case FieldDefined() | FieldRenamed() | FieldDeleted() | FieldRestored() | FieldDescribed() | FieldsOrdered():
            return None
        case ListImported() | GroupsOrdered():
            return None
        case _:
            assert_never(event)


def _print_answers(answers: Iterator[tuple[int, dict[str, Any]]]) -> int:
    """Print each answer as it comes, and return the exit code."""
    refused = False
    for number, answer in answers:
        refused = refused or not answer["ok"]
        try:
            say_json(answer)
            sys.stdout.flush()
        except OSError as error:
            give_up_stdout()
            notify(_unanswered(number, answer, error))
            return NO
    return REFUSED if refused else 0


def _unanswered(number: int, answer: dict[str, Any], error: OSError) -> str:
    """Return a sentence about an answer that cannot be written, with which the command ends."""
    what = f"Line {number} was carried out." if answer["ok"] else f"The answer was: {answer['message']}"
    reason = error.strerror or error
    return f"The answer to line {number} cannot be written: {reason}. {what} No line after it was."


def _answers(file: Where, lines: Iterator[tuple[int, bytes]]) -> Generator[tuple[int, dict[str, Any]]]:
    """Carry out each line as it comes, and yield number and answer; a missing file is made by the first change."""
    saved = 0
    if isinstance(file, Path) and not file.exists():
        require_free(file)
        for number, line in lines:
            answer = carry_out(file, partial(_answered, line, number))
            saved = int(answer["ok"])
            with reporting_saved(saved):
                yield number, answer
            if file.exists():
                break
        else:
            return
    with writable(file, before=saved, backup=None if saved else DAILY) as (bus, log):
        runner = _runner(bus, log)
        for number, line in lines:
            yield number, runner.answer(line, number)


def _answered(line: bytes, number: int, bus: Bus, log: EventLog) -> dict[str, Any]:
    return _runner(bus, log).answer(line, number)


def _runner(bus: Bus, log: EventLog) -> _Runner:
    return _Runner(bus, log, lambda who: _called_once(log, who), lambda moment: _timeline_key_of(log, moment))


@looking_up
def _called_once(log: EventLog, who: str) -> str | None:
    """Return the id of a user by an email or external id held earlier, which only the read side knows."""
    with reading(log) as directory:
        return directory.find(who)


@looking_up
def _timeline_key_of(log: EventLog, moment: str) -> tuple[int, int]:
    with reading(log) as directory:
        return place_of(log, directory.index.steps, directory.moment(moment))
