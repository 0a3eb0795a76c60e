"""Where a person says that a directory is to be shared, as they typed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from whowas.domain.errors import RefusedError

if TYPE_CHECKING:
    from whowas.store.server.address import ServerAddress

How = Literal["server", "computer", "address"]
ADDRESS: How = "address"
_PORT = "5432"
_SOCKET_FOLDERS = ("/var/run/postgresql", "/run/postgresql", "/tmp")  # noqa: S108 - where PostgreSQL has its sockets


@dataclass(frozen=True, slots=True)
class Said:
    """``parts`` are what libpq calls host, port and so on, for ``how`` "address" the address under that name."""

    how: How
    parts: Mapping[str, str] = field(repr=False)

    def address(self) -> ServerAddress:
        """Return the address that this is, as part of a job. Raises RefusedError naming the part at fault."""
        from whowas.store.server.address import address_of, parsed

        if self.how != ADDRESS:
            if self.how == "server" and "host" not in self.parts:
                raise RefusedError("host", "Which computer is the server? Its name or number is missing.")
            return address_of(self.parts if self.how == "server" else _by_socket(self.parts))
        try:
            found = parsed(self.parts.get(ADDRESS, ""))
        except RefusedError as error:
            # Whatever part is wrong, it is all in one field.
            raise RefusedError(ADDRESS, str(error)) from error
        password = self.parts.get("password")
        return found if password is None else replace(found, password=password)


def _by_socket(parts: Mapping[str, str]) -> Mapping[str, str]:
    """Return the same with the folder of the socket, so that nothing else is taken for it, as from ``PGHOST``."""
    folder = parts.get("host", "")
    if folder and not folder.startswith("/"):
        raise RefusedError("host", "That is no folder: its path begins with a slash.")
    socket = f".s.PGSQL.{parts.get('port', _PORT)}"
    usual = next((one for one in _SOCKET_FOLDERS if (Path(one) / socket).exists()), _SOCKET_FOLDERS[0])
    return {**parts, "host": folder or usual}
