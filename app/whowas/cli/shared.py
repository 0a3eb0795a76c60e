"""Opening a directory that several people share: what it holds is read from the copy that this computer keeps of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from whowas.cli.printing import local_time, notify
from whowas.cli.where import Shared
from whowas.domain.errors import RefusedError, StoreError
from whowas.domain.fields import counted
from whowas.erasure import finish
from whowas.system import folders

if TYPE_CHECKING:
    from whowas.store.follower.shared_directory import SharedDirectory


@contextmanager
def shared(where: Shared) -> Iterator[SharedDirectory]:
    """Open a shared directory brought up to its server, or as it was seen last where the server is away, and say so.

    Raises StoreError.
    """
    # Commands that work on files need no driver of a server.
    from whowas.store.follower.shared_directory import SharedDirectory

    with closing(SharedDirectory.open(where.address)) as directory:
        for sentence in _remarks(directory):
            notify(sentence)
        log = directory.log
        drafts = folders.drafts(log.directory_id)
        finish(log, cache=folders.cache(), drafts=drafts, reports=folders.reports())
        yield directory


@contextmanager
def shared_to_write(where: Shared) -> Iterator[SharedDirectory]:
    """Open a shared directory to save something in it. Raises RefusedError without the right to, else StoreError."""
    with shared(where) as directory:
        if directory.offline is not None:
            raise StoreError(f"Nothing can be saved in {where.name} now. {directory.offline}")
        if directory.rights not in {"editor", "admin"}:
            may = "may only read" if directory.rights == "reader" else "has no right to"
            hint = "An admin of it may change that: whowas team grant."
            raise RefusedError("account", f"The account “{directory.account}” {may} this directory. {hint}")
        yield directory


def _remarks(directory: SharedDirectory) -> Iterator[str]:
    """Yield what people have to know of a shared directory before they read on, in sentences."""
    if directory.remark is not None:
        yield directory.remark
    if directory.offline is not None:
        since = local_time(directory.offline_since or directory.seen_at)
        yield f"Not connected since {since}: this is the directory as it was then. {directory.offline}"
    if (lost := directory.lost()) is not None:
        lies = f"{counted(lost.count, 'change')} that this computer saw. They are kept in {lost.kept}"
        yield f"The server no longer has {lies}; open the directory in a window to send them again."
