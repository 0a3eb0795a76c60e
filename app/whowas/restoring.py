"""Putting users, or everybody, back to how they were at a moment: one ordinary change, planned before it is made."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from whowas.bringing import bring
from whowas.bus import Bus
from whowas.domain.causation import RestoreOf
from whowas.domain.errors import RefusedError
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS, shortened
from whowas.domain.progress import Progress, unwatched
from whowas.domain.sentences import FieldChange, field_changes
from whowas.domain.users import User
from whowas.projections.read_model import ReadModel
from whowas.projections.version_index import DELETED, VersionIndex

REASON_LIMIT = 200
"""Characters; every event of the change carries the reason."""
ROWS_AT_ONCE = 500

_LATER = """
SELECT change.actor, count(*) FROM step JOIN change ON change.number = step.change
WHERE (step.occurred_at, step.first_position) > (?, ?) GROUP BY change.actor ORDER BY 2 DESC, 1
"""


@dataclass(frozen=True, slots=True)
class Restoration:
    """What restoring would do to one user: ``now`` becomes ``then``, which differs from it by ``changes``.

    Who was not there yet is deleted: ``then`` is the user as now, deleted.
    """

    now: User
    then: User
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What restoring to a moment would do. ``groups`` maps ids to names, None for a group that would end.

    ``groups_now`` maps the ids of groups to their names now; ``later``, of restoring everybody, says how many later
    steps each actor made, most first. ``position`` is where the log ended when this was planned, ``place`` the moment
    as (occurred_at, position) of the step before it, (0, 0) for the beginning.
    """

    position: int
    place: tuple[int, int]
    users: tuple[Restoration, ...]
    groups: Mapping[str, str | None]
    groups_now: Mapping[str, str]
    later: tuple[tuple[str, int], ...]

    def __bool__(self) -> bool:
        """Whether anything would change."""
        return bool(self.users or self.groups)


def planned(
    read_model: ReadModel, index: VersionIndex, position: int, moment: int, user_ids: Collection[str] | None = None
) -> Plan:
    """Plan to bring ``user_ids``, or everybody and the groups, back to ``moment``; ``position`` is the log's last."""
    everybody = user_ids is None
    now = index.directory(index.now).groups
    # The directory of a moment knows groups by name even before they were made; restored, they would not be there.
    made = {group_id for place, state in index.directories if place <= moment for group_id in state.groups}
    then = {group_id: name for group_id, name in index.directory(moment).groups.items() if group_id in made}
    groups = {
        group_id: then.get(group_id) for group_id in sorted({*now, *then}) if now.get(group_id) != then.get(group_id)
    }
    names = {**then, **now}
    wanted = None if everybody else set(user_ids or ())
    there = frozenset({**now, **then} if everybody else now)
    restorations = _restorations(read_model, index, moment, names, wanted, there)
    users = [restoration for restoration in restorations if restoration.changes]
    steps = index.steps
    place = (int(steps.occurred_at[moment - 1]), int(steps.first_position[moment - 1])) if moment else (0, 0)
    later = tuple(read_model.select(_LATER, place)) if everybody else ()
    return Plan(position, place, tuple(users), groups if everybody else {}, now, later)


def carried_out(bus: Bus, plan: Plan, reason: str = "", progress: Progress = unwatched) -> bool:
    """Append what makes it so, as one change; say whether there was anything to do.

    Raises RefusedError when the log has gone on since it was planned, or a rule forbids the state; CancelledError,
    StoreError. Then nothing is appended.
    """
    reason = reason.strip()
    if len(reason) > REASON_LIMIT:
        raise RefusedError("reason", f"A reason is at most {REASON_LIMIT} characters long.")
    with bus.change(causation=RestoreOf(*plan.place, shortened(reason, REASON_LIMIT) or None)) as change:
        if change.head_position != plan.position:
            raise RefusedError("", "The directory was changed since you looked at this. Please look again.")
        bring(change, [restoration.then for restoration in plan.users], plan.groups, progress)
        return change.events > 0


def with_fields(restoration: Restoration, fields: Collection[str]) -> Restoration:
    """Return the restoration of those fields alone; ``fields`` are named as in its ``changes``."""
    now, then = restoration.now, restoration.then
    texts = {name: then.text(name) for name in LABELS if name in fields}
    attributes = dict(now.attributes)
    for name in fields:
        if name.startswith(ATTRIBUTE_PREFIX):
            key = name.removeprefix(ATTRIBUTE_PREFIX)
            attributes.pop(key, None)
            if key in then.attributes:
                attributes[key] = then.attributes[key]
    chosen = now._replace(
        attributes=attributes,
        status=then.status if "status" in fields else now.status,
        groups=then.groups if "groups" in fields else now.groups,
        password=then.password if "password" in fields else now.password,
        **texts,  # type: ignore[arg-type]
    )
    return Restoration(now, chosen, tuple(change for change in restoration.changes if change.field in fields))


def _restorations(
    read_model: ReadModel,
    index: VersionIndex,
    moment: int,
    names: Mapping[str, str],
    wanted: set[str] | None,
    there: frozenset[str],
) -> list[Restoration]:
    """Plan for users alone. Nobody can join or leave but ``there``; memberships of other groups do not show."""
    pairs = _differing(index, moment)
    found: list[Restoration] = []
    for start in range(0, len(pairs), ROWS_AT_ONCE):
        some = pairs[start : start + ROWS_AT_ONCE]
        rows = {row.number: row.user for row in read_model.rows([number for pair in some for number in pair if number])}
        for now_row, then_row in some:
            now = rows[now_row]
            if wanted is not None and now.id not in wanted:
                continue
            then = rows[then_row] if then_row else now._replace(status="deleted")
            then = then._replace(groups=(then.groups & there) | (now.groups - there))
            found.append(Restoration(now, then, tuple(field_changes(now, then, names))))
    return found


def _differing(index: VersionIndex, moment: int) -> list[tuple[int, int]]:
    """Return (row number now, row number then or 0) of every user whose two states differ."""
    users = int(index.users.max(initial=0)) + 1
    places = []
    for shown in (index.now, moment):
        place = np.full(users, -1, dtype=np.int32)
        rows = np.flatnonzero(index.alive(shown))
        place[index.users[rows]] = rows
        places.append(place)
    now, then = places
    here = np.flatnonzero(now >= 0)
    gone = (then[here] < 0) & (index.statuses[now[here]] != DELETED)
    altered = (then[here] >= 0) & (index.contents[now[here]] != index.contents[then[here]])
    chosen = here[gone | altered]
    then_numbers = np.where(then[chosen] >= 0, index.numbers[then[chosen]], 0)
    return list(zip(index.numbers[now[chosen]].tolist(), then_numbers.tolist(), strict=True))
