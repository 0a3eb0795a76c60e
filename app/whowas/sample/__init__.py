"""A made-up organisation with years of history, the same for the same seed (its years end as this week begins)."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

from whowas.command_bus.bus import Bus
from whowas.command_bus.unit_of_work import Change
from whowas.domain.causation import ImportOf
from whowas.domain.commands import CreateGroup, DefineField
from whowas.domain.progress import Progress, unwatched
from whowas.sample.people import Careers, Person
from whowas.sample.words import ACTORS, DEPARTMENTS, ROOM, SPECIAL_GROUPS, START_DATE
from whowas.store.event_log import EventLog
from whowas.store.file.create import unpublished
from whowas.store.file.database import sentences_for
from whowas.store.file.publish import publish
from whowas.system.person import os_user

HOUR = 3_600_000_000
DAY = 24 * HOUR
WEEK = 7 * DAY
YEAR = 365 * DAY
YEARS = 12
FIRST_MONDAY = 4 * DAY
"""1 January 1970 was a Thursday."""

LAST_SAVES = 40
"""The number of edits at the end that are changes of their own; the OS user, who can undo them, makes every other."""

LISTS = 12
"""All earlier edits come in this many lists, about one a year: a change for each would take long to write."""

LATE = 0.05
"""The share of edits that are left out of their list and come with the next, or are typed in days later."""

REPORT_EVERY = 500

_LIST = "staff list.csv"

_Step = tuple[int, int, int]
"""When (UTC microseconds), 0 for a beginning and 1 for an edit, index of the person: in sorted order a history."""


def make_sample(
    path: Path, *, people: int = 240, changes: int = 3_000, seed: int = 1, progress: Progress = unwatched
) -> Path | None:
    """Create a directory of ``people`` and ``changes`` further edits, spread over the last twelve years.

    Nobody sees it before it is whole. Returns the new name of the write-ahead log that another file of that path had
    left, None where there was none. Raises TakenError when something is in the way, or StoreError; CancelledError
    leaves no file.
    """
    with unpublished(path) as unfinished:
        with closing(EventLog.create(unfinished)) as log:
            organisation = _Organisation(seed, people)
            bus = Bus(log, clock=lambda: organisation.today, actor=ACTORS[0])
            organisation.play(bus, changes if people else 0, progress)
            log.settle()
        with sentences_for(path):
            return publish(unfinished, path)


def _now() -> int:
    return time.time_ns() // 1000


def _last_of_each(steps: Iterable[_Step]) -> list[_Step]:
    """Return the last edit of everybody who has one, and nothing after it."""
    last = {number: step for step in steps for _, _, number in (step,)}
    return [step for step in last.values() if step[1]]


class _Organisation:
    """Some people and when they came; ``today`` is the day on which what happens next is recorded."""

    def __init__(self, seed: int, people: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - made-up people, no secrets
        # Always a Monday: the days people work on decide how often the dice are thrown.
        self._end = (_now() - FIRST_MONDAY) // WEEK * WEEK + FIRST_MONDAY
        self._began = self.today = self._end - YEARS * YEAR
        self._groups = {name: self._id(self._began) for name in (*DEPARTMENTS, *SPECIAL_GROUPS)}
        self._careers = Careers(self._dice, self._groups)
        # A third was there from the start; the others came one by one.
        founders = people // 3
        self._came = [self._began] * founders
        self._came += [self._working_hour(self._began, self._dice.random() ** 0.7) for _ in range(people - founders)]
        self._people = [Person(self._id(moment)) for moment in self._came]

    def play(self, bus: Bus, changes: int, progress: Progress) -> None:
        """Carry out the whole history."""
        founders = [(moment, 0, number) for number, moment in enumerate(self._came) if moment == self._began]
        others = ((moment, 0, number) for number, moment in enumerate(self._came) if moment > self._began)
        steps = sorted([*others, *self._edits(changes)])
        single = min(LAST_SAVES, changes, len(steps))
        listed, last = steps[: len(steps) - single], steps[len(steps) - single :]
        with bus.change(causation=ImportOf(_LIST)) as change:
            self._set_up(change)
            for step in founders:
                self._play(change, step)
        done = 0
        for recorded_at, steps_of_list in self._lists(listed):
            self.today = recorded_at
            with bus.change(causation=ImportOf(_LIST)) as change:
                for step in steps_of_list:
                    if done % REPORT_EVERY == 0:
                        progress(done, len(steps))
                    self._play(change, step, self._dice.choice(ACTORS))
                    done += 1
        for index, (recorded_at, step) in enumerate(self._saves(last)):
            self.today = recorded_at
            actor = self._dice.choice(ACTORS)
            with bus.change(actor=os_user() if index % 2 else actor) as change:
                self._play(change, step)

    def _lists(self, steps: list[_Step]) -> Iterator[tuple[int, list[_Step]]]:
        """Yield when each list was taken in, and what was in it; what was left out of one comes first in the next."""
        size = len(steps) // LISTS + 1
        late: list[_Step] = []
        for first in range(0, len(steps), size):
            some = [*late, *steps[first : first + size]]
            is_last = first + size >= len(steps)
            late = [] if is_last else [step for step in _last_of_each(some) if self._dice.random() < LATE]
            left_out = {id(step) for step in late}
            yield min(some[-1][0] + HOUR, self._end), sorted(step for step in some if id(step) not in left_out)

    def _saves(self, steps: list[_Step]) -> list[tuple[int, _Step]]:
        """Return when each of the last edits was typed in, and which it was: some of them days after it was true."""
        alone = Counter(number for _, _, number in steps)
        saves: list[tuple[int, _Step]] = []
        for step in steps:
            moment, _, number = step
            late = alone[number] == 1 and self._dice.random() < LATE * 4
            days = self._dice.randrange(2, 20) if late else 0
            saves.append((min(moment + days * DAY, self._end), step))
        return sorted(saves)

    def _set_up(self, change: Change) -> None:
        groups = [CreateGroup(group_id, name) for name, group_id in self._groups.items()]
        change.dispatch(DefineField(START_DATE), DefineField(ROOM), *groups, occurred_at=self._began)

    def _play(self, change: Change, step: _Step, actor: str | None = None) -> None:
        moment, kind, number = step
        person = self._people[number]
        commands = self._careers.next(person) if kind else self._careers.beginning(person, moment)
        change.dispatch(*commands, actor=actor, occurred_at=moment)

    def _edits(self, changes: int) -> Iterator[_Step]:
        for _ in range(changes):
            number = self._dice.randrange(len(self._people))
            yield self._working_hour(self._came[number], self._dice.random()), 1, number

    def _working_hour(self, after: int, share: float) -> int:
        """Return a moment between ``after`` and the end, when people are at their desks."""
        midnight = (after + int((self._end - after) * share)) // DAY * DAY
        weekday = (midnight - FIRST_MONDAY) // DAY % 7
        midnight -= max(0, weekday - 4) * DAY
        moment = midnight + 8 * HOUR + self._dice.randrange(9 * HOUR)
        return min(max(moment, after + 1), self._end)

    def _id(self, moment: int) -> str:
        """Return a UUIDv7 of a moment."""
        dice = self._dice
        milliseconds, version, variant = moment // 1000, 0x7, 0b10
        upper = milliseconds << 16 | version << 12 | dice.getrandbits(12)
        return str(UUID(int=upper << 64 | variant << 62 | dice.getrandbits(62)))
