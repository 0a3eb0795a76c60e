"""Erasing from a shared directory: what comes after ``erasure.erase`` on the server, and in everybody's windows.

That erases from what this computer keeps and sends the command to the server, where the payloads go in the same
transaction. Each window forgets, sweeps and says so by itself when it follows next.
"""

from __future__ import annotations

from whowas.domain.errors import StoreError
from whowas.domain.fields import counted, listed
from whowas.store.server.administering.sweeping import SweptServer, sweep
from whowas.store.server.server_log import ServerLog

UNREACHED = (
    "Backups, archives and logs that the server's administrator keeps, and dumps that anybody made, may still hold "
    "this person: Whowas cannot reach them."
)
"""What is to be said before and after somebody is erased from a shared directory."""


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
    """Return whose windows have not forgotten yet who was erased, as a sentence; "" where all have.

    Raises StoreError.
    """
    accounts = [account for account, _ in server.not_forgotten()]
    if not accounts:
        return ""
    have, do = ("has", "it does") if len(accounts) == 1 else ("have", "they do")
    names = listed(f"“{account}”" for account in dict.fromkeys(accounts))
    windows = counted(len(accounts), "window")
    return f"{windows} of {names} {have} not forgotten yet; {do} so once connected to the server."


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
