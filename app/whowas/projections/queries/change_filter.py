"""Choosing steps of the timeline by what they did, to whom, and who did it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from whowas.domain.causation import ImportOf, from_text
from whowas.domain.directory import Directory
from whowas.domain.sentences import directory_sentence
from whowas.domain.text_folding import searchable
from whowas.projections.index.version_index import ALIVE, Mask, VersionIndex, all_of
from whowas.projections.queries import search
from whowas.projections.queries.field_turns import turning_points
from whowas.projections.tables.arrays import Int32, Int64
from whowas.projections.tables.parameters import marks, portions
from whowas.projections.tables.read_model import ReadModel

ChangeKind = Literal["added", "changed", "removed", "imported"]

_ROWS_READ = 5_000
_IMPORTS = "step.change IN (SELECT number FROM change WHERE causation LIKE '{\"import\"%')"
"""What is stored begins with the kind of cause, see ``causation.to_text``."""
_STEPS = "SELECT step.number FROM step JOIN change ON change.number = step.change WHERE step.number > ? AND "


@dataclass(frozen=True, slots=True)
class UserSet:
    """Some users, by their numbers; as quick to compare as to make, however many they are."""

    packed: bytes = b""

    @classmethod
    def of(cls, numbers: Iterable[int] | Int32) -> UserSet:
        """Return the set of the users with those numbers."""
        array = numbers if isinstance(numbers, np.ndarray) else np.fromiter(numbers, dtype=np.int32)
        there = np.zeros(int(array.max(initial=-1)) + 1, dtype=np.bool_)
        there[array] = True
        return cls(np.flatnonzero(there).astype(np.int32).tobytes())

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def numbers(self) -> Int32:
        """Their numbers, ascending."""
        return np.frombuffer(self.packed, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """Which steps count; every part that is given has to hold.

    ``text``: each of its words occurs in one of the users right before or right after the step, in what the step did
    to the directory itself, or in the name of the file it was imported from. ``actor``: who did it. ``kind``: what it
    did to anybody, or that it is of an import. ``change_id``: only the steps of that change. ``users``: those to one of
    whom it did something. ``field``: one in which a user had another value right after the step than right before; a
    key of LABELS, ``attributes.<name>``, ``status``, ``groups`` or ``password``.
    """

    text: str = ""
    actor: str | None = None
    kind: ChangeKind | None = None
    change_id: str | None = None
    users: UserSet = UserSet()
    field: str | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be looked at: the steps with numbers after this, and the moments after that.

    ``rows`` are the indices of the rows that begin or end with such a step, None where it is all of them, or too many
    to be read one by one.
    """

    step: int = 0
    moment: int = 0
    rows: Int64 | None = None

    @classmethod
    def since(cls, known: VersionIndex, index: VersionIndex) -> _Asked:
        """Return what came since an earlier index."""
        row = int(known.numbers[-1]) if len(known.numbers) else 0
        rows = np.flatnonzero((index.numbers > row) | ((index.ends > known.now) & (index.ends != ALIVE)))
        few = rows if len(rows) <= _ROWS_READ else None
        return cls(int(known.steps.numbers.max(initial=0)), known.now, few)


def matching_moments(
    read_model: ReadModel, index: VersionIndex, wanted: ChangeFilter, known: VersionIndex | None = None
) -> Int32:
    """Return the moments of the steps that pass, newest first; takes a second or two for a million steps.

    With ``known``, an earlier index that ``goes_on`` in this one, only of the steps that came since.
    Raises KeyError for a field that there is none of.
    """
    asked = _Asked() if known is None else _Asked.since(known, index)
    passing = all_of(_masks(read_model, index, wanted, asked))
    after = asked.moment + 1
    moments = np.arange(after, index.now + 1) if passing is None else np.flatnonzero(passing[after:]) + after
    newest_first: Int32 = moments[::-1].astype(np.int32)
    return newest_first


