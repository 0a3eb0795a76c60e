"""The follower: a file of the same history as a server has, brought up to it row by row."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Protocol

from whowas.domain.errors import DamagedError, StoreError
from whowas.domain.events import FieldEvent
from whowas.domain.progress import Progress, unwatched
from whowas.domain.streams import DirectoryStream
from whowas.store.chain import ChainedRow, Head
from whowas.store.event_log import EventLog
from whowas.store.file import schema
from whowas.store.file.create import create_file
from whowas.store.file.publish import TakenError
from whowas.store.follower.foreign_rows import ForeignRows
from whowas.store.follower.parting import lost_changes, parting_of
from whowas.store.follower.verified_rows import DamagedServerError, VerifiedRows, Verifier
from whowas.store.gc_pauses import gc_paused
from whowas.store.one_ahead import one_ahead

_FEW = 2_000
"""Up to so many rows are asked for at once where little is expected; less than a page of the server's."""

_COMMITTED_S = 0.5
"""How often what came is committed: seldom, as each time most of the index of streams is written again, whose ids are
random; but others wait meanwhile who follow into the same file."""

Portion = tuple[VerifiedRows, bool]
"""Rows, and whether a change ends with the last of them."""


class Followed(Protocol):
    """What is followed: the log of a directory on a server, see ``ServerLog``."""

    def head(self) -> Head:
        """Return where it ends."""

    def chain_at(self, position: int) -> bytes | None:
        """Return the chain value at a position, None behind the end."""

    def pages(self, after: int, through: int | None = None) -> Iterator[list[ChainedRow]]:
        """Yield the rows behind ``after``, some at a time."""


class AlteredFollowerError(DamagedError):
    """The follower, and not the server, is not as it was written."""


class Follower:
    """A directory file whose rows all come from a server, so that a commit may be lost here: it is still there.

    Any number of processes may follow into the same file. Readers, from whom a server hides password hashes, and
    others have different files.
    """

    def __init__(self, path: Path, directory_id: str, *, hides_passwords: bool) -> None:
        """Open the file at ``path``, made if there is none, for that directory. Raises StoreError."""
        if not path.exists():
            _create(path, directory_id, hides_passwords=hides_passwords)
        self.log = EventLog.open(path, synchronous="normal")
        if self.log.directory_id != directory_id:
            self.log.close()
            raise StoreError(f"“{path.name}” is of another directory.")
        self.log.is_follower = True
        self._was_up_to_date = False

    def follow(self, server: Followed, progress: Progress = unwatched, *, at_least: int | None = None) -> bool:
        """Bring the file up to the server; return whether anything came. ``progress`` is told in events.

        With ``at_least``, a position at which a change ends on the server, to there: where it ends is not asked then.

        What is committed on the way ends with a change each time, so that nobody ever reads half of one, and lacks no
        payload but of users who are erased by then. Raises AnotherHistoryError, LostChangesError,
        AlteredFollowerError, DamagedServerError, CancelledError, or StoreError.
        """
        here = self.log.head()
        if at_least is None and self._was_up_to_date and self._take_few(server, here.position):
            return True
        if at_least is None:
            there = server.head()
            if there == here:
                self._was_up_to_date = True
                return False
            if there.position <= here.position:
                self.witness(server)
                return False
            at_least = there.position
        try:
            with gc_paused(), ExitStack() as fetching:
                self._take(server, here, at_least, progress, fetching)
        except DamagedServerError:
            # Either it is that, or what the server has before is not what is here.
            self.witness(server)
            raise
        self._was_up_to_date = True
        return self.log.head() != here

    def _take_few(self, server: Followed, after: int) -> bool:
        """Take what came since, if it is little, in one round trip; return whether that was all, and anything.

        What one statement sees ends with a whole change, as changes are appended whole.
        """
        rows = [row for page in server.pages(after, after + _FEW) for row in page]
        if not rows or len(rows) == _FEW:
            return False
        try:
            return self.take(rows)
        except DamagedServerError:  # or another history, or somebody erased since: looked at with more questions
            return False

    def take(self, rows: Sequence[ChainedRow]) -> bool:
        """Take rows of one whole change that the server has; return False where others come before them.

        Raises DamagedServerError, or StoreError.
        """
        with self.log.taking_rows() as connection:
            foreign = ForeignRows(connection)
            if foreign.head.position + 1 < rows[0][0][0]:
                return False
            foreign.take(rows)
            if foreign.lacks_at is not None:
                raise DamagedServerError(foreign.lacks_at, "the payload is missing")
        return True

    def witness(self, server: Followed) -> None:
        """See that the server's history is the one that this file has.

        Raises AnotherHistoryError, LostChangesError where it lacks the end of it, AlteredFollowerError, or
        DamagedServerError where it does not end as it says.
        """
        here, there = self.log.head(), server.head()
        shared = min(here.position, there.position)
        found = server.chain_at(shared)
        if self.log.chain_at(shared) != found:
            self._require_sound()
            raise parting_of(self.log, server, _first_difference(self.log, server, shared) - 1)
        if there.position < here.position:
            self._require_sound()
            raise lost_changes(here.position - there.position, there.position)
        if (found if shared == there.position else server.chain_at(there.position)) != there.chain:
            raise DamagedServerError(there.position, "where it ends was altered")

    def _take(self, server: Followed, here: Head, through: int, progress: Progress, fetching: ExitStack) -> None:
        began_at = after = here.position
        verifier = Verifier(here, self._own(), hides_passwords=self.log.hides_passwords)
        portions = fetching.enter_context(closing(_portions(server, verifier, after, through)))
        portion = next(portions, None)
        failure: Exception | None = None
        while portion is not None and failure is None:
            until = time.monotonic() + _COMMITTED_S
            with self.log.taking_rows() as connection:
                foreign = ForeignRows(connection)
                while portion is not None:
                    verified, is_end = portion
                    foreign.take_verified(verified)
                    try:
                        progress(foreign.head.position - began_at, through - began_at)
                        portion = next(portions, None)
                    except Exception as error:
                        if not is_end or foreign.lacks_at is not None:
                            raise
                        failure = error  # what is here is whole, so it stays
                        break
                    if portion is None and foreign.lacks_at is not None:
                        # Whoever was erased while this was read is erased by what came since.
                        after, through = through, server.head().position
                        portions = fetching.enter_context(closing(_portions(server, verifier, after, through)))
                        portion = next(portions, None)
                        if portion is None:
                            raise DamagedServerError(foreign.lacks_at, "the payload is missing")
                    elif is_end and foreign.lacks_at is None and time.monotonic() > until:
                        break
        if failure is not None:
            raise failure

    def _own(self) -> DirectoryStream:
        own = DirectoryStream()
        for recorded in self.log.stream(self.log.directory_id):
            if isinstance(recorded.event, FieldEvent):
                own = own.then(recorded.occurred_at, recorded.event)
        return own

    def _require_sound(self) -> None:
        damage = self.log.verify()
        if damage is not None:
            raise AlteredFollowerError(damage.sentence(), damage.position or 0)


