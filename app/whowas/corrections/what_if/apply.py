"""Carrying out a what-if: one ordinary change that makes the directory what it was imagined to be."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from functools import partial

from whowas.command_bus.bus import Bus
from whowas.corrections.plan import Targets, carry_out
from whowas.corrections.what_if.outcome import UserDifference, WhatIfOutcome
from whowas.domain.causation import WhatIfOf
from whowas.domain.named_moments import moments_back
from whowas.domain.progress import Progress, unwatched
from whowas.domain.users import User


def apply(bus: Bus, what_if: WhatIfOutcome, reason: str = "", progress: Progress = unwatched) -> str:
    """Append the commands that make the directory what it would be, as one change; return its id, "" for none.

    Who would not exist is deleted, and custom fields stay defined: neither can be taken out of a directory.
    Raises as ``carry_out``.
    """
    external_ids = {user.external_id for user in what_if.users.values()}
    now = what_if.directory_now
    existing = now.groups.keys() | what_if.directory.groups.keys()
    targets = Targets(
        [_target(difference, existing, external_ids) for difference in (*what_if.user_differences, *what_if.unseen)],
        {difference.group_id: difference.would_be for difference in what_if.group_differences},
        [*what_if.looks, *what_if.field_order, *moments_back(what_if.directory.moments, now.moments, now.moments)],
        {difference.field_id: difference.would_be for difference in what_if.field_differences},
        what_if.described,
    )
    return carry_out(bus, what_if.head, targets, partial(WhatIfOf, what_if.without), reason, progress)


def _target(difference: UserDifference, existing: AbstractSet[str], external_ids: set[str | None]) -> User:
    now, would_be = difference.now, difference.would_be
    if would_be is not None:
        # What does not show is left alone: an undo could not bring it back.
        return would_be._replace(groups=(would_be.groups & existing) | (now.groups - existing))
    gone = now._replace(status="deleted")
    if gone.external_id is None or gone.external_id not in external_ids:
        return gone
    # Even a deleted user keeps an external id from others, and nobody can be left without any name.
    named = gone.first_name or gone.last_name or gone.email
    return gone._replace(external_id=None, first_name=gone.first_name if named else gone.external_id)
