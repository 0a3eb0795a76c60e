"""The sections of a directory, each with its number of users at the moment shown."""

from __future__ import annotations

from whowas.desktop.sections.rows import GROUP_ICON, ICONS, SectionEntry
from whowas.desktop.session.view import EVERYONE, GROUP_PREFIX
from whowas.domain.directory import Directory
from whowas.domain.users import STATUS_LABELS
from whowas.projections.index.counts import Counts


def entries(counts: Counts, directory: Directory) -> tuple[list[SectionEntry], list[SectionEntry]]:
    """Return (everyone and the statuses, groups in their order); deleted users count in no other section."""
    by_status = counts.by_status
    statuses = [
        SectionEntry(EVERYONE, "Everyone", ICONS[EVERYONE], counts.everyone),
        SectionEntry("active", STATUS_LABELS["active"], ICONS["active"], by_status["active"]),
        SectionEntry("suspended", STATUS_LABELS["suspended"], ICONS["suspended"], by_status["suspended"]),
        SectionEntry("deleted", STATUS_LABELS["deleted"], ICONS["deleted"], by_status["deleted"]),
    ]
    colours = directory.looks.colours
    groups = [
        SectionEntry(GROUP_PREFIX + group_id, name, GROUP_ICON, counts.by_group.get(group_id, 0), colours.get(group_id))
        for group_id, name in directory.ordered_groups()
    ]
    return statuses, groups
