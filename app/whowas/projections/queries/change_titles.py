"""What whole changes are called, in menus and where one change points at another."""

from __future__ import annotations

from collections.abc import Collection

from whowas.domain.causation import change_name, from_text
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.step_moments import moment_of
from whowas.projections.queries.step_summaries import step_summaries
from whowas.projections.tables.parameters import marks
from whowas.projections.tables.read_model import ReadModel

_SELECT_CHANGES = (
    "SELECT change_id, causation, occurred_at, step.first_position, EXISTS (SELECT 1 FROM step AS other "
    "WHERE other.change = change.number AND other.number <> step.number) "
    "FROM change JOIN step ON step.number = "
    "(SELECT number FROM step AS first WHERE first.change = change.number "
    "ORDER BY first.occurred_at, first.first_position LIMIT 1) "
    "WHERE change_id IN ({})"
)


def change_titles(read_model: ReadModel, index: VersionIndex, change_ids: Collection[str]) -> dict[str, str]:
    """Return what changes are called, by id: by their cause where it says so, else by what their first step did.

    A change is left out that is not known, or was recorded since ``index`` was made.
    """
    if not change_ids:
        return {}
    select = _SELECT_CHANGES.format(marks(change_ids))
    changes = list(read_model.select(select, sorted(change_ids)))
    moments = {change_id: moment_of(index, at, first) for change_id, _, at, first, _ in changes}
    steps = step_summaries(read_model, index, sorted({moment for moment in moments.values() if moment}))
    titles: dict[str, str] = {}
    for change_id, causation, _, _, in_parts in changes:
        step = steps.get(moments[change_id])
        if name := change_name(from_text(causation)):
            titles[change_id] = name
        elif step is not None:
            titles[change_id] = f"{step.title} and more" if in_parts else step.title
    return titles
