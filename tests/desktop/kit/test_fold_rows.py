"""Rows and lines of a list that unfolds, against the list written out."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from whowas.desktop.kit.fold_rows import Unfolding

LINES = 12


@given(unfolded=st.dictionaries(st.integers(0, LINES - 1), st.integers(1, 5)), order=st.randoms())
def test_every_row_is_where_the_list_written_out_has_it(unfolded: dict[int, int], order: object) -> None:
    unfolding = Unfolding()
    lines = list(unfolded)
    order.shuffle(lines)  # type: ignore[attr-defined]
    for line in lines:
        unfolding.unfold(line, np.arange(unfolded[line], dtype=np.int32))
    written = [(line, inner) for line in range(LINES) for inner in (None, *range(unfolded.get(line, 0)))]

    assert LINES + unfolding.rows == len(written)
    assert [unfolding.locate(row) for row in range(len(written))] == written
    assert [unfolding.row_of(line) for line in range(LINES)] == [written.index((line, None)) for line in range(LINES)]


def test_what_is_unfolded_stays_with_its_line_and_goes_when_it_is_folded() -> None:
    unfolding = Unfolding()
    unfolding.unfold(2, np.array([7, 8], dtype=np.int32))
    unfolding.unfold(4, np.array([9], dtype=np.int32))
    unfolding.shift(3)
    assert unfolding.locate(6) == (5, 0)
    unfolding.fold(5)
    assert unfolding.inner(5) is None
    assert unfolding.locate(8) == (7, 0)
    unfolding.unfold(1, np.array([1, 2, 3], dtype=np.int32))
    unfolding.move({7: 0})
    assert (unfolding.lines(), unfolding.locate(1), unfolding.rows) == ([0], (0, 0), 1)
    unfolding.move({})
    assert unfolding.rows == 0
