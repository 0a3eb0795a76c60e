"""Making a directory what it was imagined to be: one ordinary change."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from whowas.command_bus.bus import Bus
from whowas.command_bus.steering import bring
from whowas.corrections.what_if.outcome import UserDifference, WhatIf
from whowas.domain.causation import WhatIfOf
from whowas.domain.errors import RefusedError
from whowas.domain.fields import shortened
from whowas.domain.named_moments import moments_back
from whowas.domain.progress import Progress, unwatched
from whowas.domain.users import User

REASON_LIMIT = 200
"""Characters; every event of the change carries the reason."""


def apply(bus: Bus, what_if: WhatIf, reason: str = "", progress: Progress = unwatched) -> bool:
    """Append the commands that make the directory what it would be, as one change; say whether there were any.

    Who would not exist is deleted, and custom fields stay defined: neither can be taken out of a directory.
    Raises RefusedError when the log has gone on since it was looked at, or the reason is too long; CancelledError,
    StoreError. Then nothing is appended.
    """
    reason = shortened(reason.strip(), REASON_LIMIT + 1)
    if len(reason) > REASON_LIMIT:
        raise RefusedError("reason", f"A reason is at most {REASON_LIMIT} characters long.")
    with bus.change(causation=WhatIfOf(what_if.without, reason or None)) as change:
        if change.head_position != what_if.head:
            raise RefusedError("", "The directory was changed since you looked at this. Please look again.")
        external_ids = {user.external_id for user in what_if.users.values()}
        existing = change.directory().groups.keys() | what_if.directory.groups.keys()
        targets = [
            _target(difference, existing, external_ids) for difference in (*what_if.user_differences, *what_if.unseen)
        ]
        groups = {difference.group_id: difference.would_be for difference in what_if.group_differences}
        bring(change, targets, groups, progress)
        moments = change.directory().moments
        change.dispatch(*moments_back(what_if.directory.moments, moments, moments))
        return change.events > 0


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
