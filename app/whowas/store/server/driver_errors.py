"""What goes wrong with a server, as sentences: by PostgreSQL's code for it (SQLSTATE, appendix A of its manual)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from whowas.domain.errors import StoreError
from whowas.domain.fields import shortened
from whowas.store.server.address import ServerAddress
from whowas.store.server.errors import NotConnectedError, NotLetInError

_AWAY = ("08", "57P", "25P03", "53300")
"""How the codes begin after which a connection is gone, or never was, and may be there again later."""

READ_ONLY = (
    "{Server} only copies another one (a replica), or was set to read only, so that nothing can be saved there. "
    "Connect to the server that is copied."
)

_SENTENCES = {
    "08": "The connection to {server} was lost.",
    "25006": READ_ONLY,
    "25P03": "{Server} ended the connection, as it had waited too long in the middle of a change. Try again.",
    "28": "{Server} did not let {account} in. Ask whoever keeps it for an account.",
    "28P01": (
        "{Server} did not let {account} in: the account or the password is wrong. They are taken from PGUSER and "
        "PGPASSWORD, ~/.pgpass or a service file."
    ),
    "3D000": "{Server} has no database {database}. Ask whoever keeps it which one it is.",
    "3F000": "{Server} has no directory in the schema {schema} of the database {database}.",
    "40": "Others saved at the same time, and {server} could not put both in an order. Try again.",
    "42501": "Your account has no right to that on {server}. Ask an admin of the directory, or whoever keeps it.",
    "42883": "The directory on {server} is not as this program knows it: its functions are missing or others.",
    "42P01": "{Server} has no directory in the schema {schema} of the database {database}.",
    "53": "{Server} has run out of what it needs for that. Tell whoever keeps it.",
    "53100": "The disk of {server} is full, so nothing was saved. Tell whoever keeps it.",
    "53300": "{Server} has too many connections open already. Try again in a moment.",
    "55P03": "{Server} is busy with another's long change. Try again in a moment.",
    "57014": "{Server} stopped that, as it took longer than its settings allow. Try again.",
    "57P": "{Server} has ended the connection, as it does when it is shut down or restarted.",
    "57P03": "{Server} is starting up or shutting down. Try again in a moment.",
}
"""By whole codes, or by how they begin; the longest that fits counts."""

_TYPED = "{Server} did not let {account} in: the account or the password is wrong."
"""What is said where a password was given, so that it comes from nowhere else."""


@contextmanager
def sentences_for_server(address: ServerAddress) -> Iterator[None]:
    """Turn errors of the driver into StoreErrors of one sentence, NotConnectedError where a connection is gone.

    That says nothing about whether a change which was under way was saved. An error that PostgreSQL gave no code and
    that is none of the connection's is a bug, and passes.
    """
    try:
        yield
    except psycopg.Error as error:
        if (told := sentence_of(error, address)) is None:
            raise
        raise told from error


def sentence_of(error: psycopg.Error, address: ServerAddress) -> StoreError | None:
    """Return what is said of an error on a connection that was there; None where the error is a bug."""
    if error.sqlstate is None:
        is_connection = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
        return told_of(_SENTENCES["08"], address, kind=NotConnectedError) if is_connection else None
    return by_code(error.sqlstate, address, error.diag.message_primary or "")


def by_code(code: str, address: ServerAddress, message: str) -> StoreError:
    """Return what is said of an SQLSTATE; of one that is not foreseen, what the server says itself."""
    kind = NotConnectedError if code.startswith(_AWAY) else NotLetInError if code.startswith("28") else StoreError
    if code == "28P01" and address.password:
        return told_of(_TYPED, address, kind=kind)
    for length in range(len(code), 1, -1):
        if sentence := _SENTENCES.get(code[:length]):
            return told_of(sentence, address, kind=kind)
    return told_of("{Server} refused that: {0} (SQLSTATE {1}).", address, one_line(message), code, kind=kind)


def told_of(
    sentence: str, address: ServerAddress, *found: str | None, kind: type[StoreError] = StoreError
) -> StoreError:
    """Return an error that says ``sentence``: with what was found at {0}, {1}, and names of the address filled in.

    Those are {server}, {Server} where a sentence begins, {account}, {database} and {schema}. All of it is shortened.
    """
    named = {
        "Server": f"The server {address.place()}",
        "server": f"the server {address.place()}",
        "account": f"“{shortened(address.user)}”" if address.user else "your account",
        "database": f"“{shortened(address.dbname)}”" if address.dbname else "of your account",
        "schema": f"“{address.schema}”",
    }
    return kind(sentence.format(*(shortened(each or "", 200) for each in found), **named))


def one_line(text: str) -> str:
    """Return what a server or libpq says as one line without its full stop."""
    return " ".join(text.split()).rstrip(".")
