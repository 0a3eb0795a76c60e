"""What the options of import may say, and which of them contradict each other."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.cli.importing.import_options import Given, fields_of_titles, keys, statuses_of_words
from whowas.domain.errors import RefusedError
from whowas.interchange.importing.given.rules import ImportRules
from whowas.interchange.mapping.list_mapping import Chosen
from whowas.interchange.reading.table import HowToRead


@pytest.mark.parametrize(
    ("pair", "title", "field"),
    [
        ("Mail=email", "Mail", "email"),
        ("a=b=email", "a=b", "email"),
        ("Start=attribute:a=b", "Start", "attributes.a=b"),
        ("x=email=attribute:y=z", "x=email", "attributes.y=z"),
        ("Team=-", "Team", None),
        ("Team = attribute:Team name ", "Team", "attributes.Team name"),
        ("Mail==email", "Mail=", "email"),
        ("Voller Name=name", "Voller Name", "name"),
    ],
)
def test_a_title_ends_at_the_last_sign_after_which_a_field_stands(pair: str, title: str, field: str | None) -> None:
    assert fields_of_titles([pair]) == {title: field}


@given(st.text(st.sampled_from("ab=- :"), min_size=1).filter(str.strip), st.sampled_from(["email", "notes", "id"]))
def test_any_title_can_be_mapped(title: str, field: str) -> None:
    assert fields_of_titles([f"{title}={field}"]) == {title.strip(): field}


@pytest.mark.parametrize("pair", ["Mail", "=email", " =email", "Mail=", "Mail=mail address", "Mail=attribute:", ""])
def test_what_names_no_field_is_refused(pair: str) -> None:
    with pytest.raises(RefusedError) as refused:
        fields_of_titles([pair])
    assert str(refused.value).endswith((".", "NAME."))


def test_two_fields_for_one_title_are_refused() -> None:
    assert fields_of_titles(["Mail=email", "Mail=email"]) == {"Mail": "email"}
    with pytest.raises(RefusedError, match="two things of the column “Mail”"):
        fields_of_titles(["Mail=email", "Mail=-"])


def test_words_mean_statuses() -> None:
    assert statuses_of_words(["Archived=suspended", "a=b = Deleted", "=active"]) == {
        "Archived": "suspended",
        "a=b": "deleted",
        "": "active",
    }


@pytest.mark.parametrize("pair", ["Archived", "active", "Archived=gone", "Archived=", "="])
def test_what_means_no_status_is_refused(pair: str) -> None:
    with pytest.raises(RefusedError, match="active, suspended or deleted"):
        statuses_of_words([pair])


def test_two_statuses_for_one_word_are_refused() -> None:
    with pytest.raises(RefusedError, match="two things of the word “archived”"):
        statuses_of_words(["Archived=suspended", "archived=deleted"])


def test_keys_are_tried_in_the_order_given() -> None:
    assert keys("email, attribute:Number,name,email") == ("email", "attributes.Number", "name")


@pytest.mark.parametrize("text", ["", "phone", "email,", "attribute:"])
def test_what_cannot_tell_users_apart_is_refused(text: str) -> None:
    with pytest.raises(RefusedError):
        keys(text)


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [("tab", "\t"), (r"\t", "\t"), ("\t", "\t"), ("Semicolon", ";"), ("|", "|"), (",", ","), ("bar", "|")],
)
def test_delimiters_have_names(text: str, delimiter: str) -> None:
    assert Given(delimiter=text).how_to_read() == HowToRead(delimiter=delimiter)


@pytest.mark.parametrize("text", ["", "x", '"', ";;", "\n", "semi"])
def test_what_cannot_lie_between_cells_is_refused(text: str) -> None:
    with pytest.raises(RefusedError, match="separates no columns"):
        Given(delimiter=text).how_to_read()


def test_what_was_not_said_is_left_to_the_defaults() -> None:
    nothing = Given()
    nothing.require_agreement(1)
    assert (nothing.rules(), nothing.chosen(), nothing.how_to_read()) == (ImportRules(), Chosen(), HowToRead())


@pytest.mark.parametrize(
    "options",
    [
        {"among": "all"},
        {"among": "Choir", "missing": "keep"},
        {"file_format": "changelog", "mapping": "members"},
        {"file_format": "log", "columns": ("Mail=email",)},
        {"file_format": "changelog", "no_header": True},
        {"file_format": "changelog", "key": "email"},
        {"file_format": "csv", "sheet": "2026"},
        {"file_format": "xlsx", "encoding": "cp1252"},
        {"file_format": "ods", "delimiter": ";"},
        {"true_since": "name"},
        {"true_since": "name", "missing": "delete"},
        {"true_since": "name", "blank": "keep"},
        {"file_format": "changelog", "true_since": "2019-03-01"},
    ],
)
def test_options_that_contradict_each_other_are_refused_in_one_sentence(options: dict[str, Any]) -> None:
    with pytest.raises(RefusedError) as refused:
        Given(**options).require_agreement(1)
    assert str(refused.value).count(". ") == 0


@pytest.mark.parametrize("options", [{"among": "all", "missing": "delete"}, {"file_format": "csv", "delimiter": "tab"}])
def test_options_that_agree_are_taken(options: dict[str, Any]) -> None:
    Given(**options).require_agreement(1)


def test_dates_by_name_are_for_any_number_of_lists_and_a_moment_for_one() -> None:
    by_name = Given(true_since="name", missing="keep", blank="keep")
    by_name.require_agreement(1)
    by_name.require_agreement(60)
    Given(true_since="2019-03-01").require_agreement(1)
    with pytest.raises(RefusedError, match="cannot be the date of several lists"):
        Given(true_since="2019-03-01").require_agreement(2)


@pytest.mark.parametrize(
    ("options", "unsaid"),
    [({}, "--missing and --blank"), ({"missing": "keep"}, "--blank"), ({"blank": "clear"}, "--missing")],
)
def test_what_dates_by_name_want_said_is_named(options: dict[str, Any], unsaid: str) -> None:
    with pytest.raises(RefusedError, match=f"wants {unsaid} said"):
        Given(true_since="name", **options).require_agreement(1)
