"""Taking a directory from a server back to a file of its own, with the same history."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from whowas.domain.errors import DamagedError, StoreError
from whowas.domain.fields import counted
from whowas.domain.progress import Progress, part_of, unwatched
from whowas.store.chain import Head
from whowas.store.event_log import EventLog
from whowas.store.file import database
from whowas.store.file.publish import publish, require_free
from whowas.store.log_prefix import copy_renewed
from whowas.system.unfinished import unfinished_at

_PARTS = 2


def take_back(follower: EventLog, target: Path, progress: Progress = unwatched) -> Head:
    """Write what this computer keeps of a shared directory to ``target``, verified, as a file like any other.

    The directory on the server stays as it is. Returns the head, which is that of the server as last seen. Raises
    CancelledError; StoreError where there is a file already, where something is wrong, or where passwords are hidden
    from this account, as a file without them would be damaged: then nothing was written.
    """
    require_free(target)
    hidden = follower.hidden_passwords()
    if hidden:
        raise StoreError(
            f"{counted(hidden, 'password')} in this directory cannot be seen by your account, so a file made by you "
            "would lack them. Ask somebody who may edit it to take it back."
        )
    with database.sentences_for(target), unfinished_at(target) as unfinished:
        head = copy_renewed(follower, unfinished, part_of(progress, 0, _PARTS))
        with closing(EventLog.open(unfinished)) as copy:
            damage = copy.verify(head, part_of(progress, 1, _PARTS))
        if damage is not None:
            raise DamagedError(f"What this computer keeps of the directory is damaged. {damage.sentence()}")
        publish(unfinished, target)
    return head
