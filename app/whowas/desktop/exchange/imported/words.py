"""What is said of an import that was made."""

from __future__ import annotations

from collections.abc import Mapping

from whowas.desktop.kit import dates
from whowas.interchange.importing.made_import import Deed, MadeImport
from whowas.interchange.importing.told.sentences import named

_DONE: Mapping[Deed, str] = {"created": "new", "changed": "changed", "suspended": "suspended", "deleted": "deleted"}


def summary(made: MadeImport) -> str:
    """Say who made it and when, whom it concerned, and from when to when it was true."""
    parts = [f"{made.actor}, {dates.long(made.recorded_at)}", whom(made)]
    if made.span is not None:
        first, last = (dates.day(moment) for moment in made.span)
        parts.append(f"true since {first}" if first == last else f"true from {first} to {last}")
    return " · ".join(parts)


def whom(made: MadeImport) -> str:
    """Return for example "3 new, 16 changed, 6 suspended"."""
    counts = made.counts
    told = [f"{counts[deed]:,} {word}" for deed, word in _DONE.items() if counts[deed]]
    return ", ".join(told) or "nobody was changed"


def told(made: MadeImport) -> list[str]:
    """Return what else there is to say of it, a sentence each."""
    sentences: list[str] = []
    if made.undone:
        sentences.append("It was undone.")
    elif made.undone_for:
        sentences.append(f"It was undone for {users(made.undone_for)}.")
    for noun, names in (("field", made.fields), ("group", made.groups)):
        if names:
            sentences.append(f"It made the {noun}{'' if len(names) == 1 else 's'} {named(names)}.")
    if made.erased:
        sentences.append("Users who were erased since are not listed.")
    return sentences


def users(count: int) -> str:
    """Return how many users that are, in words."""
    return "1 user" if count == 1 else f"{count:,} users"
