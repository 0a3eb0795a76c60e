"""The drafts for several users among those that are kept on disk, and who these users are."""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from whowas.desktop.details.selection_draft import SelectionDraft
from whowas.domain.errors import StoreError
from whowas.projections.tables.arrays import Int32
from whowas.store.event_log import EventLog


@dataclass(frozen=True, slots=True)
class KeptSelection:
    """A draft for ``count`` users. Few of them are known by their ``ids``; of more there are only ``numbers``.

    Users have these numbers (see ``packed``) in a read model of the history that has the chain value ``chain`` (hex) at
    ``position``, after ``erasures`` users were erased.
    """

    draft: SelectionDraft
    count: int
    ids: tuple[str, ...] = ()
    numbers: str = ""
    erasures: int = 0
    position: int = 0
    chain: str = ""


def packed(numbers: Int32) -> str:
    """Return the numbers of users as a text that is short also for very many: a bit for each, compressed."""
    bits = np.zeros(int(numbers.max(initial=0)) + 1, dtype=np.bool_)
    bits[numbers] = True
    return b64encode(zlib.compress(np.packbits(bits).tobytes(), 1)).decode()


def unpacked(text: str) -> Int32:
    """Return the numbers of which ``packed`` made a text, ascending; none of a text that it did not make."""
    try:
        bits = np.unpackbits(np.frombuffer(zlib.decompress(b64decode(text)), dtype=np.uint8))
    except (ValueError, zlib.error):
        return np.zeros(0, dtype=np.int32)
    return np.flatnonzero(bits).astype(np.int32)


class KeptSelections:
    """The drafts for several users made in one directory file, by key, those that were begun first before the others.

    Those made over a history that the file does not have (now) are kept for it, and are nobody's here.
    """

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._drafts: dict[str, KeptSelection] = {}
        self._elsewhere: dict[str, KeptSelection] = {}

    def __len__(self) -> int:
        """Return the number of drafts."""
        return len(self._drafts)

    @property
    def drafts(self) -> Mapping[str, KeptSelection]:
        """The drafts by their keys."""
        return self._drafts

    @property
    def everything(self) -> dict[str, KeptSelection]:
        """All that is to be kept, by key."""
        return {**self._drafts, **self._elsewhere}

    def put(self, key: str, kept: KeptSelection | None) -> None:
        """Hold a draft, or no longer, with None; the store is to be written then."""
        if kept is None:
            self._drafts.pop(key, None)
        else:
            self._drafts[key] = kept

    def take(self, drafts: Mapping[str, KeptSelection]) -> None:
        """Hold what was kept before, or elsewhere."""
        for key, kept in drafts.items():
            (self._drafts if self._is_over_this_history(kept) else self._elsewhere).setdefault(key, kept)

    def let_go(self, still: Callable[[KeptSelection], KeptSelection | None]) -> bool:
        """Have ``still`` say what is left of each draft, None for nothing; return whether there was less."""
        left = {key: now for key, kept in self._drafts.items() if (now := still(kept)) is not None}
        is_less, self._drafts = left != self._drafts, left
        return is_less

    def head(self) -> tuple[int, str]:
        """Return the last position of the history, and the chain value (hex) there; 0 and "" if it cannot be read."""
        with suppress(StoreError):
            head = self._log.head()
            return head.position, head.chain.hex()
        return 0, ""

    def _is_over_this_history(self, kept: KeptSelection) -> bool:
        if not kept.position:
            return True
        with suppress(StoreError):
            chain = self._log.chain_at(kept.position)
            return chain is not None and chain.hex() == kept.chain
        return False
