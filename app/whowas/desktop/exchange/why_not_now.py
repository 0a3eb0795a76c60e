"""When something can be imported: into the present, of a directory that may be written."""

from __future__ import annotations

from whowas.desktop.session.lens import AsKnown, Now, WhatIf
from whowas.desktop.session.session import Session
from whowas.desktop.session.view import DirectoryView


def why_not_now(session: Session, view: DirectoryView) -> str:
    """Say in a sentence why nothing can be imported into what is shown, "" where it can."""
    if session.not_now:
        return f"Nothing can be imported. {session.not_now}"
    match session.shown.lens:
        case WhatIf():
            return "Nothing can be imported into what is only imagined: leave it first."
        case AsKnown():
            return "Nothing can be imported into what the directory showed once: return to now first."
        case Now():
            return "Nothing can be imported into the past: return to now first." if view.is_past else ""
