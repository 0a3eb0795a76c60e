"""Products that offices, churches and clubs keep their people in: ChurchCRM, CiviCRM, Snipe-IT."""

from __future__ import annotations

from whowas.interchange.mapping.product import Product

CHURCHCRM = Product(
    "ChurchCRM",
    known_by=(
        ("Person Id", "Last Name", "Family ID"),
        ("Person Id", "Last Name", "Classification"),
        ("Person Id", "Last Name", "Family Role"),
    ),
    titles={
        "external_id": ("Person Id",),
        "email": ("Email", "Work Email"),
        "phone": ("Cell Phone", "Home Phone", "Work Phone"),
    },
    # Here a title is a form of address, such as "Mrs.".
    other_things=("Title",),
)

CIVICRM = Product(
    "CiviCRM",
    known_by=(
        ("Contact ID", "Contact Type"),
        ("Contact ID", "External Identifier"),
        ("Contact ID", "Do Not Email"),
        ("Internal Contact ID", "Contact Type"),
    ),
    titles={
        "external_id": ("Contact ID", "Internal Contact ID", "External Identifier"),
        "name": ("Display Name", "Sort Name"),
        "email": ("Email", "Main-Email", "Work-Email", "Home-Email", "Other-Email"),
        "phone": ("Phone", "Main-Phone", "Work-Phone", "Home-Phone", "Other-Phone"),
        "title": ("Job Title",),
        "notes": ("Note(s)",),
        "groups": ("Group(s)",),
        "blocked": ("Deceased", "Deceased / Closed", "Is Deceased"),
        "deleted": ("Contact is in Trash", "Contact Is Deleted"),
    },
)

SNIPE_IT = Product(
    "Snipe-IT",
    known_by=(
        ("id", "Name", "Username", "Email", "Assets", "Licenses"),
        ("id", "Name", "Username", "Email", "Accessories", "Consumables"),
        ("First Name", "Last Name", "Username", "Assets", "Licenses"),
    ),
    titles={
        "external_id": ("id", "Employee Number", "Employee No."),
        "login": ("Username",),
        "enabled": ("Active", "Activated", "Login Enabled"),
    },
)
