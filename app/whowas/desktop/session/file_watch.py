"""Looking after the open file: whether it still is where it was, and that all of it is in the file itself."""

from __future__ import annotations

from contextlib import suppress

from whowas.domain.errors import StoreError
from whowas.store.event_log import EventLog
from whowas.store.file.identity import Whereabouts

QUIET_LOOKS = 7
"""After so many looks without a change, some two seconds, the write-ahead log is emptied."""


class FileWatch:
    """Looks from the thread that writes to the file, where nothing else happens meanwhile.

    Whoever renames or copies the file takes no write-ahead log with it, and the next file of that name must not find
    it: so it is emptied in every quiet moment, and as soon as the file is gone.
    """

    def __init__(self, log: EventLog) -> None:
        self.whereabouts: Whereabouts = "in place"
        self.quiet = False
        """Whether, at the last look, it was for QUIET_LOOKS that nobody had written to the file, which is in place."""
        self._log = log
        self._activity: tuple[int, int] | None = None
        self._quiet_looks = 0
        self._emptied = False

    def look(self) -> None:
        """Bring ``whereabouts`` up to date, and empty the log where it is time to. Raises StoreError."""
        self.whereabouts = self._log.whereabouts()
        self.quiet = False
        if self.whereabouts != "in place":
            self._emptied = self._emptied or self._empty()
            return
        self._emptied = False
        activity = self._log.activity()
        self._quiet_looks = self._quiet_looks + 1 if activity == self._activity else 0
        self._activity = activity
        self.quiet = self._quiet_looks == QUIET_LOOKS
        if self.quiet and not self._log.is_settled and not self._empty():
            self._quiet_looks = 0  # somebody is reading in it; it is tried again

    def _empty(self) -> bool:
        # Everything is saved already, in the log; what cannot be done now is done another time.
        with suppress(StoreError):
            return self._log.settle_if_unused()
        return False
