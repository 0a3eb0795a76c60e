"""The sections of a directory, each with how many users are in it at the moment shown."""

from __future__ import annotations

from whowas.desktop.sections.sidebar import Entry
from whowas.desktop.session.view import EVERYONE, GROUP_PREFIX, DirectoryView


def entries(view: DirectoryView) -> tuple[list[Entry], list[Entry]]:
    """Return everyone and the statuses, and the groups by name; who is deleted is counted in no other section."""
    counts = view.counts()
    by_status = counts.by_status
    statuses = [
        Entry(EVERYONE, "Everyone", "users", by_status["active"] + by_status["suspended"]),
        Entry("active", "Active", "circle-check", by_status["active"]),
        Entry("suspended", "Suspended", "circle-pause", by_status["suspended"]),
        Entry("deleted", "Deleted", "trash", by_status["deleted"]),
    ]
    groups = [
        Entry(GROUP_PREFIX + group_id, name, "hash", counts.by_group.get(group_id, 0))
        for group_id, name in sorted(view.directory.groups.items(), key=lambda group: group[1].casefold())
    ]
    return statuses, groups
