"""Exports of other products, imported with no option at all, again, and as they look some weeks later.

The files in ``tests/products`` have the titles that each product publishes; names and values are made up. In what is
exported later Mara has married or moved, Noor is new, and somebody is gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.command_line import Answer, whowas

PRODUCTS = Path(__file__).parents[2] / "products"
LATER = "_later"


class Person(NamedTuple):
    """Somebody in the first export of a product."""

    first: str | None
    last: str | None
    email: str | None
    status: str = "active"


MARA, BEN = Person("Mara", "Quill", "mara@example.org"), Person("Ben", "Ash", "ben@example.org")
OUT_OF_USE = BEN._replace(status="suspended")
AT_HOME = BEN._replace(email="ben@home.example")

EXPORTED: dict[str, Sequence[Person]] = {
    "brevo.csv": (MARA, BEN),
    "churchcrm.csv": (MARA, BEN._replace(email="ben@work.example")),
    "civicrm.csv": (MARA, OUT_OF_USE, Person("Cy", "Dunn", "cy@example.org", "deleted")),
    "entra.csv": (MARA, OUT_OF_USE._replace(email="ben@example.onmicrosoft.com")),
    "google_contacts.csv": (MARA, AT_HOME),
    "google_contacts_old.csv": (MARA, AT_HOME, Person("Sue", "van Dyke", "sue@example.org")),
    "google_workspace.csv": (
        MARA._replace(email="mara.quill@example.org"),
        OUT_OF_USE._replace(email="ben.ash@example.org"),
        Person("Zoë", "O’Neill", "zoe@example.org", "suspended"),
    ),
    "keycloak.csv": (MARA, OUT_OF_USE),
    "ldap_account_manager.csv": (MARA, BEN),
    "ldap_account_manager_upload.csv": (MARA,),
    "mailchimp.csv": (MARA, BEN),
    "microsoft_365.csv": (MARA, OUT_OF_USE, Person("Reception", None, "reception@example.org")),
    "microsoft_365_template.csv": (MARA, BEN),
    "moodle.csv": (MARA, OUT_OF_USE),
    "nextcloud.csv": (MARA, OUT_OF_USE),
    "okta.csv": (MARA, OUT_OF_USE, Person("Cy", "Dunn", "cy@example.org", "suspended")),
    "outlook.csv": (MARA, AT_HOME),
    "outlook_german.csv": (Person("Jürgen", "Groß", "jg@example.org"),),
    "snipe_it.csv": (MARA, OUT_OF_USE),
    "thunderbird.csv": (MARA, Person("Ludwig", "van Holt", "lvh@example.org")),
    "wordpress.csv": (MARA, Person("ben", None, "ben@example.org")),
}
UNCLEAR = {"okta_staged.csv"}
"""Exports with a status that nobody can tell without asking."""


def taken(file: Path, export: str, *options: str) -> dict[str, Any]:
    """Import an export and return its records by what became of them."""
    answer: Answer = whowas("import", file, PRODUCTS / export, "--json", *options)
    assert answer.code == 0, answer.err
    found: dict[str, Any] = {"id": {}}
    for record in answer.objects[:-1]:
        found.setdefault(record["what"], []).append(record["name"])
        found["id"][record["name"]] = record["id"]
    return found


def users(file: Path) -> dict[str, dict[str, Any]]:
    return {user["id"]: user for user in whowas("list", file, "--status", "any", "--json").objects}


def test_every_export_is_tried() -> None:
    there = {path.name for path in PRODUCTS.iterdir() if path.suffix != ".md"}
    assert there == {*EXPORTED, *UNCLEAR, *(name for name in there if LATER in name)}
    assert {name.replace(LATER, "") for name in there if LATER in name} <= set(EXPORTED)


@pytest.mark.parametrize("export", EXPORTED)
def test_an_export_gives_the_right_users_and_none_twice(export: str, tmp_path: Path) -> None:
    file = tmp_path / "staff.whowas"
    first = taken(file, export)
    expected = EXPORTED[export]
    told = [Person(*(user[name] for name in ("first_name", "last_name", "email", "status"))) for user in _of(file)]
    assert sorted(told, key=str) == sorted(expected, key=str)
    assert all(user["attributes"] == {} for user in _of(file))
    assert set(first) == {"id", "created"}
    before = users(file), whowas("head", file).out

    again = taken(file, export)

    assert set(again) == {"id", "unchanged"}
    assert sorted(again["unchanged"]) == sorted(first["created"])
    assert (users(file), whowas("head", file).out) == before


@pytest.mark.parametrize("later", sorted(path.name for path in PRODUCTS.glob(f"*{LATER}.csv")))
def test_a_later_export_follows_everybody(later: str, tmp_path: Path) -> None:
    file = tmp_path / "staff.whowas"
    export = later.replace(LATER, "")
    taken(file, export)
    before = users(file)
    (mara,) = (user_id for user_id, user in before.items() if user["first_name"] == "Mara")

    found = taken(file, later)

    after = users(file)
    created, changed = found["created"], found["changed"]
    assert created == ["Noor Haddad"]
    assert [found["id"][name] for name in changed if name.startswith("Mara")] == [mara]
    assert after[mara] != before[mara]
    assert set(after) == {*before, found["id"]["Noor Haddad"]}, "nobody is there twice"
    gone = {user["first_name"] for user in before.values() if user["id"] not in found["id"].values()}
    assert gone <= {user["first_name"] for user in before.values() if user["status"] == "deleted"}, "others are listed"
    assert found["missing"], "somebody is gone"
    assert all(after[found["id"][name]]["status"] == before[found["id"][name]]["status"] for name in found["missing"])


def test_a_status_that_nobody_can_tell_is_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "staff.whowas"
    refused = whowas("import", file, PRODUCTS / "okta_staged.csv")
    assert refused.code == 2
    assert "--status" in refused.err
    taken(file, "okta_staged.csv", "--status", "STAGED=suspended", "--status", "LOCKED_OUT=active")
    statuses = {user["first_name"]: user["status"] for user in _of(file)}
    assert statuses == {"Mara": "suspended", "Ben": "active", "Cy": "active"}


def _of(file: Path) -> list[dict[str, Any]]:
    return list(users(file).values())
