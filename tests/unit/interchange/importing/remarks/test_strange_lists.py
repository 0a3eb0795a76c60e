"""Of lists that seem not to belong to a directory it is told that they do, in one sentence."""

from __future__ import annotations

from tests.unit.interchange.importing.given_lists import NOW, desk, given
from whowas.interchange.importing.given.list_input import ListInput

ADA = {"first_name": "Ada", "external_id": "E1", "email": "ada@example.org"}
BO = {"first_name": "Bo", "external_id": "E2", "email": "bo@example.org"}
CY = {"first_name": "Cy", "external_id": "E3", "email": "cy@example.org"}
DAY = 86_400_000_000
UNKNOWN = "Nobody in “list.csv” is known to the directory: it may be a list of another one."


def test_a_list_of_which_nobody_is_known_is_told() -> None:
    with desk() as office:
        assert office.take(ADA, BO).said == ()
        assert office.take(CY, dry_run=True).said == (UNKNOWN,)
        assert office.take(CY, BO, dry_run=True).said == ()
        assert office.take(CY).written


def test_who_is_resembled_is_known() -> None:
    with desk() as office:
        office.take({"first_name": "Ada", "last_name": "Osei"})
        outcome = office.take({"first_name": "Ada", "last_name": "Osei", "external_id": "E1"})
        assert outcome.counts["similar"] == 1
        assert outcome.said == ()


def test_a_list_of_nobody_is_not_strange() -> None:
    with desk() as office:
        office.take(ADA)
        assert office.take().said == ()


def test_dated_lists_of_which_nobody_is_known_are_named() -> None:
    with desk() as office:
        lists = [_dated("a.csv", 30, ADA, BO), _dated("b.csv", 20, CY), _dated("c.csv", 10, BO, CY)]
        assert office.take_all(lists, dry_run=True).said == (
            "Nobody in “b.csv” is known to the directory: it may be a list of another one.",
        )


def test_dated_lists_that_are_older_than_the_directory_are_named() -> None:
    with desk() as office:
        office.take_all([_dated("new.csv", 10, ADA)])
        lists = [_dated("a.csv", 30, BO), _dated("b.csv", 20, BO)]
        (told,) = (sentence for sentence in office.take_all(lists, dry_run=True).said if "older" in sentence)
        assert told.startswith("“a.csv” and “b.csv” are older than the directory, which knows nothing from before")
        assert office.take_all([_dated("a.csv", 10, ADA)], dry_run=True).said == ()


def _dated(name: str, days_ago: int, *rows: dict[str, str]) -> ListInput:
    return given(rows, name=name, occurred_at=NOW - days_ago * DAY)
