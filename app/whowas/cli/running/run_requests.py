"""The lines that ``whowas run`` reads: what may stand in them, and of what kind."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from whowas.domain.errors import RefusedError
from whowas.domain.fields import checked_name, shortened
from whowas.interchange import iso_moments

_ENVELOPE = frozenset({"command", "command_id", "expected_version", "occurred_at", "actor"})


@dataclass(frozen=True, slots=True)
class RunRequest:
    """One line: the command's name and fields, and what goes with every command.

    ``command_id`` is a UUID, ``occurred_at`` in UTC microseconds.
    """

    command: str
    fields: Mapping[str, Any]
    command_id: str | None
    expected_version: int | None
    occurred_at: int | None
    actor: str | None

    def text(self, name: str) -> str:
        """Return a text that must be there. Raises RefusedError."""
        value = self.optional(name)
        if not value:
            raise RefusedError(name, f"{self.command} needs “{name}”.")
        return value

    def optional(self, name: str) -> str | None:
        """Return a text that may be there. Raises RefusedError."""
        return _text(self.fields, name)


def read(line: bytes, number: int, fields: Mapping[str, Collection[str]]) -> RunRequest:
    """Return what a line asks for; ``fields`` are those of each command there is. Raises RefusedError."""
    try:
        request = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise RefusedError("", f"Line {number} is not UTF-8 text.") from error
    except json.JSONDecodeError as error:
        raise RefusedError("", f"Line {number}, column {error.colno} is not JSON: {error.msg.lower()}.") from error
    except (ValueError, RecursionError) as error:
        raise RefusedError("", f"Line {number} is not JSON that can be read.") from error
    if not isinstance(request, dict):
        raise RefusedError("", f"Line {number} is not a JSON object.")
    command = request.get("command")
    if not isinstance(command, str) or command not in fields:
        raise RefusedError("command", f"“{shortened(str(command))}” is not a command. Known: {', '.join(fields)}.")
    for name in request:
        if name not in _ENVELOPE and name not in fields[command]:
            raise RefusedError(name, f"{command} has no field “{shortened(name)}”.")
    return RunRequest(
        command,
        {name: value for name, value in request.items() if name not in _ENVELOPE},
        _command_id(request),
        _expected_version(request),
        _occurred_at(request),
        checked_name("actor", actor) if (actor := _text(request, "actor")) else None,
    )


def _text(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise RefusedError(name, f"“{name}” must be text.")
    if not value.isprintable() and any("\ud800" <= character <= "\udfff" for character in value):
        raise RefusedError(name, f"“{name}” contains a character that cannot be stored.")
    return value


def _command_id(request: Mapping[str, Any]) -> str | None:
    """Return any text as the UUID under which the log knows the command."""
    given = _text(request, "command_id")
    if given is None:
        return None
    if not given:
        raise RefusedError("command_id", "The command id is empty.")
    try:
        return str(UUID(given))
    except ValueError:
        return str(uuid5(NAMESPACE_URL, given))


def _expected_version(request: Mapping[str, Any]) -> int | None:
    given = request.get("expected_version")
    if given is not None and (not isinstance(given, int) or isinstance(given, bool)):
        raise RefusedError("expected_version", "The expected version must be a whole number.")
    return given


def _occurred_at(request: Mapping[str, Any]) -> int | None:
    given = _text(request, "occurred_at")
    try:
        return None if given is None else iso_moments.parsed(given)
    except ValueError as error:
        raise RefusedError("occurred_at", str(error)) from error
