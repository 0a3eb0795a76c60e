"""A row of a preview in words: what is painted of it, what a screen reader says, and the whole of it for a tool tip."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from whowas.domain.fields import LABELS, label, shortened
from whowas.domain.users import STATUS_LABELS
from whowas.interchange.importing.outcome import RowOutcome, Value, What
from whowas.interchange.importing.rules import Decision, LeaveOut, NewUser, RowKey, SameAs
from whowas.interchange.importing.sentences import reason_of
from whowas.interchange.mapping.field_names import OPTION_PREFIX

Tone = Literal["added", "changed", "removed"]
Tense = Literal["did", "will", "would"]
"""Whether what is told happened, or will once the import is taken, or would if nothing stood against that."""

KINDS: Mapping[What, str] = {
    "created": "New",
    "changed": "Changed",
    "unchanged": "Unchanged",
    "missing": "Not in this file",
    "refused": "Refused",
    "similar": "Perhaps the same",
    "left_out": "Left out",
}
"""What kinds of rows are called, in the order in which they are offered."""

_OF_SEVERAL = "Missing"
"""What who is not in this file is called where there are several files."""

NOWHERE = "–"
NO_NAME = "No name"
EMPTY = "empty"

_SHOWN = 200
"""How many characters of a value are painted at most; no column has room for more."""
_SAID = 300
"""How many characters of a value a screen reader says, and a tool tip shows."""
_LONGEST_REASON = 1_000
_NOTHING: Mapping[Tense, str] = {"did": "nothing changed", "will": "nothing changes", "would": "nothing changes"}
_NAMES = ("first_name", "last_name")
_GONE = ("suspended", "deleted")
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What turns the direction of writing, also of what stands behind it: one text would pose as another."""
_FROM_THE_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
"""Letters that are written from right to left."""


def kind_called(what: What, *, several_files: bool) -> str:
    """Return what a kind of rows is called."""
    return _OF_SEVERAL if what == "missing" and several_files else KINDS[what]


@dataclass(frozen=True, slots=True)
class ChangeChip:
    """One thing that changes. Without ``old`` the field was empty; without ``new`` it becomes so."""

    label: str
    old: str
    new: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class RowWords:
    """What is painted of a row: its mark, the user, chips, and a sentence behind them, which may say what is wrong.

    ``kind`` is what the mark means. ``taken`` says whether the row is taken, None where that is not for a person to
    say. ``asks`` says that the row is about one user or another, which has to be said. ``waits`` says that something
    was decided that is not looked at yet. ``where`` is its line, or "–".
    """

    mark: What
    kind: str
    name: str
    chips: tuple[ChangeChip, ...]
    sentence: str
    wrong: bool
    taken: bool | None
    asks: bool
    waits: bool
    where: str


def key_of(row: RowOutcome) -> RowKey | None:
    """Return by what a decision names a row, None for what stands in no file."""
    return (row.file, row.line) if row.line else None


def words_of(
    row: RowOutcome,
    *,
    tense: Tense,
    several_files: bool = False,
    decision: Decision | None = None,
    decided: bool = False,
    who: str = "",
) -> RowWords:
    """Return what is painted of a row; ``decided`` says that ``decision`` is not looked at yet, None taking one back.

    ``who`` is the user whom a decision names.
    """
    chips: tuple[ChangeChip, ...] = ()
    mark, wrong = row.what, False
    if decided:
        mark, sentence = _decided(row, decision, who)
    else:
        chips = tuple(_chips(row, tense=tense))
        sentence = _sentence(row, tense=tense, several_files=several_files)
        wrong = row.what == "refused" or row.taken_without_field
    return RowWords(
        mark=mark,
        kind=kind_called(mark, several_files=several_files),
        name=plain(row.name, _SHOWN),
        chips=chips,
        sentence=sentence,
        wrong=wrong,
        taken=None if tense == "did" else _taken(row, mark),
        asks=mark == "similar" and tense != "did",
        waits=decided,
        where=f"{row.line:,}" if row.line else NOWHERE,
    )


def spoken_changes(words: RowWords, row: RowOutcome, *, tense: Tense) -> str:
    """Return what changes as a sentence to be read out."""
    changes = [] if words.waits else list(_said_changes(row, tense=tense))
    told = [*changes, *([words.sentence] if words.sentence else [])]
    return "; ".join(told or [_NOTHING[tense]])


