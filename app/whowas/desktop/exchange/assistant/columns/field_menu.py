"""The menu of a title: every field that it can become."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QMenu, QWidget

from whowas.desktop.exchange.assistant.columns.field_name_dialog import FieldNameDialog
from whowas.desktop.exchange.assistant.columns.fields import (
    LEAVE_OUT,
    TitleColumn,
    offered_fields,
    proposed_name,
    same_field,
    words_for,
)
from whowas.desktop.kit.menu_box import add_choice
from whowas.domain.fields import ATTRIBUTE_PREFIX

NEW_FIELD = "New field…"


def fill_field_menu(
    menu: QMenu, column: TitleColumn, known: Sequence[str], choose: Callable[[str | None], None], parent: QWidget
) -> None:
    """Offer every field, custom ones that exist (``known``), a new one, and to leave the column out."""

    def offer(field: str) -> None:
        add_choice(menu, words_for(field, known), lambda: choose(field), chosen=same_field(field, column.field))

    own = [*offered_fields()]
    custom = [ATTRIBUTE_PREFIX + name for name in known]
    proposed = ATTRIBUTE_PREFIX + proposed_name(column.title)
    new = [proposed, *([column.field] if column.field is not None else [])]
    for field in own:
        offer(field)
    menu.addSeparator()
    for field in custom:
        offer(field)
    if custom:
        menu.addSeparator()
    for at, field in enumerate(new):
        others = [*own, *custom, *new[:at]]
        if not any(same_field(field, other) for other in others):
            offer(field)
    add_choice(menu, NEW_FIELD, lambda: _ask(column, choose, parent))
    menu.addSeparator()
    add_choice(menu, LEAVE_OUT, lambda: choose(None), chosen=column.field is None)


def _ask(column: TitleColumn, choose: Callable[[str | None], None], parent: QWidget) -> None:
    dialog = FieldNameDialog(proposed_name(column.title), parent)
    dialog.named.connect(lambda name: choose(ATTRIBUTE_PREFIX + name))
    dialog.open()
