"""What an import does to users, each of whom counts once, however many rows are about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

import numpy as np
import numpy.typing as npt

from whowas.interchange.importing.told.outcome import RowOutcome

Deed = Literal["created", "deleted", "suspended", "changed"]
DEEDS: Final[tuple[Deed, ...]] = get_args(Deed)
"""In the order in which they count: who is created and then changed is created, who is changed and deleted, deleted."""

_WORDS: Final[Mapping[Deed, str]] = {
    "created": "new",
    "changed": "changed",
    "suspended": "suspended",
    "deleted": "deleted",
}


def deed_of(row: RowOutcome) -> Deed | None:
    """Return what a row does to whom it is about, None where that is nothing."""
    match row.what:
        case "created" | "changed":
            return row.what
        case "missing":
            # A row that only tells who is missing changes nothing.
            becomes = row.changes.get("status", (None, None))[1]
            return "deleted" if becomes == "deleted" else "suspended" if becomes == "suspended" else None
        case "unchanged" | "similar" | "refused" | "left_out":
            return None


def users_by_deed(users: npt.NDArray[np.integer], deeds: npt.NDArray[np.uint8]) -> Mapping[Deed, int]:
    """Count users by what is done to them, to each the first of DEEDS that is.

    ``users`` has a number for whom each row is about, ``deeds`` the index in DEEDS of what it does.
    """
    order = np.lexsort((deeds, users))  # NumPy hands Python's lock on while it sorts numbers
    users, deeds = users[order], deeds[order]
    first = np.ones(len(users), dtype=np.bool_)
    first[1:] = users[1:] != users[:-1]
    return dict(zip(DEEDS, np.bincount(deeds[first], minlength=len(DEEDS)).tolist(), strict=True))


def deeds_in_words(counts: Mapping[Deed, int], none: str) -> str:
    """Return for example "3 new, 16 changed, 6 suspended", or ``none`` where nobody is any of that."""
    return ", ".join(f"{counts[deed]:,} {word}" for deed, word in _WORDS.items() if counts[deed]) or none
