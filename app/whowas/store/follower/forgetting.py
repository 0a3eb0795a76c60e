"""What a computer keeps beside a follower that may hold somebody who was erased since."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from whowas.store.file.copies import erased_in
from whowas.store.file.identity import beside
from whowas.store.follower.kept import Kept
from whowas.system import folders

if TYPE_CHECKING:
    from whowas.store.event_log import EventLog


def delete_kept_beside(log: EventLog) -> list[Path]:
    """Delete the followers of a directory that were kept aside, and files of lost changes, that hold anybody erased.

    Nothing where ``log`` is no follower. The follower that other accounts have on this computer stays: it forgets when
    they follow next, and the server is told then. Returns what was deleted. Raises OSError.
    """
    folder = log.path.parent
    if folder.name != log.directory_id or folder.parent != folders.state() / "followers":
        return []
    used = {log.path, *(Kept(log.directory_id, hides_passwords=hides).path for hides in (False, True))}
    erased, deleted = frozenset(log.erased_users()), []
    for path in sorted(folder.glob(f"*{folders.SUFFIX}")):
        if path in used:
            continue
        known = erased_in(path)
        if known is None or not erased <= known:
            for each in (path, *(beside(path, suffix) for suffix in ("-wal", "-shm", "-journal"))):
                each.unlink(missing_ok=True)
            deleted.append(path)
    return deleted
