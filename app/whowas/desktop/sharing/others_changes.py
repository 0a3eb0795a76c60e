"""Marking the rows that somebody else has changed just now, with their name, and saying so to screen readers."""

from __future__ import annotations

from typing import Literal

import numpy as np
from PySide6.QtCore import QTimer

from whowas.desktop.kit.announce import announce
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.session.lens import Now
from whowas.desktop.session.live import Live
from whowas.desktop.table.columns import CellDifference
from whowas.domain.fields import counted, listed
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.change_lines import ChangeLine

NAMED_MS = 5_000
"""How long a row bears the name of whoever changed it."""

STEPS_READ = 8
"""Of how many changes that came together the authors are looked up; the GUI thread waits for that."""


class OthersChanges(PageFeature):
    """Looks, each time that the page shows something else, whether others have recorded something since."""

    def __init__(self, context: PageContext, live: Live) -> None:
        super().__init__(context)
        self._account = live.shared.account
        self._index = self._session.shown.index
        self._timer = QTimer(self, singleShot=True, interval=NAMED_MS)
        self._timer.timeout.connect(self._forget)
        context.page.closing.connect(self._timer.stop)
        context.page.changed.connect(self._look)

    def _look(self) -> None:
        index = self._session.shown.index
        if index is self._index or not isinstance(self._session.shown.lens, Now):
            return
        before, self._index = self._index, index
        if not index.goes_on(before) or len(index.steps) == len(before.steps):
            return
        lines, more = self._others_lines(before, index)
        if not lines:
            return
        announce(self._page.table, _told(lines, more))
        if not self._page.view.is_past:
            self._mark(before, index, {line.moment: line.actor for line in lines})

    def _others_lines(self, before: VersionIndex, index: VersionIndex) -> tuple[list[ChangeLine], int]:
        """Return what others did since, as far as that is looked up, and of how many changes it is not."""
        since = int(before.steps.numbers.max(initial=0))
        moments = np.flatnonzero(index.steps.numbers > since) + 1
        read = [self._session.reads.change_line(int(moment)) for moment in moments[-STEPS_READ:]]
        lines = [line for line in read if line is not None and line.actor != self._account]
        return lines, len(moments) - len(read)

    def _mark(self, before: VersionIndex, index: VersionIndex, actors: dict[int, str]) -> None:
        """Mark the rows in view that those moments changed."""
        page = self._page
        users = page.model.users(page.table.rows_in_view())
        places = np.flatnonzero(index.having(np.array(sorted(users), dtype=np.int32)))
        named = {}
        for number, begins in zip(index.numbers[places].tolist(), index.begins[places].tolist(), strict=True):
            if begins in actors:
                became: Literal["added", "changed"] = "added" if index.is_new(number, before.now) else "changed"
                named[users[number].id] = CellDifference(became, f"{became.capitalize()} by {actors[begins]}")
        if named:
            page.model.set_named({**page.model.named, **named})
            self._timer.start()

    def _forget(self) -> None:
        self._page.model.set_named({})


def _told(lines: list[ChangeLine], more: int) -> str:
    if len(lines) == 1 and not more:
        return f"{lines[0].actor}: {lines[0].text}"
    actors = listed(sorted({line.actor for line in lines}))
    return f"{counted(len(lines) + more, 'change')} by {actors}{' and others' if more else ''}"
