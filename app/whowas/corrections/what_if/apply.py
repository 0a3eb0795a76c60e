"""Carrying out a what-if: one ordinary change that makes the directory what it was imagined to be."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from functools import partial

from whowas.command_bus.bus import Bus
from whowas.corrections.plan import Targets, carry_out
from whowas.corrections.what_if.outcome import UserDifference, WhatIfOutcome
from whowas.domain.causation import WhatIfOf
from whowas.domain.fields import ATTRIBUTE_PREFIX
from whowas.domain.named_moments import moments_back
from whowas.domain.progress import Progress, unwatched
from whowas.domain.unique import UniqueFields, held_values, unique_fields
from whowas.domain.users import User


def apply(bus: Bus, what_if: WhatIfOutcome, reason: str = "", progress: Progress = unwatched) -> str:
    """Append the commands that make the directory what it would be, as one change; return its id, "" for none.

    Who would not exist is deleted, and custom fields stay defined: neither can be taken out of a directory.
    Raises as ``carry_out``.
    """
    external_ids = {user.external_id for user in what_if.users.values()}
    now = what_if.directory_now
    existing = now.groups.keys() | what_if.directory.groups.keys()
    fields = unique_fields(what_if.directory)
    taken = {held.key for user in what_if.users.values() for held in held_values(user, fields)} if fields else set()
    targets = Targets(
        [
            _target(difference, existing, external_ids, fields, taken)
            for difference in (*what_if.user_differences, *what_if.unseen)
        ],
        {difference.group_id: difference.would_be for difference in what_if.group_differences},
        [*what_if.looks, *what_if.field_order, *moments_back(what_if.directory.moments, now.moments, now.moments)],
        {difference.field_id: difference.would_be for difference in what_if.field_differences},
        what_if.described,
    )
    return carry_out(bus, what_if.head, targets, partial(WhatIfOf, what_if.without), reason, progress)


def _target(
    difference: UserDifference,
    existing: AbstractSet[str],
    external_ids: set[str | None],
    fields: UniqueFields,
    taken: set[str],
) -> User:
    """Return what somebody is to be; what those who are deleted keep from others is added to the keys ``taken``."""
    now, would_be = difference.now, difference.would_be
    if would_be is not None:
        # What does not show is left alone: an undo could not bring it back.
        return would_be._replace(groups=(would_be.groups & existing) | (now.groups - existing))
    gone = now._replace(status="deleted")
    # Even a deleted user keeps what is unique, but emails, from others.
    held = [one for one in held_values(gone, fields) if one.field.startswith(ATTRIBUTE_PREFIX)]
    if lost := {one.field.removeprefix(ATTRIBUTE_PREFIX) for one in held if one.key in taken}:
        gone = gone._replace(attributes={key: text for key, text in gone.attributes.items() if key not in lost})
    taken.update(one.key for one in held)
    if gone.external_id is None or gone.external_id not in external_ids:
        return gone
    # Nobody can be left without any name.
    named = gone.first_name or gone.last_name or gone.email
    return gone._replace(external_id=None, first_name=gone.first_name if named else gone.external_id)
