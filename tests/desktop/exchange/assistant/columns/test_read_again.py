"""What the page shows before files are read again is what reading them again comes to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from tests.desktop.exchange.assistant.columns.looks import KNOWN
from tests.examples import at_most
from whowas.desktop.exchange.assistant.columns.fields import CustomFields, field_of, offered_fields, words_for
from whowas.desktop.exchange.assistant.columns.page import ColumnsPage
from whowas.desktop.exchange.assistant.plan import ImportPlan
from whowas.domain.errors import RefusedError
from whowas.interchange.importing.list_look import ListLook, look_at
from whowas.interchange.importing.ready import made_ready
from whowas.interchange.source import Source

LISTS = {
    "google.csv": (
        "First Name [Required],Last Name [Required],Email Address [Required],Org Unit Path [Required],Work Phone,"
        "Mobile Phone,Employee ID,Status [READ ONLY],Password [Required]\n"
        "Ada,Osei,ada@example.org,/Records,1,2,104402,Active,x\n"
        "Agnes,Tull,agnes@example.org,/Records,,3,104417,Archived,x\n"
    ),
    "plain.csv": "Name,Nick,E-Mail,Email 2,Groups,Enabled,Blocked\nAda Osei,A,a@b.c,d@e.f,Choir;Board,yes,no\n",
    "untitled.csv": "id,external_id,Surname,\n,7,Osei,what is this\n",
}
FIELDS = (None, "attributes.Room", "attributes.New", *offered_fields())


def source(name: str) -> Source:
    return Source.of(name, LISTS[name].encode())


def looked(name: str, plan: ImportPlan) -> list[ListLook]:
    return list(look_at(made_ready([source(name)], replace(plan.request(), to_look=True)).lists))


def taken(name: str, plan: ImportPlan) -> bool:
    """Whether a list can be taken by a plan: it is refused only where nothing names a person."""
    try:
        return bool(made_ready([source(name)], plan.request()).lists)
    except RefusedError as error:
        return "names a person" not in str(error)


@pytest.mark.parametrize("name", LISTS)
@settings(deadline=None, max_examples=at_most(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choices=st.lists(st.tuples(st.integers(0, 8), st.sampled_from(FIELDS)), max_size=5))
def test_the_table_is_true_at_once(qtbot: QtBot, name: str, choices: list[tuple[int, str | None]]) -> None:
    page = ColumnsPage()
    qtbot.addWidget(page)
    looks = looked(name, ImportPlan())
    page.show_lists(looks, ImportPlan(), KNOWN)
    for at, field in choices:
        title = looks[0].columns[at % len(looks[0].columns)].title
        page.table.fieldChosen.emit(title, field)
        shown = {column.title: page.table.box_of(column.title).shown for column in looks[0].columns}
        looks = looked(name, page.plan)
        read = {
            column.title: words_for(field_of(column.becomes), CustomFields(KNOWN.fields)) for column in looks[0].columns
        }
        said = page.plan.chosen.fields
        assert {title: read[title] for title in said} == {title: shown[title] for title in said}
        assert read[title] == words_for(field, CustomFields(KNOWN.fields))
        page.show_lists(looks, page.plan, KNOWN)
        assert {title: page.table.box_of(title).shown for title in read} == read
        assert taken(name, page.plan) == page.plan.agreed
