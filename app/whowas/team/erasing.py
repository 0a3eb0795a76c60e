"""Erasing from a shared directory: what comes after ``erasure.erase`` on the server, and in everybody's windows.

That erases from what this computer keeps and sends the command to the server, where the payloads go in the same
transaction. Each window forgets, sweeps and says so by itself when it follows next.
"""

from __future__ import annotations

from whowas.domain.errors import StoreError
from whowas.domain.fields import counted, listed
from whowas.store.server.administering.sweeping import SweptServer, sweep
from whowas.store.server.rows.arrays import texts
from whowas.store.server.server_log import ServerLog

UNREACHED = (
    "Backups, archives and logs that the server's administrator keeps, and dumps that anybody made, may still hold "
    "this person: Whowas cannot reach them."
)
"""What is to be said before and after somebody is erased from a shared directory."""

_SELECT_MAY = """
SELECT r.rolname::text FROM pg_roles AS r
WHERE r.rolname::text = ANY (%b) AND {schema}.member_rights_1(r.rolname) IS NOT NULL
"""


def sweep_server(server: ServerLog) -> tuple[str, ...]:
    """Have the server remove the traces of everybody erased; return what is left, and where it may be, in sentences.

    For admins, after an erasure, and whenever one opens the directory; may be repeated. Nothing where nothing was to be
    swept. What cannot be done now is a sentence too, and is done another time.
    """
    try:
        swept = sweep(server)
    except StoreError as error:
        return (f"Traces may be left on the server until an admin opens this directory again. {error}",)
    return () if swept is None else tuple(_told(swept))


def not_forgotten_told(server: ServerLog) -> str:
    """Return whose windows have not forgotten yet who was erased, in sentences; "" where all have.

    Of accounts that may not see the directory any more it is said that they cannot. Raises StoreError.
    """
    accounts = [account for account, _ in server.not_forgotten()]
    may = {account for (account,) in server.ask(_SELECT_MAY, texts(accounts))} if accounts else set[str]()
    theirs = [account for account in accounts if account in may]
    others = list(dict.fromkeys(account for account in accounts if account not in may))
    return " ".join(filter(None, (_will_forget(theirs), _cannot_forget(others))))


def _will_forget(accounts: list[str]) -> str:
    if not accounts:
        return ""
    have, do = ("has", "it does") if len(accounts) == 1 else ("have", "they do")
    windows = counted(len(accounts), "window")
    return f"{windows} of {_named(accounts)} {have} not forgotten yet; {do} so once connected to the server."


def _cannot_forget(accounts: list[str]) -> str:
    if not accounts:
        return ""
    have, computers = ("has", "a computer") if len(accounts) == 1 else ("have", "computers")
    return (
        f"{_named(accounts)} {have} no right here any more, so that what {computers} of theirs kept cannot be reached: "
        "it stays there until somebody deletes it."
    )


def _named(accounts: list[str]) -> str:
    return listed(f"“{account}”" for account in dict.fromkeys(accounts))


def _told(swept: SweptServer) -> list[str]:
    told: list[str] = []
    if swept.kept is None:
        told.append("The server does not say whether deleted rows are left in its files; this is tried again.")
    elif swept.kept:
        rows = "row is" if swept.kept == 1 else "rows are"
        told.append(
            f"{swept.kept:,} deleted {rows} left in the server's files, as a long transaction or a replica may still "
            "look at them; what is left goes when an admin next opens this directory."
        )
    if not swept.is_log_renewed:
        told.append(
            "The server's write-ahead log holds what was deleted until it is written over, which the server does by "
            "itself: its administrator can hasten that with pg_switch_wal() and CHECKPOINT."
        )
    return [*told, UNREACHED]
