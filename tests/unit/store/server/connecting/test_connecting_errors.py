"""What is said where a connection could not be made, by what libpq and servers say."""

from __future__ import annotations

import psycopg
import pytest

from whowas.domain.errors import StoreError
from whowas.store.server.address import ServerAddress
from whowas.store.server.connecting.connecting_errors import sentence_of_connecting
from whowas.store.server.errors import NotConnectedError, NotLetInError

ADDRESS = ServerAddress(host="db", dbname="staff", user="ada")
BEFORE = 'connection failed: connection to server at "10.0.0.1", port 5432 failed: '


@pytest.mark.parametrize(
    ("said", "expected", "kind"),
    [
        ("FATAL:  the database system is starting up", "The server db is starting up", NotConnectedError),
        ("FATAL:  sorry, too many clients already", "The server db has too many connections", NotConnectedError),
        ('FATAL:  permission denied for database "staff"', "Your account has no right", StoreError),
        ("FATAL:  no pg_hba.conf entry for host", "The server db did not let “ada” in", NotLetInError),
        (
            'FATAL:  password authentication failed for user "ada"',
            "the account or the password is wrong",
            NotLetInError,
        ),
        ("fe_sendauth: no password supplied", "the account or the password is wrong", NotLetInError),
        ("timeout expired", "The server db does not answer", NotConnectedError),
        ("SSL error: tlsv13 alert certificate required", "client certificate", StoreError),
        ("FATAL:  Zu viele Verbindungen", "cannot be connected to: FATAL: Zu viele Verbindungen.", NotConnectedError),
        ("something new\nover two lines.", "cannot be connected to: something new over two lines.", NotConnectedError),
        ("{0} {server}", "cannot be connected to: {0} {server}.", NotConnectedError),
    ],
)
def test_a_sentence(said: str, expected: str, kind: type[StoreError]) -> None:
    error = sentence_of_connecting(psycopg.OperationalError(BEFORE + said), ADDRESS)
    assert expected in str(error)
    assert isinstance(error, kind)
    assert isinstance(error, NotConnectedError) is (kind is NotConnectedError)
    assert "10.0.0.1" not in str(error)


def test_what_is_said_at_length_is_shortened() -> None:
    assert len(str(sentence_of_connecting(psycopg.OperationalError(BEFORE + "x" * 5_000), ADDRESS))) < 300
