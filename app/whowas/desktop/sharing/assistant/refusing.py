"""At which field it is mended that a server cannot be reached, or lets nobody in."""

from __future__ import annotations

from whowas.domain.errors import RefusedError, StoreError, WhowasError


def as_refusal(error: WhowasError) -> WhowasError:
    """Return the same sentence as a refusal that names the field, where it is about one."""
    if not isinstance(error, StoreError):
        return error
    from whowas.store.server.connecting.at_fault import part_at_fault

    part = part_at_fault(error)
    return RefusedError(part, str(error)) if part else error
