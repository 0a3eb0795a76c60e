"""Every text field of a user goes all the way: stored, listed, searched, told of, exported and imported again."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.command_line import json_lines, whowas
from whowas.domain.fields import LABELS, TEXT_FIELDS, TextField

ADA = "01890000-0000-7000-8000-00000000000a"
ONCE, NOW = "quill@example.org", "brass@example.org"
"""Texts that every field takes, an email as well."""

every_field = pytest.mark.parametrize("field", TEXT_FIELDS, ids=lambda field: field.name)


@pytest.fixture
def file(tmp_path: Path, field: TextField) -> Path:
    """Ada, whose field held one text, and now holds another."""
    file = tmp_path / "staff.whowas"
    created = {"command": "CreateUser", "id": ADA, "first_name": "Ada", field.name: ONCE}
    updated = {"command": "UpdateUser", "id": ADA, field.name: NOW}
    assert whowas("run", file, stdin=json_lines(created, updated)).code == 0
    return file


@every_field
def test_it_is_stored_under_the_schema_that_brought_it(file: Path, field: TextField) -> None:
    with closing(sqlite3.connect(file)) as connection:
        stored = connection.execute("SELECT type, schema FROM event ORDER BY position").fetchall()
    assert stored == [("UserCreated", field.schema), ("UserUpdated", field.schema)]


@every_field
def test_it_is_listed_shown_searched_and_told_of(file: Path, field: TextField) -> None:
    once, now = (whowas("list", file, "--at", at, "--json").objects[0] for at in ("#1", "now"))
    found = whowas("list", file, "--search", NOW, "--json").objects
    assert (once[field.name], now[field.name]) == (ONCE, NOW)
    assert found == [now]
    assert whowas("list", file, "--search", ONCE, "--json").objects == []
    assert any(line.split() == [*field.label.split(), NOW] for line in whowas("show", file, ADA).out.splitlines())
    assert whowas("history", file, ADA, "--json").objects[1]["sentence"] == f"{field.label} changed: {ONCE} → {NOW}"


@every_field
@pytest.mark.parametrize("titled", [False, True], ids=["by name", "by label"])
def test_it_is_exported_and_imported_again(file: Path, field: TextField, titled: bool) -> None:
    table, other = file.with_suffix(".csv"), file.with_name("other.whowas")
    assert whowas("export", file, table, "--format", "csv").code == 0
    header, *rows = csv.reader(table.read_text(encoding="utf-8").splitlines())
    assert dict(zip(header, rows[0], strict=True))[field.name] == NOW
    if titled:
        with table.open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines).writerows([[LABELS.get(name, name) for name in header], *rows])

    assert whowas("import", other, table).code == 0
    (ada,), (again,) = (whowas("list", one, "--json").objects for one in (file, other))
    assert again == ada | {"version": 1}
