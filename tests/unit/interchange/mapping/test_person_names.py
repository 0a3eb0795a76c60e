"""First and last names out of one cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.interchange.mapping.person_names import name_with, split_name


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
    ],
)
def test_a_name_is_parted_as_people_write_it(text: str, first: str | None, last: str | None) -> None:
    assert split_name(text) == (first, last)


@given(st.text())
def test_no_word_of_a_name_is_lost_or_made(text: str) -> None:
    words = " ".join(part for part in split_name(text) if part).split()
    assert sorted("".join(words).replace(",", "")) == sorted("".join(text.split()).replace(",", ""))


@pytest.mark.parametrize(
    ("text", "first", "last", "bare", "expected"),
    [
        ("Mara Quill", "Mara", None, False, ("Mara", "Quill")),
        ("Mara Quill", None, "Quill", False, ("Mara", "Quill")),
        ("Quill, Mara", "Mara", None, False, ("Mara", "Quill")),
        ("Quill, Mara", None, "QUILL", False, ("Mara", "QUILL")),
        ("Quill", "Mara", None, True, ("Mara", "Quill")),
        ("Quill", "Mara", None, False, ("Mara", None)),
        ("Quill", None, "Quill", True, (None, "Quill")),
        ("Jane Mara Quill", "Mara", None, True, ("Mara", None)),
        ("somebody", "Mara", "Quill", True, ("Mara", "Quill")),
        ("Reception", None, None, False, ("Reception", None)),
    ],
)
def test_what_separate_cells_say_counts(
    text: str, first: str | None, last: str | None, bare: bool, expected: tuple[str | None, str | None]
) -> None:
    assert name_with(text, first, last, bare=bare) == expected
