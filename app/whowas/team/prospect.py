"""A server to which a directory may be moved: who could use it there, and what stands in the way, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from whowas.domain.errors import RefusedError, StoreError, WhowasError
from whowas.store.server.address import ServerAddress
from whowas.store.server.administering.prospect import ServerFacts, facts_of
from whowas.store.server.connecting.connect import connect
from whowas.store.server.errors import NotConnectedError
from whowas.store.server.making.moving_in import require_place
from whowas.team.checking import Finding, machine_findings


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
    return _facts_at(address).accounts


def look_at(address: ServerAddress) -> Prospect:
    """Connect to a server, look, and try whether a directory can be made there; it is left as it is.

    Raises StoreError where it cannot be connected to.
    """
    facts = _facts_at(address)
    hindrance: WhowasError | None = None
    try:
        require_place(address)
    except NotConnectedError:
        raise
    except (RefusedError, StoreError) as error:
        hindrance = error
    findings = tuple(_findings(facts, address, hindrance))
    return Prospect(_answer(facts), hindrance is None, facts.account, facts.accounts, findings)


def _facts_at(address: ServerAddress) -> ServerFacts:
    with closing(connect(address)) as connection:
        return facts_of(connection, address)


def _answer(facts: ServerFacts) -> str:
    setup = facts.setup
    how = "by a socket" if setup.is_within_computer else "encrypted" if setup.tls else "not encrypted"
    return f"Connected as {facts.account}, {how}: PostgreSQL {setup.version}, database {facts.database}."


def _findings(facts: ServerFacts, address: ServerAddress, hindrance: WhowasError | None) -> Iterator[Finding]:
    place = f"The schema {address.schema} of the database {facts.database}"
    yield Finding("fine", f"The server is PostgreSQL {facts.setup.version}.")
    if hindrance is None:
        yield Finding("fine", f"{place} is free, and {facts.account} may make what the directory needs there.")
    else:
        yield Finding("wrong", _why_not(facts, place, hindrance))
    yield from machine_findings(facts.setup)
    if facts.setup.is_within_computer:
        yield Finding(
            "to know",
            "The team file will name this computer, as others do not reach it from theirs: in the copy for them, write "
            "the server as they reach it.",
        )
    yield Finding(
        "to know",
        "Backups of the server are made and kept by its administrator; Whowas cannot see whether there are any. Every "
        "computer that has the directory open also keeps all of it.",
    )


def _why_not(facts: ServerFacts, place: str, hindrance: WhowasError) -> str:
    """Return what stands in the way, and what to do about it."""
    if facts.has_directory:
        return f"{place} holds a directory already. Go back and name another schema or database."
    if facts.is_taken:
        return f"{place} holds other tables. Go back and name another schema or database."
    lacking = []
    if not facts.may_make_roles:
        lacking.append(f"ALTER ROLE {_quoted(facts.account)} CREATEROLE;")
    if not facts.may_make_schemas:
        lacking.append(f"GRANT CREATE ON DATABASE {_quoted(facts.database)} TO {_quoted(facts.account)};")
    if not lacking:
        return str(hindrance)
    sentence = f"{facts.account} may not make what the directory needs there. The server's administrator lets it by:"
    return f"{sentence} {' '.join(lacking)}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
