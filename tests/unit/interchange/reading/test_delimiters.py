"""The delimiter is found by the titles that are recognised, else by rows of one width, or is given."""

from __future__ import annotations

import pytest

from whowas.domain.errors import RefusedError
from whowas.interchange.reading.delimiters import delimiter_called, detected_delimiter, said_in

KNOWN = {"first_name", "last_name", "email", "Vorname", "Nachname"}


def knows(title: str) -> bool:
    return title in KNOWN


@pytest.mark.parametrize("knows_title", [None, knows])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_each_is_found(delimiter: str, knows_title: object) -> None:
    lines = [delimiter.join(cells) + "\n" for cells in (["first_name", "x", "email"], ["Mara", "y", "m@example.org"])]

    assert detected_delimiter(lines, knows_title) == delimiter  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("email\na;b\nc;d\n", ","),
        ("email\n", ","),
        ("\n", ","),
        ("Vorname;Nachname\nMara;Quill, jun.\nBo;Ash, sen.\n", ";"),
        ("first_name,groups\nMara,a;b\nBo,c;d\n", ","),
        ("Members, as of 2026\nVorname;Nachname\nMara;Quill\n", ";"),
        ('first_name;notes\nMara;"a, b\nc, d"\n', ";"),
    ],
)
def test_other_characters_in_cells_do_not_mislead(text: str, delimiter: str) -> None:
    assert detected_delimiter(text.splitlines(keepends=True), knows) == delimiter


@pytest.mark.parametrize(
    ("text", "delimiter"), [("tab", "\t"), ("TAB", "\t"), (";", ";"), ("semicolon", ";"), ("^", "^")]
)
def test_it_can_be_given(text: str, delimiter: str) -> None:
    assert delimiter_called(text) == delimiter


@pytest.mark.parametrize("text", ["", "ab", '"', "\n", "a", "7"])
def test_what_separates_nothing_is_refused(text: str) -> None:
    with pytest.raises(RefusedError, match="separates no columns") as raised:
        delimiter_called(text)

    assert raised.value.field == "delimiter"


@pytest.mark.parametrize(
    ("line", "delimiter"),
    [
        ("sep=;\r\n", ";"),
        ("SEP=,\n", ","),
        ('"sep=;"\n', ";"),
        ("sep=\t\n", "\t"),
        ("sep=x\n", None),
        ("separate\n", None),
    ],
)
def test_a_first_line_may_say_it(line: str, delimiter: str | None) -> None:
    assert said_in(line) == delimiter
