"""What the assistant does off the GUI thread: looking at a server, and moving a directory there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from whowas.domain.errors import WhowasError
from whowas.domain.progress import Progress

if TYPE_CHECKING:
    from whowas.desktop.sharing.assistant.said import Said
    from whowas.store.server.address import ServerAddress
    from whowas.store.server.roles import Rights
    from whowas.team.creating import Created
    from whowas.team.prospect import Prospect


@dataclass(frozen=True, slots=True)
class MovedToServer:
    """A directory that was moved; ``left`` says what of the rest could not be done.

    ``account`` and ``password`` are what the person typed, "" for what libpq found by itself.
    """

    created: Created
    account: str
    password: str = field(repr=False)
    left: str = ""


def look(said: Said, progress: Progress) -> tuple[ServerAddress, Prospect]:
    """Return where that is, and what is there. Raises RefusedError naming the part at fault, or StoreError."""
    from whowas.team.prospect import look_at

    progress(0, 0)
    address = said.address()
    return address, look_at(address)


def move(
    file: Path, address: ServerAddress, team_file: Path, rights: Mapping[str, Rights], progress: Progress
) -> MovedToServer:
    """Move the directory, then let others in. Raises as ``create`` does, and nothing once that is done."""
    from whowas.store.server.connecting.accounts import remember_account
    from whowas.store.server.connecting.connect import completed
    from whowas.team.connected import server_at
    from whowas.team.creating import create
    from whowas.team.members import grant

    address = completed(address)
    created = create(file, address, team_file, progress)
    if address.user is not None and created.address.directory_id is not None:
        remember_account(created.address.directory_id, address.user)
    moved = MovedToServer(created, address.user or "", address.password or "")
    try:
        with server_at(address) as server:
            for account, may in rights.items():
                grant(server, account, may)
    except WhowasError as error:
        return replace(moved, left=f"Not everybody could be let in: {error} Say so again by File → Members….")
    return moved
