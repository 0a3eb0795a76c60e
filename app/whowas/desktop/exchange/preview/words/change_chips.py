"""What changes in a row of a preview, field by field and group by group: as chips, and as sentences to be read out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from whowas.desktop.exchange.preview.words.plain_words import plain
from whowas.domain.fields import LABELS, label
from whowas.domain.users import STATUS_LABELS
from whowas.interchange.importing.told.outcome import RowOutcome, Value
from whowas.interchange.mapping.field_names import OPTION_PREFIX

Tone = Literal["added", "changed", "removed"]
Tense = Literal["did", "will", "would"]
"""Whether what is told happened, or will once the import is taken, or would if nothing stood against that."""


EMPTY = "empty"

SHOWN = 200
"""How many characters of a value are painted at most; no column has room for more."""
SAID = 300
"""How many characters of a value a screen reader says, and a tool tip shows."""
_NAMES = ("first_name", "last_name")
_GONE = ("suspended", "deleted")


@dataclass(frozen=True, slots=True)
class ChangeChip:
    """One thing that changes. Without ``old`` the field was empty; without ``new`` it becomes so."""

    label: str
    old: str
    new: str
    tone: Tone


def chips_of(row: RowOutcome, *, tense: Tense) -> Iterator[ChangeChip]:
    """Yield a chip for each field, and for each group that comes or goes."""
    for field, old, new in _differing(row):
        if field == "groups":
            yield from _group_chips(old, new, tense=tense)
        else:
            before, after = _text(field, old), _text(field, new)
            yield ChangeChip(_label(field), plain(before, SHOWN), plain(after, SHOWN), _tone(row, field, old, new))


def _group_chips(old: Value, new: Value, *, tense: Tense) -> Iterator[ChangeChip]:
    joins, leaves = ("Joined", "Left") if tense == "did" else ("Joins", "Leaves")
    before, after = _names(old), _names(new)
    for group in after:
        if group not in before:
            yield ChangeChip(joins, "", plain(group, SHOWN), "added")
    for group in before:
        if group not in after:
            yield ChangeChip(leaves, "", plain(group, SHOWN), "removed")


def said_changes(row: RowOutcome, *, tense: Tense) -> Iterator[str]:
    """Yield what changes, a sentence without an end for each field and each group."""
    for field, old, new in _differing(row):
        if field == "groups":
            yield from (f"{chip.label} {chip.new}" for chip in _group_chips(old, new, tense=tense))
            continue
        before, after = plain(_text(field, old), SAID), plain(_text(field, new), SAID)
        if not before:
            yield f"{_label(field)} {after}"
        elif not after:
            yield f"{_label(field)} emptied, was {before}"
        else:
            yield f"{_label(field)} from {before} to {after}"


def _differing(row: RowOutcome) -> Iterator[tuple[str, Value, Value]]:
    """Yield (field, old, new), but of a new user not the name, which stands beside it, nor that they are active."""
    for field, (old, new) in row.changes.items():
        if row.what == "created" and (field in _NAMES or (field, new) == ("status", "active")):
            continue
        yield field, old, new


def _tone(row: RowOutcome, field: str, old: Value, new: Value) -> Tone:
    if field == "status" and new in _GONE:
        return "removed"
    return "added" if row.what == "created" or old is None else "changed"


def _label(field: str) -> str:
    """Return what people call a field; a custom one may be called like one of the program's own."""
    if field.startswith(OPTION_PREFIX):
        return plain(field.removeprefix(OPTION_PREFIX), SHOWN)
    return LABELS.get(field) or label(field)


def _text(field: str, value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return STATUS_LABELS.get(value or "", value or "") if field == "status" else value or ""


def _names(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
