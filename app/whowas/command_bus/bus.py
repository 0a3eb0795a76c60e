"""The command bus: the only way into the event log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from whowas.command_bus.renewal import Renewal
from whowas.command_bus.streams import StreamCache
from whowas.command_bus.unit_of_work import Change
from whowas.domain.causation import Causation, ImportOf, to_text
from whowas.domain.commands import Command
from whowas.domain.progress import Progress, unwatched
from whowas.store.decided import Committed, Moved
from whowas.store.directory_log import Deciding, DirectoryLog
from whowas.store.event_log import EventLog
from whowas.store.migration import copy_beside

if TYPE_CHECKING:
    from whowas.store.owner_folding import Shared

T = TypeVar("T")

_ATTEMPTS, _ATTEMPTS_WHOLE = 8, 3
"""How often a change is decided while others may write; then it is decided once more, and nobody else may.

Over a long line the others wait for several round trips then, which is why a small change is tried more often.
"""

Clock = Callable[[], int]
"""Returns the present time in UTC microseconds."""


class Receipt(NamedTuple):
    """What a dispatch did: the change and its positions in the log; ``events`` is 0 when there was nothing to do.

    ``repeated`` means that the command had been carried out before; the other fields then describe that change.
    A named tuple, because every save makes one.
    """

    change_id: str
    first_position: int
    last_position: int
    repeated: bool = False

    @property
    def events(self) -> int:
        """How many events the change holds."""
        return self.last_position - self.first_position + 1

    @property
    def changed(self) -> str:
        """The id of the change; "" when there was nothing to do."""
        return self.change_id if self.events else ""


def _nothing() -> None:
    """Do nothing before a commit."""


def _untold(_renewal: Renewal) -> None:
    """Tell nobody that a file was renewed."""


class Bus:
    """Writes the events of commands to the log, one change a transaction, and calls listeners after the commit.

    ``before_commit`` is called when a change is completely written but not committed: if it raises, the change is
    rolled back. A change may need a file of an older version to be renewed, see ``former_keys``: then ``copied`` makes
    a verified copy of it before that is committed, and ``renewed`` is called afterwards.
    """

    def __init__(
        self,
        log: DirectoryLog,
        *,
        clock: Clock,
        actor: str,
        before_commit: Callable[[], None] = _nothing,
        copied: Callable[[EventLog], Path] = copy_beside,
        renewed: Callable[[Renewal], None] = _untold,
    ) -> None:
        self._log = log
        self._clock = clock
        self.actor = actor
        self.asked = ""
        """The id of the change that was to be appended last, whether or not it was."""
        self._before_commit = before_commit
        self._copied = copied
        self._renewed = renewed
        self._listeners: list[Callable[[Receipt], None]] = []
        self._cache: StreamCache | None = None
        self._shared: tuple[Shared, ...] = ()

    def subscribe(self, listener: Callable[[Receipt], None]) -> None:
        """Call ``listener`` after every commit that appended something, in order of subscription."""
        self._listeners.append(listener)

    def dispatch(
        self,
        command: Command,
        *,
        actor: str | None = None,
        command_id: str | None = None,
        expected_version: int | None = None,
        occurred_at: int | None = None,
    ) -> Receipt:
        """Carry out one command as one change.

        ``occurred_at`` (UTC microseconds) backdates it; ``expected_version`` is the user's version that the
        caller saw. If ``command_id`` (UUID) was carried out before, nothing is done and the old receipt is returned.
        Raises RefusedError, ConflictError or StoreError; then nothing was written.
        """

        def decide(change: Change) -> Receipt | None:
            if command_id is not None and (before := change.done_before(command_id)) is not None:
                return Receipt(*before, repeated=True)
            change.dispatch(command, command_id=command_id, expected_version=expected_version, occurred_at=occurred_at)
            return None

        before, receipt = self.carry_out(decide, actor=actor)
        return before or receipt

    def carry_out(
        self,
        decide: Callable[[Change], T],
        *,
        actor: str | None = None,
        causation: Causation | None = None,
        whole: bool = False,
        progress: Progress = unwatched,
    ) -> tuple[T, Receipt]:
        """Have ``decide`` dispatch the commands of one change, and commit it; return what it returns, and the receipt.

        Where somebody else changes meanwhile what was read, it is called again, on the log as it is then; the last time
        nobody else can write until it has returned. A ``whole`` change is decided on everything, see ``Decided``.
        ``progress`` is told while much is read at once and while the events are written, and may cancel that.
        ``change.abandon()`` leaves the log as it was without an exception. Raises as ``dispatch`` does.
        """
        attempts = _ATTEMPTS_WHOLE if whole else _ATTEMPTS
        for attempt in range(attempts + 1):
            locked = attempt == attempts
            with (
                self._log.deciding(locked=locked, copied=self._copied) as deciding,
                self._begun(deciding, actor, progress) as change,
            ):
                result = decide(change)
                receipt = self._append(deciding, change, causation, progress, whole=whole)
            if receipt is not None:
                return result, self._told(receipt, deciding, change)
        raise AssertionError("with the log locked, nobody moves it")

    def try_out(self, decide: Callable[[Change], T], *, actor: str | None = None, progress: Progress = unwatched) -> T:
        """Return what ``decide`` returns of a change that is never written; nobody is kept from writing meanwhile.

        Raises what ``decide`` raises, or StoreError.
        """
        with self._log.reading() as reading:
            reading.watched_by(progress)
            change = Change(reading, actor or self.actor, self._clock())
            try:
                return decide(change)
            finally:
                change.abandon()

    @contextmanager
    def change(
        self, *, actor: str | None = None, causation: Causation | None = None, progress: Progress = unwatched
    ) -> Iterator[Change]:
        """Open one change of many commands; it commits at the end of the block, or not at all on an exception.

        Nobody else can write during the block, so it is for what decides quickly; see ``carry_out`` otherwise.
        Raises as ``dispatch`` does.
        """
        with (
            self._log.deciding(locked=True, copied=self._copied) as deciding,
            self._begun(deciding, actor, progress) as change,
        ):
            yield change
            receipt = self._append(deciding, change, causation, progress, whole=False)
        assert receipt is not None, "with the log locked, nobody moves it"
        self._told(receipt, deciding, change)

    def _begun(self, deciding: Deciding, actor: str | None, progress: Progress) -> Change:
        # Moved, not shared: if this change fails, the cache that it altered is dropped.
        cache, self._cache = self._cache, None
        if progress is not unwatched:
            deciding.watched_by(progress)
        return Change(deciding, actor or self.actor, self._clock(), cache)

    def _append(
        self, deciding: Deciding, change: Change, causation: Causation | None, progress: Progress, *, whole: bool
    ) -> Receipt | None:
        """Return the receipt of what is appended, None where nothing is because the log has moved."""
        head = change.head_position
        if not change.events:
            return Receipt(change.id, head + 1, head)
        if isinstance(causation, ImportOf):
            causation = replace(causation, by=self.actor)
        decided = change.decided(to_text(causation), whole=whole)
        self.asked = decided.change_id
        match deciding.append(decided, self._before_commit, progress):
            case Moved():
                return None
            case Committed(first, last, repeated):
                self._shared = tuple(deciding.shared()) if deciding.is_renewed else ()
                return Receipt(change.id, first, last, repeated)

    def _told(self, receipt: Receipt, deciding: Deciding, change: Change) -> Receipt:
        """Tell the listeners what is committed by now."""
        if receipt.first_position == change.head_position + 1 and receipt.last_position == deciding.head.position:
            self._cache = change.cache()  # nobody else appended anything in between
        if deciding.copy is not None:
            self._renewed(Renewal(deciding.copy, self._shared))
        if receipt.events:
            for listener in self._listeners:
                listener(receipt)
        return receipt
