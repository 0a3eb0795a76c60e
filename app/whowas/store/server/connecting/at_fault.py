"""Which part of an address is at fault where a connection could not be made, for forms that show a field for each."""

from __future__ import annotations

from whowas.domain.errors import StoreError
from whowas.store.server.connecting.heard import heard_in, without_place

_BY_CODE = {"28P01": "password", "28000": "user", "3D000": "dbname", "3F000": "schema", "42P01": "schema"}


def part_at_fault(error: StoreError) -> str:
    """Return the part, by its name in ``ServerAddress``, that an error of ``connect`` is about; "" for none of them."""
    cause = error.__cause__
    if cause is None:
        return ""
    code = getattr(cause, "sqlstate", None)
    if code in _BY_CODE:
        return _BY_CODE[code]
    heard = heard_in(without_place(str(cause)))
    return "" if heard is None else heard[0].part
