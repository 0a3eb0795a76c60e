"""What the commands share: their arguments, and opening a directory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

import click

from whowas.cli.printing import tell
from whowas.cli.saved import Saved
from whowas.command_bus.bus import Bus
from whowas.domain.errors import RefusedError, StoreError, UnfinishedError
from whowas.domain.fields import checked_name, is_id, shortened
from whowas.domain.named_moments import NOW
from whowas.domain.users import User
from whowas.erasure import finish
from whowas.interchange import iso_moments
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.find_user import user_called
from whowas.projections.queries.named_moments import moment_named
from whowas.projections.sides.as_known import as_known, known_by
from whowas.projections.sides.read_side import DamagedReadSideError, ReadSide, damage_told
from whowas.store.event_log import EventLog, set_aside_notice
from whowas.store.file.create import unpublished
from whowas.store.file.database import sentences_for
from whowas.store.file.identity import identity_of
from whowas.store.file.publish import TakenError, publish, wait_until_settled
from whowas.store.recorded_event import RecordedEvent
from whowas.system import folders
from whowas.system.person import os_user

T = TypeVar("T")


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
KNOWN = click.option(
    "--known",
    metavar="MOMENT",
    type=utf8,
    default="now",
    help="What the directory showed then: only changes recorded by that MOMENT, or by #POSITION, are known. "
    "A moment's name stands for the time of the last event before it.",
)

_START = (-(2**62), 0)
"""The place before everything."""

_LAST_POSITION = 2**62
"""Behind whatever shares a microsecond."""

_DIGITS = 18
"""Longer numbers are no positions, and Python does not read every number."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An open directory with its read side brought up.

    ``read_side`` and ``index`` know what was recorded up to ``position``. Where that is less than is known today,
    ``today`` is the directory as it is known today: a question is asked in the words of today.
    """

    log: EventLog
    read_side: ReadSide
    index: VersionIndex
    position: int
    today: Opened | None = None

    def moment(self, text: str) -> int:
        """Return the moment that ``text`` names, by when things occurred. Raises RefusedError."""
        return self.index.now if text == NOW else self.index.steps.moment_of(*self._place(text, by="occurred_at"))

    def known_by(self, text: str) -> int:
        """Return the last position that was known at the moment that ``text`` names. Raises RefusedError."""
        if text == NOW:
            return self.position
        return known_by(self.read_side.read_model, *self._place(text, by="recorded_at"))

    @property
    def todays_index(self) -> VersionIndex:
        """The index of all that is known today: its names of groups, fields and moments are those asked with."""
        return (self.today or self).index

    def users(self, numbers: Iterable[int]) -> Iterator[User]:
        """Yield the users of version rows, one at a time."""
        return (row.user for row in self.read_side.each(list(numbers)) if row is not None)

    def find(self, who: str) -> str | None:
        """Return the id of the user called ``who``, now or ever, or None."""
        found = user_called(self.read_side.read_model, who)
        return self.today.find(who) if found is None and self.today is not None else found

    def erasure_of(self, who: str) -> RecordedEvent | None:
        """Return the event that erased the user with the id ``who``, or None."""
        return self.log.erasure_of(who.lower()) if is_id(who.lower()) else None

    def _place(self, text: str, *, by: Literal["occurred_at", "recorded_at"]) -> tuple[int, int]:
        """Return (UTC microseconds, position) of what ``text`` names, as one of the two clocks orders events.

        A named moment is a place on the one clock; on the other it stands for the time of the last event before it.
        """
        if text.startswith("#"):
            recorded = self._event_at(text)
            return _START if recorded is None else (getattr(recorded, by), recorded.position)
        try:
            return iso_moments.parsed(text), _LAST_POSITION
        except ValueError as error:
            named = moment_named(self.todays_index, text)
            if named is None:
                sentence = f"“{shortened(text)}” is neither a moment, like 2020-03-03T14:05, nor the name of one."
                raise RefusedError("moment", sentence) from error
            return named.place if named.position else _START

    def _event_at(self, text: str) -> RecordedEvent | None:
        """Return the event at the position that ``text`` names, None for #0."""
        digits = text[1:]
        is_number = digits.isascii() and digits.isdecimal() and len(digits) <= _DIGITS
        if not is_number or int(digits) > self.log.head().position:
            raise RefusedError("moment", f"“{shortened(text)}” is not a position of this directory.")
        return next(self.log.read(int(digits) - 1, int(digits)), None)


