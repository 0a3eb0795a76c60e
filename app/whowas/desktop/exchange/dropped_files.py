"""Files dropped on the window while a directory is open are taken in by the assistant."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from whowas.desktop.chrome.standing import IMPORTING
from whowas.desktop.exchange.commands import ImportExport
from whowas.desktop.exchange.lists_among import lists_among
from whowas.desktop.exchange.why_not_now import why_not_now
from whowas.desktop.kit.file_drop import file_drop_on
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.domain.progress import Progress


class DroppedFiles(PageFeature):
    """Opens the assistant with what is dropped: files, and of folders the lists in them."""

    def __init__(self, context: PageContext, files: ImportExport) -> None:
        super().__init__(context)
        self._files = files
        drop = file_drop_on(context.window)
        drop.why_not = partial(why_not_now, self._session, self._page.view)
        self._on(drop.dropped, self.take)
        self._on(drop.refused, self._refuse)
        context.page.closing.connect(drop.welcome_all)

    def take(self, paths: list[Path]) -> None:
        """Open the assistant with files and folders, or say why not."""
        why_not = why_not_now(self._session, self._page.view)
        if why_not:
            self._refuse(why_not)
            return

        def work(progress: Progress) -> list[Path]:
            return lists_among(paths, progress)

        start = partial(self._session.queries.run, work)
        self._progress.follow("Looking for lists", start, self._files.open_files, self._messages.failing(IMPORTING))

    def _refuse(self, sentence: str) -> None:
        self._messages.show_error(sentence, about=IMPORTING)
