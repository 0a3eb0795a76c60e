"""How it is said what verifying the history found: in the dialog, in the report, and in the window."""

from __future__ import annotations

from typing import NamedTuple

from whowas.desktop.keeping.seen_words import seen_on
from whowas.desktop.kit import dates
from whowas.desktop.kit.theme import Token
from whowas.desktop.session.verification import WHAT_IS_CHECKED, Verification
from whowas.domain.fields import counted
from whowas.safekeeping.damage_told import heading, opened_read_only
from whowas.safekeeping.seen_heads import Rewritten, Verdict

LOOKED_AT = "\n".join(("Looked at:", *WHAT_IS_CHECKED))
"""What was checked, a line each."""


class VerifyOutcome(NamedTuple):
    """A title and a line below it, and how they are shown."""

    title: str
    detail: str
    fill: Token
    icon: str
    colour: Token


def outcome_of(found: Verification, verdict: Verdict, now: int) -> VerifyOutcome:
    """Return what is said of a history; ``now`` is in UTC microseconds."""
    if found.damage is not None:
        return VerifyOutcome(heading(found.damage), opened_read_only(found.damage, found.damaged_change), *_BAD)
    if isinstance(verdict, Rewritten):
        title = f"Not the history that this computer saw {seen_on(verdict.seen_at, now)}"
        return VerifyOutcome(title, "It fits together, but what was seen then is not part of it.", *_BAD)
    if not found.changes:
        return VerifyOutcome("Verified: no changes yet", "There is nothing in it that could have been altered.", *_GOOD)
    title = f"Verified: {counted(found.changes, 'change')}{_span(found)}"
    sound = "Each follows from the one before; none was altered or taken out."
    return VerifyOutcome(title, f"{sound}{_hidden(found.hidden)}", *_GOOD)


def failed(sentence: str) -> VerifyOutcome:
    """Return what is said where the history could not be checked."""
    return VerifyOutcome("The history could not be checked.", sentence, *_BAD)


_GOOD: tuple[Token, str, Token] = ("added", "shield-check", "active_text")
_BAD: tuple[Token, str, Token] = ("removed", "alert", "error")


def _hidden(count: int) -> str:
    if not count:
        return ""
    return f" {counted(count, 'password')} of it could not be looked at: only editors are given them."


def _span(found: Verification) -> str:
    if found.first is None or found.last is None:
        return ""
    first, last = dates.day(found.first), dates.day(found.last)
    return f", of {first}" if first == last else f", from {first} to {last}"