def _create(path: Path, directory_id: str, *, hides_passwords: bool) -> None:
    with suppress(TakenError):  # by another process that follows too
        create_file(path, directory_id, (schema.LIST_HIDDEN,) if hides_passwords else ())


def _portions(server: Followed, verifier: Verifier, after: int, through: int) -> Generator[Portion]:
    """Yield the rows between two positions, of which the last is the end of a change.

    Until that is at its end or closed, nobody else may ask the server. Raises DamagedServerError where the server has
    no last one, or one that does not follow.
    """
    changes = _whole_changes(server.pages(after, through), after, through)
    portions = ((verifier.verified(rows), is_end) for rows, is_end in changes)
    if through - after <= _FEW:
        yield from portions
        return
    with closing(one_ahead(portions)) as fetched:
        yield from fetched


def _whole_changes(
    pages: Iterable[list[ChainedRow]], after: int, through: int
) -> Iterator[tuple[list[ChainedRow], bool]]:
    """Yield the rows between two positions some at a time, and whether a change ends with the last of them."""
    held: list[ChainedRow] = []
    last = after
    for page in pages:
        rows, last = [*held, *page] if held else page, page[-1][0][0]
        if rows[-1][0][0] == through:
            yield rows, True
            held = []
            continue
        change = rows[-1][0][9]
        cut = len(rows)
        while cut and rows[cut - 1][0][9] == change:
            cut -= 1
        if cut:
            yield rows[:cut], True
            held = rows[cut:]
        else:
            yield rows, False
            held = []
    if last != through:
        raise DamagedServerError(last + 1, "this event is missing")


def _first_difference(log: EventLog, server: Followed, through: int) -> int:
    """Return the first position at which two histories that differ at ``through`` do; from there on they all do."""
    same, differs = 0, through
    while differs - same > 1:
        middle = (same + differs) // 2
        if log.chain_at(middle) == server.chain_at(middle):
            same = middle
        else:
            differs = middle
    return differs
