"""CSV: UTF-8, commas, one user a row below a header of field names."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

import uuid_utils

from whowas.command_bus.unit_of_work import Change
from whowas.domain.directory import Directory
from whowas.domain.errors import RefusedError
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS, checked, checked_name, is_id, shortened
from whowas.domain.users import User
from whowas.interchange import csv_text
from whowas.interchange.entries import Asked, ImportEntry, UnreadableError
from whowas.interchange.file_format import ImportFormat, UsersFormat
from whowas.interchange.report import RefusedLine
from whowas.interchange.user_record import creating, record_of, updating

_COLUMNS = ("id", "external_id", *(name for name in LABELS if name != "external_id"), "status", "groups")
_OWN = (*_COLUMNS, "password", "password_hash")
_FIELDS_BY_TITLE = {label.casefold(): name for name, label in LABELS.items()} | {name: name for name in _OWN}
_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_GROUP_SEPARATOR = ";"
_LINE_END = "\r\n"
_BOTH_ENDS = "\r\n"


def read(content: bytes) -> Iterator[str | ImportEntry | RefusedLine]:
    """Yield the header as it stands, then every row, or why it cannot be read.

    Fields of an entry are Whowas's own by their names and custom ones behind ATTRIBUTE_PREFIX. Raises UnreadableError
    where the file as a whole is no such CSV.
    """
    text = csv_text.decoded(content)
    header: list[str] = []
    try:
        for row in csv_text.rows(text):
            if header:
                yield _entry(header, row)
            else:
                header = _header(row)
                yield row.raw
    except UnreadableError:
        if not header:
            _require_commas(text)
        raise


def asked(change: Change, entry: ImportEntry, taken: Mapping[str, int]) -> Asked:
    """Return what a row asks for: an empty cell clears, a column that is not there leaves alone.

    It is about the user with its id, else with its external id, else with its email, else about a new one. Raises
    RefusedError, also where an earlier row named the same user: ``taken`` maps ids of users to the lines taken.
    """
    given = {name: text or None for name, text in entry.fields.items() if isinstance(text, str)}
    known_id = _id(given)
    user = (change.user(known_id) if known_id else None) or _owner(change, given)
    user_id = user.id if user is not None else known_id or str(uuid_utils.uuid7())
    if user_id in taken:
        raise RefusedError("", f"This is the same user as in line {taken[user_id]}.")
    record = record_of(_fields(given))
    return Asked(user_id, creating(change, user_id, record) if user is None else updating(change, user, record))


def write(users: Iterable[User], directory: Directory) -> Iterator[str]:
    """Yield the header and a line for each user; custom fields and names of groups are those of ``directory``."""
    buffer = io.StringIO()
    # Before Python 3.13 the writer quotes those ends of lines only that it writes itself.
    writer = csv.writer(buffer, lineterminator=_BOTH_ENDS)
    names = list(directory.fields)
    writer.writerow([*_COLUMNS, *(_title(name) for name in names)])
    for user in users:
        yield _taken(buffer)
        own = [user.id, *(user.text(name) or "" for name in _COLUMNS[1:-2]), user.status]
        groups = f"{_GROUP_SEPARATOR} ".join(_quoted(name) for name in directory.names_of(user.groups))
        writer.writerow([*own, groups, *(user.attributes.get(name, "") for name in names)])
    yield _taken(buffer)


def _header(row: csv_text.RawRow) -> list[str]:
    titles = [cell.strip() for cell in row.cells]
    header: list[str] = []
    for column, title in enumerate(titles, start=1):
        try:
            name = _field_titled(title)
        except RefusedError as error:
            raise UnreadableError(row.line, column, f"Column {column} has no usable name: {error}") from error
        if name in header:
            raise UnreadableError(row.line, column, f"The column “{shortened(title)}” stands there twice.")
        header.append(name)
    if not any(name in _COLUMNS for name in header):
        reason = "The header is missing: the first line must name columns, such as first_name, last_name, email."
        raise UnreadableError(row.line, 1, reason)
    return header


def _field_titled(title: str) -> str:
    own = _FIELDS_BY_TITLE.get(title.casefold())
    if own is not None:
        return own
    return ATTRIBUTE_PREFIX + checked_name("", title.removeprefix(ATTRIBUTE_PREFIX))


def _title(attribute: str) -> str:
    """Return the title under which a custom field is read back, whatever its name looks like."""
    mistakable = attribute.casefold() in _FIELDS_BY_TITLE or attribute.startswith(ATTRIBUTE_PREFIX)
    return ATTRIBUTE_PREFIX + attribute if mistakable else attribute


def _require_commas(text: str) -> None:
    """Raise UnreadableError if the columns of a header are separated by something else."""
    line = next(line for line in text.splitlines() if line.strip())
    number = text[: text.index(line)].count("\n") + 1
    for delimiter, word in _OTHER_DELIMITERS.items():
        titles = [title.strip().strip('"') for title in line.split(delimiter)]
        if len(titles) > 1 and any(title.casefold() in _FIELDS_BY_TITLE for title in titles):
            raise UnreadableError(number, 1, f"The columns are separated by {word}; commas are needed.")


def _entry(header: list[str], row: csv_text.RawRow) -> ImportEntry | RefusedLine:
    if len(row.cells) != len(header):
        column = min(len(row.cells), len(header)) + 1
        reason = f"The row has {len(row.cells)} cells, but the header names {len(header)} columns."
        return RefusedLine(row.line, column, "", reason, row.raw)
    columns = {name: column for column, name in enumerate(header, start=1)}
    return ImportEntry(row.line, row.raw, "put", dict(zip(header, row.cells, strict=True)), columns=columns)


def _fields(given: Mapping[str, str | None]) -> dict[str, object]:
    fields: dict[str, object] = {name: text for name, text in given.items() if name in LABELS}
    fields["attributes"] = {
        name.removeprefix(ATTRIBUTE_PREFIX): text for name, text in given.items() if name.startswith(ATTRIBUTE_PREFIX)
    }
    fields |= {name: given[name] for name in ("status", "password", "password_hash") if given.get(name)}
    if "groups" in given:
        fields["groups"] = _split(given["groups"] or "")
    return fields


def _id(given: Mapping[str, str | None]) -> str | None:
    text = given.get("id")
    if text is not None and not is_id(text.lower()):
        raise RefusedError("id", f"“{shortened(text)}” is not an id of Whowas (a UUID).")
    return text and text.lower()


def _owner(change: Change, given: Mapping[str, str | None]) -> User | None:
    external_id, email = (checked(name, given.get(name)) for name in ("external_id", "email"))
    user_id = change.reservations.owner_of_external_id(external_id) if external_id else None
    if user_id is None and email:
        user_id = change.reservations.owner_of_email(email)
    return change.user(user_id) if user_id is not None else None


def _quoted(group: str) -> str:
    if _GROUP_SEPARATOR not in group and '"' not in group:
        return group
    return '"' + group.replace('"', '""') + '"'


def _split(cell: str) -> list[str]:
    try:
        lines = csv.reader([cell], delimiter=_GROUP_SEPARATOR, skipinitialspace=True, strict=True)
        return [name for names in lines for name in names if name.strip()]
    except csv.Error as error:
        raise RefusedError("groups", "The groups must be names separated by semicolons.") from error


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.removesuffix(_BOTH_ENDS) + "\n"


EXPORT = UsersFormat("csv", "CSV", ".csv", write)
IMPORT = ImportFormat(
    "csv",
    "CSV",
    "CSV is UTF-8 with commas and a header of field names",
    suffixes=(".csv",),
    beginnings=(),
    read=read,
    asked=asked,
)
