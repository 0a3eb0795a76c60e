"""A row of a preview in words: what is painted of it, what a screen reader says, and the whole of it for a tool tip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from whowas.desktop.exchange.preview.words.change_chips import SAID, SHOWN, ChangeChip, Tense, chips_of, said_changes
from whowas.desktop.exchange.preview.words.plain_words import plain
from whowas.domain.users import STATUS_LABELS
from whowas.interchange.importing.given.rules import Decision, LeaveOut, NewUser, RowKey, SameAs
from whowas.interchange.importing.told.outcome import RowOutcome, What
from whowas.interchange.importing.told.sentences import reason_of

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

_GONE = "Suspended or deleted"

NOWHERE = "–"
NO_NAME = "No name"

_LONGEST_REASON = 1_000
_NOTHING: Mapping[Tense, str] = {"did": "nothing changed", "will": "nothing changes", "would": "nothing changes"}


def kind_called(what: What, *, several_files: bool, done: bool) -> str:
    """Return what a kind of rows is called; of an import that is ``done`` nobody knows who was in which file."""
    if what != "missing":
        return KINDS[what]
    return _GONE if done else _OF_SEVERAL if several_files else KINDS[what]


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
        chips = tuple(chips_of(row, tense=tense))
        sentence = _sentence(row, tense=tense, several_files=several_files)
        wrong = row.what == "refused" or row.taken_without_field
    return RowWords(
        mark=mark,
        kind=kind_called(mark, several_files=several_files, done=tense == "did"),
        name=plain(row.name, SHOWN),
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
    changes = [] if words.waits else list(said_changes(row, tense=tense))
    told = [*changes, *([words.sentence] if words.sentence else [])]
    return "; ".join(told or [_NOTHING[tense]])


def whole(words: RowWords, row: RowOutcome, *, tense: Tense) -> str:
    """Return all that is known of a row as lines of plain text."""
    places = [*([plain(row.file, SAID)] if row.file else []), *([f"line {row.line:,}"] if row.line else [])]
    where = [", ".join(places)] if places else []
    changes = [] if words.waits else list(said_changes(row, tense=tense))
    title = f"{words.name or NO_NAME} – {words.kind.lower()}"
    return "\n".join([title, *changes, *([words.sentence] if words.sentence else []), *where])


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
            return "changed", f"is {plain(who, SAID)}" if who else "is somebody who is in the directory"
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
            if tense == "did":
                return ""
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
    return f"{tense} be {status}"
