"""What comes after an erasure from a shared directory: the server's files are swept, and others have to forget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whowas.domain.errors import StoreError

if TYPE_CHECKING:
    from whowas.desktop.session.live_directory import LiveDirectory


def erased_on_server(shared: LiveDirectory) -> list[str]:
    """Have the server sweep its files, as part of a job; return what is left, and who has not forgotten yet."""
    from whowas.team.connected import server_at
    from whowas.team.erasing import not_forgotten_told, sweep_server

    told: list[str] = []
    try:
        shared.follow()  # which tells the server that this computer has forgotten
        with server_at(shared.address) as server:
            told += sweep_server(server)
            told += filter(None, [not_forgotten_told(server)])
    except StoreError as error:
        told.append(f"Who has not forgotten yet could not be found out. {error}")
    return told
