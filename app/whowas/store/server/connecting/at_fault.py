"""Which part of an address is at fault where a connection could not be made, for forms that show a field for each."""

from __future__ import annotations

import re

from whowas.domain.errors import StoreError

_HEARD = (
    (r"password authentication failed|no password supplied|fe_sendauth", "password"),
    (r"role .* (does not exist|is not permitted to log in)|authentication failed for user|pg_hba\.conf", "user"),
    (r"database .* does not exist|no such database|permission denied for database", "dbname"),
    (r"certificate|server does not support SSL", "sslmode"),
    (r"invalid port number|Connection refused", "port"),
    (r"failed to resolve host|could not translate host name|No such file or directory", "host"),
    (r"timeout|timed out|unreachable|No route to host|received invalid response|unsupported frontend", "host"),
)
"""What libpq or the server says, in English, and which part of an address that is about; the first that fits counts."""

_BY_CODE = {"28P01": "password", "28000": "user", "3D000": "dbname", "3F000": "schema", "42P01": "schema"}


def part_at_fault(error: StoreError) -> str:
    """Return the part, by its name in ``ServerAddress``, that an error of ``connect`` is about; "" for none of them."""
    cause = error.__cause__
    if cause is None:
        return ""
    code = getattr(cause, "sqlstate", None)
    if code in _BY_CODE:
        return _BY_CODE[code]
    text = str(cause)
    return next((part for pattern, part in _HEARD if re.search(pattern, text)), "")
