"""Microsoft: the admin centre of Microsoft 365, Entra (formerly Azure Active Directory), and Outlook."""

from __future__ import annotations

from whowas.interchange.mapping.product import Product

ADMIN_CENTRE = Product(
    "Microsoft 365",
    known_by=(
        ("User principal name", "Block credential"),
        ("User principal name", "Display name", "Licenses"),
        ("User principal name", "Display name", "Object Id", "First name"),
        ("User Name", "First Name", "Last Name", "Display Name", "Office Phone"),
        ("User Name", "First Name", "Last Name", "Display Name", "Office Number"),
        ("User Name", "First Name", "Last Name", "Display Name", "Alternate email address"),
    ),
    titles={
        "external_id": ("Object Id",),
        "email": ("User principal name", "User Name"),
        "phone": ("Phone number", "Office Phone", "Mobile Phone"),
        "title": ("Title", "Job Title"),
        "blocked": ("Block credential",),
        "deleted_at": ("Soft deletion time stamp",),
    },
    other_things=("Alternate email address", "Alternate email addresses"),
)

ENTRA = Product(
    "Microsoft Entra",
    known_by=(
        ("userPrincipalName", "displayName", "surname"),
        ("userPrincipalName", "displayName", "accountEnabled"),
        ("userPrincipalName", "displayName", "userType"),
        ("Name [displayName] Required", "User name [userPrincipalName] Required"),
    ),
    titles={
        "external_id": ("objectId", "id"),
        "name": ("displayName", "Name [displayName] Required"),
        "first_name": ("givenName", "First name [givenName]"),
        "last_name": ("surname", "Last name [surname]"),
        "email": ("mail", "userPrincipalName", "User name [userPrincipalName] Required"),
        "phone": (
            "telephoneNumber",
            "Office phone [telephoneNumber]",
            "mobilePhone",
            "mobile",
            "Mobile phone [mobile]",
        ),
        "title": ("jobTitle", "Job title [jobTitle]"),
        "department": ("department", "Department [department]"),
        "enabled": ("accountEnabled",),
        "blocked": ("Block sign in (Yes/No) [accountEnabled] Required",),
        "deleted_at": ("deletedDateTime",),
        "password": ("Initial password [passwordProfile] Required",),
    },
    other_things=("alternateEmailAddress",),
)

OUTLOOK = Product(
    "Outlook",
    known_by=(
        ("First Name", "Last Name", "E-mail Address", "E-mail 2 Address"),
        ("First Name", "Last Name", "E-mail Address", "Business Phone"),
        ("Vorname", "Nachname", "E-Mail-Adresse", "Telefon geschäftlich"),
        ("Vorname", "Nachname", "E-Mail-Adresse", "E-Mail 2: Adresse"),
        ("Prénom", "Nom", "Adresse de messagerie", "Téléphone (bureau)"),
        ("Nombre", "Apellidos", "Dirección de correo electrónico", "Teléfono del trabajo"),
    ),
    titles={
        "email": ("E-mail Address", "E-mail # Address"),
        "phone": ("Business Phone", "Business Phone #", "Mobile Phone", "Primary Phone", "Home Phone", "Home Phone #"),
        "title": ("Job Title", "Position", "Puesto"),
        "groups": ("Categories", "Kategorien", "Categorías"),
    },
    # Here a title is a form of address, such as "Mr.".
    other_things=("Title", "Titel", "Titre", "Título"),
)
