"""Putting users, or everybody, back to how they were at a moment: one ordinary change, planned before it is made."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from whowas.command_bus.bus import Bus
from whowas.corrections.plan import Targets, carry_out
from whowas.domain.causation import RestoreOf
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS
from whowas.domain.progress import Progress, unwatched, watched
from whowas.domain.users import User
from whowas.projections.index.steps import TimelineKey
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.later_changes import LaterChanges, later_changes
from whowas.projections.queries.restorations import Owners, Restoration, Restorations
from whowas.projections.queries.restore_candidates import differing
from whowas.projections.tables.read_model import ReadModel

__all__ = ["Plan", "Restoration", "carried_out", "planned", "with_fields"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What restoring to a moment would do. ``groups`` maps ids to names, None for a group that would end.

    ``users`` are read where they are looked at. ``groups_now`` maps the ids of groups to their names now; ``later`` is
    what was done since to these users and groups, at moments of ``index``. ``passwords`` counts the users who had
    another password then, ``taken`` those who do without a value because somebody else has it now, and ``stuck`` those
    of them who stay as they are for that. ``everybody`` is brought back, not some. ``position`` is where the log ended
    when this was planned, ``key`` that of the moment.
    """

    index: VersionIndex
    position: int
    key: TimelineKey
    users: Sequence[Restoration]
    groups: Mapping[str, str | None]
    groups_now: Mapping[str, str]
    later: LaterChanges
    passwords: int
    taken: int
    stuck: int
    everybody: bool = False

    def __bool__(self) -> bool:
        """Whether anybody or any group is not as then."""
        return bool(self.users or self.groups)

    @property
    def possible(self) -> bool:
        """Whether anything would change."""
        return bool(self.groups) or len(self.users) > self.stuck


def planned(
    read_model: ReadModel,
    index: VersionIndex,
    position: int,
    moment: int,
    among: Collection[int] | None = None,
    *,
    passwords: bool = True,
    owners: Owners | None = None,
    progress: Progress = unwatched,
) -> Plan:
    """Plan to bring the users ``among`` some (by number), or everybody and the groups, back to ``moment``.

    ``position`` is the log's last. Without ``passwords`` everybody keeps the present one. ``owners`` tell who has an
    email or external id: one that somebody else has and would keep is left out then, and refused otherwise. Raises
    CancelledError.
    """
    everybody = among is None
    directory = index.directory(index.now)
    now, then = directory.groups, _groups_made(index, moment)
    groups = {one: then.get(one) for one in sorted({*now, *then}) if now.get(one) != then.get(one)} if everybody else {}
    there = frozenset({**now, **then} if everybody else now)
    found = differing(index, moment, there, None if among is None else np.fromiter(among, dtype=np.int64))
    users = Restorations(read_model, index, found, {**then, **directory.names}, there, owners, passwords=passwords)
    other_passwords = users.settle(progress)
    without = [] if owners is None else [one for one in watched(users, len(users), progress) if one.taken]
    return Plan(
        index,
        position,
        index.steps.key_of(moment),
        users,
        groups,
        now,
        later_changes(read_model, index, moment, users.numbers, groups, progress),
        other_passwords,
        len(without),
        sum(not one.changes for one in without),
        everybody,
    )


def carried_out(bus: Bus, plan: Plan, reason: str = "", progress: Progress = unwatched) -> str:
    """Bring back what ``plan`` holds, as one change; return its id, "" for none. Raises as ``carry_out``."""
    # All of it was so together once, when a field was not unique that is now.
    targets = Targets(_targets(plan, progress), plan.groups, relaxes=plan.everybody)
    return carry_out(
        bus, plan.position, targets, partial(RestoreOf, plan.key.occurred_at, plan.key.position), reason, progress
    )


def with_fields(restoration: Restoration, fields: Collection[str]) -> Restoration:
    """Return the restoration of those fields alone; ``fields`` are named as in its ``changes``.

    Who comes back from being deleted leaves an email behind that somebody else has now, whether it is named or not.
    """
    now, then = restoration.now, restoration.then
    status = then.status if "status" in fields else now.status
    texts = {name: then.text(name) for name in LABELS if name in fields}
    if status != "deleted" and any(taken.field == "email" for taken in restoration.taken):
        texts["email"] = then.email
    attributes = dict(now.attributes)
    left_behind = [one.field for one in restoration.taken] if status != "deleted" else []
    for name in {*fields, *left_behind}:
        if name.startswith(ATTRIBUTE_PREFIX):
            key = name.removeprefix(ATTRIBUTE_PREFIX)
            attributes.pop(key, None)
            if key in then.attributes:
                attributes[key] = then.attributes[key]
    chosen = now._replace(
        attributes=attributes,
        status=status,
        groups=then.groups if "groups" in fields else now.groups,
        password=then.password if "password" in fields else now.password,
        **texts,  # type: ignore[arg-type]
    )
    changes = tuple(change for change in restoration.changes if change.field in fields)
    return Restoration(now, chosen, changes, restoration.taken)


def _groups_made(index: VersionIndex, moment: int) -> Mapping[str, str]:
    """Return the groups of a moment, without those that are known by name then but were made later."""
    made = index.groups_made(moment)
    return {group_id: name for group_id, name in index.directory(moment).groups.items() if group_id in made}


def _targets(plan: Plan, progress: Progress) -> Iterator[User]:
    for restoration in watched(plan.users, len(plan.users), progress):
        yield restoration.then
