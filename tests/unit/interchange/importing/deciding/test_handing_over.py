"""In which order those are decided who wait for each other, beside an obviously right, slow answer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from whowas.interchange.importing.deciding.handing_over import in_order

NODES = st.integers(0, 7)
NEEDS = st.dictionaries(NODES, st.sets(NODES, max_size=3), max_size=8)


def reached(needs: dict[int, set[int]], start: int) -> set[int]:
    """Return whom somebody waits for, over others too."""
    found: set[int] = set()
    coming = list(needs.get(start, ()))
    while coming:
        node = coming.pop()
        if node in needs and node not in found:
            found.add(node)
            coming.extend(needs[node])
    return found


@given(NEEDS)
def test_who_waits_comes_after_whom_and_circles_come_at_once(needs: dict[int, set[int]]) -> None:
    told = list(in_order(needs))

    assert sorted(node for nodes in told for node in nodes) == sorted(needs)
    place = {node: at for at, nodes in enumerate(told) for node in nodes}
    for node in needs:
        ahead = reached(needs, node)
        assert all(place[other] <= place[node] for other in ahead)
        circle = {other for other in ahead if node in reached(needs, other)}
        assert {other for other in needs if place[other] == place[node]} == circle | {node}


def test_a_long_row_of_people_who_wait_is_no_deep_recursion() -> None:
    needs = {number: {number + 1} for number in range(20_000)}
    assert [nodes[0] for nodes in in_order(needs)] == list(range(19_999, -1, -1))
