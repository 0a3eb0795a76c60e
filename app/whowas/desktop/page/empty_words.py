"""What the table says where it has no rows."""

from __future__ import annotations

from whowas.desktop.session.lens import AsKnown, Lens, WhatIf
from whowas.desktop.session.view import EVERYONE, DirectoryView


def empty_words(view: DirectoryView, lens: Lens) -> tuple[str, str]:
    """Return the title and the sentence of the notice for a table in which the view finds nobody."""
    if view.search_text.strip():
        return "Nothing found", "No user shown here matches the search."
    if isinstance(lens, WhatIf):
        return "Nobody would be here", "No user belongs here in what is imagined."
    if isinstance(lens, AsKnown):
        return "Nobody here", "Nobody had been recorded by then."
    if view.is_past:
        return "Nobody here at this moment", "Drag the timeline to another moment."
    if view.section == EVERYONE and view.may_draft:
        return "No users yet", "Add the first with New user, or take a list in with Import."
    return "Nobody here", "No user belongs to this section."
