"""What would be after undoing a change, with some of its conflicts chosen; and making it so."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from whowas.command_bus.bus import Bus
from whowas.corrections.plan import Targets, carry_out
from whowas.corrections.undo.met import has_value, is_member
from whowas.corrections.undo_one.plan import (
    FIELD_DEFINITION,
    FIELD_NAME,
    FIELD_ORDER,
    GROUP_COLOUR,
    GROUP_NAME,
    GROUP_ORDER,
    MOMENT_NAME,
    WHOLE_USER,
    Key,
    Reverted,
    UndoPlan,
)
from whowas.domain.causation import UndoForSome, UndoOf
from whowas.domain.commands import ColourGroup, DescribeField, LookCommand, MomentCommand, OrderFields, OrderGroups
from whowas.domain.compensation import altered, with_reverted
from whowas.domain.custom_fields import left_alone
from whowas.domain.named_moments import moments_back
from whowas.domain.progress import Progress, unwatched
from whowas.domain.users import User


@dataclass(frozen=True, slots=True)
class Outcome:
    """``users`` holds (now, would be) of all who would be others; ``groups`` maps ids to names, None for an end.

    ``kept`` maps the ids of groups that would have ended to those who are still in them, so that they stay; ``fields``
    and ``kept_fields`` do the same of custom fields, which would be as ``described``, and in ``field_order``.
    """

    users: tuple[tuple[User, User], ...]
    groups: Mapping[str, str | None]
    kept: Mapping[str, tuple[User, ...]]
    moments: tuple[MomentCommand, ...]
    looks: tuple[LookCommand, ...] = ()
    fields: Mapping[str, str | None] = field(default_factory=dict)
    kept_fields: Mapping[str, tuple[User, ...]] = field(default_factory=dict)
    described: tuple[DescribeField, ...] = ()
    field_order: tuple[str, ...] | None = None

    def __bool__(self) -> bool:
        """Whether anything would change."""
        directory = self.groups or self.looks or self.moments or self.fields or self.described
        return bool(self.users or directory) or self.field_order is not None


def outcome(plan: UndoPlan, chosen: Collection[Key] = ()) -> Outcome:
    """Return what carrying out ``plan`` would do, of its conflicts those ``chosen``."""
    left = {conflict.key for conflict in plan.conflicts}.difference(chosen)
    groups = {group_id: name for group_id, name in plan.groups.items() if (group_id, GROUP_NAME) not in left}
    fields = {field_id: name for field_id, name in plan.fields.items() if (field_id, FIELD_NAME) not in left}
    there = plan.directory.groups.keys() | groups.keys()
    fields_there = {**plan.directory.fields, **dict.fromkeys(fields, "")}
    users: dict[str, tuple[User, User]] = {}
    for reverted in plan.users:
        then = _target(reverted, left)
        # Nobody can join or leave a group that has ended, nor get a value in a field that is deleted: neither shows.
        then = then._replace(groups=(then.groups & there) | (reverted.now.groups - there))
        if plan.directory.deleted_fields:
            then = then._replace(attributes=left_alone(then.attributes, reverted.now.attributes, fields_there))
        if altered(reverted.now, then):
            users[then.id] = reverted.now, then
    kept = _kept(plan.members, groups, users, is_member)
    kept_fields = _kept(plan.holders, fields, users, partial(_has_value, plan.held_before))
    moments = dict(plan.directory.moments)
    for moment_id, moment in plan.moments.items():
        if (moment_id, MOMENT_NAME) in left:
            continue
        moments.pop(moment_id, None)
        if moment is not None:
            moments[moment_id] = moment
    now = plan.directory.moments
    looks, commands = tuple(_looks(plan, groups, left)), tuple(moments_back(moments, now, now))
    described = tuple(one for one in plan.described if (one.field_id, FIELD_DEFINITION) not in left)
    field_order = _order(plan, fields) if ("", FIELD_ORDER) not in left else None
    return Outcome(tuple(users.values()), groups, kept, commands, looks, fields, kept_fields, described, field_order)


def carried_out(
    bus: Bus, plan: UndoPlan, chosen: Collection[Key] = (), reason: str = "", progress: Progress = unwatched
) -> str:
    """Do what ``plan`` says as one change, with the conflicts ``chosen``; return its id, "" where nothing was to do.

    Raises as ``carry_out``.
    """
    wanted = outcome(plan, chosen)
    order = [] if wanted.field_order is None else [OrderFields(wanted.field_order)]
    own = [*wanted.looks, *order, *wanted.moments]
    targets = Targets([then for _, then in wanted.users], wanted.groups, own, wanted.fields, wanted.described)
    because = UndoForSome if plan.for_some else UndoOf
    return carry_out(bus, plan.position, targets, partial(because, plan.done.change_id), reason, progress)


def _has_value(held_before: Mapping[tuple[str, str], str], user: User | None, field_id: str) -> bool:
    return user is not None and has_value(user, field_id, held_before.get((field_id, user.id)))


def _kept(
    met: Mapping[str, tuple[User, ...]],
    ending: dict[str, str | None],
    users: Mapping[str, tuple[User, User]],
    uses: Callable[[User | None, str], bool],
) -> dict[str, tuple[User, ...]]:
    """Take out of ``ending`` what somebody of those who met it will use still; return who does, by its id."""
    kept: dict[str, tuple[User, ...]] = {}
    for ending_id, those in met.items():
        still = tuple(user for user in those if uses(users.get(user.id, (user, user))[1], ending_id))
        if still and ending_id in ending:
            del ending[ending_id]
            kept[ending_id] = still
    return kept


def _looks(plan: UndoPlan, groups: Mapping[str, str | None], left: Collection[Key]) -> Iterator[LookCommand]:
    """Yield what brings the looks of groups back; only those have a colour that there are once ``groups`` are back."""
    for group_id, colour in plan.looks.colours.items():
        there = groups.get(group_id) if group_id in groups else plan.directory.groups.get(group_id)
        if there is not None and (group_id, GROUP_COLOUR) not in left:
            yield ColourGroup(group_id, colour)
    if plan.looks.order is not None and ("", GROUP_ORDER) not in left:
        yield OrderGroups(plan.looks.order)


def _order(plan: UndoPlan, fields: Mapping[str, str | None]) -> tuple[str, ...] | None:
    """Return the order in which those fields would be that there are once ``fields`` are back; None if they are."""
    there = [field_id for field_id in {**plan.directory.fields, **fields} if fields.get(field_id, "") is not None]
    order = tuple(field_id for field_id in plan.field_order or there if field_id in there)
    return None if list(order) == there else order


def _target(reverted: Reverted, left: Collection[Key]) -> User:
    now = reverted.now
    if (now.id, WHOLE_USER) in left:
        return now
    if reverted.before is None:
        return now._replace(status="deleted")
    return with_reverted(reverted.before, now, {name for name in reverted.fields if (now.id, name) not in left})
