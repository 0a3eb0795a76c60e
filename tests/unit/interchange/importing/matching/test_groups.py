"""Groups of rows, beside sets of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from whowas.interchange.importing.matching.groups import Groups

JOINS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=8)


@given(JOINS)
def test_groups_are_the_rows_that_are_joined(joins: list[tuple[int, int]]) -> None:
    parents = list(range(10))
    sets = [{number} for number in range(10)]
    for one, other in joins:
        roots = {_root(parents, one), _root(parents, other)}
        for root in roots:
            parents[root] = min(roots)
        whole = sets[one] | sets[other]
        for number in whole:
            sets[number] = whole

    groups = Groups(parents)

    several = sorted({tuple(sorted(each)) for each in sets if len(each) > 1})
    assert [tuple(group) for group in groups] == several
    assert [number for number in range(10) if number in groups] == [group[0] for group in several]
    assert all(groups[group[0]] == list(group) for group in several)
    later = {number for group in several for number in group[1:]}
    assert [bool(flag) for flag in groups.later()] == [number in later for number in range(10)]


def _root(parents: list[int], number: int) -> int:
    while parents[number] != number:
        number = parents[number]
    return number
