"""A connection to the directory on a server for as long as one question takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from whowas.store.server.address import ServerAddress
from whowas.store.server.connecting.connect import connect
from whowas.store.server.server_log import ServerLog


@contextmanager
def server_at(address: ServerAddress) -> Iterator[ServerLog]:
    """Yield the log of the directory at an address, connected; close that connection. Raises StoreError."""
    connection = connect(address)
    try:
        yield ServerLog(connection, address)
    finally:
        connection.close()
