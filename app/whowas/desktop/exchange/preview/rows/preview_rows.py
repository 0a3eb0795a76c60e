"""The rows of a preview: in which order they stand, and which of them are shown, without reading them again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from whowas.desktop.exchange.preview.rows.ordering import NameOrder
from whowas.desktop.exchange.preview.rows.search_text import Bools, SearchText, SearchTextBuilder
from whowas.desktop.exchange.preview.rows.users_taken import TakenCount, UsersTaken
from whowas.desktop.exchange.preview.words.change_chips import Tense
from whowas.domain.progress import Progress, part_of, watched
from whowas.interchange.importing.told.outcome import WHATS, ImportOutcome, RowOutcome, Value, What
from whowas.projections.tables.arrays import Int32

UInt8 = np.ndarray[tuple[Any, ...], np.dtype[np.uint8]]

_CODES: Mapping[What, int] = {what: code for code, what in enumerate(WHATS)}
_REPORTED_EVERY = 500


@dataclass(frozen=True, slots=True)
class RowOrder:
    """By the name of the user, what is not unchanged first; or by where the rows stand in their files."""

    by: Literal["user", "line"] = "user"
    descending: bool = False


BY_USER = RowOrder()


@dataclass(frozen=True, slots=True, eq=False)
class PreviewRows:
    """What became of rows, or would become of them; a row goes by its number in ``outcomes``, from 0.

    ``done`` says that it became of them. ``counts`` has every WHATS; ``several_files`` and ``dated`` say whether rows
    differ in their file, and have a date. ``stops`` are about no row: they refuse the whole import, and are not among
    the rows shown or counted. ``asked`` counts the users whom the rows concern, ``taken`` does so where the import is
    taken. The rest is what the outcome of the import says.
    """

    outcomes: Sequence[RowOutcome]
    done: bool
    counts: Mapping[What, int]
    several_files: bool
    dated: bool
    stops: tuple[RowOutcome, ...]
    asked: UsersTaken
    taken: UsersTaken
    _kinds: UInt8
    _from_files: Bools
    _by_name: Int32
    _changed: int
    """How many of ``_by_name`` are not unchanged; those stand before the others."""
    _text: SearchText
    said: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    @classmethod
    def of(cls, outcome: ImportOutcome, progress: Progress) -> PreviewRows:
        """Read through the rows of an import that was tried or made, off the GUI thread.

        Raises CancelledError, or StoreError where they cannot be read.
        """
        rows = cls.of_rows(outcome.rows, progress, done=outcome.written)
        taken = rows.taken if outcome.accepted else UsersTaken()
        said, fields, groups = outcome.said, outcome.fields, outcome.groups
        return replace(rows, taken=taken, said=said, fields=fields, groups=groups)

    @classmethod
    def of_rows(cls, outcomes: Sequence[RowOutcome], progress: Progress, *, done: bool = True) -> PreviewRows:
        """Do the same with rows alone, as of an import that was made."""
        reading = _read(outcomes, part_of(progress, 0, 2))
        numbers, changed = reading.names.numbers(part_of(progress, 1, 2))
        users = reading.users.counted()
        return cls(
            outcomes=outcomes,
            done=done,
            counts=reading.counts(),
            several_files=len(reading.files) > 1,
            dated=reading.dated,
            stops=tuple(reading.stops),
            asked=users,
            taken=users,
            _kinds=np.frombuffer(reading.kinds, dtype=np.uint8),
            _from_files=np.frombuffer(reading.from_files, dtype=np.bool_),
            _by_name=numbers,
            _changed=changed,
            _text=reading.text.built(),
        )

    def __len__(self) -> int:
        """Return how many rows there are to be shown."""
        return len(self._by_name)

    @property
    def tense(self) -> Tense:
        """Whether what the rows tell happened, will happen, or would."""
        return "did" if self.done else "would" if self.stops else "will"

    @property
    def summary(self) -> str:
        """Whom the import concerns: "3 new, 16 changed, 6 suspended"."""
        return self.taken.sentence

    def filtered(self, what: What | None, text: str, order: RowOrder = BY_USER) -> Int32:
        """Return the numbers of the rows of that kind, None for all, that contain every word of ``text``, in order."""
        portions = list(self.containing(text)) if text.strip() else []
        return self.arranged(what, np.concatenate(portions) if portions else None, order)

    def containing(self, text: str) -> Iterator[Bools]:
        """Yield which rows contain every word of ``text``, a portion of all numbers at a time."""
        return self._text.containing(text)

    def arranged(self, what: What | None, found: Bools | None, order: RowOrder = BY_USER) -> Int32:
        """Return in order the numbers of rows of a kind, None for all, that are among those ``found``, None for all."""
        numbers = self._ordered(order)
        if what is not None:
            numbers = numbers[self._kinds[numbers] == _CODES[what]]
        return numbers if found is None else numbers[found[numbers]]

    def _ordered(self, order: RowOrder) -> Int32:
        first, last = self._by_name[: self._changed], self._by_name[self._changed :]
        if order.by == "user":
            return np.concatenate((first[::-1], last[::-1])) if order.descending else self._by_name
        from_files = np.flatnonzero(self._from_files).astype(np.int32)
        about_no_row = self._by_name[~self._from_files[self._by_name]]
        return np.concatenate((from_files[::-1] if order.descending else from_files, about_no_row))


@dataclass(slots=True)
class _Reading:
    """What is kept of rows while they are read, one after the other."""

    kinds: bytearray = field(default_factory=bytearray)
    from_files: bytearray = field(default_factory=bytearray)
    stops: list[RowOutcome] = field(default_factory=list)
    text: SearchTextBuilder = field(default_factory=SearchTextBuilder)
    names: NameOrder = field(default_factory=NameOrder)
    users: TakenCount = field(default_factory=TakenCount)
    files: set[str] = field(default_factory=set)
    dated: bool = False

    def take(self, number: int, row: RowOutcome) -> None:
        """Keep what is needed of one more row."""
        self.kinds.append(_CODES[row.what])
        self.from_files.append(row.line > 0)
        self.text.add(_texts_of(row))
        if row.what == "refused" and not row.line and not row.user_id:
            self.stops.append(row)
            return
        self.names.add(number, row.name, last=row.what == "unchanged")
        self.users.add(row)
        self.dated |= row.occurred_at is not None
        if row.file:
            self.files.add(row.file)

    def counts(self) -> dict[What, int]:
        """Return how many rows of each kind are shown."""
        counts = {what: self.kinds.count(code) for what, code in _CODES.items()}
        return counts | {"refused": counts["refused"] - len(self.stops)}


def _read(outcomes: Sequence[RowOutcome], progress: Progress) -> _Reading:
    reading = _Reading()
    for number, row in enumerate(watched(outcomes, len(outcomes), progress, _REPORTED_EVERY)):
        reading.take(number, row)
    return reading


def _texts_of(row: RowOutcome) -> Iterator[str]:
    """Yield what a row can be found by."""
    yield row.name
    for pair in row.changes.values():
        for value in pair:
            yield from _words_of(value)
    yield row.reason
    yield row.file
    if row.line:
        yield str(row.line)


def _words_of(value: Value) -> Sequence[str]:
    return (value,) if isinstance(value, str) else value or ()
