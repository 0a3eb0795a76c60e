"""The edited fields of the form: what each was, and putting that back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whowas.desktop.details.draft import Draft, UserForm
from whowas.desktop.kit.edited_mark import was
from whowas.domain.fields import ATTRIBUTE_PREFIX

if TYPE_CHECKING:
    from whowas.desktop.details.rows import FormRows


def mark_edited(rows: FormRows, base: UserForm, draft: Draft) -> None:
    """Mark exactly the fields of a draft based on ``base``; of a user who does not exist yet, none was anything."""
    edited = draft.fields() if base.user_id is not None else frozenset()
    for row in rows.all():
        row.show_was(was(row.words(_text(base, row.key))) if row.key in edited else "")


def put_back(rows: FormRows, base: UserForm, key: str) -> None:
    """Show in one field what it is in ``base``, as if a person had typed that."""
    if key == "groups":
        rows.groups.put_back(base.groups)
    elif (row := rows.text_row(key)) is not None:
        row.put_back(_text(base, key))


def _text(form: UserForm, key: str) -> str:
    if key == "groups":
        return ", ".join(form.groups)
    if key.startswith(ATTRIBUTE_PREFIX):
        return form.attributes.get(key.removeprefix(ATTRIBUTE_PREFIX), "")
    return form.values.get(key, "")
