"""How a server is set up, as far as whoever connects to it can see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import psycopg

from whowas.store.server.server_log import ServerLog

SELECT_SETTINGS = """
SELECT current_setting('server_version'),
       coalesce((SELECT s.version FROM pg_stat_ssl AS s WHERE s.pid = pg_backend_pid() AND s.ssl), ''),
       current_setting('fsync')::boolean, current_setting('full_page_writes')::boolean,
       current_setting('synchronous_commit'), current_setting('synchronous_standby_names'),
       (SELECT count(*) FROM pg_stat_replication), current_setting('archive_mode') <> 'off'
"""
_SELECT_UNSWEPT = "SELECT EXISTS (SELECT 1 FROM {schema}.directory AS d WHERE d.key = 'unswept')"
_SELECT_MIGHTY = """
SELECT r.rolname::text, r.rolsuper FROM pg_roles AS r
WHERE r.rolcanlogin AND (r.rolsuper OR pg_has_role(r.oid, %s::name, 'MEMBER'::text)
    OR r.rolcreaterole AND current_setting('server_version_num')::integer < 160000)
ORDER BY 1
"""
_VERIFIED = "verify-full"


@dataclass(frozen=True, slots=True)
class ServerSetup:
    """How a server is set up.

    ``tls`` is the version of TLS that the connection has, "" for none, and ``is_verified`` says that the certificate
    and the name in it were; ``is_within_computer`` that no network is between. ``standbys`` is how many copies are
    connected, of which those that ``waits_for`` names are waited for; ``synchronous_commit`` is PostgreSQL's setting.
    ``superusers`` may do everything; ``owners`` are others who can make themselves the owner of the tables.
    """

    version: str
    tls: str
    is_verified: bool
    is_within_computer: bool
    fsync: bool
    full_page_writes: bool
    synchronous_commit: str
    waits_for: str
    standbys: int
    archives: bool
    is_unswept: bool
    superusers: tuple[str, ...]
    owners: tuple[str, ...]


def setup_of(server: ServerLog) -> ServerSetup:
    """Return how the server of a directory is set up. Raises StoreError."""
    mighty = server.ask(_SELECT_MIGHTY, server.roles.owner)
    ((is_unswept,),) = server.ask(_SELECT_UNSWEPT)
    (settings,) = server.ask(SELECT_SETTINGS)
    return replace(
        setup_from(settings, server.connection.info),
        is_unswept=bool(is_unswept),
        superusers=tuple(name for name, is_superuser in mighty if is_superuser),
        owners=tuple(name for name, is_superuser in mighty if not is_superuser),
    )


def setup_from(settings: tuple[Any, ...], information: psycopg.ConnectionInfo) -> ServerSetup:
    """Return how a server is set up by the row of ``SELECT_SETTINGS``, with nothing of what a directory there has."""
    version, tls, fsync, full_pages, commit, waits_for, standbys, archives = settings
    return ServerSetup(
        version=str(version).split(" ")[0],
        tls=str(tls),
        is_verified=information.get_parameters().get("sslmode") == _VERIFIED,
        is_within_computer=information.host.startswith(("/", "@")),
        fsync=bool(fsync),
        full_page_writes=bool(full_pages),
        synchronous_commit=str(commit),
        waits_for=str(waits_for),
        standbys=int(standbys),
        archives=bool(archives),
        is_unswept=False,
        superusers=(),
        owners=(),
    )
