"""The table of a user's text fields: what follows from it by itself, and what must follow it by hand."""

from __future__ import annotations

from typing import get_type_hints

from whowas.domain.fields import LABELS, TEXT_FIELDS, field_called
from whowas.domain.users import User


def test_a_user_has_the_text_fields_of_the_table_in_its_order() -> None:
    assert User._fields == ("id", "version", "status", *LABELS, "password", "groups", "attributes")


def test_every_text_field_of_a_user_may_be_empty_and_is_so_at_first() -> None:
    types = get_type_hints(User)
    assert {name: types[name] for name in LABELS} == dict.fromkeys(LABELS, str | None)
    assert {name: User._field_defaults[name] for name in LABELS} == dict.fromkeys(LABELS)


def test_every_text_field_goes_by_its_name_and_by_its_label_alone() -> None:
    assert len({field.name for field in TEXT_FIELDS}) == len(TEXT_FIELDS)
    for field in TEXT_FIELDS:
        assert field_called(field.name, ()) == field_called(field.label, ()) == field.name
