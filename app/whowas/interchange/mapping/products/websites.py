"""Products with accounts on a website: Nextcloud, Moodle, WordPress."""

from __future__ import annotations

from whowas.interchange.mapping.product import Product

NEXTCLOUD = Product(
    "Nextcloud",
    known_by=(
        ("User ID", "Displayname", "Backend"),
        ("User ID", "Displayname", "Quota limit"),
        ("User ID", "Displayname", "Groups", "Enabled"),
        ("user_id", "display_name", "backend"),
        ("user_id", "display_name", "quota"),
        ("Username", "Display name", "Email", "Groups", "Quota"),
        ("Account name", "Display name", "Email", "Groups", "Quota"),
    ),
    titles={
        # Nextcloud never changes the id of an account, which is its name for signing in.
        "external_id": ("User ID", "Username", "Account name"),
        "name": ("Displayname",),
    },
)

MOODLE = Product(
    "Moodle",
    known_by=(
        ("username", "firstname", "lastname", "idnumber"),
        ("username", "firstname", "lastname", "auth"),
        ("username", "firstname", "lastname", "institution"),
        ("username", "firstname", "lastname", "suspended"),
        ("username", "firstname", "lastname", "course1"),
        ("username", "firstname", "lastname", "cohort1"),
    ),
    titles={
        "external_id": ("id", "idnumber"),
        "login": ("username",),
        "phone": ("phone#",),
        "blocked": ("suspended",),
        "deleted": ("deleted",),
    },
)

WORDPRESS = Product(
    "WordPress",
    known_by=(
        ("user_login", "user_email"),
        ("user_login", "display_name"),
    ),
    titles={
        "external_id": ("ID", "Source User ID"),
        "login": ("user_login",),
        "email": ("user_email",),
        "name": ("display_name",),
        "groups": ("roles", "role"),
        "password": ("user_pass",),
    },
    # WordPress itself has no use for it: it is 0 for everybody.
    other_things=("user_status",),
)
