"""A comparison as a file says what it says, whatever the texts hold."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser

import pytest

from whowas.domain.sentences import FieldChange
from whowas.domain.users import User
from whowas.interchange.comparison_export import HEADERS, Heading, csv_lines, html_lines
from whowas.projections.queries.differences import ComparedUser

ADA = User("1", 1, first_name="Ada", last_name="<b>", external_id="a1")
BEN = User("2", 1, first_name="Ben")
CHANGES = (FieldChange("title", None, 'a "b", c'), FieldChange("attributes.Room", "1\n2", "<i>"))
DIFFERENCES = [ComparedUser("changed", ADA, CHANGES), ComparedUser("removed", BEN, ())]
HEADING = Heading("staff <i>", "Users active, if “<u>” is found", added=0, changed=1_204, removed=1)


def cells(differences: list[ComparedUser]) -> list[list[str]]:
    return list(csv.reader(io.StringIO("".join(csv_lines(differences)), newline="")))


class Page(HTMLParser):
    """The elements of a page, and the texts in them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] != ["style"] and data.strip():
            self.texts.append(data)


def page(differences: list[ComparedUser]) -> Page:
    return Page("".join(html_lines(HEADING, differences)))


def test_csv_reads_back() -> None:
    assert cells(DIFFERENCES) == [
        list(HEADERS),
        ["changed", "1", "a1", "Ada <b>", "title", "", 'a "b", c'],
        ["changed", "1", "a1", "Ada <b>", "attributes.Room", "1\n2", "<i>"],
        ["removed", "2", "", "Ben", "", "", ""],
    ]


def test_nothing_to_tell_is_a_file_too() -> None:
    assert cells([]) == [list(HEADERS)]
    assert "table" in page([]).tags


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+A1", "'-2+A1"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("+49 (30) 123-45/6", "+49 (30) 123-45/6"),
        ("-5.2", "-5.2"),
        ("a=b", "a=b"),
        ("'=1", "'=1"),
    ],
)
def test_no_cell_is_a_formula(text: str, written: str) -> None:
    change = FieldChange("title", text, text)
    (_, row) = cells([ComparedUser("changed", BEN._replace(first_name=None, email=text), (change,))])
    assert row == ["changed", "2", "", written, "title", written, written]


def test_no_text_becomes_markup() -> None:
    shown = page(DIFFERENCES)
    assert not {"b", "i", "u", "script"} & set(shown.tags)
    assert shown.texts[:2] == ["staff <i>", "staff <i>"]
    assert {"Ada <b>", "Users active, if “<u>” is found", "<i>", "1\n2"} <= set(shown.texts)


def test_a_page_needs_nothing_else_and_says_how_many_first() -> None:
    shown = page(DIFFERENCES)
    assert not {"link", "img", "script"} & set(shown.tags)
    assert not {"href", "src", "style"} & shown.attributes
    assert shown.texts[2:6] == ["Users active, if “<u>” is found", "0 added", "1,204 changed", "1 removed"]
    text = "".join(html_lines(HEADING, DIFFERENCES))
    assert "prefers-color-scheme: dark" in text
    assert "url(" not in text


def test_each_user_is_named_once_with_a_word_for_what_became_of_them() -> None:
    texts = page(DIFFERENCES).texts
    assert [text for text in texts if text in ("Ada <b>", "Ben")] == ["Ada <b>", "Ben"]
    assert {"→ changed", "− removed", "Title", "Room"} <= set(texts)
