"""Google: Workspace (the users of the admin console, or as GAM prints them), and Contacts in both of its formats."""

from __future__ import annotations

from whowas.interchange.mapping.product import Product

WORKSPACE = Product(
    "Google Workspace",
    known_by=(
        ("First Name [Required]", "Email Address [Required]", "Org Unit Path [Required]"),
        ("First Name [Required]", "Email Address [Required]", "Last Sign In [READ ONLY]"),
        ("First Name [Required]", "Email Address [Required]", "2sv Enrolled [READ ONLY]"),
        ("primaryEmail", "name.givenName"),
        ("primaryEmail", "name.fullName"),
    ),
    titles={
        "external_id": ("Employee ID", "id"),
        "first_name": ("First Name [Required]", "name.givenName"),
        "last_name": ("Last Name [Required]", "name.familyName"),
        "name": ("name.fullName",),
        "email": ("Email Address [Required]", "primaryEmail"),
        "phone": ("Work Phone", "Mobile Phone", "Home Phone"),
        "title": ("Employee Title",),
        "status": ("Status [READ ONLY]",),
        "password": ("Password [Required]",),
    },
)

CONTACTS = Product(
    "Google Contacts",
    known_by=(
        ("Given Name", "Family Name", "Group Membership"),
        ("Given Name", "Family Name", "E-mail 1 - Value"),
        ("Given Name", "Family Name", "Yomi Name"),
        ("First Name", "Last Name", "Labels", "E-mail 1 - Value"),
        ("First Name", "Last Name", "Labels", "Phone 1 - Value"),
        ("First Name", "Last Name", "Labels", "File As"),
    ),
    titles={
        "email": ("E-mail # - Value",),
        "phone": ("Phone # - Value",),
        "title": ("Organization Title", "Organization # - Title"),
        "department": ("Organization Department", "Organization # - Department"),
        "groups": ("Labels", "Group Membership"),
    },
    between_values=":::",
)
