"""What people have to know about a directory when it was opened."""

from __future__ import annotations

from whowas.desktop.session import Session
from whowas.store.event_log import set_aside_told


def notice_on_opening(session: Session) -> str:
    """Return sentences about where the directory lies and what was found beside it; "" where there are none."""
    sentences = []
    if session.log.set_aside is not None:
        sentences.append(set_aside_told(session.log.set_aside))
    if session.shared_folder is not None:
        sentences.append(
            f"{session.path.name} is in a shared or network folder ({session.shared_folder}). Open it on one computer "
            "at a time only: what two do at once there can be lost."
        )
    return " ".join(sentences)
