"""What was done to some users and groups after a moment, and by whom: what going back to it takes back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from whowas.domain.directory import Directory
from whowas.domain.progress import Progress, unwatched
from whowas.projections.index.version_index import Mask, VersionIndex
from whowas.projections.tables.arrays import Int32, Int64
from whowas.projections.tables.parameters import AT_ONCE, marks, portions
from whowas.projections.tables.read_model import ReadModel

_OF_ROWS = "SELECT number, actor FROM version_row WHERE number IN ({})"
_OF_STEPS = "SELECT number, actor FROM step WHERE number IN ({})"


@dataclass(frozen=True, slots=True)
class LaterChanges:
    """``moments`` are those right after each of the steps, newest first; ``actors`` says how many each person made.

    Most come first.
    """

    moments: Int32
    actors: tuple[tuple[str, int], ...]


def later_changes(
    read_model: ReadModel,
    index: VersionIndex,
    moment: int,
    users: Int32,
    groups: Collection[str],
    progress: Progress = unwatched,
) -> LaterChanges:
    """Find the steps after ``moment`` that did something to ``users`` (numbers) or to what ``groups`` (ids) are called.

    Raises CancelledError.
    """
    touched = np.zeros(int(index.users.max(initial=0)) + 1, dtype=np.bool_)
    touched[users] = True
    rows = np.flatnonzero((index.begins > moment) & touched[index.users])
    of_groups = np.array(_steps_of_groups(index, moment, groups), dtype=np.int32)
    steps: Mask = np.zeros(index.now + 1, dtype=np.bool_)
    steps[index.begins[rows]] = True
    steps[of_groups] = True
    by: dict[str, int] = {}
    of_rows = _actors(read_model, _OF_ROWS, index.numbers[rows], by, progress)
    of_steps = _actors(read_model, _OF_STEPS, index.steps.numbers[of_groups - 1], by, progress)
    moments = np.concatenate((index.begins[rows], of_groups)).astype(np.int64)
    counts = _counted(moments, np.concatenate((of_rows, of_steps)), len(by))
    actors = [(who, count) for who, count in zip(by, counts, strict=True) if count]
    actors.sort(key=lambda pair: (-pair[1], pair[0]))
    return LaterChanges(np.flatnonzero(steps)[::-1].astype(np.int32), tuple(actors))


def _steps_of_groups(index: VersionIndex, moment: int, groups: Collection[str]) -> list[int]:
    before, found = Directory(), []
    for begins, state in index.directories:
        if begins > moment and any(before.groups.get(one) != state.groups.get(one) for one in groups):
            found.append(begins)
        before = state
    return found


def _actors(read_model: ReadModel, select: str, numbers: Int32, known: dict[str, int], progress: Progress) -> Int64:
    """Return who is behind each of ``numbers`` as the numbers of ``known`` people, which grows; -1 for what is gone."""
    codes = np.full(int(numbers.max(initial=0)) + 1, -1, dtype=np.int64)
    for count, some in enumerate(portions(numbers)):
        progress(count * AT_ONCE, len(numbers))
        for number, actor in read_model.select(select.format(marks(some)), some.tolist()):
            codes[number] = known.setdefault(actor, len(known))
    found: Int64 = codes[numbers]
    return found


def _counted(moments: Int64, actors: Int64, people: int) -> list[int]:
    """Return for each of ``people`` at how many different moments they are named in the parallel arrays."""
    known = actors >= 0
    each = np.unique(moments[known] * max(people, 1) + actors[known])
    counts: list[int] = np.bincount(each % max(people, 1), minlength=people).tolist()
    return counts
