"""The directory's own state at a position, folded the slow way."""

from __future__ import annotations

from whowas.domain.directory import Directory
from whowas.domain.events import DirectoryEvent
from whowas.domain.streams import DirectoryStream
from whowas.store.event_log import EventLog


def directory_before(log: EventLog, position: int) -> Directory:
    """Return the directory's own state as it was before the event at ``position`` was recorded."""
    stream = DirectoryStream()
    for recorded in log.stream(log.directory_id):
        if recorded.position < position and isinstance(recorded.event, DirectoryEvent):
            stream = stream.then(recorded.occurred_at, recorded.event)
    return stream.directory


def looks_shown(directory: Directory) -> list[tuple[str, str, str | None]]:
    """Return (id, name, colour) of each group, in the order in which they are listed."""
    colours = directory.looks.colours
    return [(group_id, name, colours.get(group_id)) for group_id, name in directory.ordered_groups()]
