"""What this computer saw of an open directory's history before, and the noting of what it sees now."""

from __future__ import annotations

from whowas.desktop.kit.dates import microseconds_now
from whowas.desktop.session.open_directory import OpenDirectory
from whowas.domain.errors import StoreError
from whowas.domain.progress import Progress
from whowas.projections.sides.read_side import DamagedReadSideError
from whowas.safekeeping.seen_heads import Restored, StillPart, Verdict, accept, note_seen
from whowas.system import folders


class SeenHistory:
    """``note`` and ``accept`` are for jobs: in quiet moments, as the directory closes, and where a person says so."""

    def __init__(self, directory: OpenDirectory) -> None:
        self.verdict: Verdict = directory.seen
        """What is known of the head that was seen before the directory was opened, or the one that was accepted."""
        self.unkept = ""
        """Why the head could not be noted when that was tried last; "" where it could."""
        self._directory = directory
        self._taken = not isinstance(directory.seen, Restored)

    def note(self) -> None:
        """Note the present head, unless the history is not the one that was seen; a restored backup is."""
        directory = self._directory
        try:
            if directory.log.whereabouts() != "in place":
                return
            keep = note_seen if self._taken else accept
            keep(directory.log, folders.seen_heads(), microseconds_now(), self._changes())
        except (OSError, StoreError) as error:
            # Nothing of the directory depends on it: it is tried again, and said where somebody verifies.
            self.unkept = _reason(error)
        else:
            self.unkept, self._taken = "", True

    def accept(self, _progress: Progress) -> None:
        """Take the present head as the one seen, whatever was seen before. Raises StoreError."""
        directory, now = self._directory, microseconds_now()
        head = directory.log.head()
        try:
            accept(directory.log, folders.seen_heads(), now, self._changes())
        except OSError as error:
            self.unkept = _reason(error)
        else:
            self.unkept = ""
        self.verdict = StillPart(head, now)

    def _changes(self) -> int | None:
        """Return how many changes the history has, None while the read side is behind it, or damaged."""
        today = self._directory.today
        index = today.index
        try:
            is_followed = today.position == self._directory.log.head().position
        except DamagedReadSideError:
            return None
        return index.now if index is not None and is_followed else None


def _reason(error: OSError | StoreError) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)
