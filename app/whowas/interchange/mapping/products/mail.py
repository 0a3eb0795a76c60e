"""Products that send mail: the address book of Thunderbird, and newsletters (Mailchimp, Brevo)."""

from __future__ import annotations

from whowas.interchange.mapping.product import Product

THUNDERBIRD = Product(
    "Thunderbird",
    known_by=(
        ("First Name", "Last Name", "Display Name", "Nickname", "Primary Email"),
        ("First Name", "Last Name", "Display Name", "Primary Email", "Secondary Email"),
        ("Vorname", "Nachname", "Anzeigename", "Spitzname", "Primäre E-Mail-Adresse"),
    ),
    titles={
        "email": ("Primary Email", "Secondary Email", "Primäre E-Mail-Adresse", "Sekundäre E-Mail-Adresse"),
        "phone": (
            *("Work Phone", "Mobile Number", "Home Phone"),
            *("Tel. dienstlich", "Mobil-Tel.-Nr.", "Tel. privat"),
        ),
        "title": ("Job Title", "Arbeitstitel"),
    },
)

MAILCHIMP = Product(
    "Mailchimp",
    known_by=(
        ("Email Address", "MEMBER_RATING"),
        ("Email Address", "OPTIN_TIME"),
        ("Email Address", "LEID", "EUID"),
    ),
    titles={
        "external_id": ("LEID", "EUID"),
        "groups": ("TAGS",),
    },
    words={"active": ("subscribed",), "suspended": ("unsubscribed", "cleaned")},
)

BREVO = Product(
    "Brevo",
    known_by=(
        ("CONTACT ID", "EMAIL", "SMS"),
        ("EMAIL", "FIRSTNAME", "LASTNAME", "SMS"),
        ("EMAIL", "PRENOM", "NOM", "SMS"),
    ),
    titles={
        "external_id": ("CONTACT ID",),
        "first_name": ("FIRSTNAME", "PRENOM"),
        "last_name": ("LASTNAME", "NOM"),
        "phone": ("SMS", "LANDLINE_NUMBER", "WHATSAPP"),
    },
    words={"active": ("subscribed",), "suspended": ("unsubscribed", "blocklisted", "blacklisted")},
)
