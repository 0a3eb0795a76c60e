"""Exports of other products, in their real shape: the right people, their right status, found again by their id."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from whowas.interchange.mapping.list_mapping import Chosen, ListMapping, ListRow, UnusableRow, map_list
from whowas.interchange.mapping.recognising import PRODUCTS, knows_title
from whowas.interchange.reading.lists import read_list
from whowas.interchange.reading.table import HowToRead, Row
from whowas.interchange.source import Source

FILES = REPOSITORY / "tests" / "products"

Person = tuple[str | None, ...]
"""External id, first name, last name, email, phone, title, department, status, groups with bars between them."""

PEOPLE: dict[str, tuple[str, list[Person]]] = {
    "google_workspace": (
        "Google Workspace",
        [
            (
                *("1001", "Mara", "Quill", "mara.quill@example.org", "+44 20 5550 1", "Head Teacher", "Office"),
                *("active", None),
            ),
            (
                *("1002", "Ben", "Ash", "ben.ash@example.org", "+44 7700 900002", "Caretaker", "House"),
                *("suspended", None),
            ),
            (None, "Zoë", "O’Neill", "zoe@example.org", None, None, None, "suspended", None),
        ],
    ),
    "google_contacts_old": (
        "Google Contacts",
        [
            (None, "Mara", "Quill", "mara@example.org", "+44 20 5550 1", "Clerk", "Office", None, "Choir"),
            (None, "Ben", "Ash", "ben@home.example", "+1 555 0100", None, None, None, ""),
            (None, "Sue", "van Dyke", "sue@example.org", None, None, None, None, "Board|Choir"),
        ],
    ),
    "google_contacts": (
        "Google Contacts",
        [
            (None, "Mara", "Quill", "mara@example.org", "+44 20 5550 1", "Clerk", "Office", None, "Choir"),
            (None, "Ben", "Ash", "ben@home.example", None, None, None, None, ""),
        ],
    ),
    "microsoft_365": (
        "Microsoft 365",
        [
            (
                *("6f1c2b1e-0000-4000-8000-000000000001", "Mara", "Quill", "mara@example.org", "+49 69 1", "Clerk"),
                *("Ops", "active", None),
            ),
            (
                *("6f1c2b1e-0000-4000-8000-000000000002", "Ben", "Ash", "ben@example.org", "+49 170 2", None),
                *(None, "suspended", None),
            ),
            (
                *("6f1c2b1e-0000-4000-8000-000000000003", "Reception", None, "reception@example.org", None, None),
                *(None, "active", None),
            ),
        ],
    ),
    "microsoft_365_template": (
        "Microsoft 365",
        [
            (None, "Mara", "Quill", "mara@example.org", "+49 69 1", "Clerk", "Ops", None, None),
            (None, "Ben", "Ash", "ben@example.org", "+49 170 2", None, None, None, None),
        ],
    ),
    "entra": (
        "Microsoft Entra",
        [
            (
                *("7cc0c81b-0000-4000-8000-000000000001", "Mara", "Quill", "mara@example.org", "+49 69 1", "Clerk"),
                *("Ops", "active", None),
            ),
            (
                *("7cc0c81b-0000-4000-8000-000000000002", "Ben", "Ash", "ben@example.onmicrosoft.com", "+49 170 2"),
                *(None, None, "suspended", None),
            ),
        ],
    ),
    "outlook": (
        "Outlook",
        [
            (None, "Mara", "Quill", "mara@example.org", "+44 20 5550 1", "Clerk", "Ops", None, "Board|Choir"),
            (None, "Ben", "Ash", "ben@home.example", "+44 7700 900002", None, None, None, None),
        ],
    ),
    "outlook_german": (
        "Outlook",
        [(None, "Jürgen", "Groß", "jg@example.org", "+49 69 1", "Köchin", "Küche", None, "Chor|Vorstand")],
    ),
    "okta": (
        "Okta",
        [
            ("00u1aaa", "Mara", "Quill", "mara@example.org", "+1 555 0100", "Clerk", "Ops", "active", None),
            ("00u1bbb", "Ben", "Ash", "ben@example.org", None, None, None, "suspended", None),
            ("00u1ccc", "Cy", "Dunn", "cy@example.org", None, None, None, "suspended", None),
        ],
    ),
    "keycloak": (
        "Keycloak",
        [
            (
                *("c43add41-0000-4000-8000-000000000001", "Mara", "Quill", "mara@example.org", None, None, None),
                *("active", None),
            ),
            (
                *("c43add41-0000-4000-8000-000000000002", "Ben", "Ash", "ben@example.org", None, None, None),
                *("suspended", None),
            ),
        ],
    ),
    "ldap_account_manager": (
        "LDAP Account Manager",
        [
            (
                *("9f000000-0000-103f-8000-000000000001", "Mara", "Quill", "mara@example.org", "+49 69 1", "Clerk"),
                *("Ops", None, "choir|board"),
            ),
            (
                *("9f000000-0000-103f-8000-000000000002", "Ben", "Ash", "ben@example.org", None, None),
                *(None, None, None),
            ),
        ],
    ),
    "ldap_account_manager_upload": (
        "LDAP Account Manager",
        [("mara", "Mara", "Quill", "mara@example.org", None, None, None, None, None)],
    ),
    "thunderbird": (
        "Thunderbird",
        [
            (None, "Mara", "Quill", "mara@example.org", "+44 20 5550 1", "Clerk", "Ops", None, None),
            (None, "Ludwig", "van Holt", "lvh@example.org", "+44 7700 900002", None, None, None, None),
        ],
    ),
    "mailchimp": (
        "Mailchimp",
        [
            (
                *("90498395", "Mara", "Quill", "mara@example.org", "+44 20 5550 1", None, None, None),
                "VIP|Board, elected",
            ),
            ("90498396", "Ben", "Ash", "ben@example.org", None, None, None, None, None),
        ],
    ),
    "brevo": (
        "Brevo",
        [
            ("123456", "Mara", "Quill", "mara@example.org", "442055501", None, None, None, None),
            ("123457", "Ben", "Ash", "ben@example.org", "442055502", None, None, None, None),
        ],
    ),
    "nextcloud": (
        "Nextcloud",
        [
            ("mara", "Mara", "Quill", "mara@example.org", None, None, None, "active", "Choir|Board"),
            ("ben", "Ben", "Ash", "ben@example.org", None, None, None, "suspended", "Choir"),
        ],
    ),
    "moodle": (
        "Moodle",
        [
            ("3", "Mara", "Quill", "mara@example.org", "+44 1", None, "Maths", "active", None),
            ("4", "Ben", "Ash", "ben@example.org", "+44 2", None, None, "suspended", None),
        ],
    ),
    "wordpress": (
        "WordPress",
        [
            ("1", "Mara", "Quill", "mara@example.org", None, None, None, None, "administrator|editor"),
            ("2", "ben", None, "ben@example.org", None, None, None, None, "subscriber"),
        ],
    ),
    "churchcrm": (
        "ChurchCRM",
        [
            ("21", "Mara", "Quill", "mara@example.org", "+1 555 0100", None, None, None, None),
            ("22", "Ben", "Ash", "ben@work.example", "+1 555 0102", None, None, None, None),
        ],
    ),
    "civicrm": (
        "CiviCRM",
        [
            (
                *("202", "Mara", "Quill", "mara@example.org", "+49 69 1", "Clerk", None, "active"),
                "Newsletter|Volunteers",
            ),
            ("203", "Ben", "Ash", "ben@example.org", None, None, None, "suspended", None),
            ("204", "Cy", "Dunn", "cy@example.org", None, None, None, "deleted", None),
        ],
    ),
    "snipe_it": (
        "Snipe-IT",
        [
            ("12", "Mara", "Quill", "mara@example.org", None, "Clerk", "Ops", "active", "Staff|Board"),
            ("13", "Ben", "Ash", "ben@example.org", None, None, None, "suspended", None),
        ],
    ),
}

KNOWN_BY_EMAIL = {"google_contacts_old", "google_contacts", "outlook", "thunderbird"}
"""Products that export no id: whoever gets another email is somebody else there."""


@pytest.mark.parametrize("name", PEOPLE)
def test_an_export_is_recognised_and_its_people_come_out(name: str) -> None:
    product, people = PEOPLE[name]
    mapping, rows = mapped(FILES / f"{name}.csv")

    assert mapping.product == product
    assert not mapping.own
    assert [person(row) for row in rows] == people
    assert all(not row.record.attributes for row in rows if isinstance(row, ListRow))


@pytest.mark.parametrize("path", sorted(FILES.glob("*_later.csv")), ids=lambda path: path.stem)
def test_a_later_export_comes_from_the_same_source_and_has_the_married_under_their_id(path: Path) -> None:
    name = path.stem.removesuffix("_later")
    earlier, before = mapped(FILES / f"{name}.csv")
    later, after = mapped(path)

    assert later.source == earlier.source
    key = 3 if name in KNOWN_BY_EMAIL else 0
    married = person(after[0])
    assert married[key] == person(before[0])[key] is not None
    if name not in KNOWN_BY_EMAIL:
        assert married[2:4] == ("Stone", person(after[0])[3]) != person(before[0])[2:4]


def test_every_product_has_a_file() -> None:
    assert {product for product, _ in PEOPLE.values()} == {product.name for product in PRODUCTS}
    later = {path.stem.removesuffix("_later") for path in FILES.glob("*_later.csv")}
    assert {PEOPLE[name][0] for name in later} == {product.name for product in PRODUCTS}


def test_what_okta_has_not_made_active_is_not_guessed() -> None:
    _, rows = mapped(FILES / "okta_staged.csv")
    staged, locked, active = rows
    for row, word in ((staged, "STAGED"), (locked, "LOCKED_OUT")):
        assert isinstance(row, UnusableRow)
        assert (row.field, row.column, row.rest) == ("status", 2, None)
        assert f'--status "{word}=suspended"' in row.advice
    assert person(active)[7] == "active"


@pytest.mark.parametrize("name", ["google_workspace", "ldap_account_manager", "ldap_account_manager_upload"])
def test_passwords_are_left_out_and_said(name: str) -> None:
    mapping, rows = mapped(FILES / f"{name}.csv")
    (sentence,) = (said for said in mapping.said if "Passwords" in said)
    title = next(title for title in mapping.left_out if title in sentence)
    assert dict(mapping.becomes)[title] == ()
    assert all(row.record.password_hash is None for row in rows if isinstance(row, ListRow))


@pytest.mark.parametrize("path", sorted(FILES.glob("*.csv")), ids=lambda path: path.stem)
def test_every_column_is_taken_or_left_out_and_said(path: Path) -> None:
    mapping, _ = mapped(path)
    assert mapping.left_out == tuple(title for title, fields in mapping.becomes if title and not fields)
    if mapping.left_out:
        assert any(mapping.left_out[0] in sentence for sentence in mapping.said)


def mapped(path: Path) -> tuple[ListMapping, list[ListRow | UnusableRow]]:
    table = read_list(Source.of(path.name, path.read_bytes()), HowToRead(), knows_title=knows_title)
    mapping = map_list(table, Chosen())
    rows = list(table.rows())
    return mapping, [mapping.row(row) for row in rows if isinstance(row, Row)]


def person(row: ListRow | UnusableRow) -> Person:
    assert isinstance(row, ListRow), row
    texts, record = row.record.texts, row.record
    names = ("external_id", "first_name", "last_name", "email", "phone", "title", "department")
    groups = None if record.groups is None else "|".join(record.groups)
    return (*(texts.get(name) for name in names), record.status, groups)
