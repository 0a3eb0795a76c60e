"""By what users can be recognised."""

from __future__ import annotations

import pytest

from whowas.desktop.exchange.assistant.columns.keys import NOTHING, USUAL, fitting, keys_offered, keys_words


@pytest.mark.parametrize(
    ("gives", "words"),
    [
        (("external_id", "email"), ["External id, then email", "External id", "Email"]),
        (("email", "first_name"), ["Email", "Name"]),
        (("id", "external_id", "email"), ["Id, then external id, then email", "Id", "External id", "Email"]),
        (("name", "attributes.Badge"), [NOTHING, "Name", "Badge"]),
        ((), [NOTHING]),
    ],
)
def test_only_what_lists_give_is_offered(gives: tuple[str, ...], words: list[str]) -> None:
    assert [keys_words(keys, gives) for keys in keys_offered(gives)] == words


def test_keys_that_lists_no_longer_give_become_the_usual_ones() -> None:
    assert fitting(("attributes.Badge",), ("attributes.Badge", "email")) == ("attributes.Badge",)
    assert fitting(("attributes.Badge",), ("email",)) == USUAL
    assert fitting(("external_id", "name"), ("external_id", "last_name")) == ("external_id", "name")
    assert fitting(("name",), ("email",)) == USUAL


def test_no_key_at_all_is_none_that_fits() -> None:
    assert fitting((), ("email",)) == USUAL
