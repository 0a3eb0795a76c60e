"""Changes as they are appended, without a bus that decides them."""

from __future__ import annotations

import time
from collections.abc import Mapping

import uuid_utils

from whowas.store.chain import Head
from whowas.store.decided import Decided, Owners
from whowas.store.recorded_event import NewEvent


def decided(
    head: Head,
    *events: NewEvent,
    change_id: str | None = None,
    recorded_at: int | None = None,
    read: Mapping[str, int] | None = None,
    whole: bool = False,
    released_emails: Owners = (),
    claimed_emails: Owners = (),
    released_external_ids: Owners = (),
    claimed_external_ids: Owners = (),
    erased: tuple[str, ...] = (),
) -> Decided:
    """Return a change of ``events``, decided on ``head`` and, unless ``read`` says more, on their streams alone."""
    first: dict[str, int] = {}
    for new in events:
        first.setdefault(new.stream, new.version - 1)
    return Decided(
        change_id=change_id or str(uuid_utils.uuid7()),
        causation=None,
        recorded_at=time.time_ns() // 1000 if recorded_at is None else recorded_at,
        events=events,
        head=head,
        read=first if read is None else {**first, **read},
        whole=whole,
        released_emails=released_emails,
        claimed_emails=claimed_emails,
        released_external_ids=released_external_ids,
        claimed_external_ids=claimed_external_ids,
        erased=erased,
    )
