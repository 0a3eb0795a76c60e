"""How a module of this package describes the format it is about; ``formats`` lists them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from whowas.domain.directory import Directory
from whowas.domain.users import User
from whowas.store.event_log import EventLog

Wanted = Callable[[int, int], bool]
"""Given occurred_at (UTC microseconds) and position of an event, say whether it is to be written."""


@dataclass(frozen=True, slots=True)
class UsersFormat:
    """A format to write users in, as they were at one moment.

    ``name`` is what the command line calls it, ``label`` what people do; ``suffix`` ends the names of its files and
    begins with a dot. ``write`` yields the text of the file; names of groups and custom fields are those of the
    directory given.
    """

    name: str
    label: str
    suffix: str
    write: Callable[[Iterable[User], Directory], Iterator[str]]


@dataclass(frozen=True, slots=True)
class LogFormat:
    """A format to write the event log in, as UsersFormat is one for users; ``write`` takes all events for None."""

    name: str
    label: str
    suffix: str
    write: Callable[[EventLog, Wanted | None], Iterator[str]]


ExportFormat = UsersFormat | LogFormat
