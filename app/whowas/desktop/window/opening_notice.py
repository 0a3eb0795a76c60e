"""What people have to know about a directory when it was opened."""

from __future__ import annotations

from collections.abc import Iterator

from whowas.desktop.chrome.standing import BACKUP, FOLDER, SET_ASIDE, Condition, Severity
from whowas.desktop.session.session import Session
from whowas.safekeeping.backup_places import is_backup
from whowas.store.event_log import set_aside_notice


def conditions_on_opening(session: Session) -> Iterator[Condition]:
    """Yield what is to be said of where the directory lies, and of what was found beside it."""
    if session.log.set_aside is not None:
        yield Condition(SET_ASIDE, Severity.CALM, set_aside_notice(session.log.set_aside))
    if is_backup(session.path):
        sentence = f"{session.path.name} is a backup: look at it as you like, it stays as it is."
        yield Condition(BACKUP, Severity.CALM, sentence, ("Restore into a new file…",), closable=False)
    if session.shared_folder is not None:
        sentence = (
            f"{session.path.name} is in a shared or network folder ({session.shared_folder}). Open it on one computer "
            "at a time only: what two do at once there can be lost."
        )
        yield Condition(FOLDER, Severity.CALM, sentence)
