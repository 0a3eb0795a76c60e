"""Rows that were copied from a spreadsheet are pasted into the users table, and taken in by the assistant."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QGuiApplication

from whowas.desktop.chrome.standing import IMPORTING
from whowas.desktop.exchange.commands import ImportExport
from whowas.desktop.exchange.dropped_files import DroppedFiles
from whowas.desktop.kit.editing_keys import OnlyFrom
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.domain.progress import Progress
from whowas.interchange.source import Source

PASTED = "Pasted rows"

_NO_LIST = "What was copied is no list. Copy the rows in a spreadsheet, with the titles above them, and paste again."


class PastedRows(PageFeature):
    """Opens the assistant with what the clipboard holds: rows, or files that were copied."""

    def __init__(self, context: PageContext, files: ImportExport, dropped: DroppedFiles) -> None:
        super().__init__(context)
        self._files = files
        self._dropped = dropped
        self._on(context.actions.paste.triggered, self.paste)
        OnlyFrom(self._page.table, [context.actions.paste])
        self._page.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Bring the action to what is shown."""
        self._actions.paste.setEnabled(self._page.view.may_change)

    def paste(self) -> None:
        """Open the assistant with what was copied, or say that it is no list."""
        copied = QGuiApplication.clipboard().mimeData()
        urls = copied.urls()
        if urls and all(url.isLocalFile() for url in urls):
            self._dropped.take([Path(url.toLocalFile()) for url in urls])
            return
        text = copied.text() if copied.hasFormat("text/plain") else ""
        if not _are_rows(text):
            self._messages.show_error(_NO_LIST, about=IMPORTING)
            return

        def read(_progress: Progress) -> list[Source]:
            return [Source.of(PASTED, text.encode("utf-8", "replace"))]

        self._files.open_sources(read, called=PASTED)


def _are_rows(text: str) -> bool:
    """Say whether a text can be a list: titles and a row below them."""
    rows = text.strip("\r\n \t")
    return "\n" in rows or "\r" in rows
