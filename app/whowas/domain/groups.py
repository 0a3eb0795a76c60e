"""How groups look: the colour of each, and the order in which they are listed; and the rules for both."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, assert_never

from whowas.domain.commands import ColourGroup, LookCommand, OrderGroups
from whowas.domain.errors import RefusedError
from whowas.domain.events import GroupColoured, GroupsOrdered, LookEvent
from whowas.domain.fields import listed, shortened

COLOURS: Final = ("red", "pink", "purple", "blue", "teal", "green", "olive", "grey")
"""The names of the colours that a group can have, in the order in which they are offered. None is like the past."""


@dataclass(frozen=True, slots=True)
class GroupLooks:
    """``colours`` maps the ids of groups to names of COLOURS; ``order`` lists ids, and other groups follow by name.

    Both know groups that are deleted too, so that one which is brought back looks as before. A newer program may know
    more colours.
    """

    colours: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()

    def by_name(self, groups: Mapping[str, str]) -> dict[str, str]:
        """Return the colours of ``groups``, which maps ids to names, by the names of those that have one."""
        return {groups[group_id]: colour for group_id, colour in self.colours.items() if group_id in groups}


def ordered_groups(groups: Mapping[str, str], looks: GroupLooks) -> list[tuple[str, str]]:
    """Return (id, name) of ``groups``, which maps ids to names, in the order in which they are listed."""
    by_name = sorted(groups.items(), key=lambda group: group[1].casefold())
    places = {group_id: place for place, group_id in enumerate(looks.order)}
    return sorted(by_name, key=lambda group: places.get(group[0], len(places)))


def decide_look(
    command: LookCommand, looks: GroupLooks, groups: Mapping[str, str], deleted: Collection[str]
) -> tuple[LookEvent, ...]:
    """Return the events that ``command`` causes; ``groups`` maps ids to names, ``deleted`` are ids of deleted ones.

    Raises RefusedError naming the field at fault.
    """
    match command:
        case ColourGroup(group_id, colour):
            if group_id not in groups:
                raise RefusedError("groups", "There is no such group.")
            if colour is not None and colour not in COLOURS:
                raise RefusedError("colour", f"A group cannot be “{shortened(colour)}”, only {listed(COLOURS)}.")
            return () if colour == looks.colours.get(group_id) else (GroupColoured(group_id, colour),)
        case OrderGroups(group_ids):
            if len(set(group_ids)) < len(group_ids):
                raise RefusedError("groups", "A group can have only one place among the others.")
            # Those of which nothing is known any more, as in a what-if, leave no gap.
            order = tuple(group_id for group_id in group_ids if group_id in groups or group_id in deleted)
            return () if order == looks.order else (GroupsOrdered(order),)
        case _:
            assert_never(command)


def evolve_looks(looks: GroupLooks, event: LookEvent) -> GroupLooks:
    """Return how groups look after ``event``."""
    match event:
        case GroupColoured(group_id, colour):
            others = {known: one for known, one in looks.colours.items() if known != group_id}
            return replace(looks, colours=others if colour is None else {**others, group_id: colour})
        case GroupsOrdered(group_ids):
            return replace(looks, order=tuple(group_ids))
        case _:
            assert_never(event)


def moved_to(order: list[str], group_id: str, place: int) -> tuple[str, ...]:
    """Return ``order`` with one of its ids at ``place`` (from 0) of the order that comes out."""
    others = [known for known in order if known != group_id]
    place = max(0, min(place, len(others)))
    return (*others[:place], group_id, *others[place:])
