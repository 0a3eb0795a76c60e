"""One directory's read side: found in the cache, brought up to the log, or made again when it cannot be used."""

from __future__ import annotations

import shutil
import weakref
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import apsw

from whowas.domain.errors import DamagedError, StoreError
from whowas.domain.progress import Progress, part_of, unwatched
from whowas.projections.index import files
from whowas.projections.index.building import advanced, built, with_order
from whowas.projections.index.checked_arrays import DamagedArraysError
from whowas.projections.index.version_index import DEFAULT_ORDER, Mask, VersionIndex
from whowas.projections.queries import search
from whowas.projections.queries.change_lines import ChangeLine, change_lines
from whowas.projections.queries.change_titles import change_titles
from whowas.projections.queries.done_change import DoneInWords, done_change
from whowas.projections.queries.field_history import Span, spans_of
from whowas.projections.queries.history import HistoryEntry, ReadHistory, history_of
from whowas.projections.queries.import_marks import ImportMark, import_marks
from whowas.projections.sides.cache_sentences import DAMAGED_AGAIN, cache_sentences_for
from whowas.projections.sides.folders import temporary_folder, usable_folder
from whowas.projections.tables.checked_database import DRIVER_ERRORS, is_damage
from whowas.projections.tables.projector import Projector
from whowas.projections.tables.read_model import Checkpoint, ReadModel, VersionRow
from whowas.projections.tables.source import EventSource
from whowas.projections.tables.stale import StaleReadModelError
from whowas.store.chain import GENESIS
from whowas.store.file.database import primary_code
from whowas.store.gc_pauses import gc_paused
from whowas.store.soundness import damaged
from whowas.system import folders

T = TypeVar("T")

_IN_USE = (apsw.SQLITE_BUSY, apsw.SQLITE_LOCKED)
_NO_ROOM = (apsw.SQLITE_FULL, apsw.SQLITE_IOERR)
_ROWS_HELD = 200_000
"""Arrays of more rows are kept as soon as they are made, and mapped: the system then may take back what they hold."""
_WAITS = 12
"""So often SQLite waits in vain (``BUSY_TIMEOUT_MS``) before a program that writes the cache counts as stuck."""


class DamagedReadSideError(Exception):
    """The read side's tables cannot be read; they have to be made again."""


