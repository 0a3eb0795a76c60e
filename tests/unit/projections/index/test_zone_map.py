"""A zone map finds what a look at every number finds, however they stand, and looks at few where they are in order."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from whowas.projections.index import zone_map
from whowas.projections.index.version_index import ALIVE
from whowas.projections.index.zone_map import ZoneMap

VALUES = st.lists(st.one_of(st.integers(0, 40), st.just(ALIVE)), max_size=60)


@given(VALUES, st.lists(st.integers(0, 45), max_size=8), st.booleans())
def test_the_same_places_as_by_looking_at_every_number(values: list[int], wanted: list[int], ordered: bool) -> None:
    array = np.array(sorted(values) if ordered else values, dtype=np.int32)
    with patch.object(zone_map, "BLOCK", 8):
        found = ZoneMap(array).where(wanted)
    assert found.tolist() == np.flatnonzero(np.isin(array, wanted)).tolist()


def test_where_numbers_are_in_order_no_other_blocks_are_looked_at() -> None:
    array = np.arange(64, dtype=np.int32)
    with patch.object(zone_map, "BLOCK", 8):
        zones = ZoneMap(array)
        array[8:32] = 3  # seen by whoever looks there
        assert zones.where([3, 33]).tolist() == [3, 33]
