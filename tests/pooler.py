"""PgBouncer before a server of the tests' own, in transaction mode: whoever connects has no session to themselves."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import psycopg
import pytest

from tests.postgres import SUPERUSER, Cluster, _give, _unprivileged

_SECONDS_TO_START = 20


@contextmanager
def running_pooler(cluster: Cluster, accounts: Sequence[str] = (), *, port: int = 6432) -> Iterator[str]:
    """Run PgBouncer on a socket before a cluster; yield the folder of its socket, or skip the test.

    ``accounts`` are let in without a password, besides the superuser. One connection to the server serves all of an
    account's, so that nothing may rely on having it to itself.
    """
    program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if program is None:
        pytest.skip("PgBouncer is not installed")
    folder = cluster.folder / "pooler"
    folder.mkdir()
    users, settings = folder / "users.txt", folder / "pgbouncer.ini"
    users.write_text("".join(f'"{name}" ""\n' for name in (SUPERUSER, *accounts)))
    settings.write_text(
        f"[databases]\n* = host={cluster.folder} port={cluster.port}\n[pgbouncer]\n"
        f"unix_socket_dir = {folder}\nlisten_port = {port}\nauth_type = trust\nauth_file = {users}\n"
        f"pool_mode = transaction\ndefault_pool_size = 1\nlogfile = {folder / 'log'}\n"
    )
    for path in (folder, users, settings):
        _give(path)
    with subprocess.Popen(
        [program, "-q", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **_unprivileged()
    ) as pooler:
        try:
            _wait_for(cluster, str(folder), port)
            yield str(folder)
        finally:
            pooler.terminate()
            pooler.wait()
            shutil.rmtree(folder)


def _wait_for(cluster: Cluster, folder: str, port: int) -> None:
    end = time.monotonic() + _SECONDS_TO_START
    while True:
        with suppress(psycopg.OperationalError):
            psycopg.connect(cluster.conninfo(), host=folder, port=port, connect_timeout=5).close()
            return
        assert time.monotonic() < end, "PgBouncer did not start"
        time.sleep(0.02)
