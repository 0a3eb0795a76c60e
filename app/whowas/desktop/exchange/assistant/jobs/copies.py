"""The private copies of what is imported, which go when nobody reads them any more."""

from __future__ import annotations

from contextlib import ExitStack

from whowas.desktop.session.queries import Queries
from whowas.domain.progress import Progress


class PrivateCopies:
    """The copies of one import: of each time its files are read, those of the last time are kept."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries
        self._all: list[ExitStack] = []

    def begin(self) -> ExitStack:
        """Return what the copies of one more reading go with."""
        copies = ExitStack()
        self._all.append(copies)
        return copies

    def keep_only(self, copies: ExitStack) -> None:
        """Remove all other copies."""
        for other in self._all:
            if other is not copies:
                self._remove(other)
        self._all = [copies]

    def drop(self, copies: ExitStack) -> None:
        """Remove some copies."""
        self._all.remove(copies)
        self._remove(copies)

    def drop_all(self) -> None:
        """Remove all copies, also of what is being read just now."""
        for copies in self._all:
            self._remove(copies)
        self._all.clear()

    def _remove(self, copies: ExitStack) -> None:
        def work(_progress: Progress) -> None:
            copies.close()

        # Behind the job that may still read them, or make them.
        self._queries.run(work, done=_untold, failed=_untold)


def _untold(_outcome: object) -> None:
    """Say nothing: what cannot be removed is swept away later."""
