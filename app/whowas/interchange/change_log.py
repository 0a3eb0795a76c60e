"""Change logs: JSON lines, or an array, of what one person changed for one user at one moment each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args

import uuid_utils

from whowas.command_bus.unit_of_work import Change
from whowas.domain.commands import DeleteUser
from whowas.domain.errors import RefusedError
from whowas.domain.fields import checked, checked_name, shortened
from whowas.domain.users import User
from whowas.interchange import iso_moments
from whowas.interchange.entries import Asked, ImportEntry, RefusedLine, column_of
from whowas.interchange.json_decoding import BadJson, JsonRecord
from whowas.interchange.json_records import json_records
from whowas.interchange.source import Source
from whowas.interchange.user_record import Record, creating, record_of, restoring, updating

_Operation = Literal["create", "update", "delete"]
_OPERATIONS: tuple[_Operation, ...] = get_args(_Operation)

_MOMENT = "at"


def read_changes(source: Source) -> Iterator[ImportEntry | RefusedLine]:
    """Yield what every line that is not blank asks for, or every object of an array; or why it cannot be read.

    Raises UnreadableError where the file cannot be read any further, and OSError.
    """
    for record in json_records(source):
        match record:
            case JsonRecord():
                yield _read_record(record)
            case BadJson(line, column, raw, reason):
                yield RefusedLine(line, column, "", reason, raw)


def asked(change: Change, entry: ImportEntry) -> Asked:
    """Return what a line asks for, given the change so far. Raises RefusedError."""
    user_id = change.reservations.owner_of_external_id(entry.external_id)
    stream = change.stream(user_id) if user_id is not None else None
    user = stream.as_of(entry.occurred_at or 0) if stream is not None else None
    record = record_of({"external_id": entry.external_id, **entry.fields})
    who = shortened(entry.external_id)
    if entry.operation == "create":
        if stream is not None and user is None:
            raise RefusedError("id", f"“{who}” is in the directory from a later moment on.")
        return _created(change, user, record, who)
    if user is None or user.status == "deleted":
        was = "There is no user" if user is None else "There is no longer a user"
        raise RefusedError("id", f"{was} “{who}” to {entry.operation}.")
    if entry.operation == "delete":
        return Asked(user.id, [DeleteUser(user.id)])
    return Asked(user.id, updating(change, user, record))


def _created(change: Change, user: User | None, record: Record, who: str) -> Asked:
    if user is None:
        user_id = record.user_id or str(uuid_utils.uuid7())
        return Asked(user_id, creating(change, user_id, record))
    if user.status == "deleted":
        return Asked(user.id, restoring(change, user, record))
    raise RefusedError("id", f"“{who}” is in the directory already: this repeats a create.")


def _read_record(record: JsonRecord) -> ImportEntry | RefusedLine:
    try:
        return _entry(record)
    except RefusedError as error:
        column = _column(record, error.field, inside=False)
        return RefusedLine(record.line, column, error.field, str(error), record.raw)


def _column(record: JsonRecord, key: str, *, inside: bool) -> int:
    """Return the column of a key in the file; of an object that takes several lines, that of its beginning."""
    return record.column + (column_of(record.raw, key, inside=inside) - 1 if record.within_line else 0)


def _entry(record: JsonRecord) -> ImportEntry:
    entry = record.value
    operation, fields, actor = entry.get("op"), entry.get("fields"), entry.get("actor")
    if "op" not in entry:
        raise RefusedError("op", "The operation is missing: create, update or delete.")
    if operation not in _OPERATIONS:
        raise RefusedError("op", f"“{shortened(str(operation))}” is not an operation: create, update or delete.")
    if fields is not None and not isinstance(fields, dict):
        raise RefusedError("fields", f"The fields must be a JSON object, they are {_told(fields)}.")
    if actor is not None and not isinstance(actor, str):
        raise RefusedError("actor", f"The actor must be text, it is {_told(actor)}.")
    return ImportEntry(
        record.line,
        record.raw,
        operation,
        fields or {},
        _external_id(entry),
        _occurred_at(entry),
        checked_name("actor", actor) if actor else None,
        _columns(record, fields or {}),
    )


def _columns(record: JsonRecord, fields: Mapping[str, object]) -> Mapping[str, int]:
    """Return the columns of all keys where they do not follow from the text of the record alone."""
    if record.column == 1 and record.within_line:
        return {}
    outer = {name: _column(record, name, inside=False) for name in record.value}
    return outer | {name: _column(record, name, inside=True) for name in fields}


def _external_id(entry: Mapping[str, Any]) -> str:
    external_id = entry.get("id")
    if external_id is None or external_id == "":
        raise RefusedError("id", "The id is missing: text that names the user is needed.")
    if not isinstance(external_id, str):
        raise RefusedError("id", f"The id must be text, it is {_told(external_id)}.")
    try:
        checked("external_id", external_id)
    except RefusedError as error:
        raise RefusedError("id", str(error)) from error
    return external_id


def _told(value: object) -> str:
    """Return what a value that should be another is, within a sentence."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"the number {shortened(json.dumps(value))}"
        case str():
            return f"the text “{shortened(value)}”"
        case list():
            return "a list"
        case _:
            return "an object"


def _occurred_at(entry: Mapping[str, Any]) -> int:
    at = entry.get(_MOMENT)
    if at is None or at == "":
        raise RefusedError(_MOMENT, "The moment “at” is missing: text like 2020-03-03T14:05:00+01:00 is needed.")
    if not isinstance(at, str):
        raise RefusedError(_MOMENT, f"The moment must be text like 2020-03-03T14:05:00+01:00, it is {_told(at)}.")
    try:
        return iso_moments.parsed(at)
    except ValueError as error:
        raise RefusedError(_MOMENT, str(error)) from error
