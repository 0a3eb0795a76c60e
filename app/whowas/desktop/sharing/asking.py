"""What is asked of a server, as parts of jobs: each has a connection of its own for as long as it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from whowas.store.server.address import ServerAddress
    from whowas.store.server.server_log import ServerLog

T = TypeVar("T")


@contextmanager
def server_at(address: ServerAddress) -> Iterator[ServerLog]:
    """Yield the log of the directory at an address, connected; close that connection. Raises StoreError."""
    from whowas.store.server.connecting import connect
    from whowas.store.server.server_log import ServerLog

    connection = connect(address)
    try:
        yield ServerLog(connection, address)
    finally:
        connection.close()


def asked(address: ServerAddress, question: Callable[[ServerLog], T]) -> T:
    """Return the answer to one question about the directory at an address. Raises as ``question`` does."""
    with server_at(address) as server:
        return question(server)
