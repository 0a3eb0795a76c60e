"""Having a job prepare what will be asked of many moments, so that a frame looks at few rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from whowas.desktop.session.session import Session
from whowas.domain.errors import CancelledError, WhowasError
from whowas.domain.progress import Progress


class Preparable(Protocol):
    """What answers at once, and quicker once it was prepared."""

    @property
    def is_prepared(self) -> bool: ...

    def prepare(self, progress: Progress) -> None:
        """Prepare it, on any thread. Raises CancelledError; then it answers as before."""


class Preparing:
    """One job at a time, which makes way for any other and then goes on; ``asked`` says what is asked just now."""

    def __init__(self, session: Session, asked: Callable[[], Sequence[Preparable]]) -> None:
        self._session = session
        self._asked = asked
        self._running = False

    def see(self) -> None:
        """Begin, where something is asked that is not prepared."""
        if not self._running and not all(one.is_prepared for one in self._asked()):
            self._running = True
            self._session.queries.run_aside(self._work, done=self._done, failed=self._failed)

    def _work(self, progress: Progress) -> None:
        for one in self._asked():
            one.prepare(progress)

    def _done(self, _nothing: None) -> None:
        self._running = False
        self.see()

    def _failed(self, error: WhowasError) -> None:
        self._running = False
        if not isinstance(error, CancelledError):
            self._session.shown.report(error)
        elif self._session.is_open:
            self.see()
