"""Writing to a directory on a server: decided on the follower, appended on the server."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from whowas.store.directory_log import Deciding

if TYPE_CHECKING:
    from whowas.store.event_log import EventLog


class SharedLog:
    """The write side of a shared directory, see ``DirectoryLog``."""

    directory_id: str

    def deciding(
        self, *, locked: bool, copied: Callable[[EventLog], Path] | None = None
    ) -> AbstractContextManager[Deciding]:
        """See ``DirectoryLog``. Raises NotConnectedError while the server is away: nothing can be saved then."""
        raise NotImplementedError
