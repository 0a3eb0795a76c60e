"""The address of a server as it can be shown and remembered."""

from __future__ import annotations

import re
from urllib.parse import unquote

_SIGNED_IN = re.compile(r"(?P<scheme>\w+://)(?P<account>[^:@/]*)(?::(?P<password>[^@/]*(?:@[^@/?]*)*))?@")


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
