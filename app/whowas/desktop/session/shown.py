"""The read side that a session shows, and its index: of today, of what was known once, or of a what-if."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack

from PySide6.QtCore import QObject, Signal

from whowas.desktop.session.jobs import Failed, Job, JobRunner
from whowas.desktop.session.lens import Lens, Now
from whowas.desktop.session.lens_sides import Prepare, as_known_by, what_if_without
from whowas.desktop.session.open_directory import OpenDirectory
from whowas.domain.errors import CancelledError, WhowasError
from whowas.domain.progress import Progress, part_of
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.sides.cache_sentences import DAMAGED_AGAIN
from whowas.projections.sides.read_side import ReadSide


class Shown(QObject):
    """The read side that is shown, and ``index``, the snapshot of it that all widgets paint.

    ``refreshed`` says that ``index`` is a new one; ``failed`` carries a sentence about the file or its disk, and
    ``recovered`` says that this is over, as the file could be read again.

    While the lens is not ``Now``, nothing is written, and what others write is not seen.
    """

    refreshed = Signal()
    failed = Signal(str)
    recovered = Signal()

    def __init__(self, runner: JobRunner, directory: OpenDirectory, index: VersionIndex) -> None:
        super().__init__()
        self._index = index
        self._runner = runner
        self._directory = directory
        self._index_of_today = index
        self._lens: Lens = Now()
        self._lens_epoch = 0
        self._side = directory.today
        self._closing = ExitStack()
        """Closes the read side that is shown, where that is not today's."""
        self._failing = ""
        """The sentence that ``failed`` carried last; "" once that is over."""
        self._following = True
        """Whether what is shown could be brought up to the file when that was tried last."""
        self._rebuilding: ReadSide | None = None
        """The side that is being made again."""
        self._made_anew: VersionIndex | None = None
        """The index of the side that was made again last: damage while it is shown is that of a disk that fails."""

    @property
    def index(self) -> VersionIndex:
        """The snapshot that is shown."""
        return self._index

    @property
    def lens(self) -> Lens:
        """The lens through which the directory is looked at."""
        return self._lens

    @property
    def lens_epoch(self) -> int:
        """How often the lens was changed: row numbers of different epochs have nothing to do with each other."""
        return self._lens_epoch

    @property
    def side(self) -> ReadSide:
        """The read side that ``index`` is of. A job asks one side from its beginning to its end."""
        return self._side

    @property
    def changes_recorded(self) -> int:
        """How many changes the directory has, whatever is shown of it."""
        return self._today().now

    @property
    def why_behind(self) -> str:
        """Why what is shown could not be brought up to the file, when that was tried last; "" where it could."""
        return "" if self._following else self._failing

    def show_as_known(
        self,
        recorded_at: int,
        *,
        done: Callable[[VersionIndex], None],
        failed: Failed,
        reported: Callable[[int, int], None] | None = None,
    ) -> Job:
        """Show what the directory showed when all up to ``recorded_at`` (UTC µs) had been recorded, and no more.

        The log is folded once more for that, no further than it went then; ``done`` gets the ``index`` of that.
        """
        return self._look_through(as_known_by(self._directory, recorded_at), 1, done, failed, reported)

    def show_what_if(
        self,
        change_ids: Sequence[str],
        called: str,
        *,
        done: Callable[[VersionIndex], None],
        failed: Failed,
        reported: Callable[[int, int], None] | None = None,
    ) -> Job:
        """Show what would be without those changes, which are ``called`` so; ``done`` gets the ``index`` of that.

        All later changes are decided again for that, and the log that comes out is folded; nothing is written.
        """
        return self._look_through(what_if_without(self._directory, change_ids, called), 2, done, failed, reported)

    def show_now(self) -> None:
        """Show today's directory again, with all that is known."""
        if not isinstance(self._lens, Now):
            self._change_lens(Now(), self._directory.today, self._index_of_today, ExitStack())

    def begin_again(self, index: VersionIndex) -> None:
        """Show today's directory as a job found it, where its rows may have other numbers than before."""
        if self._directory.is_open:
            self._change_lens(Now(), self._directory.today, index, ExitStack())

    def show_sorted(self, index: VersionIndex) -> None:
        """Go on with the same snapshot, which has one more sort order: nobody need look again."""
        self._index = index

    def take(self, index: VersionIndex) -> None:
        """Show the index that a job found, unless it is of another side than the one shown by now."""
        if not self._directory.is_open:
            return
        if not isinstance(self._lens, Now) and index is self._directory.today.index:
            erased = index.epoch.erasure_count > self._index_of_today.epoch.erasure_count
            self._index_of_today = index
            if erased:
                # What the lens shows may hold whoever that was.
                self.show_now()
        if self._failing and self._following:
            self._failing = ""
            self.recovered.emit()
        if index is not self.index and index is self._side.index:
            self._index = index
            self.refreshed.emit()

    def take_latest(self, index: VersionIndex) -> None:
        """Show the index to which the file was followed: whatever failed before is over, but for a failing disk."""
        self._following = self._following or index is not self._made_anew
        self.take(index)

    def changes_through(self, position: int) -> int:
        """Return how many changes had been recorded by the event at a position, whatever is shown of them."""
        return self._today().steps.recorded_through(position)

    def report(self, error: WhowasError) -> None:
        """Say why something could not be read; of a directory that was closed nobody wants to know any more."""
        if self._directory.is_open:
            self._failing = str(error)
            self.failed.emit(self._failing)

    def report_behind(self, sentence: str) -> None:
        """Say why what is shown is behind the file, unless that was said last."""
        self._following = False
        if sentence != self._failing:
            self._failing = sentence
            self.failed.emit(sentence)

    def rebuild(self) -> None:
        """Make the side that is shown again, because its tables are damaged; where it just was, say so once instead."""
        if self._rebuilding is self._side:
            return
        if self._index is self._made_anew:
            self.report_behind(DAMAGED_AGAIN)
            return
        self._rebuilding = self._side
        self._runner.submit(self._side.rebuild, self._take_anew, self._not_made)

    def _today(self) -> VersionIndex:
        return self.index if isinstance(self._lens, Now) else self._index_of_today

    def _take_anew(self, index: VersionIndex) -> None:
        self._rebuilding, self._made_anew = None, index
        self.take(index)

    def _not_made(self, error: WhowasError) -> None:
        self._rebuilding = None
        self.report(error)

    def _look_through(
        self,
        prepare: Prepare,
        parts: int,
        done: Callable[[VersionIndex], None],
        failed: Failed,
        reported: Callable[[int, int], None] | None,
    ) -> Job:
        """Change to the lens and side that ``prepare`` returns; folding is the last of ``parts`` parts of the work."""
        closing = ExitStack()

        def work(progress: Progress) -> tuple[Lens, ReadSide, VersionIndex]:
            lens, preparing = prepare(part_of(progress, 0, parts))
            with ExitStack() as unfinished:
                side = unfinished.enter_context(preparing)
                index = side.catch_up(part_of(progress, parts - 1, parts))
                closing.push(unfinished.pop_all())
            return lens, side, index

        def found(outcome: tuple[Lens, ReadSide, VersionIndex]) -> None:
            if not self._directory.is_open:
                self._runner.submit(lambda _progress: closing.close())
                failed(CancelledError("The directory was closed."))
                return
            if isinstance(self._lens, Now):
                self._index_of_today = self.index
            self._change_lens(*outcome, closing)
            done(self.index)

        return self._runner.submit(work, found, failed, reported)

    def _change_lens(self, lens: Lens, side: ReadSide, index: VersionIndex, closing: ExitStack) -> None:
        former, self._closing = self._closing, closing
        if not isinstance(self._lens, Now):
            self._runner.submit(lambda _progress: former.close())
        self._lens_epoch += 1
        self._lens, self._side, self._index = lens, side, index
        self.refreshed.emit()
