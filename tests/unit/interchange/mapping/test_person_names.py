"""First and last names out of one cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.interchange.mapping.person_names import name_with, split_name, split_reversed_name
from whowas.interchange.mapping.roles import Role


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Mara Quill", "Mara", "Quill"),
        ("  Mara \u00a0 Quill ", "Mara", "Quill"),
        ("Quill, Mara", "Mara", "Quill"),
        ("Quill , Mara Jane", "Mara Jane", "Quill"),
        ("van der Berg, Jan", "Jan", "van der Berg"),
        ("Madonna", "Madonna", None),
        ("Mara Jane Quill", "Mara Jane", "Quill"),
        ("Ludwig van Beethoven", "Ludwig", "van Beethoven"),
        ("Jean-Claude Van Damme", "Jean-Claude", "Van Damme"),
        ("Charles de Gaulle", "Charles", "de Gaulle"),
        ("Rosa de la Cruz", "Rosa", "de la Cruz"),
        ("Otto von und zu Stein", "Otto", "von und zu Stein"),
        ("Osama bin Said", "Osama", "bin Said"),
        ("Van Morrison", "Van", "Morrison"),
        ("Siobhán O’Néill", "Siobhán", "O’Néill"),
        ("Siobhán O'Neill", "Siobhán", "O'Neill"),
        ("María de los Ángeles Pérez", "María de los Ángeles", "Pérez"),
        ("Dr. Max Mustermann", "Dr. Max", "Mustermann"),
        ("Dr. Mustermann", None, "Dr. Mustermann"),
        ("Prof. Dr. Ada Stein", "Prof. Dr. Ada", "Stein"),
        ("John Doe, PhD", "John", "Doe, PhD"),
        ("John Doe Jr.", "John", "Doe Jr."),
        ("Martin King III", "Martin", "King III"),
        ("王小明", "王小明", None),
        ("山田 太郎", "太郎", "山田"),
        ("山田\u3000太郎", "太郎", "山田"),
        ("김 민준", "민준", "김"),
        ("Doe,", "Doe,", None),
        ("Müller, Dr.", None, "Dr. Müller"),
    ],
)
def test_a_name_is_parted_as_people_write_it(text: str, first: str | None, last: str | None) -> None:
    assert split_name(text) == (first, last)


@given(st.text())
def test_no_word_of_a_name_is_lost_or_made(text: str) -> None:
    words = " ".join(part for part in split_name(text) if part).split()
    assert sorted("".join(words).replace(",", "")) == sorted("".join(text.split()).replace(",", ""))


@pytest.mark.parametrize(
    ("text", "first", "last", "role", "expected"),
    [
        ("Mara Quill", "Mara", None, "name", ("Mara", "Quill")),
        ("Mara Quill", None, "Quill", "name", ("Mara", "Quill")),
        ("Quill, Mara", "Mara", None, "name", ("Mara", "Quill")),
        ("Quill, Mara", None, "QUILL", "name", ("Mara", "QUILL")),
        ("Quill", "Mara", None, "bare_name", ("Mara", "Quill")),
        ("Quill", "Mara", None, "name", ("Mara", None)),
        ("Quill", None, "Quill", "bare_name", (None, "Quill")),
        ("Jane Mara Quill", "Mara", None, "bare_name", ("Mara", None)),
        ("somebody", "Mara", "Quill", "bare_name", ("Mara", "Quill")),
        ("Reception", None, None, "name", ("Reception", None)),
    ],
)
def test_what_separate_cells_say_counts(
    text: str, first: str | None, last: str | None, role: Role, expected: tuple[str | None, str | None]
) -> None:
    assert name_with(text, first, last, role) == expected


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Quill Mara", "Mara", "Quill"),
        ("Quill, Mara Jane", "Mara Jane", "Quill"),
        ("QUILL Mara Jane", "Mara Jane", "QUILL"),
        ("DE LA TOUR Marie", "Marie", "DE LA TOUR"),
        ("García López Juan", None, "García López Juan"),
        ("QUILL MARA JANE", None, "QUILL MARA JANE"),
        ("Madonna", "Madonna", None),
        ("山田 太郎", "太郎", "山田"),
    ],
)
def test_where_the_title_names_the_last_name_first_it_is_the_first_word(
    text: str, first: str | None, last: str | None
) -> None:
    assert split_reversed_name(text) == (first, last)
    assert name_with(text, None, None, "reversed_name") == (first, last)
