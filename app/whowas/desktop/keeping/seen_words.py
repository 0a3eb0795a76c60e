"""How it is said what this computer saw of a history before: in the strip over the page, and where one verifies."""

from __future__ import annotations

from typing import NamedTuple, assert_never

from whowas.desktop.chrome.standing import SEEN, Condition, Severity
from whowas.desktop.kit import dates
from whowas.desktop.kit.theme import Token
from whowas.projections.index.steps import Steps
from whowas.safekeeping.seen_heads import (
    NeverSeen,
    Restored,
    Rewritten,
    StillPart,
    UnreadableHistory,
    UnreadableNote,
    Verdict,
)

SHOW_IT, ACCEPT = "Show it", "Accept"
"""The buttons of the red strip."""


class SeenLine(NamedTuple):
    """One line with its icon and the colour of that."""

    text: str
    icon: str
    token: Token


def strip_of(verdict: Verdict, steps: Steps, first_other: int | None, now: int) -> Condition | None:
    """Return what stands over the page, None where nothing has to be said. ``now`` is in UTC microseconds.

    ``first_other`` is the number on the timeline of the change from which on a rewritten history differs, None where
    it ends before that.
    """
    match verdict:
        case Rewritten():
            heading = f"This file's history is not the one this computer saw {seen_on(verdict.seen_at, now)},"
            sentence = f"from change {_from_there_on(verdict, steps, first_other)}."
            return Condition(SEEN, Severity.RED, sentence, (SHOW_IT, ACCEPT), closable=False, heading=heading)
        case Restored():
            return Condition(SEEN, Severity.CALM, _restored(verdict, len(steps), now))
        case NeverSeen() | UnreadableNote() | UnreadableHistory() | StillPart():
            return None
        case never:
            assert_never(never)


def seen_line(verdict: Verdict, now: int, *, damaged: bool = False) -> SeenLine:
    """Return what is said of it beside what verifying found, also where the history was found ``damaged``."""
    match verdict:
        case StillPart(head, seen_at) if damaged:  # that the head is there still says nothing of what is before it
            return SeenLine(
                f"Last seen on this computer: {_day(seen_at, now)}, event {head.position:,}", "info", "muted"
            )
        case StillPart(head, seen_at):
            text = f"Last seen on this computer: {_day(seen_at, now)}, event {head.position:,} – still part of it"
            return SeenLine(text, "circle-check", "active_text")
        case Rewritten(seen, seen_at):
            text = f"Last seen on this computer: {_day(seen_at, now)}, event {seen.position:,} – not part of it"
            return SeenLine(text, "alert", "error")
        case Restored(head, made_at, seen, seen_at):
            text = (
                f"Last seen on this computer: {_day(seen_at, now)}, event {seen.position:,} – this is the backup of "
                f"{_timed(made_at, now)}, which ends at event {head.position:,}"
            )
            return SeenLine(text, "info", "muted")
        case NeverSeen():
            return SeenLine("This computer has not seen this history before.", "info", "muted")
        case UnreadableNote():
            text = "What this computer had noted of this history cannot be read."
            return SeenLine(text, "info", "muted")
        case UnreadableHistory():
            text = "This history cannot be read as far as this computer had seen it."
            return SeenLine(text, "alert", "error")
        case never:
            assert_never(never)


def seen_on(moment: int, now: int) -> str:
    """Return for example "today at 09:41" or "on 12 Nov"; of a clock that was set back, the whole date."""
    if moment > now:
        return f"on {dates.day(moment)}"
    day, _, time = dates.relative(moment, now).partition(" ")
    return f"{day} at {time}" if day in ("today", "yesterday") else f"on {day} {time}"


def _from_there_on(verdict: Rewritten, steps: Steps, first_other: int | None) -> str:
    at_the_latest = "" if verdict.exact else " at the latest"
    if first_other is None:
        return f"{len(steps) + 1:,} on{at_the_latest}: it ends before that"
    # Others may have been recorded later and have occurred before it.
    in_order = first_other == steps.recorded_through(verdict.from_position)
    return f"{first_other:,} on{at_the_latest}{'' if in_order else ', in the order in which they were recorded'}"


def _restored(verdict: Restored, changes: int, now: int) -> str:
    count = f"{changes:,} change{'' if changes == 1 else 's'}"
    match verdict.later:
        case None:
            later = "later ones are not in it"
        case 1:
            later = "1 later one is not in it"
        case several:
            later = f"{several:,} later ones are not in it"
    return f"This is the backup of {_timed(verdict.made_at, now)}, with {count}; {later}."


def _day(moment: int, now: int) -> str:
    if moment > now:
        return dates.day(moment)
    day, _, rest = dates.relative(moment, now).partition(" ")
    return day if day in ("today", "yesterday") else f"{day} {rest}"


def _timed(moment: int, now: int) -> str:
    """Return for example "28 Nov, 14:05"."""
    day, _, time = dates.timed(moment, now).rpartition(" ")
    return f"{dates.day(moment) if moment > now else day}, {time}"
