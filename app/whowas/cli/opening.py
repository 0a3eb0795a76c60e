"""What the commands share: their arguments, and opening a directory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Literal, ParamSpec, TypeVar

import click

from whowas.cli.printing import notify, print_again
from whowas.cli.seen import note, tell_if_another
from whowas.cli.shared import shared
from whowas.cli.where import Where, WhereGiven
from whowas.domain.errors import DamagedError, RefusedError, StoreError
from whowas.domain.fields import is_id, shortened
from whowas.domain.named_moments import NOW
from whowas.domain.users import User
from whowas.erasure import finish
from whowas.interchange import iso_moments
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.find_user import user_called
from whowas.projections.queries.named_moments import moment_named
from whowas.projections.sides.as_known import as_known, known_by
from whowas.projections.sides.cache_sentences import DAMAGED_AGAIN
from whowas.projections.sides.read_side import DamagedReadSideError, ReadSide, damage_told
from whowas.safekeeping.backup_places import keep_as_it_is
from whowas.safekeeping.left_behind import require_not_left
from whowas.safekeeping.sweeper import sweep_around
from whowas.store.event_log import EventLog, ReadOnlyError, set_aside_notice
from whowas.store.recorded_event import RecordedEvent
from whowas.system import folders

T = TypeVar("T")
P = ParamSpec("P")


def utf8(value: str) -> str:
    """Return ``value``, or fail where it holds undecodable bytes, as a command line may."""
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise click.BadParameter("This is not UTF-8 text.") from error
    return value


FILE = click.argument("file", type=WhereGiven())
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


class ShownInPartError(StoreError):
    """The directory is damaged: what is sound of it was shown, and no more."""


_START = (-(2**62), 0)
"""The timeline key before every event."""

_LAST_POSITION = 2**62
"""Sorts behind every event of the same microsecond."""

_DIGITS = 18
"""Longer numbers are no positions, and Python does not read every number."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An open directory with its read side brought up.

    ``read_side`` and ``index`` know what was recorded up to ``position``. Where that is less than is known today,
    ``today`` is the directory as it is known today: a question is asked in the words of today. ``in_part`` says that
    the directory is damaged, and ends here before that.
    """

    log: EventLog
    read_side: ReadSide
    index: VersionIndex
    position: int
    today: Opened | None = None
    in_part: bool = False

    def moment(self, text: str) -> int:
        """Return the moment that ``text`` names, by when things occurred. Raises RefusedError."""
        return self.index.now if text == NOW else self.index.steps.moment_of(*self._key(text, by="occurred_at"))

    def occurred_at(self, text: str) -> int:
        """Return the moment of the calendar (UTC µs) that ``text`` names, a position by when its event occurred.

        Raises RefusedError.
        """
        when = self._key(text, by="occurred_at")[0]
        if when == _START[0]:
            raise RefusedError("moment", f"“{shortened(text)}” is before everything, and no moment of the calendar.")
        return when

    def known_by(self, text: str) -> int:
        """Return the last position that was known at the moment that ``text`` names. Raises RefusedError."""
        if text == NOW:
            return self.position
        return known_by(self.read_side.read_model, *self._key(text, by="recorded_at"))

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

    def _key(self, text: str, *, by: Literal["occurred_at", "recorded_at"]) -> tuple[int, int]:
        """Return (UTC microseconds, position) of what ``text`` names, by which one of the two clocks orders events.

        A named moment has a key by ``occurred_at``; by ``recorded_at`` it stands for the time of the last event
        before it.
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


class MadeAnewError(StoreError):
    """The cache turned out to be damaged and was made anew, so what was asked has to be asked again; see ``asking``."""

    def __init__(self) -> None:
        super().__init__("The cache of this directory was damaged and has been made anew. Try again.")


def asking(command: Callable[P, T]) -> Callable[P, T]:
    """Have a command that only asks begin again, unnoticed, where the cache turns out to be damaged.

    It prints the same again then, without what it had printed already. Raises StoreError.
    """
    return _asked_again(command, print_again)


def looking_up(question: Callable[P, T]) -> Callable[P, T]:
    """Have a question that prints nothing asked again where the cache turns out to be damaged. Raises StoreError."""
    return _asked_again(question, lambda: None)


def _asked_again(question: Callable[P, T], prepare: Callable[[], None]) -> Callable[P, T]:
    @wraps(question)
    def asked(*arguments: P.args, **named: P.kwargs) -> T:
        try:
            return question(*arguments, **named)
        except MadeAnewError:
            prepare()
        try:
            return question(*arguments, **named)
        except MadeAnewError as error:
            raise StoreError(DAMAGED_AGAIN) from error

    return asked


@contextmanager
def opened(where: Where, known: str = NOW, *, to_write: bool = False) -> Iterator[Opened]:
    """Open an existing directory for questions, as it was known at the moment ``known`` names.

    With ``to_write``, a file is opened for writing as well. Of a damaged one, what is sound is opened, and
    ShownInPartError is raised at the end. Raises RefusedError, MadeAnewError or another StoreError.
    """
    with opened_log(where, to_write=to_write) as log, reading(log) as today:
        with _as_known(today, known) as directory:
            yield directory
        today.read_side.keep_index()
        if today.in_part:
            raise ShownInPartError(log.read_only)
        if isinstance(where, Path):  # of a shared directory, the copy itself is what this computer saw
            note(log, today.index.now if today.position == log.head().position else None)


@contextmanager
def opened_log(where: Where, *, to_write: bool = False) -> Iterator[EventLog]:
    """Open the log of an existing directory to read it, see ``open_log`` and ``shared``. Raises StoreError."""
    if isinstance(where, Path):
        with closing(open_log(where, to_write=to_write)) as log:
            yield log
    else:
        with shared(where) as directory:
            yield directory.log


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
    """Bring up the read side of an open directory for queries. Raises MadeAnewError or another StoreError."""
    read_side, in_part = ReadSide(log, folders.cache()), False
    try:
        try:
            index = read_side.catch_up()
        except DamagedError as met:
            from whowas.safekeeping.sound_part import keep_to_sound_part

            keep_to_sound_part(log, met)
            index, in_part = read_side.catch_up(), True
        with damage_told():
            yield Opened(log, read_side, index, read_side.position, in_part=in_part)
    except DamagedReadSideError as error:
        read_side.rebuild()
        read_side.keep_index()
        raise MadeAnewError from error
    finally:
        read_side.close()


def open_log(path: Path, *, to_write: bool = False) -> EventLog:
    """Open an existing directory, and print what is wrong with it, or that it is another one than was seen before.

    With ``to_write``, one that can only be read raises ReadOnlyError. Raises StoreError.
    """
    log = open_silently(path)
    if log.read_only and not to_write:
        notify(log.read_only)
    keep_as_it_is(log)
    if log.read_only and to_write:
        log.close()
        raise ReadOnlyError(log.read_only)
    tell_if_another(log)
    return log


def open_silently(path: Path) -> EventLog:
    """Open an existing directory, see ``EventLog.open``, and print only if a log was set aside. Raises StoreError.

    First it takes away what killed programs and interrupted erasures left, the latter unless the file may only be read.
    """
    require_not_left(path)
    with ExitStack() as unfinished:
        log = unfinished.enter_context(closing(EventLog.open(path)))
        if log.set_aside is not None:
            notify(set_aside_notice(log.set_aside))
        cache, drafts = folders.cache(), folders.drafts(log.directory_id)
        sweep_around(log, cache, drafts)
        finish(log, cache=cache, drafts=drafts, reports=folders.reports())
        unfinished.pop_all()
    return log
