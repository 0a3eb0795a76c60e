"""The sections of a directory, each with its number of users at the moment shown."""

from __future__ import annotations

from whowas.desktop.sections.rows import GROUP_ICON, ICONS, SectionEntry
from whowas.desktop.session.view import EVERYONE, GROUP_PREFIX
from whowas.domain.directory import Directory
from whowas.domain.users import STATUS_LABELS
from whowas.projections.index.counts import Counts


def entries(counts: Counts, directory: Directory) -> tuple[list[SectionEntry], list[SectionEntry]]:
    """Return (everyone and the statuses, groups by name); deleted users count in no other section."""
    by_status = counts.by_status
    statuses = [
        SectionEntry(EVERYONE, "Everyone", ICONS[EVERYONE], by_status["active"] + by_status["suspended"]),
        SectionEntry("active", STATUS_LABELS["active"], ICONS["active"], by_status["active"]),
        SectionEntry("suspended", STATUS_LABELS["suspended"], ICONS["suspended"], by_status["suspended"]),
        SectionEntry("deleted", STATUS_LABELS["deleted"], ICONS["deleted"], by_status["deleted"]),
    ]
    groups = [
        SectionEntry(GROUP_PREFIX + group_id, name, GROUP_ICON, counts.by_group.get(group_id, 0))
        for group_id, name in sorted(directory.groups.items(), key=lambda group: group[1].casefold())
    ]
    return statuses, groups
