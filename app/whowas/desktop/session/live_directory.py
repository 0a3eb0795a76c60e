"""What a session asks of a directory that several people share; ``SharedDirectory`` is one, tests have others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from whowas.domain.progress import Progress, unwatched
from whowas.store.directory_log import DirectoryLog
from whowas.store.event_log import EventLog

if TYPE_CHECKING:
    from whowas.store.follower.lost_changes import LostChanges
    from whowas.store.server.address import ServerAddress
    from whowas.store.server.errors import NotConnectedError
    from whowas.store.server.roles import Rights


class LiveWrites(DirectoryLog, Protocol):
    """The way to write to it, see ``SharedLog``."""

    @property
    def not_copied(self) -> bool: ...


class LiveDirectory(Protocol):
    """A directory on a server, with the file that follows it; what each of these is, ``SharedDirectory`` says."""

    @property
    def address(self) -> ServerAddress: ...

    @property
    def log(self) -> EventLog: ...

    @property
    def writes(self) -> LiveWrites: ...

    @property
    def account(self) -> str: ...

    @property
    def rights(self) -> Rights | None: ...

    @property
    def offline(self) -> NotConnectedError | None: ...

    @property
    def offline_since(self) -> int | None: ...

    @property
    def remark(self) -> str | None: ...

    def follow(self, progress: Progress = unwatched) -> bool: ...

    def wait(self, timeout: float) -> bool: ...

    def hurry(self) -> None: ...

    def present(self) -> list[str]: ...

    def clock(self) -> int: ...

    def lost(self) -> LostChanges | None: ...

    def close(self) -> None: ...


Reach = Callable[[Progress], LiveDirectory]
"""Opens one, as part of a job. Raises CancelledError or StoreError."""
