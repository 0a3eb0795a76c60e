"""Values that only one user may have and that pass from one row's user to another's: who has to wait for whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from whowas.domain.fields import shortened
from whowas.interchange.importing.keys import UNIQUE
from whowas.interchange.importing.matching import Matching
from whowas.interchange.importing.rows import NOBODY

Needs = Mapping[int, set[int]]
"""Groups of rows, called by their first, to those that have to be decided before them."""


def needs_of(matching: Matching) -> dict[int, set[int]]:
    """Return which groups wait for which; refuse rows that want what somebody keeps, or only that field of them."""
    needs: dict[int, set[int]] = {}
    for key in UNIQUE:
        owners = np.frombuffer(matching.rows.owners[key], dtype=np.intc)
        wanting = matching.live & (owners >= 0) & (owners != matching.user)
        if key == "email":
            wanting &= np.frombuffer(matching.rows.gives_up_email, dtype=np.uint8) == 0
        for number in np.flatnonzero(wanting).tolist():
            owner = int(owners[number])
            claim = matching.claimed_by(owner)
            if claim == NOBODY:
                kept = ""
            elif not matching.gives_up(owner, key, matching.rows.hashes[key][number]):
                kept = f" ({matching.rows.place(number, claim)}), who keeps it"
            elif matching.live[claim]:
                needs.setdefault(matching.first(number), set()).add(matching.first(claim))
                continue
            else:
                kept = f", and {matching.rows.place(number, claim)}, which would give it up, is refused"
            name = shortened(matching.known(owner).name)
            matching.fault(number, key, lambda value, name=name, kept=kept: f"{value} belongs to {name}{kept}.")
    return needs


def in_order(needs: Needs) -> Iterator[list[int]]:
    """Yield what waits, each after what it waits for; what waits for each other comes in one list, in its order.

    What nobody waits for but does not wait itself is not among them. (Tarjan's algorithm, without recursion.)
    """
    numbers: dict[int, int] = {}
    lowest: dict[int, int] = {}
    path: list[int] = []
    on_path: set[int] = set()
    for start in needs:
        if start in numbers:
            continue
        calls: list[tuple[int, Iterator[int]]] = []

        def enter(node: int) -> None:
            numbers[node] = lowest[node] = len(numbers)
            path.append(node)
            on_path.add(node)
            calls.append((node, iter(sorted(other for other in needs[node] if other in needs))))

        enter(start)
        while calls:
            node, others = calls[-1]
            for other in others:
                if other not in numbers:
                    enter(other)
                    break
                if other in on_path:
                    lowest[node] = min(lowest[node], numbers[other])
            else:
                calls.pop()
                if calls:
                    waiting = calls[-1][0]
                    lowest[waiting] = min(lowest[waiting], lowest[node])
                if lowest[node] == numbers[node]:
                    at = path.index(node)
                    found = path[at:]
                    del path[at:]
                    on_path.difference_update(found)
                    yield sorted(found)
