"""Opening a directory on a server, as a job: what a person chose and typed becomes a connection."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from whowas.desktop.session.live_directory import LiveDirectory
from whowas.domain.errors import RefusedError, StoreError
from whowas.domain.progress import Progress
from whowas.store.follower.shared_directory import SharedDirectory
from whowas.store.server.address import ServerAddress, parsed
from whowas.store.server.team_file import read_team_file

_SIGNED_IN = re.compile(r"(?P<scheme>\w+://)(?P<account>[^:@/]*)(?::(?P<password>[^@/]*(?:@[^@/?]*)*))?@")


def reached(place: Path | str, account: str, password: str, progress: Progress) -> LiveDirectory:
    """Open the directory that a team file or an address names, signed in as ``account``.

    What is "" libpq finds by itself. Raises CancelledError or StoreError.
    """
    address = address_of(place)
    return SharedDirectory.open(
        replace(address, user=account or address.user, password=password or address.password), progress
    )


def address_of(place: Path | str) -> ServerAddress:
    """Return where a directory is. Raises StoreError."""
    if isinstance(place, Path):
        return read_team_file(place)
    try:
        return parsed(place)
    except RefusedError as error:
        raise StoreError(str(error)) from error


def without_password(address: str) -> tuple[str, str]:
    """Return an address that can be shown and remembered, and the password that stood in it, "" for none.

    It is taken apart as libpq takes it apart (conninfo_uri_parse_options in PostgreSQL's fe-connect.c): what is before
    the first @ that no / comes before is who signs in, and names of parameters may be escaped as values are.
    """
    signed_in = _SIGNED_IN.match(address)
    start = signed_in.end() if signed_in else 0
    account, password = (signed_in["account"], signed_in["password"]) if signed_in else ("", None)
    way, _, query = address[start:].partition("?")
    kept = []
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if unquote(name) == "password":
            password = value
        else:
            kept.append(part)
    if password is None:
        return address, ""
    if signed_in:
        way = signed_in["scheme"] + (f"{account}@" if account else "") + way
    query = "&".join(filter(None, kept))
    return way + (f"?{query}" if query else ""), unquote(password)