class ReadSide:
    """Tables and arrays of one directory, below ``cache/KEY``; all of it may be deleted at any time.

    They lie in a temporary folder where the cache cannot be written, or its disk is full. One that knows the log only
    up to the position ``through`` needs a cache of its own.
    """

    def __init__(self, log: EventSource, cache: Path, *, through: int | None = None) -> None:
        self._log = log
        self._through = through
        self.is_temporary = False
        with cache_sentences_for(log.path):
            self._folder = usable_folder(log, cache) or self._temporary_folder()
            try:
                self.read_model = ReadModel(self._folder / "read.db")
            except OSError:
                self._folder = self._temporary_folder()
                self.read_model = ReadModel(self._folder / "read.db")
        self.index: VersionIndex | None = None
        self._index_commits = 0

    @property
    def position(self) -> int:
        """The last position that the tables hold. Raises DamagedReadSideError."""
        with self.read_model.in_use, damage_told():
            checkpoint = self.read_model.checkpoint()
        return checkpoint.position if checkpoint is not None else 0

    def catch_up(self, progress: Progress = unwatched) -> VersionIndex:
        """Bring tables and arrays up to the log, from scratch where they are missing, stale or damaged.

        Raises CancelledError or StoreError.
        """
        with cache_sentences_for(self._log.path):
            try:
                return self._caught_up(progress)
            except (StaleReadModelError, *DRIVER_ERRORS, IndexError) as error:
                code = None if is_damage(error) else primary_code(error)
                if code in _IN_USE or (code in _NO_ROOM and self.is_temporary):
                    raise
                if code in _NO_ROOM:
                    self._folder = self._temporary_folder()
                return self.rebuild(progress)

    def rebuild(self, progress: Progress = unwatched) -> VersionIndex:
        """Throw everything away and make it again from the log. Raises CancelledError or StoreError.

        What another program has just made anew is taken from there, if it is any good.
        """
        with cache_sentences_for(self._log.path), suppress(StaleReadModelError, IndexError, *DRIVER_ERRORS):
            if self.read_model.whereabouts == "replaced":
                return self._caught_up(progress)
        try:
            return self._rebuilt(progress)
        except (StaleReadModelError, apsw.ConstraintError):
            # Somebody may have been erased meanwhile.
            try:
                return self._rebuilt(progress)
            except (StaleReadModelError, apsw.ConstraintError) as error:
                raise _contradiction(error) from error

    def _rebuilt(self, progress: Progress) -> VersionIndex:
        self.index = None
        with cache_sentences_for(self._log.path):
            folders.private_folder(self._folder)
            with self.read_model.started_anew(self._folder / "read.db"):
                for path in self._folder.iterdir():
                    # What is linked to lies elsewhere, and is nobody's of us.
                    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
            return self._caught_up(progress)

    def asked(self, question: Callable[[VersionIndex], T], progress: Progress = unwatched) -> tuple[T, VersionIndex]:
        """Catch up and ask; where the tables turn out to be damaged, rebuild them and ask again.

        Returns the answer and the index that it is of. Raises CancelledError or StoreError.
        """
        index = self.catch_up(progress)
        try:
            with damage_told():
                return question(index), index
        except DamagedReadSideError:
            index = self.rebuild(progress)
        try:
            with damage_told():
                return question(index), index
        except DamagedReadSideError as error:
            raise StoreError(DAMAGED_AGAIN) from error

    def sorted_by(self, order: str, progress: Progress = unwatched) -> VersionIndex:
        """Return the present index with a sort order added, see ``order_name``.

        Where another program has put rows elsewhere meanwhile, it is an index of those, made again. Raises KeyError for
        an unknown column, CancelledError, or DamagedReadSideError.
        """
        index = self._present()
        if order in index.orders:
            return index
        with damage_told(), self.read_model.reading():
            checkpoint = self.read_model.checkpoint()
            if checkpoint is not None and checkpoint.epoch != index.epoch:
                index = advanced(index, self.read_model)
                self._index_commits = self.read_model.commits()
            self.index = index = with_order(index, self.read_model, order, progress)
        if len(index.numbers) > _ROWS_HELD:
            with suppress(OSError, DamagedArraysError):
                self.index = files.with_order_mapped(index, order, self._folder, self._index_commits)
        return self.index

    def matching(self, text: str, hidden: Collection[str] = ()) -> Mask | None:
        """Return the mask of the rows that match a search, or None for a search without words.

        ``hidden`` are the ids of custom fields that do not count.
        """
        return search.matching(self.read_model, self._present(), text, hidden=hidden)

    def rows(self, numbers: Sequence[int]) -> list[VersionRow]:
        """Return version rows by number, those left out that are gone since the caller's index was made.

        Raises DamagedReadSideError.
        """
        with self.read_model.in_use, damage_told():
            return self.read_model.rows(numbers)

    def each(self, numbers: Sequence[int]) -> Iterator[VersionRow | None]:
        """Yield version rows by number one at a time, None for one that is gone since the caller's index was made.

        Raises DamagedReadSideError.
        """
        with damage_told():
            yield from self.read_model.each(numbers)

    def user_number(self, user_id: str) -> int | None:
        """Return the number under which the index knows a user, or None. Raises DamagedReadSideError."""
        with self.read_model.in_use, damage_told():
            return self.read_model.user_number(user_id)

    def history_of(self, user_id: str, index: VersionIndex, read: ReadHistory | None = None) -> list[HistoryEntry]:
        """Return a user's whole history, oldest first, going on from what was ``read``. Raises DamagedReadSideError."""
        with self.read_model.in_use, damage_told():
            return history_of(self.read_model, index, user_id, read)

    def change_line(self, index: VersionIndex, moment: int) -> ChangeLine:
        """Return what step ``moment`` (1 to the number of steps) did; quick, however large it and the directory are.

        Raises DamagedReadSideError.
        """
        with self.read_model.in_use, damage_told():
            (line,) = change_lines(self.read_model, index, [moment])
        return line

    def change_titles(self, index: VersionIndex, change_ids: Collection[str]) -> dict[str, str]:
        """Return what changes are called, by id. Raises DamagedReadSideError."""
        with self.read_model.in_use, damage_told():
            return change_titles(self.read_model, index, change_ids)

    def done_change(self, index: VersionIndex, change_id: str) -> DoneInWords | None:
        """Return what a change did, None where that is not known. Raises DamagedReadSideError."""
        with self.read_model.in_use, damage_told():
            return done_change(self.read_model, index, change_id)

    def import_marks(self, index: VersionIndex) -> list[ImportMark]:
        """Return every import and where it ends in the timeline. Raises DamagedReadSideError."""
        with self.read_model.in_use, damage_told():
            return import_marks(self.read_model, index)

    def spans_of(self, user_id: str, field: str, index: VersionIndex) -> list[Span]:
        """Return the values of a user's field, newest first, see ``field_history``. Raises DamagedReadSideError."""
        with self.read_model.in_use, damage_told():
            return spans_of(self.read_model, index, user_id, field)

    def index_texts(self, progress: Progress = unwatched) -> None:
        """Bring the trigram index up to the rows; searching works meanwhile."""
        search.index_texts(self.read_model, progress)

    def has_rows_of(self, index: VersionIndex) -> bool:
        """Say whether the row numbers of an index mean in the tables what they meant when it was made.

        They do not while the tables are made again, nor from then on if somebody was erased.
        """
        return self.index is not None and self.index.epoch.erasure_count == index.epoch.erasure_count

    def checkpoint_of(self, index: VersionIndex) -> Checkpoint | None:
        """Return how far the log was followed for an index; None where the tables hold something else by now.

        Another program may have brought them further, or made them anew. Raises OSError or one of DRIVER_ERRORS.
        """
        with self.read_model.reading():
            checkpoint, steps = self.read_model.checkpoint(), self.read_model.steps()
        is_of_it = checkpoint is not None and (checkpoint.epoch, steps) == (index.epoch, index.now)
        return checkpoint if is_of_it and self.read_model.whereabouts == "in place" else None

    def keep_index(self) -> None:
        """Save the arrays for the next start. A full disk only costs that start its speed.

        They are not saved where the tables were made anew meanwhile, as after somebody was erased.
        """
        if self.index is not None:
            with suppress(OSError, DamagedArraysError, *DRIVER_ERRORS):
                checkpoint = self.read_model.checkpoint()
                is_valid = checkpoint is not None and checkpoint.epoch == self.index.epoch
                if is_valid and self.read_model.whereabouts == "in place":
                    files.save(self.index, self._folder, self._index_commits)

    def close(self) -> None:
        """Close the connections of all threads."""
        self.read_model.close()

    def _temporary_folder(self) -> Path:
        folder = temporary_folder()
        weakref.finalize(self, folder.remove)
        self.is_temporary = True
        return folder.path

    def _caught_up(self, progress: Progress) -> VersionIndex:
        if self.read_model.whereabouts == "replaced":
            # Another program has made them anew, and each would throw away what the other makes.
            self.index = None
            with self.read_model.started_anew(self._folder / "read.db"):
                pass
        # Where there are arrays, what else has to be done to them is next to nothing.
        of_tables, of_arrays = (
            (part_of(progress, 0, 2), part_of(progress, 1, 2)) if self.index is None else (progress, progress)
        )
        commits = self._project(of_tables)
        checkpoint = self.read_model.checkpoint()
        if self.index is None and checkpoint is not None:
            self.index = files.load(self._folder, checkpoint.epoch, commits)
        with gc_paused(), self.read_model.reading():
            is_new = self.index is None
            if self.index is None:
                self.index = built(self.read_model, [DEFAULT_ORDER], of_arrays)
            else:
                self.index = advanced(self.index, self.read_model, of_arrays)
            self._index_commits = self.read_model.commits()
        if is_new and len(self.index.numbers) > _ROWS_HELD:
            self.keep_index()
            kept = files.load(self._folder, self.index.epoch, self._index_commits)
            # Another program may have kept an older one after it, or there was no room for this one.
            if kept is not None and (kept.now, len(kept.numbers)) == (self.index.now, len(self.index.numbers)):
                self.index = kept
        if len(self.index.numbers) > _ROWS_HELD and self.index.spilled_to is None:
            self.index = replace(self.index, spilled_to=self._folder)
        return self.index

    def _project(self, progress: Progress) -> int:
        """Bring the tables up to the log, and return the count of commits that they had before.

        Another program that is doing the same, such as a second window, is waited for.
        """
        waits = 0
        while True:
            seen = self.read_model.commits()
            try:
                self.read_model.prepare(self._log.directory_id, GENESIS)
                Projector(self._log, self.read_model, self._through).catch_up(progress)
            except DRIVER_ERRORS as error:
                if primary_code(error) not in _IN_USE:
                    raise
                waits = waits + 1 if self.read_model.commits() == seen else 0
                if waits == _WAITS:
                    raise
                checkpoint = self.read_model.checkpoint()
                progress(checkpoint.position if checkpoint else 0, self._through or self._log.head().position)
            else:
                return seen

    def _present(self) -> VersionIndex:
        return self.index if self.index is not None else self.catch_up()


def _contradiction(error: Exception) -> DamagedError:
    if isinstance(error, StaleReadModelError) and error.position:
        return damaged(error.position, str(error))
    return DamagedError("The history of this directory contradicts itself. Go back to a backup.")


@contextmanager
def damage_told() -> Iterator[None]:
    """Turn what the driver says about damaged tables into DamagedReadSideError."""
    try:
        yield
    except DRIVER_ERRORS as error:
        raise DamagedReadSideError from error
