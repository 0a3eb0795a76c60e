"""Using a drop-down as a person does."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from whowas.desktop.kit import plain_text
from whowas.desktop.kit.menu_box import MenuBox


def opened(box: MenuBox) -> QMenu:
    """Open a drop-down, and return its menu."""
    before = set(box.findChildren(QMenu))
    box.open_menu()
    (menu,) = set(box.findChildren(QMenu)) - before
    return menu


def entries(box: MenuBox) -> list[str]:
    """What a drop-down offers, as the menu has it; a rule is no entry."""
    menu = opened(box)
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    menu.close()
    return texts


def ticked(box: MenuBox) -> list[str]:
    """What a drop-down says is chosen."""
    menu = opened(box)
    texts = [action.text() for action in menu.actions() if action.isChecked()]
    menu.close()
    return texts


def pick(box: MenuBox, text: str) -> None:
    """Choose an entry."""
    menu = opened(box)
    found: list[QAction] = [action for action in menu.actions() if action.text() == plain_text.label(text)]
    assert len(found) == 1, [action.text() for action in menu.actions()]
    found[0].trigger()
    menu.close()
