"""Addresses of servers are read as libpq reads them, and what is wrong with one is said without repeating it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.domain.errors import RefusedError
from whowas.store.server.address import ServerAddress, is_address, parsed

SECRET = "geheim"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgresql://", ServerAddress()),
        ("postgres://db.example.org", ServerAddress(host="db.example.org")),
        (
            "postgresql://ada:w%40rd@db.example.org:5433/staff?schema=hr&sslmode=require",
            ServerAddress(
                host="db.example.org",
                port="5433",
                dbname="staff",
                user="ada",
                password="w@rd",
                schema="hr",
                sslmode="require",
            ),
        ),
        ("postgresql:///staff?host=/run/postgresql", ServerAddress(host="/run/postgresql", dbname="staff")),
        ("postgresql://%2Frun%2Fpostgresql/staff", ServerAddress(host="/run/postgresql", dbname="staff")),
        (
            "postgresql://u:what?w@h/d?schema=x",
            ServerAddress(host="h", dbname="d", user="u", password="what?w", schema="x"),
        ),
        ("postgresql://[::1]:5433/staff", ServerAddress(host="::1", port="5433", dbname="staff")),
        ("postgresql:///?service=staff&schema=a", ServerAddress(service="staff", schema="a")),
        ("postgresql:///?schema=a&service=staff", ServerAddress(service="staff", schema="a")),
        (
            "postgresql://a,b:5433/staff?target_session_attrs=any",
            ServerAddress(host="a,b", port=",5433", dbname="staff", options=(("target_session_attrs", "any"),)),
        ),
        ("postgresql://h/d?ssl=true", ServerAddress(host="h", dbname="d", sslmode="require")),
    ],
)
def test_an_address_is_read(text: str, expected: ServerAddress) -> None:
    assert is_address(text)
    assert parsed(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("mysql://h/d", "begins with postgresql://"),
        (f"postgresql://ada:{SECRET}@{SECRET}@h/d", "%40"),
        (f"postgresql://ada:{SECRET}/{SECRET}@h/d", "%2F"),
        (f"postgresql://ada:{SECRET}%zz@h/d", "%25"),
        (f"postgresql://ada:{SECRET}%00@h/d", "%25"),
        (f"postgresql://ada:{SECRET}\x00@h/d", "nobody can see"),
        ("postgresql://h/d?schema=a&schema=b", "several schemas"),
        ("postgresql://h/d?schema=Staff", "schema"),
        ("postgresql://h/d?schema=pg_catalog", "schema"),
        ("postgresql://h/d?schema=public", "schema"),
        ("postgresql://h/d?schema=stаff", "schema"),  # a Cyrillic a
        ("postgresql://h/d?foo=bar", "“foo”"),
        ("postgresql://h/d?options=-csearch_path%3Devil", "“options”"),
        ("postgresql://h:0/d", "port"),
        ("postgresql://h:65536/d", "port"),
        ("postgresql://h:٣/d", "port"),
        ("postgresql://hоst/d", "host"),  # a Cyrillic o
        ("postgresql://h%20/d", "nobody can see"),
        ("postgresql://h/st%E2%80%8Baff", "nobody can see"),
        ("postgresql://h/st\u202eaff", "nobody can see"),
        ("postgresql://h/d?sslmode=maybe", "sslmode"),
        ("postgresql://h/d?connect_timeout=soon", "connect_timeout"),
    ],
)
def test_what_is_wrong_is_said_without_repeating_secrets(text: str, words: str) -> None:
    with pytest.raises(RefusedError, match=words) as caught:
        parsed(text)
    assert caught.value.field == "server"
    assert SECRET not in str(caught.value)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(RefusedError):
        assert parsed(f"postgresql://{text}").place()


def test_a_password_is_not_shown() -> None:
    address = parsed(f"postgresql://ada:{SECRET}@db.example.org/staff")
    assert address.password == SECRET
    assert SECRET not in repr(address)
    assert address.place() == "db.example.org"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgresql://a,b/d", "a and b"),
        ("postgresql:///d?host=/run/x", "of this computer"),
        ("postgresql:///?service=staff", "of the service “staff”"),
    ],
)
def test_a_place_is_told_in_few_words(text: str, expected: str) -> None:
    assert parsed(text).place() == expected
