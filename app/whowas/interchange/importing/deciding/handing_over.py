"""Values that only one user may have and that pass from one row's user to another's: who has to wait for whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from whowas.domain.fields import shortened
from whowas.interchange.importing.matching.contradictions import is_rather, refuse_confused
from whowas.interchange.importing.matching.joining import Joining
from whowas.interchange.importing.matching.matching import Matching
from whowas.interchange.importing.matching.rows import NOBODY
from whowas.interchange.importing.people.keys import UNIQUE

Needs = Mapping[int, set[int]]
"""Groups of rows, called by their first, to those that have to be decided before them."""


def needs_of(matching: Matching, joining: Joining) -> dict[int, set[int]]:
    """Return which groups wait for which; refuse rows that want what somebody keeps, or only that field of them.

    Raises CancelledError.
    """
    needs: dict[int, set[int]] = {}
    for key in UNIQUE:
        owners = np.frombuffer(matching.rows.owners[key], dtype=np.intc)
        wanting = matching.live & (owners >= 0) & (owners != matching.user)
        if key == "email":
            wanting &= np.frombuffer(matching.rows.gives_up_email, dtype=np.uint8) == 0
        for number in matching.watched(np.flatnonzero(wanting).tolist()):
            owner = int(owners[number])
            claim = matching.claimed_by(owner)
            if claim == NOBODY and key == "email" and matching.known(owner).status == "deleted":
                continue  # who is missing in a dated list is deleted before this
            if claim == NOBODY:
                kept = ", who is another user"
            elif not matching.gives_up(owner, key, matching.rows.hashes[key][number]):
                kept = f" ({matching.rows.place(number, claim)}), who keeps it"
            elif key in matching.keys and is_rather(matching, number, owner):
                refuse_confused(matching, number, owner, key)
                continue
            elif matching.live[claim]:
                needs.setdefault(joining.first(number), set()).add(joining.first(claim))
                continue
            else:
                kept = f", and {matching.rows.place(number, claim)}, which would give it up, is refused"
            name = shortened(matching.known(owner).name)
            matching.fault(number, key, f" belongs to {name}{kept}.")
    return needs


def in_order(needs: Needs) -> Iterator[list[int]]:
    """Yield what waits, each after what it waits for; what waits for each other comes in one list, in its order.

    What others wait for without waiting itself is not among them.
    """
    return _Circles(needs).in_order()


class _Circles:
    """Tarjan's algorithm for the strongly connected parts of a graph, without recursion."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs
        self._numbers: dict[int, int] = {}
        self._lowest: dict[int, int] = {}
        self._path: list[int] = []
        self._on_path: set[int] = set()
        self._calls: list[tuple[int, Iterator[int]]] = []

    def in_order(self) -> Iterator[list[int]]:
        for start in self._needs:
            if start not in self._numbers:
                self._enter(start)
            while self._calls:
                node, others = self._calls[-1]
                if not self._went_deeper(node, others):
                    self._calls.pop()
                    if self._calls:
                        waiting = self._calls[-1][0]
                        self._lowest[waiting] = min(self._lowest[waiting], self._lowest[node])
                    if self._lowest[node] == self._numbers[node]:
                        yield self._left(node)

    def _enter(self, node: int) -> None:
        self._numbers[node] = self._lowest[node] = len(self._numbers)
        self._path.append(node)
        self._on_path.add(node)
        self._calls.append((node, iter(sorted(self._needs[node] & self._needs.keys()))))

    def _went_deeper(self, node: int, others: Iterator[int]) -> bool:
        for other in others:
            if other not in self._numbers:
                self._enter(other)
                return True
            if other in self._on_path:
                self._lowest[node] = min(self._lowest[node], self._numbers[other])
        return False

    def _left(self, node: int) -> list[int]:
        """Take what waits for each other off the path."""
        found: list[int] = []
        while not found or found[-1] != node:
            found.append(self._path.pop())
        self._on_path.difference_update(found)
        return sorted(found)
