"""Groups: what separates them in a whole column, and their names."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.domain.errors import RefusedError
from whowas.interchange.mapping.group_cells import SEPARATORS, Separators, split_groups, split_own_groups


def concluded(*cells: str) -> tuple[str, ...]:
    separators = Separators()
    for cell in cells:
        separators.see(cell)
    return separators.conclusion()


@pytest.mark.parametrize(
    ("cells", "separators"),
    [
        (["Choir", "Board"], ()),
        (["Choir", "Choir, Board"], (",",)),
        (["Choir;Board", "Choir"], (";",)),
        (["Choir ::: Board"], (":::",)),
        (["Choir\nBoard"], ("\n",)),
        (["Choir|Board"], ("|",)),
        (["Choir, Board", "Choir;Board", "Choir|Board"], (";", "|", ",")),
        (["Choir, mixed;Board", "Board"], (";",)),
        (["Choir, Board;Staff", "Choir"], (";",)),
        (["cn=choir,ou=groups,dc=example,dc=org"], ()),
        (["cn=choir,ou=groups,dc=example | cn=board,ou=groups,dc=example"], ("|",)),
    ],
)
def test_a_column_has_the_separators_that_its_cells_show(cells: Sequence[str], separators: tuple[str, ...]) -> None:
    assert concluded(*cells) == separators


@pytest.mark.parametrize(
    ("cell", "separators", "groups"),
    [
        ("Choir, Board", (";",), ("Choir, Board",)),
        ("Choir, Board", (",",), ("Choir", "Board")),
        ("Choir; choir ;Board;", (";",), ("Choir", "Board")),
        ("* myContacts ::: Choir ::: * starred ::: * friends", (":::",), ("Choir", "friends")),
        ("* myContacts", (), ()),
        ('"VIP","Board, elected"', (",",), ("VIP", "Board, elected")),
        ('The "B" team, Choir', (",",), ('The "B" team', "Choir")),
        ('"VIP"\n"Board, elected"', ("\n",), ("VIP", "Board, elected")),
        ('"VIP"\r\n"Board, elected"\r\n', ("\n",), ("VIP", "Board, elected")),
        ('"', ("\n",), ('"',)),
        ("cn=choir,ou=groups,dc=example | CN=Board,OU=x", ("|",), ("choir", "Board")),
    ],
)
def test_groups_are_parted_and_named_once(cell: str, separators: tuple[str, ...], groups: tuple[str, ...]) -> None:
    assert split_groups(cell, separators) == groups


def test_groups_of_our_own_export_stand_in_quotes_where_a_semicolon_is_in_them() -> None:
    assert split_own_groups('Board; "a;b"; "say ""hi"""; * myContacts') == ("Board", "a;b", 'say "hi"', "* myContacts")


@pytest.mark.parametrize("cell", ['a"b; "c', "x" * 101])
def test_groups_of_our_own_export_that_cannot_be_are_refused(cell: str) -> None:
    with pytest.raises(RefusedError):
        split_own_groups('"' + cell if '"' in cell else cell)


@given(st.lists(st.text(max_size=20), max_size=6), st.text(max_size=30))
def test_any_column_can_be_concluded_from_and_parted(cells: list[str], cell: str) -> None:
    separators = concluded(*cells, cell)
    assert set(separators) <= set(SEPARATORS)
    try:
        groups = split_groups(cell, separators)
    except RefusedError:
        return
    assert all(group.strip() for group in groups)
