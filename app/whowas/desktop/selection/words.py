"""The words for what users of a selection share, and for where they differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from whowas.domain.fields import counted
from whowas.domain.users import STATUS_LABELS, STATUSES, Status
from whowas.projections.queries.selection_summary import VALUES_COUNTED, FieldShared, SelectionSummary

MIXED = "Mixed"
WAS_MIXED = "was mixed"


def values_counted(shared: FieldShared) -> str:
    """Return how many values a mixed field has, in two words."""
    if shared.values > VALUES_COUNTED:
        return f"{VALUES_COUNTED:,}+ values"
    return "some blank" if shared.values == 1 else counted(shared.values, "value")


def said_of(shared: FieldShared | None) -> str:
    """Return what a screen reader says of a field beside its text: that it is mixed, and how."""
    return "" if shared is None or shared.text is not None else f"{MIXED}, {values_counted(shared)}"


def was_shared(shared: FieldShared | None, words: Callable[[str], str] = str) -> str:
    """Return the words for what an edited field was; ``words`` returns a text as people read it."""
    if shared is None:
        return "was not counted yet"
    if shared.text is None:
        return f"{WAS_MIXED}, {values_counted(shared)}"
    return f"was {words(shared.text)}" if shared.text else "was empty"


def subtitle(summary: SelectionSummary) -> str:
    """Return what all of them share in a line: their status, and how many departments they are in."""
    departments = summary.fields["department"]
    if departments.text:
        where = departments.text
    elif departments.values > VALUES_COUNTED:
        where = f"over {VALUES_COUNTED:,} departments"
    else:
        where = counted(departments.values, "department") if departments.values > 1 else ""
    return " · ".join(filter(None, (statuses(summary.by_status), where)))


def statuses(by_status: Mapping[Status, int]) -> str:
    """Return how many users have which status: "all active", or "28 active, 2 suspended"."""
    there = [(status, by_status.get(status, 0)) for status in STATUSES if by_status.get(status, 0)]
    if len(there) == 1:
        return f"all {STATUS_LABELS[there[0][0]].lower()}"
    return ", ".join(f"{count:,} {STATUS_LABELS[status].lower()}" for status, count in there)


def not_listed(listed: int, selected: int, *, scattered: bool) -> str:
    """Return that some of those selected are not in the list that is shown, "" where all are.

    Where they lie too ``scattered`` there none is marked.
    """
    if scattered:
        return "They lie too scattered in this list to be marked. Sort it in another way."
    if listed == selected:
        return ""
    if not listed:
        return "None of them is in this list."
    return f"{selected - listed:,} more {'is' if selected - listed == 1 else 'are'} selected, but not in this list."
