"""At which field it is mended that a server cannot be reached, or lets nobody in."""

from __future__ import annotations

from whowas.domain.errors import RefusedError, WhowasError

_BY_STATE = {
    "28P01": "password",
    "28000": "user",
    "3D000": "dbname",
    "3F000": "schema",
}


def as_refusal(error: WhowasError) -> WhowasError:
    """Return the same sentence as a refusal that names the field, where it is about one."""
    if isinstance(error, RefusedError):
        return error
    cause: BaseException | None = error
    while cause is not None:
        field = _BY_STATE.get(getattr(cause, "sqlstate", None) or "")
        if field:
            return RefusedError(field, str(error))
        cause = cause.__cause__
    return error
