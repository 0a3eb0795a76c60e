"""What became of the rows, as it is told: in any order, and read in the order of the files."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import NamedTuple, overload

from whowas.interchange.importing.told.outcome import WHATS, RowOutcome, Value, What
from whowas.interchange.importing.told.spool import Spool, packed, unpacked

Changes = Mapping[str, tuple[Value, Value]]

_UNTOLD = -1
_ID_BYTES = 36
_NO_CHANGES: Changes = {}


class Refusal(NamedTuple):
    """Why a row, or one field of it, is not taken; ``column`` counts from 1, 0 is the whole row.

    ``advice`` says which option of the command line answers it, or is "".
    """

    column: int
    field: str
    reason: str
    advice: str = ""


NO_REFUSAL = Refusal(0, "", "")


class RowPlace(NamedTuple):
    """Where a row stands, and its text."""

    file: str
    line: int
    raw: str


NOWHERE = RowPlace("", 0, "")
"""The place of what no row is about."""


class Outcomes(Sequence[RowOutcome]):
    """The outcomes of rows by their numbers, behind them those that are about no row.

    ``counts`` says how many there are of each kind, ``without`` how many were taken without a field.
    Lists that are taken one after the other each begin with the number 0, see ``begin``.
    """

    def __init__(self) -> None:
        self._first = 0
        self._occurred_at: int | None = None
        self._made: set[str] = set()
        self.counts: dict[What, int] = dict.fromkeys(WHATS, 0)
        self.without = 0
        self._spool = Spool()
        self._of = array("i")
        self._behind = array("i")
        self._digests = array("q")

    def begin(self, occurred_at: int) -> None:
        """Go on with the rows of another list, which was true at a moment (UTC µs)."""
        self._first = len(self._of)
        self._occurred_at = occurred_at

    def told(self, number: int) -> bool:
        """Say whether the outcome of a row is told already."""
        number += self._first
        return number < len(self._of) and self._of[number] != _UNTOLD

    def tell(
        self,
        number: int | None,
        place: RowPlace,
        what: What,
        user_id: str = "",
        name: str = "",
        changes: Changes = _NO_CHANGES,
        refusal: Refusal = NO_REFUSAL,
        met: int = 0,
        perhaps: Sequence[str] = (),
    ) -> None:
        """Tell what became of a row, or, for None, of somebody who is in no row.

        ``met`` is the version of the user that was met, 0 for a new one; ``perhaps`` are as in RowOutcome.
        Raises StoreError where the disk is full.
        """
        if self._occurred_at is not None:
            # Whom an earlier one of these lists has made is new too.
            perhaps, met = [one for one in perhaps if one not in self._made], 0 if user_id in self._made else met
            if what == "created":
                self._made.add(user_id)
        without = bool(refusal.reason) and what not in ("refused", "similar")
        raw = place.raw if refusal.reason else ""
        said = packed((place.file, place.line, what, name, changes, *refusal, without, raw, perhaps, self._occurred_at))
        index = self._spool.add_packed(user_id.encode().ljust(_ID_BYTES) + said)
        # The ids of new users differ each time.
        self._digests.append(hash((said, user_id if met else "", met)))
        self.counts[what] += 1
        self.without += without
        if number is None:
            self._behind.append(index)
            return
        number += self._first
        if number == len(self._of):  # as with almost every row
            self._of.append(index)
            return
        if number > len(self._of):
            self._of.extend(_UNTOLD for _ in range(number + 1 - len(self._of)))
        self._of[number] = index

    def digests(self) -> array[int]:
        """Return, in the order of the outcomes, a digest of what was decided and of the user's version it met.

        Digests are the same only within one run of the program.
        """
        return array("q", (self._digests[index] for many in (self._of, self._behind) for index in many))

    def __len__(self) -> int:
        return len(self._of) + len(self._behind)

    @overload
    def __getitem__(self, at: int) -> RowOutcome: ...
    @overload
    def __getitem__(self, at: slice) -> list[RowOutcome]: ...
    def __getitem__(self, at: int | slice) -> RowOutcome | list[RowOutcome]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        number = at + len(self) if at < 0 else at
        if not 0 <= number < len(self):
            raise IndexError(at)
        rows = len(self._of)
        index = self._of[number] if number < rows else self._behind[number - rows]
        data = self._spool.data(index)
        user_id = data[:_ID_BYTES].decode().rstrip()
        file, line, what, name, changes, *refusal, without, raw, perhaps, when_us = unpacked(data[_ID_BYTES:])
        column, field, reason, advice = refusal
        pairs = {key: (_value(old), _value(new)) for key, (old, new) in changes.items()}
        place = file, line, what, user_id, name
        return RowOutcome(*place, pairs, column, field, reason, raw, without, advice, tuple(perhaps), when_us)


def _value(stored: str | list[str] | None) -> Value:
    return tuple(stored) if isinstance(stored, list) else stored
