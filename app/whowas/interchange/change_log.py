"""Change logs: JSON lines, each what one person changed for one user at one moment."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import uuid_utils

from whowas.change import Change
from whowas.domain.commands import Command, DeleteUser
from whowas.domain.errors import RefusedError
from whowas.domain.fields import shortened
from whowas.interchange import moments
from whowas.interchange.report import Refusal
from whowas.interchange.user_fields import creating, record_of, restoring, updating

OPERATIONS = ("create", "update", "delete")


@dataclass(frozen=True, slots=True)
class Line:
    """One change as it stands in the file: its number from 1, moment (UTC microseconds), actor, and what to do."""

    number: int
    raw: str
    occurred_at: int
    actor: str | None
    operation: str
    external_id: str
    fields: Mapping[str, Any]

    def without(self, field: str) -> Line:
        """Return the line without one field."""
        fields = {name: value for name, value in self.fields.items() if name != field}
        return Line(self.number, self.raw, self.occurred_at, self.actor, self.operation, self.external_id, fields)


def read(lines: Iterable[bytes]) -> Iterator[Line | Refusal]:
    """Yield every line that is not blank, or why it cannot be read."""
    for number, encoded in enumerate(lines, start=1):
        try:
            raw = encoded.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            yield Refusal(number, error.start + 1, "", "This is not UTF-8 text.", encoded.decode("utf-8", "replace"))
            continue
        if raw.strip():
            yield _read_line(number, raw)


def commands_for(change: Change, line: Line) -> list[Command]:
    """Return the commands that a line asks for, given the change so far. Raises RefusedError."""
    user_id = change.claims.owner_of_external_id(line.external_id)
    user = change.user(user_id) if user_id is not None else None
    record = record_of({**line.fields, "external_id": line.fields.get("external_id", line.external_id)})
    present = user is not None and user.status != "deleted"
    match line.operation:
        case "create" if user is None:
            return creating(change, str(uuid_utils.uuid7()), record)
        case "create" if user is not None and not present:
            return restoring(change, user, record)
        case "create":
            raise RefusedError("id", f"“{shortened(line.external_id)}” exists already and cannot be created again.")
        case _ if user is None or not present:
            raise RefusedError("id", f"There is no user “{shortened(line.external_id)}” to {line.operation}.")
        case "update":
            return updating(change, user, record)
        case _:
            return [DeleteUser(user.id)]


def _read_line(number: int, raw: str) -> Line | Refusal:
    def refused(field: str, reason: str, column: int = 0) -> Refusal:
        return Refusal(number, column, field, reason, raw)

    try:
        entry = json.loads(raw)
    except json.JSONDecodeError as error:
        return refused("", f"This is not JSON ({error.msg}).", error.colno)
    except RecursionError:
        return refused("", "This is not a change: it is nested too deeply.", 1)
    if not isinstance(entry, dict):
        return refused("", "This is not a change: a JSON object is needed.", 1)
    operation, external_id, fields = entry.get("op"), entry.get("id"), entry.get("fields", {})
    actor = entry.get("actor")
    if operation not in OPERATIONS:
        what = "is missing" if "op" not in entry else f"“{shortened(str(operation))}” is unknown"
        return refused("op", f"The operation {what}: it is create, update or delete.")
    if not isinstance(external_id, str) or not external_id:
        return refused("id", "The id is missing: text that names the user is needed.")
    if not isinstance(fields, dict):
        return refused("fields", "The fields must be a JSON object.")
    if actor is not None and not isinstance(actor, str):
        return refused("actor", "The actor must be text.")
    try:
        occurred_at = moments.parsed(entry["at"]) if isinstance(entry.get("at"), str) else None
    except ValueError as error:
        return refused("at", str(error))
    if occurred_at is None:
        return refused("at", "The moment “at” is missing.")
    return Line(number, raw, occurred_at, actor or None, operation, external_id, fields)
