"""Opening a directory on a server, as a job: what a person chose and typed becomes a connection."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from whowas.desktop.session.live_directory import LiveDirectory
from whowas.domain.errors import RefusedError, StoreError
from whowas.domain.progress import Progress
from whowas.store.follower.shared_directory import SharedDirectory
from whowas.store.server.address import ServerAddress, parsed
from whowas.store.server.team_file import read_team_file


def reached(place: Path | str, account: str, password: str, progress: Progress) -> LiveDirectory:
    """Open the directory that a team file or an address names, signed in as ``account``.

    What is "" libpq finds by itself. Raises CancelledError or StoreError.
    """
    address = address_of(place)
    return SharedDirectory.open(
        replace(address, user=account or address.user, password=password or address.password), progress
    )


def address_of(place: Path | str) -> ServerAddress:
    """Return where a directory is. Raises StoreError."""
    if isinstance(place, Path):
        return read_team_file(place)
    try:
        return parsed(place)
    except RefusedError as error:
        raise StoreError(str(error)) from error
