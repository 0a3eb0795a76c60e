"""Spellings that people cannot tell apart, or that reach one mailbox, have one key; all others have their own."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.domain.comparison_keys import email_key, external_id_key, is_readable, person_key, without_invisible

ZWSP, BOM, SOFT_HYPHEN, NBSP, EMBEDDING, POP = "\u200b", "\ufeff", "\u00ad", "\u00a0", "\u202a", "\u202c"
INVISIBLE = [
    ZWSP,
    BOM,
    SOFT_HYPHEN,
    EMBEDDING,
    POP,
    "\u200c",
    "\u200d",
    "\u2060",
    "\u2066",
    "\ufe0f",
    "\u034f",
    "\U000e0041",
]
BLANKS = [" ", NBSP, "\t", "\u3000", "\u2003"]

PIECES = st.characters() | st.sampled_from(
    [*"aAkßẞıİſΣςéÉ.@-", "xn--", "xn--mnchen-3ya", "。", "．", "\u0345", "\u0301", *INVISIBLE, *BLANKS]
)
TEXTS = st.lists(PIECES, max_size=12).map("".join)
EMAILS = st.builds(lambda local, domain: f"{local}@{domain}", TEXTS, TEXTS)
KEYS: list[Callable[[str], str]] = [email_key, external_id_key, lambda name: person_key(name, None)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cy@example.org", f"cy@example.org{ZWSP}"),
        ("cy@example.org", f"cy@exam{SOFT_HYPHEN}ple.org"),
        ("cy@example.org", f"{EMBEDDING}cy@example.org{POP}"),
        ("cy@example.org", f"{BOM}{NBSP} Cy@Example.ORG\u3000{ZWSP}"),
        ("anna@münchen.example", "anna@xn--mnchen-3ya.example"),
        ("ANNA@MÜNCHEN.example", "anna@XN--MNCHEN-3YA.Example"),
        ("anna@münchen.example", "anna@mu\u0308nchen.example"),
        ("anna@example.org", "anna@example。org"),
        ("anna@example.org", "anna@ｅｘａｍｐｌｅ．org"),
        ("a@straße.example", "a@xn--strae-oqa.example"),
        ("a@i❤.example", "a@xn--i-7iq.example"),
        ("weiß@example.org", "WEIẞ@example.org"),
        ("ΣΊΣΥΦΟΣ@example.org", "σίσυφος@example.org"),
        ("jürgen@example.org", "JU\u0308RGEN@example.org"),
    ],
)
def test_they_are_one_email(one: str, other: str) -> None:
    assert email_key(one) == email_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("weiss@example.org", "weiß@example.org"),
        ("yilmaz@example.org", "yılmaz@example.org"),
        ("ilker@example.org", "İlker@example.org"),
        ("a@strasse.example", "a@straße.example"),
        ("office@example.org", "oﬃce@example.org"),
        ("ada@example.org", "аda@example.org"),
        ("a@example.org", "a@example.com"),
    ],
)
def test_they_are_two_emails(one: str, other: str) -> None:
    assert email_key(one) != email_key(other)


@pytest.mark.parametrize(
    "domain",
    [
        "xn--.example",
        "xn--zz.example",
        "xn--a.example",
        "xn--é.example",
        "xn--0.é",
        "foo_bar.é",
        "..é",
        "é..",
        "\ud800",
        "\u2ff0",
    ],
)
def test_a_domain_that_is_none_has_a_key_all_the_same(domain: str) -> None:
    key = email_key(f"a@{domain}")
    assert (email_key(key), email_key(f"A@{ZWSP}{domain.upper()}")) == (key, key)


def test_what_surrounds_an_external_id_does_not_count_and_its_case_does() -> None:
    assert {external_id_key(text) for text in ("00123", " 00123", f"{ZWSP}00123{NBSP}", "00\ufeff123")} == {"00123"}
    assert len({external_id_key(text) for text in ("a1", "A1", "123", "00123")}) == 4
    assert external_id_key("e\u0301") == "é"


def test_names_of_people_are_compared_without_case_and_runs_of_blanks() -> None:
    assert (
        person_key("Ada ", " OSEI") == person_key("ada", f"Osei{ZWSP}") == person_key("ADA  Osei", None) == "ada osei"
    )
    assert person_key("Jürgen", "Groß") == person_key("Ju\u0308rgen", "GROSS")
    assert person_key("Ada", "Osei") != person_key("Osei", "Ada")
    assert {person_key(name, None) for name in (None, "", " ", ZWSP, f" {NBSP}")} == {""}


@pytest.mark.parametrize("text", ["a", " a ", "ﷺ", "\u0661", "❤", "é", "-", f"{ZWSP}x"])
def test_it_can_be_read(text: str) -> None:
    assert is_readable(text)


@pytest.mark.parametrize(
    "text", ["", " ", "\t\n", ZWSP, NBSP, f" {BOM} ", "\u3164", "\u2800", "\u202e", "\u0000", "\U000e0041"]
)
def test_nothing_can_be_read(text: str) -> None:
    assert not is_readable(text)


@given(TEXTS | EMAILS, st.sampled_from(KEYS))
def test_every_key_is_its_own(text: str, key: Callable[[str], str]) -> None:
    assert key(key(text)) == key(text)


@given(TEXTS | EMAILS, st.sampled_from(KEYS), st.data())
def test_invisible_characters_and_surrounding_blanks_never_count(
    text: str, key: Callable[[str], str], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(text)))
    invisible = data.draw(st.text(INVISIBLE, min_size=1, max_size=3))
    before, after = data.draw(st.text(BLANKS, max_size=2)), data.draw(st.text(BLANKS, max_size=2))
    assert key(f"{before}{text[:place]}{invisible}{text[place:]}{after}") == key(text)


@given(TEXTS | EMAILS, st.sampled_from(KEYS))
def test_composed_or_not_it_is_the_same(text: str, key: Callable[[str], str]) -> None:
    assert key(unicodedata.normalize("NFD", text)) == key(unicodedata.normalize("NFC", text)) == key(text)


@given(st.text(st.characters(max_codepoint=127)).filter(lambda text: "xn--" not in text.lower()))
def test_of_plain_text_the_key_is_its_small_letters(text: str) -> None:
    assert email_key(text) == text.lower().strip()


VISIBLE = [*"aAkßẞıİſΣςéÉ.@-。．", "\u0301", *BLANKS]


@given(st.lists(st.sampled_from([*VISIBLE, *INVISIBLE]), max_size=12))
def test_what_is_left_without_invisible_characters_is_the_rest(characters: list[str]) -> None:
    left = "".join(character for character in characters if character in VISIBLE)
    assert without_invisible("".join(characters)) == left


def test_plain_addresses_do_not_load_the_tables_of_domains() -> None:
    code = (
        "import sys; from whowas.domain.comparison_keys import email_key; "
        "email_key('Ada@Example.org'); email_key('jürgen@example.org'); print('idna' in sys.modules)"
    )
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "False"
