"""Escaping text that people have written, so that Qt shows it literally.

Qt interprets what looks like HTML in a tool tip as HTML and loads its images; in a menu, "&" marks the next letter as a
mnemonic and a tab separates the shortcut; and "[*]" in a title stands for the sign of an unsaved document.
"""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

_NOTHING = "\u2060"
"""A word joiner: it is invisible, is not read out, and breaks up what would otherwise be markup."""


def tool_tip(text: str) -> str:
    """Return ``text`` for the tool tip of a widget or action, which screen readers also read as its description."""
    return text.replace("<", f"<{_NOTHING}").replace("&lt;", f"&{_NOTHING}lt;")


def wrapped_tip(text: str) -> str:
    """Return ``text`` as markup for a tool tip with line wrapping, which Qt does only for markup."""
    from html import escape  # not needed at start-up, and slow to import because of its table of characters

    return f"<p style='white-space: pre-wrap'>{escape(text)}</p>"


def label(text: str) -> str:
    """Return ``text`` for a menu entry, a button, or the label of a field."""
    return text.replace("&", "&&").replace("\t", " ")


def add_entry(menu: QMenu, text: str) -> QAction:
    """Add an entry ``text`` to a menu, with the same tool tip; Qt would derive the tip from the escaped text."""
    action = menu.addAction(label(text))
    action.setToolTip(tool_tip(text))
    return action


def title(text: str) -> str:
    """Return ``text`` for the title of a window or a dialog."""
    return text.replace("[*]", "[*][*]")
