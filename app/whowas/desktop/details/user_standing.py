"""Why the user shown is not in the list beside them: deleted, or left out by the search or the section."""

from __future__ import annotations

from collections.abc import Sequence

from whowas.desktop.details.standing_strip import UserStanding
from whowas.desktop.kit import dates
from whowas.desktop.session.view import EVERYONE, GROUP_PREFIX, DirectoryView
from whowas.domain.fields import shortened
from whowas.domain.users import User
from whowas.projections.queries.history import HistoryEntry
from whowas.projections.tables.read_model import VersionRow

BRING_BACK = "Bring back"
CLEAR_SEARCH = "Clear search"
SHOW_EVERYONE = "Show everyone"

_TODAY = ("today", "yesterday")
"""What a date may begin with instead of a day."""


def standing_of(row: VersionRow, history: Sequence[HistoryEntry], view: DirectoryView) -> UserStanding | None:
    """Return what is to be said of the user of a row, who is shown; None of one who is in the list.

    ``history`` is the user's whole one, oldest first.
    """
    user = row.user
    if user.status == "deleted":
        return UserStanding(_deleted(history, view.moment), BRING_BACK if view.may_change else "")
    if view.pinned is not None or view.rows().row_of(row.number) is not None:
        return None
    name = shortened(user.name)
    if why := _outside(user, view):
        return UserStanding(f"Not in this list: {name} is not {why}.", SHOW_EVERYONE)
    if view.search_text.strip():
        return UserStanding(f"Not in this list: the search leaves {name} out.", CLEAR_SEARCH)
    return None


def _deleted(history: Sequence[HistoryEntry], moment: int) -> str:
    deletions = [entry for entry in history if entry.moment <= moment and entry.sentence.kind == "deleted"]
    if not deletions:
        return "Deleted"
    last = deletions[-1]
    when = dates.relative(last.occurred_at, dates.microseconds_now())
    return f"Deleted {when if when.startswith(_TODAY) else f'on {when}'} by {last.actor}"


def _outside(user: User, view: DirectoryView) -> str:
    """Return what a user who is there is not, so that the section leaves them out; "" where it does not."""
    section = view.section
    if section == EVERYONE:
        return ""
    if section.startswith(GROUP_PREFIX):
        group_id = section.removeprefix(GROUP_PREFIX)
        if group_id in user.groups:
            return ""
        return f"in {shortened(view.directory.groups.get(group_id, 'that group'))}"
    return "" if user.status == section else section
