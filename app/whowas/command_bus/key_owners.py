"""How the owners of unique values change while a change is being decided."""

from __future__ import annotations

from collections.abc import Callable, Collection

_NOBODY: frozenset[str] = frozenset()


class KeyOwners:
    """How the owners of one kind of value change; ``before`` returns who held a key before the change.

    ``claimed`` holds the owners that a key got since, ``released`` every pair of a key and an owner that was ended at
    any time; who gave up a key and took it again is in both.
    """

    __slots__ = ("before", "claimed", "released")

    def __init__(self, before: Callable[[str], Collection[str]]) -> None:
        self.before = before
        self.claimed: dict[str, tuple[str, ...]] = {}
        self.released: set[tuple[str, str]] = set()

    def of(self, key: str) -> frozenset[str]:
        before, claimed = self.before(key), self.claimed.get(key, ())
        if not before:
            return frozenset(claimed) if claimed else _NOBODY
        if self.released:
            before = [owner for owner in before if (key, owner) not in self.released]
        return frozenset((*before, *claimed))

    def are_shared(self) -> bool:
        """Say whether a key that was claimed has several owners by now."""
        for key, claimed in self.claimed.items():
            if len(claimed) > 1 or (self.before(key) and len(self.of(key)) > 1):
                return True
        return False

    def move(self, user_id: str, held: str | None, holds: str | None) -> None:
        if held is None and holds is not None and holds not in self.claimed:  # as of whoever is created
            self.claimed[holds] = (user_id,)
            return
        if held == holds:
            return
        if held is not None:
            self.released.add((held, user_id))
            if held in self.claimed:
                left = tuple(owner for owner in self.claimed[held] if owner != user_id)
                if left:
                    self.claimed[held] = left
                else:
                    del self.claimed[held]
        if holds is not None:
            self.claimed[holds] = (*self.claimed.get(holds, ()), user_id)

    def held(self) -> list[tuple[str, str]]:
        # Sorted, because the database writes rows in the order of their keys in half the time.
        claimed = self.claimed
        return [(key, owner) for key in sorted(claimed) for owner in claimed[key]]
