"""Taking back what a change did to the looks of groups: their colours and their order."""

from __future__ import annotations

from whowas.domain.commands import ColourGroup, LookCommand, OrderGroups
from whowas.domain.directory import Directory
from whowas.domain.errors import AlteredAgainError


def looks_back(before: Directory, after: Directory, now: Directory) -> list[LookCommand]:
    """Return the commands that bring colours and order of groups from ``after`` a change back to ``before`` it.

    They are for when the groups themselves are back. Only what the change altered is touched. Raises AlteredAgainError
    when some of that was altered again since.
    """
    back: list[LookCommand] = []
    for group_id, name in sorted(before.groups.items()):
        old = before.looks.colours.get(group_id)
        if old == after.looks.colours.get(group_id):
            continue
        gone_since = group_id in after.groups and group_id not in now.groups
        if gone_since or now.looks.colours.get(group_id) != after.looks.colours.get(group_id):
            raise AlteredAgainError(
                "groups", f"The group {name} was changed again since (colour), so this cannot be undone."
            )
        back.append(ColourGroup(group_id, old))
    if before.looks.order != after.looks.order:
        if now.looks.order != after.looks.order:
            raise AlteredAgainError("groups", "The groups were put into another order since, so this cannot be undone.")
        back.append(OrderGroups(before.looks.order))
    return back
