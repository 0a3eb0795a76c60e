"""The read model's tables: a user lies in columns of version_row that follow from what a user is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from whowas.domain.fields import LABELS
from whowas.domain.users import User
from whowas.projections.tables.read_model import ReadModel
from whowas.projections.tables.row_codec import decode_user, encode_rows, search_text

ADA = User("a", 3, "suspended", password="$argon2id$", groups=frozenset({"g"}), attributes={"Room": "B 12"})


@pytest.fixture
def model(tmp_path: Path) -> Iterator[ReadModel]:
    model = ReadModel(tmp_path / "model")
    model.prepare("directory", b"genesis")
    yield model
    model.close()


def test_a_user_lies_in_columns_of_the_same_names(model: ReadModel) -> None:
    columns = [name for (name,) in model.select("SELECT name FROM pragma_table_info('version_row')")]
    assert columns == ["number", "user", "begins", "actor", *User._fields[1:], "content"]


@pytest.mark.parametrize("name", LABELS)
def test_every_text_field_comes_back_as_it_was_and_is_searched(name: str) -> None:
    user = ADA._replace(**{name: "Ærø\nquill"})
    ((_number, _user, _begins, _actor, *columns, _content),) = encode_rows([[*user, 1, 1, 1, "ines"]])
    assert decode_user("a", tuple(columns)) == user
    assert "quill" in search_text(user)
    assert "quill" not in search_text(ADA)


def test_all_tables_are_strict(model: ReadModel) -> None:
    loose = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict"
    assert [name for (name,) in model.select(loose)] == ["sqlite_schema"]


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("SELECT number FROM version_row WHERE user = 1", "version_row_user"),
        ("SELECT number FROM user WHERE user_id = ''", "user_user_id"),
        ("SELECT number FROM change WHERE change_id = ''", "change_change_id"),
        ("SELECT number, causation FROM change WHERE causation IS NOT NULL", "change_with_cause"),
        (
            "SELECT number FROM step WHERE change = 1 AND occurred_at = 1 AND first_position <= 1",
            "step_change_occurred_at_first_position",
        ),
    ],
)
def test_what_is_asked_often_has_an_index(model: ReadModel, query: str, index: str) -> None:
    ((*_, plan),) = model.select(f"EXPLAIN QUERY PLAN {query}")
    assert f" {index}" in plan


def test_each_commit_that_alters_the_file_is_counted_also_where_no_row_is_altered(model: ReadModel) -> None:
    counts = [model.commits()]
    for alter in (model.drop_lookup, model.lay_lookup, model.lay_lookup):
        with model.writing():
            alter()
        counts.append(model.commits() - counts[0])
    assert counts[1:] == [1, 2, 2], "the last one had nothing to do"