@contextmanager
def opened(path: Path, known: str = NOW) -> Iterator[Opened]:
    """Open an existing directory for questions, as it was known at the moment ``known`` names.

    Raises RefusedError or StoreError.
    """
    with closing(_open(path)) as log, reading(log) as today:
        with _as_known(today, known) as directory:
            yield directory
        today.read_side.keep_index()


@contextmanager
def _as_known(today: Opened, known: str) -> Iterator[Opened]:
    position = today.known_by(known)
    if position == today.position:
        yield today
        return
    with as_known(today.log, position) as read_side:
        yield Opened(today.log, read_side, read_side.catch_up(), position, today)


@contextmanager
def reading(log: EventLog) -> Iterator[Opened]:
    """Bring up the read side of an open directory for questions. Raises StoreError."""
    read_side = ReadSide(log, folders.cache())
    try:
        index = read_side.catch_up()
        with damage_told():
            yield Opened(log, read_side, index, read_side.position)
    except DamagedReadSideError as error:
        read_side.rebuild()
        raise StoreError("The cache of this directory was damaged and has been made anew. Try again.") from error
    finally:
        read_side.close()


def open_log(path: Path, *, unguarded: bool = False) -> EventLog:
    """Open an existing directory, see ``EventLog.open``, and tell what was done for that. Raises StoreError."""
    log = EventLog.open(path, unguarded=unguarded)
    if log.set_aside is not None:
        tell(set_aside_notice(log.set_aside))
    return log


def _open(path: Path) -> EventLog:
    """Open a directory, and first take away what an interrupted erasure left. Raises StoreError."""
    with ExitStack() as unfinished:
        log = unfinished.enter_context(closing(open_log(path)))
        finish(log, cache=folders.cache(), drafts=folders.drafts(log.directory_id), reports=folders.reports())
        unfinished.pop_all()
    return log


@contextmanager
def writable(path: Path, actor: str | None = None, *, before: int = 0) -> Iterator[tuple[Bus, EventLog]]:
    """Open an existing directory for commands; ``before`` is how many changes the command has saved already.

    Raises RefusedError for an ``actor`` that is no name, StoreError, or UnfinishedError where somebody stops it when
    something was saved.
    """
    who = _actor(actor)
    with telling_of(before):
        wait_until_settled(path)
        log = _open(path)
    with closing(log):
        saved = Saved(log)
        bus = Bus(log, clock=now, actor=who, before_commit=saved.before_commit)
        bus.subscribe(saved.after_commit)
        try:
            yield bus, log
        except KeyboardInterrupt:
            with telling_of(before + saved.count()):
                raise


@contextmanager
def telling_of(saved: int) -> Iterator[None]:
    """Raise UnfinishedError where somebody stops it, and so many changes were saved by then."""
    try:
        yield
    except KeyboardInterrupt:
        if not saved:
            raise
        told = "1 change is saved" if saved == 1 else f"{saved:,} changes are saved"
        raise UnfinishedError(f"Stopped; {told}.") from None


def carry_out(path: Path, work: Callable[[Bus, EventLog], T], actor: str | None = None) -> T:
    """Do ``work`` in a directory and return what it returns; one that is missing is there with its first change.

    Until then nobody else sees it, and where nothing came to stand there is none. If somebody else creates one
    meanwhile, the work is done again, in theirs. Raises as ``writable`` does, and what the work raises.
    """
    who = _actor(actor)
    if not path.exists():
        try:
            return _begun(path, work, who)
        except TakenError:
            if not path.exists():  # a link that leads nowhere
                raise
    with writable(path, who) as (bus, log):
        return work(bus, log)


def _begun(path: Path, work: Callable[[Bus, EventLog], T], actor: str) -> T:
    with unpublished(path) as unfinished:
        with closing(EventLog.create(unfinished)) as log:
            result = work(Bus(log, clock=now, actor=actor), log)
            used = log.head().position > 0
            log.settle()
        if used:
            made = identity_of(unfinished)
            try:
                with sentences_for(path):
                    set_aside = publish(unfinished, path)
            except KeyboardInterrupt:
                if identity_of(path) != made:
                    raise
                raise UnfinishedError("Stopped; what was asked is saved.") from None
            if set_aside is not None:
                tell(set_aside_notice(set_aside))
    return result


def _actor(given: str | None) -> str:
    return os_user() if given is None else checked_name("actor", given)


def now() -> int:
    """Return the present moment in UTC microseconds."""
    return time.time_ns() // 1000
