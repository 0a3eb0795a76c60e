"""What titles become: no field is ever given by two, and what is said counts more than what was recognised."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from whowas.desktop.exchange.assistant.columns.fields import (
    LEAVE_OUT,
    CustomFields,
    SaidOfTitles,
    TitleColumn,
    field_of,
    is_new,
    offered_fields,
    same_field,
    with_field,
    words_for,
)
from whowas.domain.fields import ATTRIBUTE_PREFIX, name_key
from whowas.interchange.mapping.asked import asked_columns
from whowas.interchange.mapping.chosen import Chosen
from whowas.interchange.mapping.field_names import NAME, require_field

TITLES = ("First Name [Required]", "Mail", "mail 2", "Nick", "Status", "Groups", "ÉCOLE")
CUSTOM = (f"{ATTRIBUTE_PREFIX}Nick", f"{ATTRIBUTE_PREFIX}nick", f"{ATTRIBUTE_PREFIX}Room")
FIELDS = st.sampled_from((None, *offered_fields(), *CUSTOM))


def shown(recognised: dict[str, str | None], chosen: Chosen) -> list[TitleColumn]:
    said = SaidOfTitles(chosen)
    return [TitleColumn(title, (), said.field(title, field)) for title, field in recognised.items()]


@given(
    st.fixed_dictionaries(dict.fromkeys(TITLES, FIELDS)),
    st.lists(st.tuples(st.sampled_from(TITLES), FIELDS), max_size=12),
)
def test_whatever_is_chosen_no_two_titles_give_one_field(
    recognised: dict[str, str | None], choices: list[tuple[str, str | None]]
) -> None:
    chosen = Chosen()
    for title, field in choices:
        chosen = with_field(chosen, shown(recognised, chosen), title, field)
        columns = shown(recognised, chosen)
        assert next(column.field for column in columns if column.title == title) == field
        others = [column.field for column in columns if column.title != title]
        assert field is None or not any(same_field(field, other) for other in others)
        # The mapping itself takes it: two titles that are said to give one field would be refused.
        asked_columns(TITLES, chosen.fields)


def test_a_whole_name_takes_the_place_of_its_halves_and_not_the_other_way_round() -> None:
    columns = [TitleColumn("Given", (), "first_name"), TitleColumn("Family", (), "last_name")]
    assert with_field(Chosen(), columns, "Name", NAME).fields == {"Given": None, "Family": None, "Name": NAME}
    columns = [TitleColumn("Name", (), NAME)]
    assert with_field(Chosen(), columns, "Given", "first_name").fields == {"Given": "first_name"}


def test_what_is_said_of_a_title_is_said_however_it_is_written() -> None:
    said = SaidOfTitles(Chosen({"e-mail": None, "Exactly": "notes", "exactly": "title"}))
    assert said.field("E-Mail", "email") is None
    assert said.field("Exactly", None) == "notes"
    assert said.field("exactly", None) == "title"
    assert said.field("Other", "phone") == "phone"


def test_a_title_written_otherwise_is_said_anew_not_twice() -> None:
    columns = [TitleColumn("E-Mail", (), None)]
    assert with_field(Chosen({"e-mail": None}), columns, "E-Mail", "email").fields == {"E-Mail": "email"}


def test_every_field_offered_is_one_that_can_be_asked_for_and_no_password_is() -> None:
    offered = list(offered_fields())
    assert len(set(offered)) == len(offered)
    for field in offered:
        require_field(field)
        assert "password" not in field
    words = [words_for(field, CustomFields()) for field in offered]
    assert words[:4] == ["First name", "Last name", "Full name", "Email"]
    assert {"Phone", "Title", "Department", "External id", "Notes", "Status", "Groups"} <= set(words)


def test_a_custom_field_is_new_unless_one_of_that_name_is_there() -> None:
    assert words_for(f"{ATTRIBUTE_PREFIX}Cost centre", CustomFields(["Room"])) == "New field “Cost centre”"
    assert words_for(f"{ATTRIBUTE_PREFIX}cost CENTRE", CustomFields(["Cost centre"])) == "cost CENTRE"
    assert words_for(None, CustomFields()) == LEAVE_OUT
    assert not is_new("email", CustomFields())


def test_first_and_last_name_in_one_cell_are_one() -> None:
    assert field_of(("first_name", "last_name")) == NAME
    assert field_of(("last_name",)) == "last_name"
    assert field_of(()) is None


def test_case_does_not_tell_custom_fields_apart() -> None:
    assert same_field(CUSTOM[0], CUSTOM[1])
    assert name_key("Nick") == name_key("nick")
    assert not same_field("email", None)
    assert same_field(None, None)
