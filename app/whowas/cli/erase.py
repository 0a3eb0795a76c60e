"""The command that erases a user."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from whowas.cli.committing import Saved, SavedOnServer, committed
from whowas.cli.list_show import nobody
from whowas.cli.opened import Opened
from whowas.cli.opening import FILE, opened, reading, utf8
from whowas.cli.printing import notify, plain, say
from whowas.cli.shared import shared_to_write
from whowas.cli.where import SharedAt, Where
from whowas.cli.writing import bus_on_server, bus_over
from whowas.command_bus.bus import Bus
from whowas.domain.comparison_keys import email_key, external_id_key
from whowas.domain.errors import RefusedError, StoreError, UnfinishedError
from whowas.domain.unique import several_called
from whowas.domain.users import User
from whowas.erasure import TRACES_LEFT
from whowas.erasure import erase as erased
from whowas.store.event_log import EventLog
from whowas.system import folders
from whowas.system.person import os_user


@click.command("erase")
@FILE
@click.argument("who", type=utf8)
@click.option("--yes", is_flag=True, help="Do not ask; needed where nobody sits at a terminal.")
def erase(file: Where, who: str, yes: bool) -> int:
    """Forget a user for ever. WHO is an id, or the external id or email they have now.

    Everything that was ever known of them is taken out of the directory, of its past as well, of what is kept beside
    it, and of drafts. What happened, when, and who did it stays, without them in it, so that verify still holds. So do
    the words of others about them, and backups and exports you made yourself: those hold this user until you delete
    them. Exits 1 where there is no such user. From a shared directory, admins erase: every window that uses it forgets
    as well, but what the server's keeper has in backups and archives stays.

    \b
    Example: whowas erase staff.whowas ada@example.org
    """
    with _opened(file) as (directory, bus, saved):
        user_id = directory.find(who)
        if user_id is None:
            return nobody(directory, who)
        user = _present(directory, user_id)
        _require_called(user, who)
        _require_one(directory.log, user, who)
        if not yes:
            _ask(user, is_shared=isinstance(file, SharedAt))
        log = directory.log
        drafts, reports = folders.drafts(log.directory_id), folders.reports()
        try:
            done = erased(
                *(bus, log, user_id),
                cache=folders.cache(),
                drafts=drafts,
                reports=reports,
                catch_up=directory.read_side.catch_up,
            )
        except KeyboardInterrupt:
            if not saved.count():
                raise
            raise UnfinishedError(f"Stopped; user {user_id} is erased. {TRACES_LEFT}") from None
        event = "event holds" if done.events == 1 else "events hold"
        answer = f"User {user_id} is erased: {done.events:,} {event} nothing of them any more."
        committed(answer)
        for sentence in done.told():
            notify(sentence)
    for sentence in _left_on_server(file):
        notify(sentence)
    say(answer)
    return 0


@contextmanager
def _opened(where: Where) -> Iterator[tuple[Opened, Bus, Saved | SavedOnServer]]:
    """Open a directory to erase from it, with what writes to it and counts that. Raises RefusedError or StoreError."""
    if isinstance(where, Path):
        with opened(where, to_write=True) as directory:
            saved = Saved(directory.log)
            bus = bus_over(directory.log, saved, os_user())
            bus.subscribe(saved.after_commit)
            yield directory, bus, saved
        return
    with shared_to_write(where, {"admin"}) as shared, reading(shared.log) as directory:
        yield directory, *bus_on_server(shared)
        directory.read_side.keep_index()


def _left_on_server(where: Where) -> Iterator[str]:
    """Have the server of a shared directory sweep; yield what is left there and in others' windows, in sentences."""
    if isinstance(where, Path):
        return
    from whowas.team.connected import server_at
    from whowas.team.erasing import not_forgotten_told, sweep_server

    try:
        with server_at(where.address) as server:
            yield from sweep_server(server)
            if sentence := not_forgotten_told(server):
                yield sentence
    except StoreError as error:
        yield f"Whether traces are left on the server could not be found out. {error}"


def _present(directory: Opened, user_id: str) -> User:
    number = directory.read_side.user_number(user_id)
    row = None if number is None else directory.index.row_of(number, directory.index.now)
    assert row is not None, "a user who was found is there now"
    (user,) = directory.users([row])
    return user


def _require_called(user: User, who: str) -> None:
    """Raise RefusedError where ``who`` is only an earlier name of the user: too weak for something irrevocable."""
    external_id = user.external_id
    called = who.lower() == user.id or (
        external_id is not None and external_id_key(who) == external_id_key(external_id)
    )
    if not called and (user.email is None or email_key(who) != email_key(user.email)):
        sentence = f"Only once was {plain(user.name)} called so. To erase them nevertheless, give their id: {user.id}"
        raise RefusedError("who", sentence)


def _require_one(log: EventLog, user: User, who: str) -> None:
    """Raise RefusedError where several users are called ``who``, as they may be since the file was of an older version.

    Raises StoreError.
    """
    owners = {*log.owners_of_email(email_key(who)), *log.owners_of_external_id(external_id_key(who)), user.id}
    if who.lower() != user.id and len(owners) > 1:
        raise several_called("who", plain(who), owners)


def _ask(user: User, *, is_shared: bool) -> None:
    """Ask at the terminal. Raises RefusedError where there is none, click.Abort if the answer is no."""
    if not sys.stdin.isatty():
        raise RefusedError("yes", "Erasing is for ever. Say --yes where nobody can be asked.")
    warning = ""
    if is_shared:
        from whowas.team.erasing import UNREACHED

        warning = f" {UNREACHED}"
    click.confirm(
        f"Erase {plain(user.name)} ({user.id})? All that was ever known of them goes, and nothing brings it back."
        f"{warning}",
        abort=True,
        err=True,
    )
