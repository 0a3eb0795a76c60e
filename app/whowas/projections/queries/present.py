"""How many of some users are there now."""

from __future__ import annotations

import json
from collections.abc import Collection
from itertools import islice

import numpy as np

from whowas.projections.index.version_index import VersionIndex
from whowas.projections.tables.read_model import ReadModel

ASKED_AT_ONCE = 5_000
"""Of so many users SQLite is asked at a time: no other thread runs while their ids are made one text."""

_SELECT_NUMBERS = "SELECT user.number FROM json_each(?) AS asked JOIN user ON user.user_id = asked.value"


def count_present(read_model: ReadModel, index: VersionIndex, user_ids: Collection[str]) -> int:
    """Return how many of the users with those ids are there at the last moment, and not deleted."""
    present = index.users[index.alive(index.now) & index.with_status("active", "suspended")]
    asked, numbers = iter(user_ids), []
    while portion := list(islice(asked, ASKED_AT_ONCE)):
        numbers.append(read_model.numbers(_SELECT_NUMBERS, (json.dumps(portion),)))
    return int(np.isin(present, np.concatenate(numbers)).sum()) if numbers else 0
