"""Whether a head that somebody noted is part of a history, in words."""

from __future__ import annotations

from whowas.desktop.kit import dates
from whowas.domain.errors import StoreError
from whowas.store.chain import Head
from whowas.store.event_log import EventLog

HOW_IT_LOOKS = "A head looks like 17618:4f9c…, with 64 letters and digits after the colon. Paste all of it."


def compared_with(log: EventLog, noted: Head) -> tuple[bool, str]:
    """Say whether ``noted`` is part of a history, and in a sentence as of which date, or why not."""
    try:
        last = log.head().position
        found = log.chains_at([noted.position]).get(noted.position) if noted.position <= last else None
        event = next(log.read(noted.position - 1, noted.position), None) if found is not None else None
    except StoreError as error:
        return False, str(error)
    if found is None and log.read_only:
        return False, f"What can be read of this history ends at event {last:,}, before it."
    if found is None:
        return False, f"This history ends at event {last:,}, before it: it was cut, or is another."
    if found != noted.chain:
        return False, f"In this history event {noted.position:,} is another."
    if event is None:
        return True, "It is part of every history: it is the head of one in which nothing has happened yet."
    recorded = dates.precise(event.recorded_at)
    return True, f"Event {noted.position:,} is in it as it was noted. It was recorded on {recorded}."
