"""Products that keep accounts for signing in: Okta, Keycloak, LDAP Account Manager."""

from __future__ import annotations

from whowas.interchange.mapping.product import Product

OKTA = Product(
    "Okta",
    known_by=(
        ("login", "firstName", "lastName", "secondEmail"),
        ("login", "firstName", "lastName", "primaryPhone"),
        ("login", "firstName", "lastName", "email", "status"),
        ("login", "firstName", "lastName", "email", "employeeNumber"),
    ),
    titles={
        "external_id": ("id", "user.id", "userId", "employeeNumber"),
        "login": ("login",),
        "email": ("email", "secondEmail"),
        "phone": ("primaryPhone", "mobilePhone"),
    },
    # Of STAGED, PROVISIONED, RECOVERY, PASSWORD_EXPIRED and LOCKED_OUT nobody can tell without asking.
    words={"suspended": ("DEPROVISIONED",)},
)

KEYCLOAK = Product(
    "Keycloak",
    known_by=(
        ("username", "emailVerified"),
        ("username", "createdTimestamp"),
        ("id", "username", "enabled", "firstName", "lastName"),
    ),
    titles={
        "external_id": ("id",),
        "login": ("username",),
        "enabled": ("enabled",),
    },
)

LDAP_ACCOUNT_MANAGER = Product(
    "LDAP Account Manager",
    known_by=(
        ("dn", "cn"),
        ("dn", "sn"),
        ("dn", "uid"),
        ("dn", "mail"),
        ("dn_suffix", "dn_rdn"),
        ("inetOrgPerson_firstName", "inetOrgPerson_lastName"),
    ),
    titles={
        "external_id": ("entryUUID", "objectGUID", "nsUniqueId", "ipaUniqueID", "employeeNumber"),
        "login": ("uid", "sAMAccountName", "posixAccount_userName", "inetOrgPerson_userName", "windowsUser_userName"),
        "first_name": ("givenName", "inetOrgPerson_firstName", "windowsUser_firstName"),
        "last_name": ("sn", "surname", "inetOrgPerson_lastName", "windowsUser_lastName"),
        "name": ("displayName", "cn", "windowsUser_displayName", "inetOrgPerson_displayName"),
        "email": ("mail", "inetOrgPerson_email", "windowsUser_mail"),
        "phone": ("telephoneNumber", "inetOrgPerson_telephone", "mobile", "inetOrgPerson_mobile", "homePhone"),
        "title": ("title", "inetOrgPerson_title"),
        "department": ("department", "departmentNumber", "inetOrgPerson_departmentNumber"),
        "notes": ("description", "inetOrgPerson_description"),
        "blocked": ("nsAccountLock",),
        "groups": ("memberOf",),
        "password": ("userPassword", "posixAccount_password", "inetOrgPerson_password", "windowsUser_password"),
    },
    between_values="|",
)
