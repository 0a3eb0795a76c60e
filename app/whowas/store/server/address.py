"""Where a shared directory is: what a ``.whowas-team`` file says, or a ``postgresql://`` address."""

from __future__ import annotations

from dataclasses import dataclass

SUFFIX = ".whowas-team"
SCHEMA = "whowas"
"""The schema of the database that a directory is in, where nothing else is said."""


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """How to reach a directory on a server; None for what libpq finds out by itself, as from ``PGHOST`` or a service.

    ``directory_id`` is the id of the directory that is expected there, None where that is still to be seen.
    ``password`` comes from an address only, and is never written to a file nor shown.
    """

    service: str | None = None
    host: str | None = None
    port: str | None = None
    dbname: str | None = None
    user: str | None = None
    password: str | None = None
    schema: str = SCHEMA
    sslmode: str | None = None
    sslrootcert: str | None = None
    directory_id: str | None = None
