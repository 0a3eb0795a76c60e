"""What is remembered of a directory while it is open: several threads may say what else."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from threading import Lock
from typing import Any

from whowas.domain.errors import StoreError
from whowas.store.follower.kept import Kept, LastKnown
from whowas.store.follower.lost_changes import LostChanges


class Remembered:
    """Holds what is known of a directory, and writes it to the folder in which its followers are ``kept``."""

    def __init__(self, kept: Kept, known: LastKnown) -> None:
        self.kept = kept
        self.known = known
        self._remembering = Lock()

    def note(self, **known: Any) -> None:
        """Remember other values of fields of ``LastKnown``, such as when the server was seen, if they can be written.

        What was saved or followed is so all the same.
        """
        with self._remembering:  # else another thread might put back what it read before
            self.known = replace(self.known, **known)
            with suppress(StoreError):
                self.known = self.kept.remember(self.known)

    def lost(self) -> LostChanges | None:
        """Return the changes that this computer saw and the server no longer has, until they are sent or let go."""
        lost = self.known.lost
        if lost is None or not (self.kept.folder / lost.file).exists():
            return None
        return LostChanges(self.kept.folder / lost.file, lost.through, lost.count, self._forget_lost)

    def _forget_lost(self) -> None:
        with self._remembering:
            self.known = self.kept.remember(replace(self.known, lost=None))
