"""CSV: UTF-8, commas, one user a row below a header of field names."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import uuid_utils

from whowas.change import Change
from whowas.domain.commands import Command
from whowas.domain.directory import Directory
from whowas.domain.errors import RefusedError
from whowas.domain.fields import LABELS, TEXT_LIMIT, is_id, shortened
from whowas.domain.users import User
from whowas.interchange.report import Refusal
from whowas.interchange.user_fields import creating, record_of, updating

GROUP_SEPARATOR = "; "
_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_COLUMNS = ("id", "external_id", *(name for name in LABELS if name != "external_id"), "status", "groups")
_BY_LABEL = {label.casefold(): name for name, label in LABELS.items()} | {name: name for name in _COLUMNS}


class CsvError(RefusedError):
    """The file as a whole cannot be read as CSV; ``line`` and ``column`` say where, from 1."""

    def __init__(self, line: int, column: int, reason: str) -> None:
        super().__init__("", reason)
        self.refusal = Refusal(line, column, "", reason, "")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file, and its cells by field."""

    number: int
    raw: str
    fields: Mapping[str, str]

    def without(self, field: str) -> Row:
        """Return the row without one field."""
        return Row(self.number, self.raw, {name: text for name, text in self.fields.items() if name != field})


def read(content: bytes) -> Iterator[Row | Refusal]:
    """Yield every row, or why it cannot be read. Raises CsvError where the file as a whole is no such CSV."""
    text = _decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    csv.field_size_limit(TEXT_LIMIT)
    header = _header(reader)
    line = reader.line_num + 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise CsvError(line, 1, _reason(str(error))) from error
        if cells and any(cells):
            yield _row(header, line, cells)
        line = reader.line_num + 1


def commands_for(change: Change, row: Row, seen: dict[str, int]) -> list[Command]:
    """Return the commands that a row asks for. ``seen`` maps ids of users to the rows that named them before.

    A row is the user with its id, else with its external id, else with its email; else it is a new user. An empty
    cell clears, a column that is not there leaves alone. Raises RefusedError.
    """
    user = _matching(change, row.fields)
    user_id = user.id if user is not None else row.fields.get("id") or str(uuid_utils.uuid7())
    if user_id in seen:
        raise RefusedError("", f"This is the same user as in line {seen[user_id]:,}.")
    fields: dict[str, object] = {name: text or None for name, text in row.fields.items() if name != "id"}
    if "groups" in row.fields:
        names = [name.strip() for name in row.fields["groups"].split(GROUP_SEPARATOR.strip())]
        fields["groups"] = [name for name in names if name]
    record = record_of(fields)
    commands = creating(change, user_id, record) if user is None else updating(change, user, record)
    seen[user_id] = row.number
    return commands


def write(users: Iterable[User], directory: Directory) -> Iterator[str]:
    """Yield the header and a line for each user; group names are those of ``directory``."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    names = list(directory.fields)
    writer.writerow([*_COLUMNS, *names])
    for user in users:
        yield _taken(buffer)
        own = [user.id, *(user.text(name) or "" for name in _COLUMNS[1:-2]), user.status]
        groups = GROUP_SEPARATOR.join(directory.names_of(user.groups))
        writer.writerow([*own, groups, *(user.attributes.get(name, "") for name in names)])
    yield _taken(buffer)


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        raise CsvError(line, column, "This is not UTF-8 text. Save the file as UTF-8 and try again.") from error
    place = text.find("\0")
    if place >= 0:
        line = text.count("\n", 0, place) + 1
        raise CsvError(line, place - text.rfind("\n", 0, place), "The file holds a NUL byte; it is not plain CSV.")
    if not text.strip():
        raise CsvError(1, 1, "The file is empty.")
    return text


def _header(reader: Iterator[list[str]]) -> list[str]:
    try:
        cells = [cell.strip() for cell in next(reader)]
    except csv.Error as error:
        raise CsvError(1, 1, _reason(str(error))) from error
    if len(cells) == 1:
        for delimiter, word in _OTHER_DELIMITERS.items():
            if delimiter in cells[0]:
                raise CsvError(1, cells[0].index(delimiter) + 1, f"The columns are separated by {word}; use commas.")
    header = [_BY_LABEL.get(cell.casefold(), cell) for cell in cells]
    if not any(name in _COLUMNS for name in header):
        raise CsvError(1, 1, "The header is missing: the first line must name columns such as first_name or email.")
    for column, name in enumerate(header, start=1):
        if not name:
            raise CsvError(1, column, f"Column {column} has no name.")
        if name in header[: column - 1]:
            raise CsvError(1, column, f"The column “{shortened(name)}” stands there twice.")
    return header


def _row(header: list[str], line: int, cells: list[str]) -> Row | Refusal:
    raw = ",".join(cells)
    if len(cells) != len(header):
        return Refusal(line, len(cells), "", f"The row has {len(cells)} cells, the header {len(header)}.", raw)
    return Row(line, raw, dict(zip(header, cells, strict=True)))


def _matching(change: Change, fields: Mapping[str, str]) -> User | None:
    if fields.get("id"):
        if not is_id(fields["id"]):
            raise RefusedError("id", f"“{shortened(fields['id'])}” is not an id of Whowas.")
        return change.user(fields["id"])
    user_id = change.claims.owner_of_external_id(fields["external_id"]) if fields.get("external_id") else None
    if user_id is None and fields.get("email"):
        user_id = change.claims.owner_of_email(fields["email"])
    return change.user(user_id) if user_id is not None else None


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _reason(error: str) -> str:
    if "field larger than field limit" in error:
        return f"A cell holds more than {TEXT_LIMIT:,} characters."
    return f"This is not CSV ({error})."
