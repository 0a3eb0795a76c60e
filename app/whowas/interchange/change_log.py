"""Change logs: JSON lines, each what one person changed for one user at one moment."""

from __future__ import annotations

import io
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
from whowas.interchange.entries import Asked, ImportEntry, column_of
from whowas.interchange.file_format import ImportFormat
from whowas.interchange.report import RefusedLine
from whowas.interchange.user_record import Record, creating, record_of, restoring, updating

_Operation = Literal["create", "update", "delete"]
_OPERATIONS: tuple[_Operation, ...] = get_args(_Operation)

_MOMENT = "at"


def read(content: bytes) -> Iterator[ImportEntry | RefusedLine]:
    """Yield every line that is not blank, or why it cannot be read."""
    for number, encoded in enumerate(io.BytesIO(content), start=1):
        try:
            raw = encoded.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            column = len(encoded[: error.start].decode("utf-8", "replace")) + 1
            raw = encoded.decode("utf-8", "surrogateescape").rstrip("\r\n")
            yield RefusedLine(number, column, "", "This is not UTF-8 text.", raw)
            continue
        if raw.strip():
            yield _read_line(number, raw)


def asked(change: Change, entry: ImportEntry, _taken: Mapping[str, int]) -> Asked:
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


def _read_line(number: int, raw: str) -> ImportEntry | RefusedLine:
    try:
        entry = json.loads(raw)
    except json.JSONDecodeError as error:
        return RefusedLine(number, error.colno, "", f"This is not JSON: {error.msg.lower()}.", raw)
    except ValueError:
        return RefusedLine(number, 1, "", "This is not JSON that can be read: a number has too many digits.", raw)
    except RecursionError:
        return RefusedLine(number, 1, "", "This is not a change: it is nested too deeply.", raw)
    if not isinstance(entry, dict):
        return RefusedLine(number, 1, "", "This is not a change: a JSON object is needed.", raw)
    try:
        return _entry(number, raw, entry)
    except RefusedError as error:
        return RefusedLine(number, column_of(raw, error.field, inside=False), error.field, str(error), raw)


def _entry(number: int, raw: str, entry: Mapping[str, Any]) -> ImportEntry:
    operation, fields, actor = entry.get("op"), entry.get("fields"), entry.get("actor")
    if "op" not in entry:
        raise RefusedError("op", "The operation is missing: create, update or delete.")
    if operation not in _OPERATIONS:
        raise RefusedError("op", f"“{shortened(str(operation))}” is not an operation: create, update or delete.")
    if fields is not None and not isinstance(fields, dict):
        raise RefusedError("fields", "The fields must be a JSON object.")
    if actor is not None and not isinstance(actor, str):
        raise RefusedError("actor", "The actor must be text.")
    return ImportEntry(
        number,
        raw,
        operation,
        fields or {},
        _external_id(entry),
        _occurred_at(entry),
        checked_name("actor", actor) if actor else None,
    )


def _external_id(entry: Mapping[str, Any]) -> str:
    external_id = entry.get("id")
    if not isinstance(external_id, str) or not external_id:
        raise RefusedError("id", "The id is missing: text that names the user is needed.")
    try:
        checked("external_id", external_id)
    except RefusedError as error:
        raise RefusedError("id", str(error)) from error
    return external_id


def _occurred_at(entry: Mapping[str, Any]) -> int:
    at = entry.get(_MOMENT)
    if not isinstance(at, str):
        raise RefusedError(_MOMENT, "The moment “at” is missing: text like 2020-03-03T14:05:00+01:00 is needed.")
    try:
        return iso_moments.parsed(at)
    except ValueError as error:
        raise RefusedError(_MOMENT, str(error)) from error


IMPORT = ImportFormat(
    "changelog",
    "a change log",
    'A change log is JSON lines with "at", "actor", "op", "id" and "fields"',
    suffixes=(".jsonl", ".json", ".ndjson"),
    beginnings=(b"{",),
    read=read,
    asked=asked,
    moment=_MOMENT,
)
