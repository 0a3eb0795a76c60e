"""The fields of a user: their names, their labels, and the rules a value must keep."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from whowas.domain.comparison_keys import is_readable, without_invisible
from whowas.domain.errors import RefusedError


class TextField(NamedTuple):
    """A text field of a user, with the label people see; a ``multiline`` one takes long texts of several lines.

    ``schema`` is the schema of UserCreated and of UserUpdated that introduced it. A new field gets the next schema.
    Older programs then refuse a file as soon as a user has a value in that field, and open it as before until then.
    """

    name: str
    label: str
    schema: int = 1
    multiline: bool = False


TEXT_FIELDS = (
    TextField("first_name", "First name"),
    TextField("last_name", "Last name"),
    TextField("email", "Email"),
    TextField("phone", "Phone"),
    TextField("title", "Title"),
    TextField("department", "Department"),
    TextField("notes", "Notes", multiline=True),
    TextField("external_id", "External id"),
)
"""Every text field of a user, in the order of the fields of ``User``, of the form and of exported columns.

To add a field, add it here and to ``User``. Everything else that lists these fields is derived: the keys of events, the
read model, search, the form, the table, imports and exports, and the command line.
"""

LABELS: Mapping[str, str] = {field.name: field.label for field in TEXT_FIELDS}
"""The label of every text field, in their order."""

MULTILINE = frozenset(field.name for field in TEXT_FIELDS if field.multiline)

_NAMES = frozenset({"first_name", "last_name"})

_OTHER_LABELS: Mapping[str, str] = {"status": "Status", "groups": "Groups", "password": "Password"}

ATTRIBUTE_PREFIX = "attributes."
"""Refused custom fields are named with this prefix, so that they cannot be taken for a field of LABELS."""

LINE_LIMIT = 1_000
EMAIL_LIMIT = 254
TEXT_LIMIT = 100_000
NAME_LIMIT = 100
NOTE_LIMIT = 1_000

_EMAIL = re.compile(r"[^\s@\"(),:;<>\[\\\]]{1,64}@[^\s@\"(),:;<>\[\\\].]+(?:\.[^\s@\"(),:;<>\[\\\].]+)*")
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def label(field: str) -> str:
    """Return what people call ``field``; a custom field is called by its own name."""
    return LABELS.get(field) or _OTHER_LABELS.get(field) or field.removeprefix(ATTRIBUTE_PREFIX)


def field_called(text: str, custom: Mapping[str, str]) -> str:
    """Return the field that ``text`` names or labels, whatever its case; ``custom`` maps ids of fields to their names.

    That is a key of LABELS, ``name``, ``status``, ``groups`` or ``attributes.<id>``; a custom field called like one of
    the others goes by ``attributes.<name>`` only. Raises RefusedError.
    """
    own = {name_key(called): name for name, title in LABELS.items() for called in (name, title)}
    own |= {name: name for name in ("name", "status", "groups")}
    if name_key(text) in own:
        return own[name_key(text)]
    for called in (text, text[len(ATTRIBUTE_PREFIX) :] if text.casefold().startswith(ATTRIBUTE_PREFIX) else text):
        alike = [field_id for field_id, name in custom.items() if name_key(name) == name_key(called)]
        exact = [field_id for field_id in alike if custom[field_id] == called]
        if exact or len(alike) == 1:
            return ATTRIBUTE_PREFIX + (exact or alike)[0]
        if alike:
            names = listed(custom[field_id] for field_id in alike)
            raise RefusedError("field", f"{names} differ only in case: write exactly the one you mean.")
    raise RefusedError("field", f"There is no field “{shortened(text)}”.")


def checked(field: str, value: object) -> str | None:
    """Return ``value`` as a user holds it; empty text becomes None, and so does a name in which nothing can be read.

    Only an email and an external id are altered: surrounding white space is no part of either, nor are invisible
    characters of an address, whose letters are composed. Every other text is kept to the letter, because histories must
    come out as they went in.

    Raises RefusedError naming ``field``.
    """
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise RefusedError(field, f"{label(field)} must be text.")
    if field == "email":
        return _checked_email(value)
    if field == "external_id":
        value = value.strip()
        if not value:
            return None
    if value.isprintable() and len(value) <= LINE_LIMIT:
        return None if field in _NAMES and not is_readable(value) else value
    _require_storable(field, value)
    custom = field.startswith(ATTRIBUTE_PREFIX)
    if field not in MULTILINE and not custom and ("\n" in value or "\r" in value):
        raise RefusedError(field, f"{label(field)} must be a single line.")
    limit = TEXT_LIMIT if custom or field in MULTILINE else LINE_LIMIT
    if len(value) > limit:
        raise RefusedError(field, f"{label(field)} is too long: {len(value):,} characters, at most {limit:,} fit.")
    return None if field in _NAMES and not is_readable(value) else value


def _checked_email(text: str) -> str:
    email = text.strip() if text.isascii() else unicodedata.normalize("NFC", without_invisible(text).strip())
    if not email.isprintable():
        _require_storable("email", email)
    if len(email) > EMAIL_LIMIT or not _EMAIL.fullmatch(email):
        raise RefusedError("email", f"“{shortened(email)}” is not an email address.")
    return email


def _require_storable(field: str, value: str) -> None:
    if _CONTROL.search(value):
        raise RefusedError(field, f"{label(field)} contains a character that cannot be stored.")


def checked_name(field: str, value: object) -> str:
    """Return the trimmed name of a group, custom field or moment.

    Raises RefusedError naming ``field`` when it is empty, too long or not a single line of text.
    """
    name = value.strip() if isinstance(value, str) else ""
    if not name:
        raise RefusedError(field, "A name is needed.")
    if len(name) > NAME_LIMIT or _CONTROL.search(name) or "\n" in name or "\r" in name:
        raise RefusedError(field, f"“{shortened(name)}” cannot be a name: at most {NAME_LIMIT} plain characters.")
    return name


def checked_note(field: str, value: object) -> str | None:
    """Return a note, which may have several lines; None where it is empty.

    Raises RefusedError naming ``field`` when it is no text, or too long.
    """
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise RefusedError(field, "A note must be text.")
    if _CONTROL.search(value):
        raise RefusedError(field, "The note contains a character that cannot be stored.")
    if len(value) > NOTE_LIMIT:
        raise RefusedError(field, f"The note is too long: {len(value):,} characters, at most {NOTE_LIMIT:,} fit.")
    return value


def name_key(name: str) -> str:
    """Return the form in which two names of groups or moments are compared."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def is_id(text: object) -> bool:
    """Say whether ``text`` is an id as the log keeps them: a UUID in lower case with dashes."""
    return isinstance(text, str) and _ID.fullmatch(text) is not None


def require_id(field: str, value: str) -> None:
    """Raise RefusedError naming ``field`` unless ``value`` is an id as the log keeps them."""
    if not is_id(value):
        raise RefusedError(field, f"“{shortened(str(value))}” is not an id (a UUID in lower case with dashes).")


def shortened(text: str, limit: int = 60) -> str:
    """Return ``text`` cut to ``limit`` characters for use inside a sentence, without control characters."""
    plain = _CONTROL.sub("�", text).replace("\n", " ").replace("\r", " ")
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"


def counted(count: int, one: str) -> str:
    """Return a count with its noun, for example "1 row" or "1,200 rows"."""
    return f"{count:,} {one}{'' if count == 1 else 's'}"


def listed(names: Iterable[str]) -> str:
    """Return names as people list them: ``a``, ``a and b``, ``a, b and c``."""
    *rest, last = list(names)
    return f"{', '.join(rest)} and {last}" if rest else last
