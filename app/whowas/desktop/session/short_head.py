"""How a head is shown where there is no room for all of it."""

from __future__ import annotations

from whowas.store.chain import Head


def short_head(head: Head) -> str:
    """Return for example "17,618 events · 4f9c…e21a": one change may be several."""
    value = head.chain.hex()
    return f"{head.position:,} event{'' if head.position == 1 else 's'} · {value[:4]}…{value[-4:]}"
