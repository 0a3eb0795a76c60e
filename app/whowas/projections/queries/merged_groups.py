"""Whether a step merged a group into another, found in the arrays of the index however many users were in it."""

from __future__ import annotations

import numpy as np

from whowas.domain.fields import shortened
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.step_summaries import directory_around


def told_as_merged(index: VersionIndex, moment: int) -> str:
    """Return that the step before ``moment`` merged groups, such as "Merged Day into Night"; "" where it did not."""
    before, after = directory_around(index, moment)
    gone = frozenset(before.groups.keys() - after.groups.keys())
    into = _joined_by_those_of(index, moment, gone) if len(gone) == 1 else frozenset()
    if len(into) != 1:
        return ""
    names = [shortened(state.groups.get(group_id, "")) for state, (group_id,) in ((before, gone), (after, into))]
    return f"Merged {names[0]} into {names[1]}"


def _joined_by_those_of(index: VersionIndex, moment: int, gone: frozenset[str]) -> frozenset[str]:
    """Return the groups that users joined in a step, none unless all whom it changed left just those ``gone``."""
    began, ended = np.flatnonzero(index.begins == moment), np.flatnonzero(index.ends == moment)
    began, ended = began[np.argsort(index.users[began])], ended[np.argsort(index.users[ended])]
    if not np.array_equal(index.users[began], index.users[ended]):
        return frozenset()
    joined: frozenset[str] = frozenset()
    for old, new in np.unique(np.stack((index.groupsets[ended], index.groupsets[began])), axis=1).T.tolist():
        before, after = index.memberships[old], index.memberships[new]
        if before - after != gone:
            return frozenset()
        joined |= after - before
    return joined
