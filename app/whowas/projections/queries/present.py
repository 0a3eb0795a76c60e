"""How many of some users are there now."""

from __future__ import annotations

import json
from collections.abc import Collection

import numpy as np

from whowas.projections.index.version_index import VersionIndex
from whowas.projections.tables.read_model import ReadModel

_SELECT_NUMBERS = "SELECT user.number FROM json_each(?) AS asked JOIN user ON user.user_id = asked.value"


def count_present(read_model: ReadModel, index: VersionIndex, user_ids: Collection[str]) -> int:
    """Return how many of the users with those ids are there at the last moment, and not deleted."""
    numbers = read_model.numbers(_SELECT_NUMBERS, (json.dumps(list(user_ids)),))
    present = index.users[index.alive(index.now) & index.with_status("active", "suspended")]
    return int(np.isin(present, numbers).sum())
