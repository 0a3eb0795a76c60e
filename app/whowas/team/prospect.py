"""A server to which a directory may be moved: who could use it there, and what stands in the way, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from whowas.store.server.address import ServerAddress
from whowas.store.server.connecting import connect
from whowas.store.server.prospect import ServerFacts, facts_of
from whowas.team.checking import Finding


@dataclass(frozen=True, slots=True)
class Prospect:
    """``answer`` says in a sentence that the server answered, and as what.

    ``possible`` if nothing keeps a directory from being moved there. ``account`` is by which name the server knows
    whoever asked, ``accounts`` are all that may log in, sorted.
    """

    answer: str
    possible: bool
    account: str
    accounts: tuple[str, ...]
    findings: tuple[Finding, ...]


def accounts_at(address: ServerAddress) -> tuple[str, ...]:
    """Return all accounts of a server that may log in, sorted. Raises StoreError."""
    return look_at(address).accounts


def look_at(address: ServerAddress) -> Prospect:
    """Connect to a server, look, and leave it as it is. Raises StoreError."""
    connection = connect(address)
    try:
        facts = facts_of(connection, address)
    finally:
        connection.close()
    possible = not facts.is_taken and facts.may_make_roles and facts.may_make_schemas
    return Prospect(_answer(facts), possible, facts.account, facts.accounts, tuple(_findings(facts, address)))


def _answer(facts: ServerFacts) -> str:
    how = "encrypted" if facts.encrypted else "by a socket of this computer" if facts.by_socket else "not encrypted"
    return f"Connected as {facts.account}, {how}: PostgreSQL {facts.version}, database {facts.database}."


def _findings(facts: ServerFacts, address: ServerAddress) -> Iterator[Finding]:
    yield _place(facts, address)
    yield _right(facts)
    yield _transport(facts)
    yield _durability(facts)
    yield Finding(
        "to know",
        "Backups of the server are made and kept by its administrator; Whowas cannot see whether there are any. Every "
        "computer that has the directory open also keeps all of it.",
    )


def _place(facts: ServerFacts, address: ServerAddress) -> Finding:
    schema, database = f"The schema {address.schema}", f"the database {facts.database}"
    if facts.has_directory:
        sentence = f"{schema} of {database} holds a directory already. Go back and name another schema or database."
        return Finding("wrong", sentence)
    if facts.is_taken:
        sentence = f"{schema} of {database} holds other tables. Go back and name another schema or database."
        return Finding("wrong", sentence)
    return Finding("fine", f"PostgreSQL {facts.version}; {schema[0].lower()}{schema[1:]} of {database} is free.")


def _right(facts: ServerFacts) -> Finding:
    lacking = []
    if not facts.may_make_roles:
        lacking.append(f"ALTER ROLE {_quoted(facts.account)} CREATEROLE;")
    if not facts.may_make_schemas:
        lacking.append(f"GRANT CREATE ON DATABASE {_quoted(facts.database)} TO {_quoted(facts.account)};")
    if not lacking:
        return Finding("fine", f"The account {facts.account} may make what the directory needs there.")
    sentence = f"The account {facts.account} may not make what the directory needs there. Its administrator lets it by:"
    return Finding("wrong", f"{sentence} {' '.join(lacking)}")


def _transport(facts: ServerFacts) -> Finding:
    if facts.by_socket:
        return Finding("fine", "The connection is a socket of this computer: nothing leaves it.")
    if facts.encrypted:
        return Finding("fine", "The connection is encrypted.")
    return Finding("to know", "The connection is not encrypted: whoever is in between can read everything.")


def _durability(facts: ServerFacts) -> Finding:
    if not facts.durable:
        sentence = "The server does not wait for its disk (fsync is off): what was saved may be lost when it crashes."
        return Finding("wrong", sentence)
    if facts.standbys:
        return Finding("fine", "A second server has every change before it counts as saved.")
    sentence = "One server holds the directory. What was saved since its last backup is lost with its disk."
    return Finding("to know", sentence)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
