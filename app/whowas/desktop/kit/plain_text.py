"""What people have written, handed to Qt so that it stands there as it was written.

Qt takes what looks like HTML in a tool tip for HTML and fetches its pictures, "&" in a menu for a mark of the letter
after it, a tab there for what comes before the keys, and "[*]" in a title for the sign of an unsaved document.
"""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

_NOTHING = "\u2060"
"""Takes no room, is not read out, and keeps apart what would be markup together: a word joiner."""


def tool_tip(text: str) -> str:
    """Return ``text`` for the tool tip of a widget or an action, which is also read out as its description."""
    return text.replace("<", f"<{_NOTHING}").replace("&lt;", f"&{_NOTHING}lt;")


def wrapped_tip(text: str) -> str:
    """Return ``text`` for a tool tip that breaks its lines where they get too long, as Qt does in markup only."""
    from html import escape  # with all names of characters, of which a start needs none

    return f"<p style='white-space: pre-wrap'>{escape(text)}</p>"


def label(text: str) -> str:
    """Return ``text`` for an entry of a menu, a button or a label that belongs to a field."""
    return text.replace("&", "&&").replace("\t", " ")


def add_entry(menu: QMenu, text: str) -> QAction:
    """Add an entry called ``text`` to a menu; its tool tip, which Qt would make of that, says the same."""
    action = menu.addAction(label(text))
    action.setToolTip(tool_tip(text))
    return action


def title(text: str) -> str:
    """Return ``text`` for the title of a window or a dialog."""
    return text.replace("[*]", "[*][*]")
