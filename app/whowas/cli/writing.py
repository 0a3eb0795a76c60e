"""Opening a directory for commands: an existing one, or one that comes with its first change."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from whowas.cli.backups import have_backed_up
from whowas.cli.committing import Saved, SavedOnServer
from whowas.cli.opening import open_log
from whowas.cli.printing import notify
from whowas.cli.seen import note, note_new
from whowas.cli.shared import shared_to_write
from whowas.cli.where import SharedAt, Where
from whowas.command_bus.bus import Bus
from whowas.command_bus.renewal import Renewal
from whowas.domain.errors import StoreError, UnfinishedError
from whowas.domain.fields import checked_name
from whowas.safekeeping.backing_up import copy_before_upgrade
from whowas.safekeeping.backups import DAILY
from whowas.safekeeping.left_behind import require_not_left
from whowas.store.event_log import EventLog, set_aside_notice
from whowas.store.file.create import unpublished
from whowas.store.file.database import sentences_for
from whowas.store.file.identity import identity_of
from whowas.store.file.publish import TakenError, publish, wait_until_settled
from whowas.system.person import os_user

if TYPE_CHECKING:
    from whowas.store.follower.shared_directory import SharedDirectory

T = TypeVar("T")


@contextmanager
def writable(
    where: Where, actor: str | None = None, *, before: int = 0, backup: str | None = DAILY
) -> Iterator[tuple[Bus, EventLog]]:
    """Open an existing directory for commands; ``before`` is how many changes the command has saved already.
    ``backup`` is for what reason a backup is made first, None for none. In a shared directory the account is who acts,
    whatever ``actor`` says, and no backup is made: every computer that uses it has a copy.

    Raises RefusedError for an ``actor`` that is no name, StoreError, or UnfinishedError where somebody stops it when
    something was saved.
    """
    who = _actor(actor)
    if isinstance(where, Path):
        with _writable_file(where, who, before, backup) as opened:
            yield opened
    else:
        with _writable_on_server(where, before) as opened:
            yield opened


@contextmanager
def _writable_on_server(where: SharedAt, before: int) -> Iterator[tuple[Bus, EventLog]]:
    with ExitStack() as stack:
        with reporting_saved(before):
            directory = stack.enter_context(shared_to_write(where))
        bus, saved = bus_on_server(directory)
        try:
            yield bus, directory.log
        except KeyboardInterrupt:
            with reporting_saved(before + saved.count()):
                raise


@contextmanager
def _writable_file(path: Path, who: str, before: int, backup: str | None) -> Iterator[tuple[Bus, EventLog]]:
    with reporting_saved(before):
        wait_until_settled(path)
        log = open_log(path, to_write=True)
    with closing(log):
        saved = Saved(log)
        bus = bus_over(log, saved, who)
        bus.subscribe(saved.after_commit)
        if backup is not None:
            with reporting_saved(before):
                have_backed_up(log, backup)
        try:
            yield bus, log
            note(log)
        except KeyboardInterrupt:
            with reporting_saved(before + saved.count()):
                raise


def bus_on_server(directory: SharedDirectory) -> tuple[Bus, SavedOnServer]:
    """Return a bus that writes to a shared directory, and what counts its changes."""
    saved = SavedOnServer(directory, lambda: bus.asked)
    bus = Bus(directory.writes, clock=directory.clock, actor=directory.account, before_commit=saved.before_commit)
    bus.subscribe(saved.after_commit)
    return bus, saved


def bus_over(log: EventLog, saved: Saved, actor: str) -> Bus:
    """Return a bus that writes to an open directory, and prints it where its file was renewed for that."""

    def tell(renewal: Renewal) -> None:
        for sentence in renewal.told():
            notify(sentence)

    return Bus(
        log,
        clock=now,
        actor=actor,
        before_commit=saved.before_commit,
        copied=copy_before_upgrade,
        renewed=tell,
    )


@contextmanager
def reporting_saved(saved: int) -> Iterator[None]:
    """Turn a KeyboardInterrupt in the block into UnfinishedError where ``saved`` changes, at least one, are saved."""
    try:
        yield
    except KeyboardInterrupt:
        if not saved:
            raise
        changes = "1 change is saved" if saved == 1 else f"{saved:,} changes are saved"
        raise UnfinishedError(f"Stopped; {changes}.") from None


def carry_out(
    where: Where,
    work: Callable[[Bus, EventLog], T],
    actor: str | None = None,
    *,
    backup: str | None = DAILY,
    even_empty: Callable[[T], bool] = lambda _result: False,
) -> T:
    """Do ``work`` in a directory and return what it returns; a missing file is created with its first change.

    Until then nobody else sees it, and if nothing was saved there is none, unless ``even_empty`` says of the result
    that the directory is wanted nevertheless. If another process creates one meanwhile, the work is done again in that
    one. ``backup`` is as for ``writable``, whose errors it raises, and those of the work.
    """
    who = _actor(actor)
    if isinstance(where, Path) and not where.exists():
        require_not_left(where)
        try:
            return _begun(where, work, who, even_empty)
        except TakenError:
            if not where.exists():  # a link that leads nowhere
                raise
    with writable(where, who, backup=backup) as (bus, log):
        return work(bus, log)


def _begun(path: Path, work: Callable[[Bus, EventLog], T], actor: str, even_empty: Callable[[T], bool]) -> T:
    with unpublished(path) as unfinished:
        with closing(EventLog.create(unfinished)) as log:
            result = work(Bus(log, clock=now, actor=actor), log)
            used = log.head().position > 0 or even_empty(result)
            log.settle()
        if used:
            made = identity_of(unfinished)
            try:
                with sentences_for(path):
                    set_aside = publish(unfinished, path)
                note_new(path)
            except KeyboardInterrupt:
                if identity_of(path) != made:
                    raise
                raise UnfinishedError("Stopped; what was asked is saved.") from None
            if set_aside is not None:
                notify(set_aside_notice(set_aside))
    return result


def _actor(given: str | None) -> str:
    return os_user() if given is None else checked_name("actor", given)


def now() -> int:
    """Return the present moment in UTC microseconds."""
    return time.time_ns() // 1000


def given_lines() -> Iterator[bytes]:
    """Yield the lines of stdin. Raises StoreError."""
    try:
        yield from sys.stdin.buffer
    except OSError as error:
        raise StoreError(f"Standard input cannot be read: {error.strerror or error}.") from error
