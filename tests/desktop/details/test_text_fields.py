"""Every text field of a user has its row in the form and its column in the table, and what is typed is saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from tests.desktop.window.test_main_window import BEN, Desk, desk, directory, somebody_else
from tests.desktop.window.test_moved_file import look
from whowas.desktop.table.columns import standard_columns
from whowas.domain.commands import UpdateUser
from whowas.domain.fields import TEXT_FIELDS, TextField

__all__ = ["desk", "directory"]

TEXT = "quill@example.org"
"""A text that every field takes, an email as well."""

edited = pytest.mark.parametrize(
    "field", [field for field in TEXT_FIELDS if field.name != "external_id"], ids=lambda field: field.name
)


def column_of(field: TextField) -> str:
    """Return the key of the column that shows a field."""
    return "name" if field.name in ("first_name", "last_name") else field.name


def shown_in_the_table(desk: Desk, key: str) -> list[str]:
    model = desk.page.model
    (section,) = (number for number, column in enumerate(standard_columns()) if column.key == key)
    return [str(model.index(row, section).data(Qt.ItemDataRole.DisplayRole)) for row in range(model.rowCount())]


@edited
@pytest.mark.parametrize("whose", ["a new user's", "Ben's"])
def test_what_is_typed_into_its_row_is_saved_and_shown_in_its_column(desk: Desk, field: TextField, whose: str) -> None:
    desk.trigger("new_user") if whose == "a new user's" else desk.select("Ben")
    row = desk.page.panel.form.rows.texts[field.name]
    assert (row.label.text(), row.editor.accessibleName()) == (field.label, field.label)
    assert isinstance(row.editor, QPlainTextEdit if field.multiline else QLineEdit)
    row.editor.setText(TEXT) if isinstance(row.editor, QLineEdit) else row.editor.setPlainText(TEXT)
    if whose == "a new user's" and field.name != "first_name":
        name = desk.page.panel.form.rows.texts["first_name"].editor
        assert isinstance(name, QLineEdit)
        name.setText("Zoë")
    desk.trigger("save")

    assert any(TEXT in text for text in shown_in_the_table(desk, column_of(field)))
    if whose == "Ben's":
        assert desk.shown(BEN).text(field.name) == TEXT


def test_the_external_id_is_shown_but_not_edited(desk: Desk, directory: Path) -> None:
    somebody_else(directory, UpdateUser(BEN, {"external_id": "B-7"}))
    look(desk)
    assert "B-7" in shown_in_the_table(desk, "external_id")
    assert "external_id" not in desk.page.panel.form.rows.texts
