"""Taking everything up to the first damage of a directory file into a new one; the damaged file is not touched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import uuid_utils

from whowas.domain.errors import DamagedError, StoreError
from whowas.domain.fields import is_id
from whowas.domain.progress import REPORTED_EVERY, Progress, part_of, unwatched
from whowas.safekeeping.damage_told import CONTRADICTS, what_happened, within
from whowas.store.chain import ChainedRow, Damage, Head, first_damage
from whowas.store.event_log import EventLog
from whowas.store.file import schema
from whowas.store.file.create import unpublished
from whowas.store.file.database import sentences_for
from whowas.store.file.publish import publish
from whowas.store.file.untouched import untouched
from whowas.store.log_prefix import LogPrefix, prefix_file
from whowas.store.readable_rows import LostRowError, ReadableRows
from whowas.store.recorded_event import from_blob

_ALTERED = "a value was altered: it is of another type than it was"
_UNREADABLE = "it, or the disk that it is on, cannot be read from here on"


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What came of it. ``target`` holds the events 1 to ``taken``; all there are where ``damage`` is None.

    ``last`` is the last position of the damaged file, as far as that can be read. Behind the damage, ``left_out``
    events agree with themselves, but do not follow from what is before them. Of ``erased_again`` users the erasure
    lay behind the damage, so it was recorded once more. ``set_aside`` is what ``publish`` returns.
    """

    target: Path
    taken: int
    damage: Damage | None
    last: int
    left_out: int
    erased_again: int
    set_aside: Path | None = None

    def told(self, changes: int | None = None) -> str:
        """Return what was saved and what is missing, in sentences.

        Where changes are counted and not events, ``changes`` is how many were saved.
        """
        taken, one = (self.taken, "event") if changes is None else (changes, "change")
        if self.damage is None:
            if not self.taken:
                return f"There are no {one}s; “{self.target.name}” is empty too."
            return f"{f'The only {one} was' if taken == 1 else f'All {taken:,} {one}s were'} saved into {self.target}."
        saved = f"{one.capitalize()} 1 was" if taken == 1 else f"{one.capitalize()}s 1 to {taken:,} were"
        if changes is None:
            missing, what = self._missing(), what_happened(self.damage)
        else:
            missing, what = "what comes after that is missing", what_happened(self.damage, changes + 1)
        sentences = [f"{saved} saved into {self.target}; {missing}: {within(what)}."]
        if self.left_out:
            many = self.left_out != 1
            sentences.append(
                f"{self.left_out:,} later event{'s' if many else ''} can be read but do{'' if many else 'es'} not "
                f"follow from what is before {'them: they were' if many else 'it: it was'} left out."
            )
        if self.erased_again:
            many = self.erased_again != 1
            sentences.append(
                f"{self.erased_again:,} user{'s' if many else ''} erased after that {'stay' if many else 'stays'} "
                "erased; that is recorded once more."
            )
        return " ".join(sentences)

    def _missing(self) -> str:
        first = self.taken + 1
        if self.last < first:
            return f"what comes from {first:,} on is missing"
        return f"{first:,} is missing" if self.last == first else f"{first:,} to {self.last:,} are missing"


def salvage(source: Path, target: Path, actor: str, recorded_at: int, progress: Progress = unwatched) -> Salvaged:
    """Take everything up to the first damage of ``source`` into a new directory file at ``target``, and verify that.

    ``actor`` and ``recorded_at`` (UTC microseconds) are those of what may have to be recorded once more. Raises
    CancelledError, or StoreError where ``source`` is no directory, nothing of it can be saved, or ``target`` cannot be
    written; there is no file at ``target`` then.
    """
    with unpublished(target) as unfinished, ExitStack() as copies:

        def copy() -> Path:
            return copies.enter_context(unpublished(target))

        rows = ReadableRows(copies.enter_context(untouched(source, copy)))
        with sentences_for(target):
            found = _Salvage(source, target, rows, actor, recorded_at, part_of(progress, 0, 2))
            head = found.built(unfinished)
            _require_sound(unfinished, head, part_of(progress, 1, 2))
            return found.outcome(publish(unfinished, target))


class _Salvage:
    def __init__(
        self, source: Path, target: Path, rows: ReadableRows, actor: str, recorded_at: int, progress: Progress
    ) -> None:
        self._source = source
        self._target = target
        self._rows = rows
        self._actor = actor
        self._recorded_at = recorded_at
        self._progress = progress
        self._damage: Damage | None = None
        self._sound = 0
        self._erased_again = 0
        self._erasures = rows.erasures()

    def built(self, unfinished: Path) -> Head:
        """Make the file; where its events contradict each other, once more up to there."""
        while True:
            self._sound = 0
            try:
                return self._built_once(unfinished)
            except DamagedError as error:
                if not 0 < error.position <= self._sound:
                    raise
                unfinished.unlink()
                self._damage = Damage(error.position, CONTRADICTS)

    def outcome(self, set_aside: Path | None) -> Salvaged:
        """Say what was taken and what was not."""
        damage, last, left_out = self._damage, self._rows.last_position() or 0, 0
        if damage is not None and damage.position is not None:
            for row in self._rows.each_after(damage.position):
                last = max(last, row[0][0])
                left_out += self._rows.agrees_with_itself(row)
        return Salvaged(self._target, self._sound, damage, last, left_out, self._erased_again, set_aside)

    def _built_once(self, unfinished: Path) -> Head:
        with prefix_file(unfinished, self._directory_id(), self._schema_version()) as prefix:
            found = first_damage(self._taken(prefix), erased=self._erasures)
            damage = self._damage = self._damage or found
            if damage is not None:
                self._sound = self._rows.end_of_change_before(self._sound + 1)
                prefix.end_at(self._sound)
                if not self._sound:
                    raise StoreError(
                        f"Nothing of “{self._source.name}” could be saved: {within(what_happened(damage))}."
                    )
                if any(position > self._sound for position in self._erasures.values()):
                    change_id = str(uuid_utils.uuid7())
                    self._erased_again = prefix.erase_again(self._actor, self._recorded_at, change_id)
            return prefix.finish()

    def _taken(self, prefix: LogPrefix) -> Iterator[ChainedRow]:
        """Yield the rows up to the damage known so far; each is taken once it was found sound, and the next wanted."""
        total, rows = self._rows.last_position() or 0, self._rows.following(0)
        known = self._damage
        beyond = None if known is None else known.position
        while True:
            try:
                row = next(rows, None)
            except DamagedError as error:
                reason = _UNREADABLE if isinstance(error, LostRowError) else _ALTERED
                self._damage = known or Damage(self._sound + 1, reason)
                return
            if row is None or row[0][0] == beyond:
                return
            yield row
            prefix.take(row)
            self._sound = row[0][0]
            if self._sound % REPORTED_EVERY == 0:
                self._progress(self._sound, total)

    def _directory_id(self) -> str:
        found = self._rows.directory_id()
        text = from_blob(found) if isinstance(found, bytes) else found
        return text if text is not None and is_id(text) else str(uuid_utils.uuid7())

    def _schema_version(self) -> int:
        version = self._rows.schema_version()
        known = version in schema.STATEMENTS and (version >= schema.ERASABLE or not self._erasures)
        return version if known else schema.SCHEMA_VERSION


def _require_sound(path: Path, head: Head, progress: Progress) -> None:
    """Raise DamagedError unless the new file is a sound directory that ends at ``head``; settle it."""
    with closing(EventLog.open(path)) as log:
        damage = log.verify(head, progress)
        if damage is not None or log.head() != head:
            raise DamagedError("What was saved did not stand the check afterwards, so it was not kept.")
        log.settle()
