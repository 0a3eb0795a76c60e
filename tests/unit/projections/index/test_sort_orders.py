"""Columns of custom fields sort by what their values mean, as their definition says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, cast

import apsw
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.domain.directory import Directory
from whowas.domain.field_definitions import FIELD_TYPES, FieldDefinition
from whowas.domain.field_values import sort_key
from whowas.projections.index.order_names import order_name
from whowas.projections.index.sort_orders import inserted, key_reader, sorted_rows
from whowas.projections.tables.arrays import Int32
from whowas.projections.tables.read_model import ReadModel

CHOICES = ("Late", "Early", "Night 10", "Night 9")
TEXTS = {
    "number": st.decimals(allow_nan=False, allow_infinity=False, places=2).map(lambda number: f"{number:f}"),
    "date": st.dates().map(date.isoformat),
    "yes or no": st.sampled_from(["yes", "no"]),
    "choice": st.sampled_from(CHOICES),
}
ANY_TEXT = st.text(st.sampled_from("M910é -."), min_size=1, max_size=6)


class Rows:
    """A read model of nothing but version rows of users with values of the field Desk."""

    def __init__(self, values: Iterable[str | None], column: str = "attributes") -> None:
        self._database = apsw.Connection(":memory:")
        self._database.execute(f"CREATE TABLE version_row (number INTEGER, user INTEGER, {column} TEXT)")
        for number, value in enumerate(values, start=1):
            kept = json.dumps({} if value is None else {"Desk": value}) if column == "attributes" else value
            self._database.execute("INSERT INTO version_row VALUES (?, ?, ?)", (number, 10_000 - number, kept))

    def select(self, sql: str, parameters: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        return self._database.execute(sql, parameters)


def defined(definition: FieldDefinition) -> Directory:
    return Directory(fields={"Desk": "Desk"}, definitions={"Desk": definition})


def users(count: int) -> Int32:
    return np.arange(9_999, 9_999 - count, -1, dtype=np.int32)


def in_order(values: list[str | None], definition: FieldDefinition) -> list[str | None]:
    directory = defined(definition)
    name = order_name("attributes.Desk", directory)
    order = sorted_rows(cast("ReadModel", Rows(values)), name, directory, users(len(values)))
    return [values[row] for row in order.tolist()]


@st.composite
def columns(draw: st.DrawFn) -> tuple[FieldDefinition, list[str | None]]:
    """A definition, and values of it with a few others of old among them."""
    kind = draw(st.sampled_from(FIELD_TYPES))
    fitting = TEXTS.get(kind, ANY_TEXT)
    values = st.none() | fitting | ANY_TEXT
    return FieldDefinition(type=kind, choices=CHOICES if kind == "choice" else ()), draw(st.lists(values, max_size=12))


@given(columns())
def test_a_typed_column_is_in_the_order_of_the_keys_of_its_values_with_blank_ones_at_the_end(
    column: tuple[FieldDefinition, list[str | None]],
) -> None:
    definition, values = column
    shown = in_order(values, definition)
    filled = [text for text in shown if text is not None]
    assert shown[len(filled) :] == [None] * values.count(None)
    keys = [sort_key(definition, text) or "\U0010ffff" for text in filled]
    assert keys == sorted(keys)
    assert sorted(filled) == sorted(text for text in values if text is not None)


@given(columns())
def test_rows_that_come_later_are_put_where_all_of_them_together_stand(
    column: tuple[FieldDefinition, list[str | None]],
) -> None:
    definition, values = column
    directory, model = defined(definition), cast("ReadModel", Rows(values))
    name = order_name("attributes.Desk", directory)
    key_of, numbers = key_reader(model, name, directory), np.arange(1, len(values) + 1, dtype=np.int32)
    order = np.zeros(0, dtype=np.int32)
    for row in range(len(values)):
        order = inserted(order, row, numbers, key_of)
    assert order.tolist() == sorted_rows(model, name, directory, users(len(values))).tolist()


@pytest.mark.parametrize(
    ("definition", "values"),
    [
        (FieldDefinition(), ["M9", "m10", "M010 b", "Z"]),
        (FieldDefinition("number"), ["-12.5", "-2", "0", "9", "10", "100.5"]),
        (FieldDefinition("date"), ["0987-01-01", "2024-02-09", "2024-02-10", "2024-12-01"]),
        (FieldDefinition("yes or no"), ["yes", "no"]),
        (FieldDefinition("choice", choices=CHOICES), [*CHOICES]),
        (FieldDefinition("phone"), ["+49 30 9", "+49 30 10"]),
    ],
)
def test_values_sort_by_what_they_mean(definition: FieldDefinition, values: list[str | None]) -> None:
    assert in_order([None, *reversed(values)], definition) == [*values, None]


def test_many_values_are_in_the_same_order() -> None:
    values = [str(number * 7_919 % 5_003) for number in range(5_003)]
    assert in_order([*values], FieldDefinition("number")) == sorted(values, key=int)


def test_other_texts_sort_with_their_numbers_by_value_too() -> None:
    titles = ["Desk 10", "Desk 9", "desk 1"]
    model = cast("ReadModel", Rows(titles, "title"))
    assert sorted_rows(model, "title", Directory(), users(3)).tolist() == [2, 1, 0]


def test_nobody_can_sort_by_an_order_of_no_definition() -> None:
    with pytest.raises(KeyError):
        sorted_rows(cast("ReadModel", Rows(["a"])), "attributes.Desk\x1fcolour", Directory(), users(1))


def test_only_what_has_to_do_with_sorting_makes_another_order() -> None:
    def named(definition: FieldDefinition) -> str:
        return order_name("attributes.Desk", defined(definition))

    assert named(FieldDefinition("text", help="Where one sits")) == named(FieldDefinition("email")) == "attributes.Desk"
    assert named(FieldDefinition("number", required=True)) == named(FieldDefinition("number"))
    orders = {named(FieldDefinition("choice", choices=choices)) for choices in (CHOICES, CHOICES[::-1], ())}
    assert len(orders | {named(FieldDefinition("date")), named(FieldDefinition("number"))}) == 5
    assert order_name("title", defined(FieldDefinition("number"))) == "title"
