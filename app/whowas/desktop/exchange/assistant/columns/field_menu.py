"""The menu of a title: every field that it can become."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtWidgets import QMenu, QWidget

from whowas.desktop.exchange.assistant.columns.field_name_dialog import FieldNameDialog
from whowas.desktop.exchange.assistant.columns.fields import (
    LEAVE_OUT,
    CustomFields,
    TitleColumn,
    is_new,
    offered_fields,
    proposed_name,
    same_field,
    words_for,
)
from whowas.desktop.kit import plain_text
from whowas.desktop.kit.menu_box import add_choice
from whowas.domain.fields import ATTRIBUTE_PREFIX
from whowas.interchange.mapping.title_keys import title_key

NEW_FIELD = "New field…"


def fill_field_menu(
    menu: QMenu, column: TitleColumn, custom: CustomFields, choose: Callable[[str | None], None], parent: QWidget
) -> None:
    """Offer every field, custom ones that exist (``custom``), a new one, and to leave the column out."""

    def offer(field: str) -> None:
        add_choice(menu, words_for(field, custom), lambda: choose(field), chosen=same_field(field, column.field))

    own = [*offered_fields(), *_seldom(column)]
    there = [ATTRIBUTE_PREFIX + name for name in custom.names]
    proposed = ATTRIBUTE_PREFIX + proposed_name(column.title)
    new = [proposed, *([column.field] if column.field is not None else [])]
    for field in own:
        offer(field)
    menu.addSeparator()
    for field in there:
        offer(field)
    if there:
        menu.addSeparator()
    for at, field in enumerate(new):
        if is_new(field, custom) and not any(same_field(field, other) for other in new[:at]):
            offer(field)
    plain_text.add_entry(menu, NEW_FIELD).triggered.connect(lambda: _ask(column, choose, parent))
    menu.addSeparator()
    add_choice(menu, LEAVE_OUT, lambda: choose(None), chosen=column.field is None)


def _seldom(column: TitleColumn) -> Iterator[str]:
    """Yield our own id, which no other list has, where a title is called so, and what else was recognised already."""
    if column.field == "id" or title_key(column.title) == "id":
        yield "id"
    if column.field == "password_hash":
        yield column.field


def _ask(column: TitleColumn, choose: Callable[[str | None], None], parent: QWidget) -> None:
    dialog = FieldNameDialog(proposed_name(column.title), parent)
    dialog.named.connect(lambda name: choose(ATTRIBUTE_PREFIX + name))
    dialog.open()
