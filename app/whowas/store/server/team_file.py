"""The ``.whowas-team`` file: where a shared directory is, as a text that people may pass on. It holds no secrets."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from whowas.domain.errors import RefusedError, StoreError
from whowas.domain.fields import shortened
from whowas.store.server.address import SCHEMA, ServerAddress, address_of
from whowas.system.unfinished import write_whole

_KEYS = ("service", "host", "port", "dbname", "schema", "sslmode", "sslrootcert", "directory_id")
_PERSONAL = frozenset({"passfile", "sslcert", "sslkey"})
"""What one person's computer says to libpq, and another's does not."""

_SECRET = ("password", "sslpassword", "passwd", "pwd")
_NAME = re.compile(r"[A-Za-z_]{1,40}")
_MOST_BYTES = 65_536
_HEADING = """\
# This is a directory that several people share: Whowas opens it from the PostgreSQL server named here.
# The file holds no secrets. Accounts and passwords belong in PGUSER, ~/.pgpass or a service file.
"""


def read_team_file(path: Path) -> ServerAddress:
    """Return the address that a file holds. Raises StoreError, which names the line at fault."""
    said: dict[str, str] = {}
    for number, line in enumerate(_text_of(path).splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith(("#", ";")):
            continue
        name, equals, value = (part.strip() for part in text.partition("="))
        try:
            _require_new(name if equals or name in _KEYS else "", value, said)
            said[name] = value
            address_of({name: value})
        except RefusedError as error:
            raise StoreError(f"“{path.name}” was altered by hand and cannot be read. Line {number}: {error}") from error
    if not said.keys() & {"service", "host", "dbname", "directory_id"}:
        raise StoreError(f"“{path.name}” names no server. Ask whoever shared the directory for the file again.")
    return address_of(said)


def write_team_file(path: Path, address: ServerAddress) -> None:
    """Write an address, over a file that may be there, whole or not at all; without account and password.

    Raises OSError.
    """
    own = {name: value for name in _KEYS if (value := getattr(address, name)) is not None}
    if address.schema == SCHEMA:
        own.pop("schema")
    own |= {name: value for name, value in address.options if name not in _PERSONAL}
    write_whole(path, (_HEADING + "".join(f"{name} = {value}\n" for name, value in own.items())).encode())


def _text_of(path: Path) -> str:
    """Return what a file says. Raises StoreError."""
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise StoreError(f"There is no file “{path.name}”.") from error
    except OSError as error:
        raise StoreError(f"“{path.name}” cannot be read: {error.strerror or error}.") from error
    if not content.strip():
        raise StoreError(f"“{path.name}” is empty. Ask whoever shared the directory for the file again.")
    # As some editors of Windows save what they call Unicode.
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        if len(content) > _MOST_BYTES or (encoding != "utf-16" and b"\0" in content):
            raise ValueError  # of one sentence with what cannot be decoded
        return content.decode(encoding)
    except ValueError as error:
        raise StoreError(
            f"“{path.name}” is no text that says where a shared directory is. Ask whoever shared it for the file again."
        ) from error


def _require_new(name: str, value: str, said: dict[str, str]) -> None:
    """Raise RefusedError where a line is not ``name = value``, or may not stand there.

    Of a line that is like none of ours nothing is repeated: there may be a password in it.
    """
    if not _NAME.fullmatch(name):
        raise RefusedError("line", "It is not like “host = db.example.org”, as every line is.")
    if name.lower() in _SECRET:
        hint = "put it in ~/.pgpass (on Windows %APPDATA%\\postgresql\\pgpass.conf) and take it out here"
        raise RefusedError(name, f"A password does not belong in a file that is passed on; {hint}.")
    if not value:
        raise RefusedError(name, f"“{shortened(name)}” has no value; every line is like “host = db.example.org”.")
    if name in said:
        raise RefusedError(name, f"“{shortened(name)}” was said before. Leave one of the two lines.")
