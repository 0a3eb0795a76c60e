"""Carrying out the lines of ``whowas run``: each is one change, and is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, assert_never

from whowas.cli import run_requests
from whowas.cli.run_commands import FIELDS, RUN_COMMANDS, Lookup
from whowas.cli.run_requests import RunRequest
from whowas.command_bus.bus import Bus
from whowas.domain.errors import RefusedError, WhowasError
from whowas.domain.events import (
    DirectoryEvent,
    FieldDefined,
    GroupCreated,
    GroupDeleted,
    GroupRenamed,
    MomentDeleted,
    MomentNamed,
    MomentRenamed,
)
from whowas.store.event_log import EventLog
from whowas.store.recorded_event import RecordedEvent


class Runner:
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
        with self._bus.change(actor=request.actor) as change:
            if request.command_id is not None and (done := change.done_before(request.command_id)) is not None:
                _, first, last = done
                return _subject(self._log.read(first - 1, last)), last
            subject, commands = command.asked(Lookup(change, self._called_once, self._timeline_key_of), request)
            change.dispatch(
                *commands,
                command_id=request.command_id,
                expected_version=request.expected_version,
                occurred_at=request.occurred_at,
            )
        return subject, change.head_position


def _subject(change: Iterable[RecordedEvent]) -> str | None:
    """Return the id of what a repeated request was about, from the events of its change, as its first answer had it."""
    subjects: list[str | None] = []
    for recorded in change:
        if not isinstance(recorded.event, DirectoryEvent):
            return recorded.stream
        subjects.append(_subject_of(recorded.event))
    return subjects[0]


def _subject_of(event: DirectoryEvent) -> str | None:
    match event:
        case GroupCreated(subject) | GroupRenamed(subject) | GroupDeleted(subject):
            return subject
        case MomentNamed(subject) | MomentRenamed(subject) | MomentDeleted(subject):
            return subject
        case FieldDefined():
            return None
        case _:
            assert_never(event)