def whole(words: RowWords, row: RowOutcome, *, tense: Tense) -> str:
    """Return all that is known of a row as lines of plain text."""
    places = [*([plain(row.file, _SAID)] if row.file else []), *([f"line {row.line:,}"] if row.line else [])]
    where = [", ".join(places)] if places else []
    changes = [] if words.waits else list(_said_changes(row, tense=tense))
    title = f"{words.name or NO_NAME} – {words.kind.lower()}"
    return "\n".join([title, *changes, *([words.sentence] if words.sentence else []), *where])


def plain(text: str, limit: int) -> str:
    """Return the beginning of ``text`` on one line, to stand beside other texts whatever its direction of writing."""
    begin = text[: 2 * limit]
    one_line = begin if begin.isprintable() else " ".join(_TURNING.sub("", begin).split())
    shown = shortened(one_line, limit)
    return f"\u2068{shown}\u2069" if _FROM_THE_RIGHT.search(shown) else shown


def _taken(row: RowOutcome, mark: What) -> bool | None:
    """Say whether a row is taken as things stand; None where that is not for a person to say."""
    if not row.line or mark in ("refused", "similar"):
        return None
    return mark != "left_out"


def _decided(row: RowOutcome, decision: Decision | None, who: str) -> tuple[What, str]:
    """Return the mark and the sentence of a row of which something was decided that is not looked at yet."""
    match decision:
        case LeaveOut():
            return "left_out", "will be left out"
        case NewUser():
            return "created", "will be a new user"
        case SameAs():
            return "changed", f"is {plain(who, _SAID)}" if who else "is somebody who is in the directory"
        case None if row.what == "left_out":
            return "unchanged", "will be taken"
        case None:
            return "similar", "is to be decided again"


def _sentence(row: RowOutcome, *, tense: Tense, several_files: bool) -> str:
    """Return what is said behind the chips of a row."""
    if row.reason:
        return plain(reason_of(row), _LONGEST_REASON)
    match row.what:
        case "missing":
            where = "in none of these files" if several_files and not row.file else "not in this file"
            return f"{where}, {_fate(row, tense=tense)}"
        case "left_out":
            return "left out"
        case "created" | "changed" | "unchanged" | "similar" | "refused":
            return ""


def _fate(row: RowOutcome, *, tense: Tense) -> str:
    """Say what becomes of a user who is missing."""
    becomes = row.changes.get("status", (None, None))[1]
    if not isinstance(becomes, str):
        return _NOTHING[tense]
    status = STATUS_LABELS.get(becomes, becomes).lower()
    return status if tense == "did" else f"{tense} be {status}"


def _chips(row: RowOutcome, *, tense: Tense) -> Iterator[ChangeChip]:
    """Yield a chip for each field, and for each group that comes or goes."""
    for field, old, new in _differing(row):
        if field == "groups":
            yield from _group_chips(old, new, tense=tense)
        else:
            before, after = _text(field, old), _text(field, new)
            yield ChangeChip(_label(field), plain(before, _SHOWN), plain(after, _SHOWN), _tone(row, field, old, new))


def _group_chips(old: Value, new: Value, *, tense: Tense) -> Iterator[ChangeChip]:
    joins, leaves = ("Joined", "Left") if tense == "did" else ("Joins", "Leaves")
    before, after = _names(old), _names(new)
    for group in after:
        if group not in before:
            yield ChangeChip(joins, "", plain(group, _SHOWN), "added")
    for group in before:
        if group not in after:
            yield ChangeChip(leaves, "", plain(group, _SHOWN), "removed")


def _said_changes(row: RowOutcome, *, tense: Tense) -> Iterator[str]:
    """Yield what changes, a sentence without an end for each field and each group."""
    for field, old, new in _differing(row):
        if field == "groups":
            yield from (f"{chip.label} {chip.new}" for chip in _group_chips(old, new, tense=tense))
            continue
        before, after = plain(_text(field, old), _SAID), plain(_text(field, new), _SAID)
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
        return plain(field.removeprefix(OPTION_PREFIX), _SHOWN)
    return LABELS.get(field) or label(field)


def _text(field: str, value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return STATUS_LABELS.get(value or "", value or "") if field == "status" else value or ""


def _names(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
