"""Find and replace, and other cases."""

from __future__ import annotations

import pytest

from whowas.domain.errors import RefusedError
from whowas.domain.rewriting import Case, in_case, replacing


@pytest.mark.parametrize(
    ("find", "replacement", "whole", "match_case", "before", "after"),
    [
        ("dept", "Department", False, False, "Dept of DEPTs", "Department of Departments"),
        ("dept", "Department", False, True, "Dept of depts", "Dept of Departments"),
        ("sales", "Press", True, False, "Sales", "Press"),
        ("sales", "Press", True, False, "Sales team", "Sales team"),
        ("sales", "Press", True, True, "Sales", "Sales"),
        (".", r"\1", False, False, "a.b", r"a\1b"),
        ("x", "", True, False, "X", ""),
        ("ß", "ss", False, False, "Straße", "Strasse"),
        ("a\nb", "c", False, False, "xa\nb", "xc"),
    ],
)
def test_replacing(find: str, replacement: str, whole: bool, match_case: bool, before: str, after: str) -> None:
    assert replacing(find, replacement, whole=whole, match_case=match_case)(before) == after


def test_nothing_to_find_is_refused() -> None:
    with pytest.raises(RefusedError, match=r"^Write what to find\.$") as refused:
        replacing("", "x", whole=False, match_case=False)
    assert refused.value.field == "find"


@pytest.mark.parametrize(
    ("case", "before", "after"),
    [
        ("upper", "Łukasz o'Brien", "ŁUKASZ O'BRIEN"),
        ("lower", "ADA", "ada"),
        ("title", "MARY-JANE o'neil", "Mary-Jane O'neil"),
        ("title", "vAN DER  berg\tMcDonald", "Van Der  Berg\tMcdonald"),
        ("title", "élan 🌱 2nd", "Élan 🌱 2nd"),
        ("title", "", ""),
    ],
)
def test_cases(case: Case, before: str, after: str) -> None:
    assert in_case(case)(before) == after
