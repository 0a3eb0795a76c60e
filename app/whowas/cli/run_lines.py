"""Carrying out the lines of ``whowas run``: each is one change, and is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import uuid_utils

from whowas.cli import run_requests
from whowas.cli.run_requests import RunRequest
from whowas.command_bus.bus import Bus
from whowas.command_bus.unit_of_work import Change
from whowas.domain.commands import (
    ClearPassword,
    Command,
    CreateGroup,
    DefineField,
    DeleteGroup,
    DeleteMoment,
    DeleteUser,
    JoinGroup,
    LeaveGroup,
    NameMoment,
    ReactivateUser,
    RenameGroup,
    RenameMoment,
    RestoreUser,
    SetPassword,
    SuspendUser,
)
from whowas.domain.decide import ERASED
from whowas.domain.errors import RefusedError, WhowasError
from whowas.domain.events import (
    DirectoryEvent,
    GroupCreated,
    GroupDeleted,
    GroupRenamed,
    MomentDeleted,
    MomentNamed,
    MomentRenamed,
)
from whowas.domain.fields import is_id, shortened
from whowas.domain.named_moments import NOW, moment_called
from whowas.domain.users import User
from whowas.interchange.user_record import creating, record_of, updating
from whowas.store.event_log import EventLog
from whowas.store.recorded_event import RecordedEvent


class Runner:
    """Answers requests.

    ``called_once`` finds the id of a user by an email or external id held earlier; ``place_of`` returns the place
    (occurred_at, position) of a moment as people write it, or raises RefusedError.
    """

    def __init__(
        self,
        bus: Bus,
        log: EventLog,
        called_once: Callable[[str], str | None],
        place_of: Callable[[str], tuple[int, int]],
    ) -> None:
        self._bus = bus
        self._log = log
        self._called_once = called_once
        self._place_of = place_of

    def answer(self, line: bytes, number: int) -> dict[str, Any]:
        """Carry out one line and return its answer; an error is an answer too."""
        try:
            subject, position = self._carried_out(run_requests.read(line, number))
        except RefusedError as error:
            return {"ok": False, "error": "RefusedError", "field": error.field or None, "message": str(error)}
        except WhowasError as error:
            return {"ok": False, "error": type(error).__name__, "field": None, "message": str(error)}
        return {"ok": True, "id": subject, "position": position}

    def _carried_out(self, request: RunRequest) -> tuple[str | None, int]:
        """Return whom or what a request was about, and the last position of its change."""
        password_hash = _password_hash(request) if request.command == "SetPassword" else ""
        with self._bus.change(actor=request.actor) as change:
            if request.command_id is not None and (done := change.done_before(request.command_id)) is not None:
                _, first, last = done
                return _subject(self._log.read(first - 1, last)), last
            subject, commands = self._asked(change, request, password_hash)
            change.dispatch(
                *commands,
                command_id=request.command_id,
                expected_version=request.expected_version,
                occurred_at=request.occurred_at,
            )
        return subject, change.head_position

    def _asked(self, change: Change, request: RunRequest, password_hash: str) -> tuple[str | None, list[Command]]:
        """Return whom or what a request is about, and the commands it asks for."""
        match request.command:
            case "CreateUser":
                record = record_of(request.fields)
                user_id = record.user_id or str(uuid_utils.uuid7())
                return user_id, creating(change, user_id, record)
            case "DefineField":
                return None, [DefineField(request.text("name"))]
            case "CreateGroup":
                group_id = str(uuid_utils.uuid7())
                return group_id, [CreateGroup(group_id, request.text("group"))]
            case "RenameGroup":
                group_id = _group_id(change, request)
                return group_id, [RenameGroup(group_id, request.text("name"))]
            case "DeleteGroup":
                group_id = _group_id(change, request)
                return group_id, [DeleteGroup(group_id)]
            case "NameMoment":
                moment_id, note = str(uuid_utils.uuid7()), request.optional("note")
                moment = request.text("moment") if "moment" in request.fields else NOW
                return moment_id, [NameMoment(moment_id, request.text("name"), note, *self._place_of(moment))]
            case "RenameMoment":
                return _renaming(change, request)
            case "DeleteMoment":
                moment_id = _moment_id(change, request)
                return moment_id, [DeleteMoment(moment_id)]
            case "UpdateUser":
                user = self._user(change, request)
                fields = {name: value for name, value in request.fields.items() if name != "id"}
                return user.id, updating(change, user, record_of(fields))
            case _:
                user = self._user(change, request)
                return user.id, [_of_user(change, request, user.id, password_hash)]

    def _user(self, change: Change, request: RunRequest) -> User:
        who = request.text("id")
        user = change.user(who.lower()) if is_id(who.lower()) else None
        if user is None and is_id(who.lower()) and change.stream(who.lower()).erased:
            raise RefusedError("id", ERASED)
        if user is None:
            found = change.reservations.owner_of_external_id(who) or change.reservations.owner_of_email(who)
            found = found or self._called_once(who)
            user = change.user(found) if found is not None else None
        if user is None:
            raise RefusedError("id", f"There is no user “{shortened(who)}”.")
        return user


def _of_user(change: Change, request: RunRequest, user_id: str, password_hash: str) -> Command:
    match request.command:
        case "DeleteUser":
            return DeleteUser(user_id)
        case "RestoreUser":
            return RestoreUser(user_id)
        case "SuspendUser":
            return SuspendUser(user_id)
        case "ReactivateUser":
            return ReactivateUser(user_id)
        case "SetPassword":
            return SetPassword(user_id, password_hash)
        case "ClearPassword":
            return ClearPassword(user_id)
        case "JoinGroup":
            return JoinGroup(user_id, _group_id(change, request))
        case "LeaveGroup":
            return LeaveGroup(user_id, _group_id(change, request))
        case command:
            raise AssertionError(command)


def _group_id(change: Change, request: RunRequest) -> str:
    name = request.text("group")
    group_id = change.directory().group_named(name)
    if group_id is None:
        raise RefusedError("group", f"There is no group “{shortened(name)}”.")
    return group_id


def _moment_id(change: Change, request: RunRequest) -> str:
    name = request.text("moment")
    moment_id = moment_called(change.directory().moments, name)
    if moment_id is None:
        raise RefusedError("moment", f"There is no moment called “{shortened(name)}”.")
    return moment_id


def _renaming(change: Change, request: RunRequest) -> tuple[str, list[Command]]:
    """Return whom a RenameMoment is about, and the command; what it does not mention stays as it is."""
    moment_id = _moment_id(change, request)
    if not request.fields.keys() & {"name", "note"}:
        raise RefusedError("name", "RenameMoment needs “name” or “note”.")
    known = change.directory().moments[moment_id]
    name = request.text("name") if "name" in request.fields else known.name
    note = request.optional("note") if "note" in request.fields else known.note
    return moment_id, [RenameMoment(moment_id, name, note)]


def _password_hash(request: RunRequest) -> str:
    """Return the hash to set; hashing takes a while, so it is done before the write lock is taken."""
    password, given = request.optional("password"), request.optional("password_hash")
    if (password is None) == (given is None):
        raise RefusedError("password", "SetPassword needs either “password” or “password_hash”.")
    if password == "":
        raise RefusedError("password", "A password cannot be empty. ClearPassword takes it away.")
    if password is None:
        return given or ""
    from whowas.system.passwords import hashed

    return hashed(password)


def _subject(change: Iterable[RecordedEvent]) -> str | None:
    """Return whom or what a change was about, as its first answer said."""
    events = list(change)
    for recorded in events:
        if not isinstance(recorded.event, DirectoryEvent):
            return recorded.stream
    match events[0].event:
        case GroupCreated(subject) | GroupRenamed(subject) | GroupDeleted(subject):
            return subject
        case MomentNamed(subject) | MomentRenamed(subject) | MomentDeleted(subject):
            return subject
        case _:
            return None
