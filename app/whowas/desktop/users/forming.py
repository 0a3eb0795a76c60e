"""Forming the text of rows in a job while they are dragged, for whoever takes them at the end."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEventLoop

from whowas.desktop.session.job_progress import ShownProgress
from whowas.desktop.session.jobs import Failed, Job
from whowas.desktop.session.queries import Queries
from whowas.desktop.table.copied_text import CopiedText
from whowas.domain.errors import WhowasError
from whowas.domain.progress import Progress


class Forming:
    """Begins at once, as the program on which rows are dropped waits for them for some seconds only.

    ``text`` is what was formed, None until then and where nothing came of it, ``over`` says which.
    """

    def __init__(self, queries: Queries, work: Callable[[Progress], CopiedText]) -> None:
        self.text: CopiedText | None = None
        self.over = False
        self._error: WhowasError | None = None
        self._told: tuple[Callable[[CopiedText], None], Failed, Callable[[int, int], None]] | None = None
        self._job = queries.run(work, done=self._done, failed=self._failed, reported=self._report)

    def cancel(self) -> None:
        """Form no more: nobody takes it."""
        self._job.cancel()

    def wait(self, progress: ShownProgress, title: str, failed: Failed, until: Callable[[QEventLoop], object]) -> None:
        """Wait for the end without stopping the window, and show how far it is; ``until`` may end the loop before."""
        if self._error is not None:
            failed(self._error)
        if self.over:
            return
        loop = QEventLoop()

        def refused(error: WhowasError) -> None:
            failed(error)
            loop.quit()

        until(loop)
        progress.follow(title, self._join, lambda _text: loop.quit(), refused)
        if not self.over:
            loop.exec()

    def _join(self, *, done: Callable[[CopiedText], None], failed: Failed, reported: Callable[[int, int], None]) -> Job:
        self._told = done, failed, reported
        return self._job

    def _done(self, text: CopiedText) -> None:
        self.text, self.over = text, True
        if self._told is not None:
            self._told[0](text)

    def _failed(self, error: WhowasError) -> None:
        self._error, self.over = error, True
        if self._told is not None:
            self._told[1](error)

    def _report(self, done: int, total: int) -> None:
        if self._told is not None:
            self._told[2](done, total)
