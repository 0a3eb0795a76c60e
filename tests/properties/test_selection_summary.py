"""What a selection shares is what a plain fold over its users finds, at any moment of any history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.histories import HISTORIES, taken_in
from tests.properties.test_live_and_past import IDS
from whowas.domain.commands import Command, DefineField, UpdateUser
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS
from whowas.domain.users import STATUSES
from whowas.projections.queries.selection_summary import FieldShared, summary_of

History = list[tuple[Command, int]]
WITH_FIELDS = st.lists(
    st.tuples(
        st.builds(
            UpdateUser,
            st.sampled_from(IDS),
            st.just({}),
            st.dictionaries(st.sampled_from(["Room", "Desk"]), st.sampled_from(["1", "2", None])),
        ),
        st.integers(0, 3),
    ),
    max_size=6,
)


def shared(values: Iterable[str | None]) -> FieldShared:
    """Return what users with those values share, looking at them one by one."""
    there = [*values]
    named = {value for value in there if value}
    blank = any(not value for value in there)
    text = next(iter(named), "") if len(named) + blank < 2 else None
    return FieldShared(text, len(named), blank)


@given(HISTORIES, WITH_FIELDS, st.data())
def test_a_summary_is_the_fold_over_the_users(history: History, more: History, data: st.DataObject) -> None:
    defined = [(DefineField("Room"), 0), (DefineField("Desk"), 0)]
    with taken_in([*defined, *history, *more]) as (_log, side, index):
        moment = data.draw(st.integers(0, index.now))
        there = index.numbers[index.alive(moment)].tolist()
        chosen = data.draw(st.lists(st.sampled_from(there), unique=True) if there else st.just([]))
        users = [row.user for row in side.rows(chosen)]
        summary = summary_of(side.read_model, index, np.array(chosen, dtype=np.int32))
        assert summary.count == len(users)
        assert summary.by_status == {status: sum(user.status == status for user in users) for status in STATUSES}
        assert summary.by_group == Counter(group_id for user in users for group_id in user.groups)
        for field in (*LABELS, *(ATTRIBUTE_PREFIX + name for name in index.latest_directory().fields)):
            assert summary.fields[field] == shared(user.value(field) for user in users), field
