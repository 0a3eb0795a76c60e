"""The content of rows about changes: a step, one of the users of a step, or one change of a user."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from whowas.desktop.history.list import KIND_ICONS, HistoryItem
from whowas.desktop.kit import dates
from whowas.projections.queries.causes import Cause
from whowas.projections.queries.change_lines import ChangeLine, Undone, UserLine
from whowas.projections.queries.history import HistoryEntry
from whowas.projections.queries.step_summaries import LineKind

UNDONE: Mapping[Undone, str] = {"some": "partly undone", "whole": "undone"}
"""What is said of an import that was taken back."""


@dataclass(frozen=True, slots=True)
class ChangeItem(HistoryItem):
    """A row of the changes list.

    ``unfolded`` is None if there is nothing to unfold; ``inner`` means that the row is below an unfolded one;
    ``shown`` means that the step is the last one that has happened at the moment shown.
    """

    unfolded: bool | None = None
    inner: bool = False
    shown: bool = False

    def sentence(self) -> str:
        """Return the whole content of the row, for screen readers."""
        folding = {None: "", False: "folded", True: "unfolded"}[self.unfolded]
        parts = [HistoryItem.sentence(self), folding, "shown" if self.shown else ""]
        return ", ".join(part for part in parts if part)


def item_of_line(line: ChangeLine, *, future: bool, unfolded: bool, shown: bool) -> ChangeItem:
    """Return the row of a step."""
    when = dates.timed(line.occurred_at, dates.microseconds_now())
    if line.undone:
        when = f"{when} · {UNDONE[line.undone]}"
    when, why, because = _explained(line.cause, when)
    return ChangeItem(
        line.moment,
        "import" if line.source and line.kind == "several" else _icon(line.kind),
        line.title,
        line.detail,
        line.actor,
        when,
        future,
        why,
        because,
        unfolded if line.users > 1 else None,
        inner=False,
        shown=shown,
    )


def item_of_entry(entry: HistoryEntry, moment: int, now: int) -> HistoryItem:
    """Return the row of a change in a user's history at ``moment``; ``now`` is the present in UTC microseconds."""
    when, why, because = _explained(entry.cause, dates.timed(entry.occurred_at, now))
    return HistoryItem(
        entry.moment,
        KIND_ICONS[entry.sentence.kind],
        entry.sentence.title,
        entry.sentence.detail,
        entry.actor,
        when,
        future=entry.moment > moment,
        why=why,
        because=because,
    )


def _explained(cause: Cause | None, when: str) -> tuple[str, str, str]:
    """Return (when, why, reason) of a change; an import is named beside the date instead of as its why."""
    if cause is None:
        return when, "", ""
    what = cause.what(dates.precise)
    return (f"{when} · {what}", "", "") if cause.source else (when, what, cause.because)


def item_of_user(user: UserLine, moment: int, *, future: bool) -> ChangeItem:
    """Return the row of one of the users of a step."""
    title, detail = user.sentence.title, user.sentence.detail
    if detail == user.name:
        detail = ""
    text = f"{title}: {detail}" if detail else title
    return ChangeItem(moment, _icon(user.sentence.kind), user.name, text, user.actor, "", future, inner=True)


def _icon(kind: LineKind) -> str:
    match kind:
        case "several":
            return "users"
        case "group":
            return "hash"
        case "field":
            return "columns"
        case "moment":
            return "bookmark"
        case "nothing":
            return "import"
        case "erased":
            return "user-x"
        case _:
            return KIND_ICONS[kind]
