"""Comparing the moment shown with another one: the menu, and the comparison as a file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtGui import QAction

from whowas.desktop.chrome.standing import EXPORTING
from whowas.desktop.kit import dates
from whowas.desktop.kit.plain_text import add_entry
from whowas.desktop.kit.save_as import ask_where_to_save
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.session.view import GROUP_PREFIX
from whowas.domain.progress import Progress, watched
from whowas.interchange.comparison_export import Heading, csv_lines, html_lines
from whowas.interchange.writing import write_lines
from whowas.projections.queries.named_moments import named_moments

_HTML = ".html"
_ENDINGS = {"CSV (*.csv)": ".csv", "Web page (*.html)": _HTML}


class CompareCommands(PageFeature):
    """Fills the menu of what the moment shown can be compared with."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._menu = context.menus.compare
        self._filled_for = (False, False, False, 0)
        self._on(self._menu.aboutToShow, self._fill)
        context.page.banner.compare.connect(self._menu.popup)
        context.page.changed.connect(self._follow)
        context.page.closing.connect(self._empty)
        self._fill()
        self._menu.setEnabled(True)

    def _empty(self) -> None:
        """Leave nothing in the window's menu, which outlives the page."""
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
        self._add("With now", view.compare_with_now).setEnabled(view.is_past)
        self._add("Keep the moment shown, and compare others with it", lambda: view.compare_with(view.moment))
        for named in named_moments(view.index):
            self._add(f"With {named.name}", partial(view.compare_with, named.moment))
        menu.addSeparator()
        comparing = view.pinned is not None
        only = self._add("Only differences", lambda: view.show_only_differences(not view.only_differences))
        only.setCheckable(True)
        only.setChecked(view.only_differences)
        self._add("Export comparison…", self._export).setEnabled(view.compared() is not None)
        for action in (only, self._add("Stop comparing", self._stop)):
            action.setEnabled(comparing)

    def _to_fill_for(self) -> tuple[bool, bool, bool, int]:
        view = self._page.view
        return view.is_past, view.pinned is not None, view.compared() is not None, self._session.shown.lens_epoch

    def _add(self, text: str, task: Callable[[], object]) -> QAction:
        action = add_entry(self._menu, text)
        action.triggered.connect(lambda _checked=False: task())
        return action

    def _stop(self) -> None:
        self._page.view.compare_with(None)

    def _export(self) -> None:
        view = self._page.view
        comparison, pinned, shown = view.compared(), view.pinned, view.moment
        if comparison is None or pinned is None:
            return
        target = ask_where_to_save(self._window, "Export comparison", "comparison.csv", _ENDINGS)
        if target is None:
            return
        before, after = min(pinned, shown), max(pinned, shown)
        title = f"{self._session.path.stem}: {self._words(before)} compared with {self._words(after)}"
        counts = comparison.counts
        heading = Heading(title, self._scope(), counts.added, counts.changed, counts.removed)
        pairs = comparison.differing(shown_is_earlier=shown <= pinned)
        told = partial(self._session.queries.differences, pairs, before, after)

        def work(progress: Progress) -> None:
            differences = watched(told(), len(pairs[0]), progress)
            lines = html_lines(heading, differences) if target.suffix.lower() == _HTML else csv_lines(differences)
            write_lines(target, lines, self._session.path)

        exported, failed = partial(self._exported, target), self._messages.failing(EXPORTING)
        self._progress.follow("Exporting", partial(self._session.queries.run, work), exported, failed)

    def _scope(self) -> str:
        """Say whose differences are shown: what the table leaves out, counts and files leave out too."""
        view = self._page.view
        match view.section:
            case "everyone":
                whose = "Everybody"
            case "active" | "suspended" | "deleted" as status:
                whose = f"Users {status} at either moment"
            case group:
                name = view.directory.groups.get(group.removeprefix(GROUP_PREFIX), "a deleted group")
                whose = f"Users in {name} at either moment"
        search = view.search_text.strip()
        return f"{whose}, if “{search}” is found" if search else whose

    def _exported(self, target: Path, _nothing: None) -> None:
        self._messages.show_notice(f"Exported to {target}.", about=EXPORTING)

    def _words(self, moment: int) -> str:
        occurred_at = self._page.view.index.steps.occurred_before(moment)
        return dates.BEFORE_ALL if occurred_at is None else dates.precise(occurred_at)
