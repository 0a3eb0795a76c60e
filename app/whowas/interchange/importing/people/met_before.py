"""Whom earlier lists had: those of earlier imports, by their source, and those of this import."""

from __future__ import annotations

from collections.abc import Sequence

from whowas.command_bus.unit_of_work import Change
from whowas.domain.commands import RecordListImport
from whowas.domain.events import DirectoryEvent
from whowas.domain.progress import Progress
from whowas.interchange.importing.given.list_input import ListInput, source_of
from whowas.interchange.one_change import OneChange


class MetBefore:
    """Keeps whom the lists of one import made, changed or met; all of them count as one source."""

    def __init__(self, change: Change, inputs: Sequence[ListInput], progress: Progress) -> None:
        self._change = change
        self._progress = progress
        self._of_source: dict[str, set[str]] = {}
        self._here: set[str] = set()
        self._sources = tuple(dict.fromkeys(map(source_of, inputs)))

    def asked(self) -> set[str]:
        """Return the ids of all whom lists of these sources had, or earlier lists of this import."""
        return self._here.union(*map(self._known, self._sources))

    def record(self, change: OneChange, given: Sequence[ListInput], before: int, unchanged: set[str]) -> set[str]:
        """Let the directory remember of what sources lists are, and who was met unchanged for the first time.

        ``before`` is how many events the change had before them. Returns the ids of all whom they made, changed or met.
        Raises CancelledError.
        """
        events = self._change.events_after(before)
        met = unchanged | {new.stream for new in events if not isinstance(new.event, DirectoryEvent)}
        for source in dict.fromkeys(map(source_of, given)):
            known = self._known(source)
            self._progress(0, 0)
            matched = unchanged - known
            self._progress(0, 0)
            if events or matched:
                change.dispatch(RecordListImport(source, tuple(sorted(matched))))
            known |= met
        self._here |= met
        return met

    def _known(self, source: str) -> set[str]:
        if source not in self._of_source:
            self._of_source[source] = self._change.users_of_source(source)
        return self._of_source[source]
