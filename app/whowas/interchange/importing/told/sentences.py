"""What an import came to, or would come to, in sentences for people."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import islice

from whowas.domain.fields import ATTRIBUTE_PREFIX, listed, shortened
from whowas.domain.progress import Progress, unwatched, watched
from whowas.interchange.importing.told.outcome import ImportOutcome, RowOutcome
from whowas.interchange.mapping.field_names import OPTION_PREFIX

MOST_NAMED = 12
"""How many titles, groups or users a sentence names before it only counts the rest."""


def left_out(outcome: ImportOutcome) -> int:
    """Return how many rows are left out, or taken without one field."""
    return outcome.counts["refused"] + outcome.counts["similar"] + outcome.in_part


def not_wholly_taken(outcome: ImportOutcome, progress: Progress = unwatched) -> Iterator[RowOutcome]:
    """Yield the rows that are left out, and those of which one field is. Raises CancelledError."""
    rows = watched(outcome.rows, len(outcome.rows), progress)
    found = (row for row in rows if row.what in ("refused", "similar") or row.taken_without_field)
    return islice(found, left_out(outcome))  # so that no row behind the last of them is looked at


def summary(outcome: ImportOutcome, *, would: bool = False) -> str:
    """Return what an import came to in one sentence or two; ``would`` for what has not been done."""
    counts = outcome.counts
    parts = [f"{counts['created']:,} created", f"{counts['changed']:,} changed", f"{counts['unchanged']:,} unchanged"]
    if outcome.deleted and not counts["missing"]:
        parts.append(f"{outcome.deleted:,} of them deleted")
    if outcome.in_part:
        parts.append(f"{outcome.in_part:,} of them without a field")
    if counts["similar"]:
        parts.append(f"{counts['similar']:,} perhaps the same as somebody")
    if counts["refused"]:
        parts.append(f"{counts['refused']:,} refused")
    if counts["missing"]:
        parts.append(f"{counts['missing']:,} missing{_done_to_the_missing(outcome)}")
    verb = "Would import" if would else "Imported"
    unchanged = [] if outcome.events else ["Nothing changes." if would else "Nothing changed."]
    return " ".join([f"{verb}: {', '.join(parts)}.", *unchanged, *_new(outcome)])


def _done_to_the_missing(outcome: ImportOutcome) -> str:
    if outcome.deleted:
        return " and deleted" if outcome.deleted == outcome.counts["missing"] else f" ({outcome.deleted:,} deleted)"
    if outcome.suspended:
        every = outcome.suspended == outcome.counts["missing"]
        return " and suspended" if every else f" ({outcome.suspended:,} suspended)"
    return ""


def sentence_of(row: RowOutcome, *, several_files: bool = False, advised: bool = False) -> str:
    """Return where a row stands, and why it or one of its fields is not taken, ``advised`` as in ``reason_of``."""
    where = [row.file] if several_files and row.file else []
    if row.line:
        where.append(f"line {row.line}" if where else f"Line {row.line}")
    if row.column:
        where.append(f"column {row.column}")
    if row.field:
        where.append(_plain_field(row.field))
    reason = reason_of(row, advised=advised)
    return f"{', '.join(where)}: {reason}" if where else reason


def reason_of(row: RowOutcome, *, advised: bool = False) -> str:
    """Return why a row or one of its fields is not taken, and whether the rest of the row is.

    ``advised``: also which option answers it, for who types commands.
    """
    reason = with_advice(row.reason, row.advice) if advised else row.reason
    return f"{reason} Taken without this field." if row.taken_without_field else reason


def with_advice(fact: str, advice: str) -> str:
    """Return what is so, and, where there is such an option, how the command line answers it."""
    return f"{fact} {advice}" if advice else fact


def _plain_field(field: str) -> str:
    """Return what people call a field, whichever prefix marks it as a custom one."""
    return field.removeprefix(ATTRIBUTE_PREFIX).removeprefix(OPTION_PREFIX)


def recognised(outcome: ImportOutcome, *, advised: bool = False) -> list[str]:
    """Return what was recognised or supposed, and who is missing, a sentence each; ``advised`` as in ``reason_of``."""
    said = [with_advice(fact, outcome.advice.get(fact, "")) for fact in outcome.said] if advised else outcome.said
    missing = list(islice(_missing(outcome), MOST_NAMED))
    rest = outcome.counts["missing"] - len(missing)
    if not any(row.file for row in missing):
        names = [row.name or row.user_id for row in missing]
        return [*said, *([f"Missing from what was imported: {named(names, rest)}."] if names else [])]
    # Of dated lists somebody may be missing from each: they are named once, and how many more there are is not known.
    names = list({row.user_id: row.name or row.user_id for row in missing}.values())
    others = ", among others" if rest else ""
    return [*said, f"Missing from one list or several{others}: {named(names)}."]


def _new(outcome: ImportOutcome) -> Iterator[str]:
    for noun, names in (("field", outcome.fields), ("group", outcome.groups)):
        if names:
            yield f"New {noun if len(names) == 1 else noun + 's'}: {named(names)}."


def _missing(outcome: ImportOutcome) -> Iterator[RowOutcome]:
    """Yield the outcomes of those who are missing, which stand behind those of rows, as all that are about no row."""
    if not outcome.counts["missing"]:
        return iter(())
    first = bisect_left(outcome.rows, True, key=lambda row: not row.line)
    rows = (outcome.rows[number] for number in range(first, len(outcome.rows)))
    return (row for row in rows if row.what == "missing")


def named(names: Sequence[str], rest: int = 0, *, most: int = MOST_NAMED) -> str:
    """Return names in quotation marks as people list them, and how many of them, or beyond them, are not named."""
    shown = [f"“{shortened(name)}”" for name in names[:most]]
    rest += len(names) - len(shown)
    return listed([*shown, *([f"{rest:,} more"] if rest else [])])
