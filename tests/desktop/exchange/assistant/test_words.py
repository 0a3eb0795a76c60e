"""What the assistant says of an import before and after it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from whowas.desktop.exchange.assistant import words
from whowas.desktop.exchange.assistant.plan import ImportPlan
from whowas.desktop.exchange.preview.rows.users_taken import UsersTaken
from whowas.domain.fields import ATTRIBUTE_PREFIX
from whowas.interchange.importing.given.rules import ImportRules
from whowas.interchange.importing.list_look import ColumnLook, ListLook
from whowas.interchange.reading.table import Detected

DAY = 86_400_000_000
NOON = DAY // 2


def look(name: str, rows: int, blank: int, *fields: str) -> ListLook:
    columns = tuple(ColumnLook(field, (), (field,)) for field in fields)
    return ListLook(name, Detected("csv"), "", rows, blank, columns, (), ())


def rows_of(taken: UsersTaken, *, several_files: bool = False) -> Any:
    return SimpleNamespace(taken=taken, several_files=several_files)


@pytest.mark.parametrize(
    ("looks", "moments", "said"),
    [
        (
            [look("a.csv", 120, 2, "external_id", "email")],
            {},
            "120 rows in the file, 2 of them blank · recognised by external id, then email · true since today",
        ),
        ([look("a.csv", 1, 0, "email")], {}, "1 row in the file · recognised by email · true since today"),
        (
            [look("a.csv", 1_000, 0, "email"), look("b.csv", 234, 0, "email")],
            {},
            "1,234 rows in 2 files · recognised by email · true since today",
        ),
        (
            [look("a.csv", 2, 0, "email")],
            {"a.csv": 500 * DAY + NOON},
            "2 rows in the file · recognised by email · true since 16 May 1971",
        ),
        (
            [look("a.csv", 2, 0, "email"), look("b.csv", 2, 0, "email")],
            {"b.csv": 500 * DAY + NOON, "a.csv": 400 * DAY + NOON},
            "4 rows in 2 files · recognised by email · true from 5 Feb 1971 to 16 May 1971",
        ),
        ([], {}, "Changes that stand in the file, each at its own date"),
    ],
)
def test_the_subtitle_says_what_is_imported(looks: list[ListLook], moments: dict[str, int], said: str) -> None:
    assert words.subtitle(looks, ImportPlan(moments=moments)) == said


def test_a_custom_field_is_called_as_it_is_written() -> None:
    plan = replace(ImportPlan(), rules=ImportRules(keys=(f"{ATTRIBUTE_PREFIX}Badge No",)))
    said = words.subtitle([look("a.csv", 3, 0, f"{ATTRIBUTE_PREFIX}Badge No")], plan)
    assert said == "3 rows in the file · recognised by Badge No · true since today"


@pytest.mark.parametrize(
    ("taken", "button", "toast"),
    [
        (UsersTaken(3, 16, 6), "Import 19 users", "Imported 19 users from a.csv"),
        (UsersTaken(1), "Import 1 user", "Imported 1 user from a.csv"),
        (UsersTaken(suspended=1), "Import", "Suspended 1 user who is not in a.csv"),
        (UsersTaken(deleted=1_200), "Import", "Deleted 1,200 users who are not in a.csv"),
        (UsersTaken(), "Import", "Imported a.csv"),
    ],
)
def test_users_are_counted_on_the_button_and_in_the_toast(taken: UsersTaken, button: str, toast: str) -> None:
    assert words.button(rows_of(taken)) == button
    assert words.imported(rows_of(taken), "a.csv") == toast


def test_of_several_files_it_is_not_said_that_somebody_is_in_none_of_them() -> None:
    taken = rows_of(UsersTaken(deleted=2), several_files=True)
    assert words.imported(taken, "3 files") == "Imported 3 files: 2 users deleted"
