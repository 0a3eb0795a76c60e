"""What is said of an import that was made."""

from __future__ import annotations

from whowas.desktop.kit import dates
from whowas.domain.fields import counted
from whowas.interchange.importing.made_import import MadeImport
from whowas.interchange.importing.told.deeds import deeds_in_words
from whowas.interchange.importing.told.sentences import named


def summary(made: MadeImport) -> str:
    """Say who made it and when, whom it concerned, and from when to when it was true."""
    parts = [f"{made.actor}, {dates.long(made.recorded_at)}", deeds_in_words(made.counts, "nobody was changed")]
    if made.span is not None:
        first, last = (dates.day(moment) for moment in made.span)
        parts.append(f"true since {first}" if first == last else f"true from {first} to {last}")
    return " · ".join(parts)


def told(made: MadeImport) -> list[str]:
    """Return what else there is to say of it, a sentence each."""
    sentences: list[str] = []
    if made.undone:
        sentences.append("It was undone.")
    elif made.undone_for:
        sentences.append(f"It was undone for {counted(made.undone_for, 'user')}.")
    for noun, names in (("field", made.fields), ("group", made.groups)):
        if names:
            sentences.append(f"It made the {noun}{'' if len(names) == 1 else 's'} {named(names)}.")
    if made.erased:
        sentences.append("Users who were erased since are not listed.")
    return sentences
