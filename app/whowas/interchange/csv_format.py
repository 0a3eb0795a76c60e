"""CSV: UTF-8, commas, one user a row below a header of field names."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from whowas.domain.directory import Directory
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS
from whowas.domain.users import User
from whowas.interchange.file_format import UsersFormat
from whowas.interchange.reading.reasons_column import REASONS_TITLE

_COLUMNS = ("id", "external_id", *(name for name in LABELS if name != "external_id"), "status", "groups")
_OWN = (*_COLUMNS, "password", "password_hash")
_TITLES = {*_OWN, *(label.casefold() for label in LABELS.values()), REASONS_TITLE.casefold()}
_GROUP_SEPARATOR = ";"
_BOTH_ENDS = "\r\n"


def write(users: Iterable[User], directory: Directory) -> Iterator[str]:
    """Yield the header and a line for each user; custom fields and names of groups are those of ``directory``."""
    buffer = io.StringIO()
    # Before Python 3.13 the writer quotes those ends of lines only that it writes itself.
    writer = csv.writer(buffer, lineterminator=_BOTH_ENDS)
    writer.writerow([*_COLUMNS, *(_title(name) for name in directory.fields.values())])
    for user in users:
        yield _taken(buffer)
        own = [user.id, *(user.text(name) or "" for name in _COLUMNS[1:-2]), user.status]
        groups = f"{_GROUP_SEPARATOR} ".join(_quoted(name) for name in directory.names_of(user.groups))
        writer.writerow([*own, groups, *(user.attributes.get(field_id, "") for field_id in directory.fields)])
    yield _taken(buffer)


def _title(attribute: str) -> str:
    """Return the title under which a custom field is read back, whatever its name looks like."""
    mistakable = attribute.casefold() in _TITLES or attribute.startswith(ATTRIBUTE_PREFIX)
    return ATTRIBUTE_PREFIX + attribute if mistakable else attribute


def _quoted(group: str) -> str:
    if _GROUP_SEPARATOR not in group and '"' not in group:
        return group
    return '"' + group.replace('"', '""') + '"'


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.removesuffix(_BOTH_ENDS) + "\n"


EXPORT = UsersFormat("csv", "CSV", ".csv", write)
