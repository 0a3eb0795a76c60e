"""What nobody sees is no content of a cell and no part of a title."""

from __future__ import annotations

import pytest

from whowas.interchange.reading.visible_text import cleaned_title, is_blank

BLANK = [
    "",
    " ",
    "\t\r\n",
    "\xa0",
    "\u200b",
    "\u2003\u3000",
    "\xad",
    "\u202a\u202c",
    "\ufeff",
    "\u2800",
    "\u3164",
    "\x1a",
]


@pytest.mark.parametrize("text", [*BLANK, "\ufe0f", "".join(BLANK)])
def test_blank(text: str) -> None:
    assert is_blank(text)
    assert cleaned_title(text) == ""


@pytest.mark.parametrize("text", ["a", " a ", "é", "0", "-", "张", "\u200ba", "م", "🙂"])
def test_not_blank(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("first\xa0name", "first name"),
        ("\u200bemail", "email"),
        ("last_name ", "last_name"),
        ("Start\r\nDate", "Start Date"),
        ("Start\nDate", "Start Date"),
        ("a\tb", "a b"),
        ("two  blanks", "two  blanks"),
        ("Stra\u00adße", "Straße"),
        ("e\u0301cole", "école"),
        ("h" * 300, "h" * 300),
    ],
)
def test_titles_are_as_they_are_seen(text: str, title: str) -> None:
    assert cleaned_title(text) == title
