"""What the commands share: their arguments, and opening a directory."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from whowas import places
from whowas.actors import os_user
from whowas.bus import Bus
from whowas.domain.errors import RefusedError, StoreError
from whowas.domain.fields import checked_name, shortened
from whowas.domain.named_moments import NOW
from whowas.domain.users import User
from whowas.interchange import moments
from whowas.projections.finding import user_called
from whowas.projections.moment_list import moment_named
from whowas.projections.read_side import DamagedReadSideError, ReadSide, damage_told
from whowas.projections.version_index import VersionIndex
from whowas.store.event_log import EventLog

ROWS_AT_ONCE = 500


def utf8(value: str) -> str:
    """Return ``value``, or fail where it holds undecodable bytes, as a command line may."""
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise click.BadParameter("This is not UTF-8 text.") from error
    return value


FILE = click.argument("file", type=click.Path(path_type=Path, readable=False))
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
AT = click.option(
    "--at",
    metavar="MOMENT",
    type=utf8,
    default="now",
    help="How it was then: ISO 8601 (2020-03-03 is its beginning, local time), now, #POSITION or a moment's name.",
)


@dataclass(frozen=True, slots=True)
class Opened:
    """An open directory with its read side brought up."""

    log: EventLog
    read_side: ReadSide
    index: VersionIndex

    def moment(self, text: str) -> int:
        """Return the moment that ``text`` names. Raises RefusedError."""
        if text == NOW:
            return self.index.now
        if text.startswith("#"):
            return self._after_position(text)
        try:
            return self.index.steps.moment_at(moments.parsed(text))
        except ValueError as error:
            named = moment_named(self.index, text)
            if named is None:
                sentence = f"“{shortened(text)}” is neither a moment, like 2020-03-03T14:05, nor the name of one."
                raise RefusedError("moment", sentence) from error
            return named

    def users(self, numbers: Iterable[int]) -> Iterator[User]:
        """Yield the users of version rows, reading some hundred at a time."""
        waiting: list[int] = []
        for number in numbers:
            waiting.append(int(number))
            if len(waiting) == ROWS_AT_ONCE:
                yield from (row.user for row in self.read_side.rows(waiting))
                waiting.clear()
        yield from (row.user for row in self.read_side.rows(waiting))

    def find(self, who: str) -> str | None:
        """Return the id of the user called ``who``, now or ever, or None."""
        return user_called(self.read_side.read_model, who)

    def _after_position(self, text: str) -> int:
        digits = text[1:]
        if not digits.isascii() or not digits.isdecimal() or int(digits) > self.log.head().position:
            raise RefusedError("moment", f"“{shortened(text)}” is not a position of this directory.")
        if int(digits) == 0:
            return 0
        recorded = next(self.log.read(int(digits) - 1, int(digits)))
        return self.index.steps.moment_of(recorded.occurred_at, recorded.position)


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """Open an existing directory for questions. Raises StoreError."""
    log = EventLog.open(path)
    try:
        with reading(log) as directory:
            yield directory
            directory.read_side.keep_index()
    finally:
        log.close()


@contextmanager
def reading(log: EventLog) -> Iterator[Opened]:
    """Bring up the read side of an open directory for questions. Raises StoreError."""
    read_side = ReadSide(log, places.cache())
    try:
        index = read_side.catch_up()
        with damage_told():
            yield Opened(log, read_side, index)
    except DamagedReadSideError as error:
        read_side.rebuild()
        raise StoreError("The cache of this directory was damaged and has been made anew. Try again.") from error
    finally:
        read_side.close()


@contextmanager
def writable(path: Path, actor: str | None = None) -> Iterator[tuple[Bus, EventLog]]:
    """Open a directory for commands, or create it; one in which nothing came to stand is taken away again.

    Raises RefusedError for an ``actor`` that is no name, or StoreError.
    """
    who = os_user() if actor is None else checked_name("actor", actor)
    created = not path.exists()
    log = EventLog.create(path) if created else EventLog.open(path)
    try:
        yield Bus(log, clock=now, actor=who), log
    finally:
        unused = created and log.head().position == 0
        log.close()
        if unused:
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)


def now() -> int:
    """Return the present moment in UTC microseconds."""
    return time.time_ns() // 1000
