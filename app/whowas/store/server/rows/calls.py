"""The parameters of a call of ``append_1`` on the server: of a whole change, or of a portion of a large one."""

from __future__ import annotations

from typing import Any

from whowas.store.chain import Head
from whowas.store.decided import Decided, Owners
from whowas.store.server.rows.arrays import bigints, byteas
from whowas.store.server.rows.decided_rows import Encoded, encoded, foundations, frame, owners

_NO_OWNERS = owners(())
_NO_STREAMS = (byteas(()), bigints(()))


def whole_call(decided: Decided, account: str) -> tuple[Encoded, tuple[Any, ...]]:
    """Return the events of a change as they are sent by ``account``, and the call that sends them."""
    sent = encoded(decided.events, account)
    return sent, (
        *frame(decided, decided.head, continues=False),
        *sent.parameters(),
        *foundations(decided),
        *owners(decided.released_emails),
        *owners(decided.claimed_emails),
        *owners(decided.released_external_ids),
        *owners(decided.claimed_external_ids),
        byteas(sent.erased()),
    )


def portion_call(decided: Decided, account: str, head: Head, start: int, end: int) -> tuple[Any, ...]:
    """Return the call that sends the events from index ``start`` to ``end``, where the log ends at ``head`` by now.

    The first call has all that the change stands on. Owners of a change that stands only on the same head go with the
    events, as nobody else looks at them meanwhile.
    """
    sent = encoded(decided.events[start:end], account)
    return (
        *frame(decided, head, continues=start > 0),
        *sent.parameters(),
        *(_NO_STREAMS if start else foundations(decided)),
        *(_NO_OWNERS if start else owners(decided.released_emails)),
        *owners(_part(decided.claimed_emails, decided, start, end)),
        *(_NO_OWNERS if start else owners(decided.released_external_ids)),
        *owners(_part(decided.claimed_external_ids, decided, start, end)),
        byteas(sent.erased()),
    )


def _part(claimed: Owners, decided: Decided, start: int, end: int) -> Owners:
    """Return which owners are taken with the events from ``start`` to ``end``."""
    if not decided.whole:
        return () if start else claimed
    return claimed[start:] if end >= len(decided.events) else claimed[start:end]
