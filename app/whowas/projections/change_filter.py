"""Choosing steps of the timeline by what they did, to whom, and who did it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from whowas.domain.causation import ImportOf, from_text
from whowas.domain.directory import Directory
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS
from whowas.domain.folding import folded
from whowas.projections import search
from whowas.projections.directory_sentences import sentence_between
from whowas.projections.read_model import ReadModel
from whowas.projections.row_codec import decode_attributes
from whowas.projections.steps import Int32
from whowas.projections.version_index import ALIVE, Mask, VersionIndex, all_of

ChangeKind = Literal["added", "changed", "removed"]

_PARAMETERS_AT_ONCE = 500
_STEPS = "SELECT step.number FROM step JOIN change ON change.number = step.change WHERE "


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """Which steps count; every part that is given has to hold.

    ``text``: each of its words occurs in one of the users right before or right after the step, in what the step did
    to the directory itself, or in the name of the file it was imported from. ``actor``: who did it. ``change_id``:
    only the steps of that change. ``users``: the numbers of users, one of whom it did something to. ``field``: one in
    which a user had another value right after the step than right before; a key of LABELS, ``attributes.<name>``,
    ``status``, ``groups`` or ``password``.
    """

    text: str = ""
    actor: str | None = None
    kind: ChangeKind | None = None
    change_id: str | None = None
    users: frozenset[int] = frozenset()
    field: str | None = None


def matching_moments(read_model: ReadModel, index: VersionIndex, wanted: ChangeFilter) -> Int32:
    """Return the moments of the steps that pass, newest first; takes a second or two for a million steps.

    Raises KeyError for a field that there is none of.
    """
    masks: list[Mask] = []
    if wanted.kind is not None:
        masks.append(_of_kind(index, wanted.kind))
    if wanted.change_id is not None:
        masks.append(_steps_where(read_model, index, "change_id = ?", wanted.change_id))
    if wanted.actor is not None:
        masks.append(_by_actor(read_model, index, wanted.actor))
    if wanted.users:
        ids = np.fromiter(wanted.users, dtype=np.int32)
        masks.append(_steps_of(index, index.begins[np.isin(index.users, ids)]))
    if wanted.field is not None:
        masks.append(_of_field(read_model, index, wanted.field))
    if words := folded(wanted.text).split():
        masks.append(_with_words(read_model, index, words))
    passing = all_of(masks)
    moments = np.arange(1, index.now + 1) if passing is None else np.flatnonzero(passing[1:]) + 1
    newest_first: Int32 = moments[::-1].astype(np.int32)
    return newest_first


def actors(read_model: ReadModel, index: VersionIndex, known: VersionIndex | None = None) -> set[str]:
    """Return everybody who did anything since ``known`` was made, or ever; takes up to a second for a million steps."""
    last_row = int(known.numbers[-1]) if known is not None and len(known.numbers) else 0
    last_step = int(known.steps.numbers.max(initial=0)) if known is not None else 0
    rows = read_model.select("SELECT DISTINCT actor FROM version_row WHERE number > ?", (last_row,))
    found = {actor for (actor,) in rows}
    numbers = index.steps.numbers[~_steps_of(index, index.begins)[1:]]
    for some in _portions(numbers[numbers > last_step].tolist()):
        marks = ",".join("?" * len(some))
        select = "SELECT DISTINCT actor FROM step JOIN change ON change.number = step.change WHERE step.number IN"
        found.update(actor for (actor,) in read_model.select(f"{select} ({marks})", some))
    return found


# A mask here has an element for each moment, 0 (which no step leads to) to the number of steps.


def _steps_of(index: VersionIndex, moments: Iterable[int] | Int32) -> Mask:
    mask = np.zeros(index.now + 1, dtype=np.bool_)
    mask[moments if isinstance(moments, np.ndarray) else list(moments)] = True
    return mask


def _steps_where(read_model: ReadModel, index: VersionIndex, condition: str, *parameters: object) -> Mask:
    return _numbered(index, (number for (number,) in read_model.select(_STEPS + condition, parameters)))


def _numbered(index: VersionIndex, numbers: Iterable[int]) -> Mask:
    """Return the mask of the steps with those numbers, leaving out those that came after ``index`` was made."""
    ranks = index.steps.ranks()
    known = np.fromiter(numbers, dtype=np.int64)
    return _steps_of(index, ranks[known[known < len(ranks)]])


def _of_kind(index: VersionIndex, kind: ChangeKind) -> Mask:
    steps = index.steps
    counts = {"added": steps.created, "changed": steps.changed, "removed": steps.removed}[kind]
    return np.concatenate(([False], counts > 0))


def _by_actor(read_model: ReadModel, index: VersionIndex, actor: str) -> Mask:
    begins = read_model.select("SELECT begins FROM version_row WHERE actor = ?", (actor,))
    on_users = _numbered(index, (number for (number,) in begins))
    # Who took an import in did not do what its lines say; of the directory itself only the change knows who.
    on_directory = _steps_where(read_model, index, "actor = ?", actor) & ~_steps_of(index, index.begins)
    mask: Mask = on_users | on_directory
    return mask


def _of_field(read_model: ReadModel, index: VersionIndex, field: str) -> Mask:
    values = _values(read_model, index, field)
    lives = np.lexsort((index.begins, index.users))
    ordered, users = values[lives], index.users[lives]
    before = np.concatenate(([0], ordered[:-1]))
    before[np.flatnonzero(np.diff(users, prepend=-1))] = 0
    return _steps_of(index, index.begins[lives[ordered != before]])


def _values(read_model: ReadModel, index: VersionIndex, field: str) -> Int32:
    """Return a number for the value of a field in each row of ``index``, the same for the same; 0 where it is empty."""
    if field == "status":
        return index.statuses.astype(np.int32) + 1
    if field == "groups":
        return _coded(index.memberships)[index.groupsets]
    key = field.removeprefix(ATTRIBUTE_PREFIX)
    if key != field:
        rows = read_model.select("SELECT number, attributes FROM version_row ORDER BY number")
        pairs = [(number, decode_attributes(attributes).get(key)) for number, attributes in rows]
    elif field in LABELS or field == "password":
        # One of the schema's own columns.
        pairs = list(read_model.select(f"SELECT number, {field} FROM version_row ORDER BY number"))  # noqa: S608
    else:
        raise KeyError(field)
    # Somebody else may have written since ``index`` was made: other rows are left out.
    numbers = np.fromiter((number for number, _ in pairs), dtype=np.int32, count=len(pairs))
    known = np.isin(numbers, index.numbers)
    codes = np.zeros(len(index.numbers), dtype=np.int32)
    codes[np.searchsorted(index.numbers, numbers[known])] = _coded(value for _, value in pairs)[known]
    return codes


def _coded(values: Iterable[object]) -> Int32:
    codes: dict[object, int] = {None: 0, frozenset(): 0}
    return np.fromiter((codes.setdefault(value, len(codes)) for value in values), dtype=np.int32)


def _with_words(read_model: ReadModel, index: VersionIndex, words: list[str]) -> Mask:
    rows = search.matching(read_model, index, " ".join(words))
    mask = np.zeros(index.now + 1, dtype=np.bool_)
    if rows is not None:
        mask[index.begins[rows]] = True
        mask[index.ends[rows & (index.ends != ALIVE)]] = True
    mask |= _of_directory(index, words) & ~_steps_of(index, index.begins)
    causations = read_model.select("SELECT number, causation FROM change WHERE causation IS NOT NULL")
    imports = ((number, source) for number, text in causations if isinstance(source := from_text(text), ImportOf))
    changes = [number for number, source in imports if all(word in folded(source.source) for word in words)]
    for some in _portions(changes):
        mask |= _steps_where(read_model, index, f"change.number IN ({','.join('?' * len(some))})", *some)
    return mask


def _of_directory(index: VersionIndex, words: list[str]) -> Mask:
    before, moments = Directory(), []
    for place, state in index.directories:
        told = folded(sentence_between(before, state)[1])
        if all(word in told for word in words):
            moments.append(place)
        before = state
    return _steps_of(index, moments)


def _portions(numbers: list[int]) -> Iterator[list[int]]:
    """Yield as many numbers at a time as a statement may have parameters."""
    for start in range(0, len(numbers), _PARAMETERS_AT_ONCE):
        yield numbers[start : start + _PARAMETERS_AT_ONCE]
