"""Bringing the follower of a directory up to its server, or beginning a new one where it is of no use any more."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from whowas.domain.errors import DamagedError, StoreError
from whowas.domain.fields import listed
from whowas.domain.progress import Progress
from whowas.store.backup import save_copy
from whowas.store.follower.follower import AlteredFollowerError, Follower
from whowas.store.follower.forgetting import delete_kept_beside
from whowas.store.follower.kept import Kept, LastKnown, Lost
from whowas.store.follower.link import Link
from whowas.store.follower.lost_changes import LostChangesError, changes_after
from whowas.store.server.errors import AnotherHistoryError
from whowas.store.server.roles import Rights
from whowas.system import folders

if TYPE_CHECKING:
    from whowas.store.server.server_log import ServerLog


def hides_passwords(rights: Rights | None) -> bool:
    """Return whether the server hides password hashes from an account with such rights."""
    return rights is None or rights == "reader"


def follower_of(kept: Kept) -> Follower:
    """Open the follower that is used, made if there is none. Raises StoreError, DamagedError where it was altered."""
    try:
        folders.private_folder(kept.folder)
    except OSError as error:
        raise StoreError(f"“{kept.folder}” cannot be used: {error.strerror or error}.") from error
    follower = Follower(kept.path, kept.directory_id, hides_passwords=kept.hides_passwords)
    if follower.log.read_only:  # its tables or triggers are not ours
        follower.log.close()
        raise DamagedError(follower.log.read_only)
    return follower


def new_follower(kept: Kept) -> Follower:
    """Begin a new follower; the one so far stays where it is."""
    return Follower(kept.next_path(), kept.directory_id, hides_passwords=kept.hides_passwords)


def brought_up(link: Link, kept: Kept, known: LastKnown, progress: Progress) -> tuple[Follower, LastKnown, str | None]:
    """Open the follower and bring it up to the server, or a new one where that cannot be; say what was done then.

    Changes that the server lost are kept and remembered. Raises AnotherHistoryError, after which a new follower is the
    one that is used; CancelledError; StoreError.
    """
    former = kept.path
    try:
        follower = follower_of(kept)
    except StoreError as error:
        if not former.exists():
            raise
        follower = new_follower(kept)
        return _followed(link, follower, progress), known, _made_anew(str(error), former.name, kept)
    remark: str | None = None
    try:
        return _followed(link, follower, progress), known, None
    except LostChangesError as error:
        remark = str(error) if error.went_on else None
        known = kept.remember(replace(known, seen_at=0, lost=_kept_lost(link, kept, follower, error.through)))
    except AlteredFollowerError as error:
        remark = _made_anew(str(error), former.name, kept)
    except AnotherHistoryError as error:
        new_follower(kept).log.close()
        kept.remember(replace(known, seen_at=0))
        raise AnotherHistoryError(
            f"{error} What it saw is kept as “{former}”. To see what the server has now, open the directory again.",
            error.position,
        ) from error
    follower = _followed(link, new_follower(kept), progress)
    return follower, known, " ".join(filter(None, (remark, _forgotten_beside(follower)))) or None


def _forgotten_beside(follower: Follower) -> str:
    """Delete what was kept beside a new follower of people who were erased before it was begun; say so.

    It never had what was erased, so nothing else is to be swept. What cannot be deleted is said, too.
    """
    try:
        deleted = delete_kept_beside(follower.log)
    except OSError as error:
        return f"What was kept of people who were erased meanwhile could not be deleted: {error.strerror or error}."
    if not deleted:
        return ""
    are = "was" if len(deleted) == 1 else "were"
    names = listed(f"“{path.name}”" for path in deleted)
    return f"{names} held somebody who was erased since, and {are} deleted."


def _followed(link: Link, follower: Follower, progress: Progress) -> Follower:
    """Bring a follower up to the server; it is closed where that fails."""

    def follow(server: ServerLog) -> None:
        follower.witness(server)
        follower.follow(server, progress)

    try:
        link.asked(follow)
    except BaseException:
        follower.log.close()
        raise
    return follower


def _made_anew(damage: str, name: str, kept: Kept) -> str:
    return (
        f"What this computer kept of the directory cannot be used, so it was made anew from the server. {damage} "
        f"It is kept as “{kept.folder / name}”."
    )


def _kept_lost(link: Link, kept: Kept, follower: Follower, through: int) -> Lost:
    """Keep a copy of what was followed, with the changes that the server lost; the follower is closed."""
    name = re.sub(r"[^\w.-]+", "_", link.address.dbname or link.address.service or "directory")
    # With the end of its id, as one database may have several directories, and one name may stand on several servers.
    target = kept.free_path(f"{name} {kept.directory_id[-6:]} lost changes")
    try:
        save_copy(follower.log, target)
        count = sum(1 for _ in changes_after(follower.log, through))
    finally:
        follower.log.close()
    return Lost(target.name, through, count)
