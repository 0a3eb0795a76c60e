"""Opening a directory that several people share: what it holds is read from the copy that this computer keeps of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from whowas.cli.printing import local_time, notify, plain
from whowas.cli.where import SharedAt
from whowas.domain.errors import RefusedError, StoreError
from whowas.domain.fields import counted
from whowas.erasure import finish
from whowas.store.server.roles import WRITERS
from whowas.system import folders

if TYPE_CHECKING:
    from whowas.store.follower.shared_directory import SharedDirectory


@contextmanager
def shared(where: SharedAt) -> Iterator[SharedDirectory]:
    """Open a shared directory brought up to its server, or as it was seen last where the server is away, and say so.

    Raises StoreError.
    """
    with _opened(where) as directory:
        if directory.offline is not None:
            since = local_time(directory.offline_since or directory.seen_at)
            notify(f"Not connected since {since}: this is the directory as it was then. {directory.offline}")
        yield directory


@contextmanager
def shared_online(where: SharedAt, refusal: str) -> Iterator[SharedDirectory]:
    """Open a shared directory brought up to its server. Raises StoreError, ``refusal`` where the server is away."""
    with _opened(where) as directory:
        if directory.offline is not None:
            raise StoreError(f"{refusal} {directory.offline}")
        yield directory


@contextmanager
def shared_to_write(where: SharedAt, who: Collection[str] = WRITERS) -> Iterator[SharedDirectory]:
    """Open a shared directory to save something in it, which those with the rights ``who`` may.

    Raises RefusedError for others, else StoreError.
    """
    with shared_online(where, f"Nothing can be saved in {where.name} now.") as directory:
        if directory.rights not in who:
            may = {"reader": "may only read", "editor": "may only read and edit"}.get(
                directory.rights or "", "has no right in"
            )
            hint = "An admin of it can change that: whowas team grant."
            raise RefusedError("account", f"The account “{plain(directory.account)}” {may} this directory. {hint}")
        yield directory
        if directory.writes.not_copied:
            from whowas.store.follower.shared_log import NOT_COPIED

            notify(NOT_COPIED)


@contextmanager
def _opened(where: SharedAt) -> Iterator[SharedDirectory]:
    # Commands that work on files need no driver of a server.
    from whowas.store.follower.shared_directory import SharedDirectory

    with closing(SharedDirectory.open(where.address)) as directory:
        for sentence in _remarks(directory):
            notify(sentence)
        log = directory.log
        drafts = folders.drafts(log.directory_id)
        finish(log, cache=folders.cache(), drafts=drafts, reports=folders.reports())
        for sentence in _swept(directory):
            notify(sentence)
        yield directory


def _swept(directory: SharedDirectory) -> Sequence[str]:
    """Have the server swept of whoever was erased, which takes an admin; return what is left, in sentences."""
    if directory.rights != "admin" or directory.offline is not None or not directory.log.erased_users():
        return ()
    from whowas.team.connected import server_at
    from whowas.team.erasing import sweep_server

    try:
        with server_at(directory.address) as server:
            return sweep_server(server)
    except StoreError as error:
        return (f"Whether traces are left on the server could not be found out. {error}",)


def _remarks(directory: SharedDirectory) -> Iterator[str]:
    """Yield what was done, and what is missing, as a shared directory was opened, in sentences."""
    if directory.remark is not None:
        yield directory.remark
    if (lost := directory.lost()) is not None:
        lies = f"{counted(lost.count, 'change')} that this computer saw. They are kept in {lost.kept}"
        yield f"The server no longer has {lies}; open the directory in a window to send them again."
