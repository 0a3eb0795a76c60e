"""Arrays for PostgreSQL: what is empty is one constant, and is what an empty array is in binary."""

from __future__ import annotations

from struct import unpack

import pytest

from whowas.store.server.rows.arrays import bigints, byteas, texts


@pytest.mark.parametrize(("made", "element"), [(byteas, 17), (bigints, 20), (texts, 25)])
def test_an_empty_array_has_no_dimensions_and_the_type_of_its_elements(made: object, element: int) -> None:
    assert callable(made)
    empty = made(())
    assert unpack("!iiI", empty) == (0, 0, element)
    assert made([]) is empty
    assert type(made([None])) is type(empty), "the driver tells arrays apart by their types"
