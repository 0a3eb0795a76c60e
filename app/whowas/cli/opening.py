"""What the commands share: their arguments, and opening a directory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from whowas.cli.opened import Opened
from whowas.cli.printing import notify, print_again
from whowas.cli.seen import note, tell_if_another
from whowas.cli.shared import shared
from whowas.cli.where import Where, WhereGiven
from whowas.domain.errors import DamagedError, StoreError
from whowas.domain.named_moments import NOW
from whowas.erasure import finish
from whowas.projections.sides.as_known import as_known
from whowas.projections.sides.cache_sentences import DAMAGED_AGAIN
from whowas.projections.sides.read_side import DamagedReadSideError, ReadSide, damage_told
from whowas.safekeeping.backup_places import keep_as_it_is
from whowas.safekeeping.left_behind import require_not_left
from whowas.safekeeping.sweeper import sweep_around
from whowas.store.event_log import EventLog, ReadOnlyError, set_aside_notice
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
