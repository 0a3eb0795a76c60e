"""A directory file on which is decided without its write lock, as on a log that others share over a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from whowas.domain.progress import Progress, unwatched
from whowas.store.decided import Committed, Decided, Moved
from whowas.store.directory_log import Deciding, Reading
from whowas.store.event_log import EventLog
from whowas.store.former_keys import FormerKeys
from whowas.store.owner_folding import Shared


class OptimisticLog:
    """Appends, under the lock, what was decided on a snapshot; before that ``meanwhile`` is called, unless locked."""

    def __init__(self, log: EventLog, meanwhile: Callable[[], object] = lambda: None) -> None:
        self.directory_id = log.directory_id
        self.answers: list[Committed | Moved] = []
        """How each append was answered, in order."""
        self._log = log
        self._meanwhile = meanwhile

    def reading(self) -> AbstractContextManager[Reading]:
        return self._log.reading()

    @contextmanager
    def deciding(self, *, locked: bool, copied: Callable[[EventLog], Path] | None = None) -> Iterator[Deciding]:
        with ExitStack() as held:
            if locked:
                deciding = held.enter_context(self._log.deciding(locked=True, copied=copied))
                yield _Deciding(deciding, lambda *asked: self._noted(deciding.append(*asked)))
            else:
                snapshot = held.enter_context(self._log.reading())
                yield _Deciding(snapshot, lambda *asked: self._append(held, *asked))

    def _append(
        self, held: ExitStack, decided: Decided, about_to_commit: Callable[[], None], progress: Progress
    ) -> Committed | Moved:
        held.close()
        self._meanwhile()
        with self._log.deciding(locked=True) as deciding:
            return self._noted(deciding.append(decided, about_to_commit, progress))

    def _noted(self, answer: Committed | Moved) -> Committed | Moved:
        self.answers.append(answer)
        return answer


class _Deciding:
    """Reads as ``reading`` does, and appends by the function given."""

    is_renewed = False
    copy: Path | None = None
    former_keys: FormerKeys | None = None

    def __init__(
        self, reading: Reading, append: Callable[[Decided, Callable[[], None], Progress], Committed | Moved]
    ) -> None:
        self.directory_id, self.head = reading.directory_id, reading.head
        self.last_recorded_at = reading.last_recorded_at
        self.watched_by = reading.watched_by
        self.stream_events, self.change_of_command = reading.stream_events, reading.change_of_command
        self.owners_of_email, self.owners_of_external_id = reading.owners_of_email, reading.owners_of_external_id
        self.users_of_source = reading.users_of_source
        self._append = append

    def append(
        self, decided: Decided, about_to_commit: Callable[[], None], progress: Progress = unwatched
    ) -> Committed | Moved:
        return self._append(decided, about_to_commit, progress)

    def shared(self) -> list[Shared]:
        raise AssertionError("to be asked only where the owners are stored anew")
