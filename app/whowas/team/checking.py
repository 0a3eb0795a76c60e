"""What a server promises for the directory on it, and what it does not, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from whowas.domain.fields import listed
from whowas.store.event_log import EventLog
from whowas.store.server.administering.alterations import alterations, altered_payload
from whowas.store.server.administering.inspecting import ServerSetup, setup_of
from whowas.store.server.making.upgrading import needs_upgrade
from whowas.store.server.server_log import ServerLog
from whowas.store.server.version import SERVER_VERSION
from whowas.team.erasing import not_forgotten_told

FindingState = Literal["fine", "to know", "wrong"]

_MAY = {
    "reader": "may read everything but password hashes",
    "editor": "may read and change everything",
    "admin": "may do everything: erase for ever, and say who may what",
}
_UPGRADABLE = (
    "The directory was made by an earlier version of Whowas: what later ones brought, such as colours of groups, "
    "cannot be saved in it until an admin runs “whowas team upgrade”."
)
_NAMED = 3
"""How many accounts are named."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about the server: "fine", something that people have "to know", or "wrong"."""

    state: FindingState
    sentence: str


def check(server: ServerLog, follower: EventLog | None = None) -> list[Finding]:
    """Look at all that can be seen of the server and the directory on it, and compare it with what ``follower`` saw.

    What cannot be seen is a finding to know. Raises StoreError where the connection is lost.
    """
    setup = setup_of(server)
    return [
        Finding("fine", f"The server is PostgreSQL {setup.version}."),
        _connection(setup),
        _account(server),
        *_durability(setup),
        _copies(setup),
        _backups(setup),
        *_schema(server),
        _owners(setup),
        *([] if follower is None else [_history(server, follower)]),
        *_erasures(server, setup),
    ]


def _connection(setup: ServerSetup) -> Finding:
    if setup.is_within_computer:
        return Finding("fine", "The connection stays within this computer.")
    if not setup.tls:
        return Finding("wrong", "The connection is not encrypted: whoever is on the network can read it, and alter it.")
    if not setup.is_verified:
        return Finding(
            "wrong",
            f"The connection is encrypted ({setup.tls}), but nobody looks whether it leads to the right server.",
        )
    return Finding("fine", f"The connection is encrypted ({setup.tls}), and the server's certificate is verified.")


def _account(server: ServerLog) -> Finding:
    if server.rights is None:
        return Finding("to know", f"“{server.account}” has no rights that were granted in this directory.")
    return Finding("fine", f"“{server.account}” is {server.rights}: {_MAY[server.rights]}.")


def _durability(setup: ServerSetup) -> Iterator[Finding]:
    """Yield what a crash of the server's machine may take."""
    off = [name for name, on in (("fsync", setup.fsync), ("full_page_writes", setup.full_page_writes)) if not on]
    if off:
        yield Finding(
            "wrong", f"With {listed(off)} switched off, a crash of the server's machine can damage the directory."
        )
    if setup.synchronous_commit == "off":
        yield Finding("wrong", "With synchronous_commit switched off, a crash can take changes that were saved.")
    elif not off:
        yield Finding("fine", "What is saved is on the server's disk.")


def _copies(setup: ServerSetup) -> Finding:
    """Say what is lost with the server's machine."""
    waits = setup.waits_for and setup.synchronous_commit not in {"off", "local"}
    if waits and setup.standbys:
        return Finding("fine", "What is saved is on a second server too, which each change waits for.")
    if waits:
        return Finding("wrong", "Each change waits for a second server, and none is connected: saving will hang.")
    if setup.standbys:
        servers = "a second server" if setup.standbys == 1 else f"{setup.standbys:,} other servers"
        return Finding(
            "to know",
            f"What is saved is copied to {servers} a little later: losing this one may lose the last changes.",
        )
    return Finding("to know", "What is saved is on one server only: with its disk, all since the last backup is lost.")


def _backups(setup: ServerSetup) -> Finding:
    archives = "it archives its write-ahead log" if setup.archives else "it does not archive its write-ahead log"
    return Finding("to know", f"Whether backups are made of the server cannot be seen from here; {archives}.")


def _schema(server: ServerLog) -> Iterator[Finding]:
    if needs_upgrade(server):
        yield Finding("to know", _UPGRADABLE)
    elif server.version != SERVER_VERSION:
        yield Finding("to know", "The directory is of another version than this program: its tables were not compared.")
        return
    found = alterations(server)
    if not found:
        yield Finding("fine", "Tables, functions and rights on the server are as this program made them.")
    for clause in found:
        yield Finding("wrong", f"On the server {clause}.")
    if not any(clause.startswith("the table") for clause in found):  # else there may be nothing to look at
        altered = altered_payload(server)
        if altered is not None:
            yield Finding("wrong", f"On the server what event {altered:,} holds was altered or is missing.")


def _owners(setup: ServerSetup) -> Finding:
    """Say who can get past everything."""
    names = [f"“{name}”" for name in (*setup.superusers, *setup.owners)]
    shown = listed(names) if len(names) <= _NAMED else f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED:,} more"
    return Finding(
        "to know", f"The administrators of the server ({shown}) can alter anything; whoever connects next notices."
    )


def _history(server: ServerLog, follower: EventLog) -> Finding:
    position, chain = follower.head()
    there = server.chain_at(position)
    if there is None:
        return Finding("wrong", "The server no longer has changes that this computer saw.")
    if there != chain:
        return Finding("wrong", "The history on the server is not the one this computer saw.")
    return Finding("fine", f"The history on the server is the one this computer saw, up to event {position:,}.")


def _erasures(server: ServerLog, setup: ServerSetup) -> Iterator[Finding]:
    if setup.is_unswept:
        yield Finding(
            "to know",
            "Traces of somebody erased are left in the server's files, until an admin opens this directory.",
        )
    if sentence := not_forgotten_told(server):
        yield Finding("to know", sentence)


def machine_findings(setup: ServerSetup) -> list[Finding]:
    """Return what is to be said of a server as such, with or without a directory on it."""
    return [_connection(setup), *_durability(setup), _copies(setup)]