def goes_on(known: VersionIndex, index: VersionIndex, wanted: ChangeFilter) -> bool:
    """Say whether what passed of an earlier index passes in this one, so that only later steps need be looked at."""
    if not index.goes_on(known):
        return False
    # A name that a group got finds whoever was in it before.
    names = known.latest_directory().groups
    later = index.directories[len(known.directories) :]
    return not wanted.text or all(state.groups == names for _, state in later)


def actors(read_model: ReadModel, index: VersionIndex, known: VersionIndex | None = None) -> set[str]:
    """Return everybody who did anything since ``known`` was made, or ever; takes up to a second for a million steps."""
    last_step = int(known.steps.numbers.max(initial=0)) if known is not None else 0
    select = "SELECT DISTINCT actor FROM step WHERE number BETWEEN ? AND ?"
    return {actor for (actor,) in read_model.select(select, (last_step + 1, int(index.steps.numbers.max(initial=0))))}


# A mask here has an element for each moment, 0 (which no step leads to) to the number of steps.


def _masks(read_model: ReadModel, index: VersionIndex, wanted: ChangeFilter, asked: _Asked) -> list[Mask]:
    masks: list[Mask] = []
    if wanted.kind == "imported":
        masks.append(_steps_where(read_model, index, asked, _IMPORTS))
    elif wanted.kind is not None:
        masks.append(_of_kind(index, wanted.kind))
    if wanted.change_id is not None:
        masks.append(_steps_where(read_model, index, asked, "change_id = ?", wanted.change_id))
    if wanted.actor is not None:
        masks.append(_steps_where(read_model, index, asked, "step.actor = ?", wanted.actor))
    if wanted.users:
        masks.append(_steps_of(index, index.begins[np.isin(index.users, wanted.users.numbers)]))
    if wanted.field is not None:
        masks.append(_steps_of(index, turning_points(read_model, index, wanted.field, asked.rows)))
    if words := searchable(wanted.text).split():
        masks.append(_with_words(read_model, index, asked, words))
    return masks


def _steps_of(index: VersionIndex, moments: Iterable[int] | Int32) -> Mask:
    mask = np.zeros(index.now + 1, dtype=np.bool_)
    mask[moments if isinstance(moments, np.ndarray) else list(moments)] = True
    return mask


def _steps_where(
    read_model: ReadModel, index: VersionIndex, asked: _Asked, condition: str, *parameters: object
) -> Mask:
    numbers = read_model.numbers(_STEPS + condition, (asked.step, *parameters))
    # What came after ``index`` was made is left out.
    ranks = index.steps.ranks()
    return _steps_of(index, ranks[numbers[numbers < len(ranks)]])


def _of_kind(index: VersionIndex, kind: Literal["added", "changed", "removed"]) -> Mask:
    steps = index.steps
    counts = {"added": steps.created, "changed": steps.changed, "removed": steps.removed}[kind]
    return np.concatenate(([False], counts > 0))


def _with_words(read_model: ReadModel, index: VersionIndex, asked: _Asked, words: list[str]) -> Mask:
    among = None if asked.rows is None else index.numbers[asked.rows]
    rows = search.matching(read_model, index, " ".join(words), among)
    mask = np.zeros(index.now + 1, dtype=np.bool_)
    if rows is not None:
        mask[index.begins[rows]] = True
        mask[index.ends[rows & (index.ends != ALIVE)]] = True
    mask |= _of_directory(index, words) & ~_steps_of(index, index.begins)
    causations = read_model.select("SELECT number, causation FROM change WHERE causation IS NOT NULL")
    imports = ((number, source) for number, text in causations if isinstance(source := from_text(text), ImportOf))
    changes = [number for number, source in imports if all(word in searchable(source.source) for word in words)]
    for some in portions(changes):
        mask |= _steps_where(read_model, index, asked, f"change.number IN ({marks(some)})", *some)
    return mask


def _of_directory(index: VersionIndex, words: list[str]) -> Mask:
    before, moments = Directory(), []
    for begins, state in index.directories:
        text = searchable(directory_sentence(before, state)[1])
        if all(word in text for word in words):
            moments.append(begins)
        before = state
    return _steps_of(index, moments)
