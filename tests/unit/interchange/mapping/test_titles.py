"""Titles: how they are compared, and that each of them means one thing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.domain.fields import LABELS
from whowas.interchange.mapping.product import NO_PRODUCT, TitleMeanings
from whowas.interchange.mapping.recognising import PRODUCTS, knows_title
from whowas.interchange.mapping.roles import ROLES, Role
from whowas.interchange.mapping.title_keys import numbered, title_key
from whowas.interchange.mapping.titles.recognised import LANGUAGES


@pytest.mark.parametrize(
    "title",
    [
        "first_name",
        "First Name",
        "FIRST-NAME",
        "first\u00a0name",
        "\u200bfirst name\ufeff",
        "First Name [Required]",
        "First Name [UPLOAD ONLY]",
        "First name*",
        "First name:",
        "ｆｉｒｓｔ　ｎａｍｅ",
        "First Name (required)",
    ],
)
def test_titles_are_compared_without_what_does_not_count(title: str) -> None:
    assert title_key(title) == "firstname"


@pytest.mark.parametrize(("title", "key"), [("Prénom", "prenom"), ("E-Mail-Adresse", "emailadresse"), ("邮箱", "邮箱")])
def test_accents_of_latin_letters_do_not_count_and_other_letters_do(title: str, key: str) -> None:
    assert title_key(title) == key


def test_marks_that_are_vowels_keep_words_apart() -> None:
    assert title_key("हाल") != title_key("हिल")


@given(st.text())
def test_a_key_is_its_own_key_and_any_text_has_one(title: str) -> None:
    key = title_key(title)
    assert title_key(key) == key
    numbered(key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_title_of_a_language_means_one_thing(language: str) -> None:
    _require_one_meaning(LANGUAGES[language])


def test_a_title_means_the_same_in_all_languages() -> None:
    meanings: dict[str, Role] = {}
    for table in LANGUAGES.values():
        for role, titles in table.items():
            for title in titles:
                assert meanings.setdefault(title_key(title), role) == role, title


@pytest.mark.parametrize(
    ("title", "role"),
    [
        *[(title, "status") for title in ("Employee status", "Account state", "Mitgliederstatus")],
        *[(title, "enabled") for title in ("Is active?", "Login allowed", "Aktives Mitglied", "Activa", "Activée")],
        *[(title, "blocked") for title in ("Locked", "Account suspended", "Konto deaktiviert", "Zugang gesperrt")],
        *[(title, "blocked") for title in ("Deaktiviert?", "Compte bloqué", "Désactivée", "Cuenta suspendida")],
    ],
)
def test_whether_somebody_has_access_is_recognised_however_it_is_called(title: str, role: Role) -> None:
    meaning = TitleMeanings(NO_PRODUCT).meaning(title)
    assert meaning is not None
    assert meaning.role == role


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.name)
def test_a_title_of_a_product_means_one_thing(product: object) -> None:
    found = next(each for each in PRODUCTS if each is product)
    _require_one_meaning(found.titles)
    own = {title_key(title) for titles in found.titles.values() for title in titles}
    assert own.isdisjoint(title_key(title) for title in found.other_things)


def test_products_have_names_of_their_own() -> None:
    assert len({product.name for product in PRODUCTS}) == len(PRODUCTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_names_what_a_list_of_people_has(language: str) -> None:
    needed: set[Role] = {"first_name", "last_name", "name", "email", "phone", "title", "department", "notes"}
    assert needed | {"external_id", "status", "enabled", "blocked", "groups", "password"} <= set(LANGUAGES[language])
    assert set(LANGUAGES[language]) <= set(ROLES)


def test_our_own_names_and_labels_are_recognised_as_what_they_are() -> None:
    meanings = TitleMeanings(NO_PRODUCT)
    for name, label in LABELS.items():
        for title in (name, label):
            found = meanings.meaning(title)
            assert found is not None
            assert found.role == name


def test_numbered_titles_are_recognised_in_their_order() -> None:
    meanings = TitleMeanings(NO_PRODUCT)
    places = [meanings.meaning(title) for title in ("Email 1", "E-mail 2 - Value", "E-Mail 10")]
    assert [found and found.role for found in places] == ["email"] * 3
    first, tenth = places[0], places[2]
    assert first is not None
    assert tenth is not None
    assert first.place < tenth.place


def test_what_reading_asks_knows_titles_of_languages_and_products() -> None:
    assert all(map(knows_title, ("Vorname", "姓名", "Apellidos", "Prénom", "user_login", "E-mail 3 - Value")))
    assert not any(map(knows_title, ("Mara", "17", "", "List of members")))


def _require_one_meaning(table: object) -> None:
    assert isinstance(table, dict)
    meanings: dict[str, Role] = {}
    for role, titles in table.items():
        for title in titles:
            assert title_key(title) not in meanings, title
            meanings[title_key(title)] = role
