"""Comparing the moment shown with another one: the menu, and the comparison as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from whowas.desktop import moments
from whowas.desktop.banner import MessageBar
from whowas.desktop.directory_page import DirectoryPage
from whowas.desktop.session import Session
from whowas.desktop.shown_progress import ShownProgress
from whowas.domain.fields import label
from whowas.domain.progress import Progress, watched
from whowas.interchange.comparison_export import DifferenceRow, csv_lines, html_lines
from whowas.interchange.writing import write_lines
from whowas.projections.comparison import Difference
from whowas.projections.moment_list import named_moments


class CompareCommands(QObject):
    """Fills ``menu`` with what the moment shown can be compared with."""

    def __init__(
        self, window: QWidget, page: DirectoryPage, session: Session, menu: QMenu, messages: MessageBar
    ) -> None:
        super().__init__(page)
        self._window = window
        self._page = page
        self._session = session
        self._menu = menu
        self._messages = messages
        self._progress = ShownProgress(window, session)
        menu.aboutToShow.connect(self._fill)
        page.banner.compare.connect(menu.popup)
        self._filled_for = (False, False, 0)
        page.view.changed.connect(self._follow)
        self._fill()
        menu.setEnabled(True)

    def retire(self) -> None:
        """Let go of the window's menu, which outlives the page."""
        self._menu.aboutToShow.disconnect(self._fill)
        self._menu.clear()
        self._menu.setEnabled(False)

    def _follow(self) -> None:
        """Fill the menu again where other entries can be used, for those who need not open it to press them."""
        if self._filled_for != self._to_fill_for():
            self._fill()

    def _fill(self) -> None:
        view, menu = self._page.view, self._menu
        self._filled_for = self._to_fill_for()
        menu.clear()
        self._add("With now", partial(view.compare_with, view.index.now)).setEnabled(view.is_past)
        self._add("Keep the moment shown, and compare others with it", lambda: view.compare_with(view.moment))
        for named in named_moments(view.index):
            self._add(f"With {named.name}", partial(view.compare_with, named.moment))
        menu.addSeparator()
        comparing = view.pinned is not None
        only = self._add("Only differences", lambda: view.show_only_differences(not view.only_differences))
        only.setCheckable(True)
        only.setChecked(view.only_differences)
        others = self._add("Export comparison…", self._export), self._add("Stop comparing", self._stop)
        for action in (only, *others):
            action.setEnabled(comparing)

    def _to_fill_for(self) -> tuple[bool, bool, int]:
        view = self._page.view
        return view.is_past, view.pinned is not None, self._session.turns

    def _add(self, text: str, task: Callable[[], object]) -> QAction:
        # An ampersand would underline the letter after it.
        return self._menu.addAction(text.replace("&", "&&"), task)

    def _stop(self) -> None:
        self._page.view.compare_with(None)

    def _export(self) -> None:
        pinned, shown = self._page.view.pinned, self._page.view.moment
        if pinned is None:
            return
        name, _ = QFileDialog.getSaveFileName(
            self._window, "Export comparison", "comparison.csv", "CSV (*.csv);;Web page (*.html)"
        )
        if name:
            self._write(Path(name), min(pinned, shown), max(pinned, shown))

    def _write(self, target: Path, before: int, after: int) -> None:
        title = f"{self._session.path.stem}: {self._words(before)} compared with {self._words(after)}"

        def work(progress: Progress) -> None:
            rows = _rows(watched(self._session.differences(before, after), 0, progress))
            lines = html_lines(title, rows) if target.suffix.lower() in (".html", ".htm") else csv_lines(rows)
            write_lines(target, lines, self._session.path)

        exported, failed = partial(self._exported, target), self._messages.show_failure
        self._progress.follow("Exporting", partial(self._session.run, work), exported, failed)

    def _exported(self, target: Path, _nothing: None) -> None:
        self._messages.show_notice(f"Exported to {target}.")

    def _words(self, moment: int) -> str:
        if moment == 0:
            return "the beginning"
        return moments.long(int(self._page.view.index.steps.occurred_at[moment - 1]))


def _rows(differences: Iterator[Difference]) -> Iterator[DifferenceRow]:
    for difference in differences:
        user = difference.user
        if not difference.changes:
            yield DifferenceRow(difference.kind, user.id, user.name, "", None, None)
        for change in difference.changes:
            yield DifferenceRow(difference.kind, user.id, user.name, label(change.field), change.before, change.after)
