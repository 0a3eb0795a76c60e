"""What an entry of a change log asks for, and what is said of one that cannot be read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from whowas.domain.commands import Command
from whowas.domain.errors import RefusedError
from whowas.domain.fields import ATTRIBUTE_PREFIX

Operation = Literal["create", "update", "delete"]


class UnreadableError(RefusedError):
    """The file cannot be read any further; ``line`` and ``column`` (a cell of the row) count from 1.

    Both are 0 where it is about the file as a whole.
    """

    def __init__(self, line: int, column: int, reason: str, advice: str = "") -> None:
        super().__init__("", reason, advice)
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that cannot be taken: its number from 1, the character at fault from 1, the field or "", and why.

    ``raw`` is the line as it stood, with undecodable bytes as surrogates.
    """

    line: int
    column: int
    field: str
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class ImportEntry:
    """What a line asks for: its number from 1, what to do with whom, and the fields given.

    ``external_id`` names the user unless the fields do; ``occurred_at`` is in UTC microseconds. ``columns`` maps
    fields to their column where that does not follow from ``raw``.
    """

    line: int
    raw: str
    operation: Operation
    fields: Mapping[str, object]
    external_id: str = ""
    occurred_at: int | None = None
    actor: str | None = None
    columns: Mapping[str, int] = field(default_factory=dict)

    def refusal(self, field_name: str, reason: str) -> RefusedLine:
        """Return why this line, or one field of it, is not taken."""
        column = self.columns.get(field_name) or column_of(self.raw, field_name, inside=field_name in self.fields)
        return RefusedLine(self.line, column, field_name.removeprefix(ATTRIBUTE_PREFIX), reason, self.raw)

    def without(self, field_name: str) -> ImportEntry | None:
        """Return the line without one field, which may be among its ``attributes``; None when it gives no such field.

        The id is never taken out, as without it the line would be about another user, and neither is the status.
        """
        if field_name in ("id", "status"):
            return None
        if field_name in self.fields:
            return replace(self, fields=_without(self.fields, field_name))
        attributes = self.fields.get("attributes")
        if isinstance(attributes, dict) and field_name in attributes:
            return replace(self, fields={**self.fields, "attributes": _without(attributes, field_name)})
        return None


@dataclass(frozen=True, slots=True)
class Asked:
    """The commands that an entry asks for, and the id of the user they are about."""

    user_id: str
    commands: list[Command]


def column_of(raw: str, key: str, *, inside: bool) -> int:
    """Return the column of a key in a line of JSON, 1 where it is not found; ``inside`` its object of fields."""
    fields = re.search(r'"fields"\s*:', raw) if inside else None
    found = re.compile(re.escape(json.dumps(key, ensure_ascii=False)) + r"\s*:").search(
        raw, fields.end() if fields else 0
    )
    return found.start() + 1 if found else 1


def _without(values: Mapping[str, object], name: str) -> dict[str, object]:
    return {known: value for known, value in values.items() if known != name}
