"""How a module of this package describes the format it is about; ``formats`` lists them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from whowas.command_bus.unit_of_work import Change
from whowas.domain.directory import Directory
from whowas.domain.users import User
from whowas.interchange.entries import Asked, ImportEntry
from whowas.interchange.report import RefusedLine
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


@dataclass(frozen=True, slots=True)
class ImportFormat:
    """A format that users or their histories are read from.

    ``name`` is what the command line calls it; ``noun`` and ``description`` are what its help says of it. A file is
    known by one of the ``suffixes``, else by what it begins with: one of ``beginnings``, after blanks.

    ``read`` yields the header where there is one, then every line, or why it cannot be read; it raises
    UnreadableError where the file cannot be read any further. ``asked`` returns what an entry asks for, given the
    change so far and the lines taken so far, by the ids of their users; it raises RefusedError. ``moment`` is what a
    line calls the moment at which it became true.
    """

    name: str
    noun: str
    description: str
    suffixes: tuple[str, ...]
    beginnings: tuple[bytes, ...]
    read: Callable[[bytes], Iterator[str | ImportEntry | RefusedLine]]
    asked: Callable[[Change, ImportEntry, Mapping[str, int]], Asked]
    moment: str = "occurred_at"
