"""Whose export a list is, and which titles are known at all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache

from whowas.interchange.mapping.product import NO_PRODUCT, Product
from whowas.interchange.mapping.products import google, mail, microsoft, offices, sign_in, websites
from whowas.interchange.mapping.titles.recognised import Meaning, general_keys, keys_of, meaning_in

PRODUCTS: tuple[Product, ...] = (
    google.WORKSPACE,
    google.CONTACTS,
    microsoft.ADMIN_CENTRE,
    microsoft.ENTRA,
    microsoft.OUTLOOK,
    sign_in.OKTA,
    sign_in.KEYCLOAK,
    sign_in.LDAP_ACCOUNT_MANAGER,
    mail.THUNDERBIRD,
    mail.MAILCHIMP,
    mail.BREVO,
    websites.NEXTCLOUD,
    websites.MOODLE,
    websites.WORDPRESS,
    offices.CHURCHCRM,
    offices.CIVICRM,
    offices.SNIPE_IT,
)


def product_of(keys: Collection[str]) -> Product:
    """Return the product most of whose titles are among these keys, or NO_PRODUCT."""
    candidates = [product for product in PRODUCTS if product.recognises(keys)]
    return max(candidates, key=lambda product: product.known_titles(keys), default=NO_PRODUCT)


def knows_title(title: str) -> bool:
    """Say whether a title is recognised, in any language or as one of any product."""
    return meaning_in(_all_keys(), title) is not None


@cache
def _all_keys() -> Mapping[str, Meaning]:
    return {**keys_of(product.titles for product in PRODUCTS), **general_keys()}
