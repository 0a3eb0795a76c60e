"""Connects the panel of a selection to the session: asks what its users share, and says what became of saving."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QObject, QTimer

from whowas.desktop.selection.draft import SelectionDraft
from whowas.desktop.selection.panel import SelectionPanel
from whowas.desktop.selection.words import not_listed
from whowas.desktop.session.latest_job import LatestJob
from whowas.desktop.session.session import Session
from whowas.desktop.session.view import DirectoryView
from whowas.domain.errors import CancelledError, RefusedError, WhowasError
from whowas.domain.fields import counted
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.selection_summary import SelectionSummary
from whowas.projections.tables.arrays import Int32

COUNTING_SHOWN_AFTER_MS = 150
"""How long what was shared before stays while it is found out anew: what comes and goes at once only startles."""


class SelectionPresenter(QObject):
    """The latest selection wins: what is found out about one before is dropped."""

    def __init__(self, panel: SelectionPanel, session: Session, view: DirectoryView) -> None:
        super().__init__(panel)
        self.panel = panel
        self._session = session
        self._view = view
        self._job = LatestJob()
        self._asked: tuple[VersionIndex, Int32] | None = None
        self._summary: SelectionSummary | None = None
        self._is_answered = False
        self._slow = QTimer(self, singleShot=True, interval=COUNTING_SHOWN_AFTER_MS)
        self._slow.timeout.connect(self._show_counting)

    def show(self, numbers: Int32, names: Sequence[str], selected: int, *, scattered: bool) -> None:
        """Show the users of rows by number, ``names`` being those of the first; more may be ``selected``.

        None is where they lie too ``scattered`` in the table to be marked there.
        """
        count = len(numbers)
        self.panel.show_users(names, count, selected, not_listed(count, selected, scattered=scattered))
        self._ask(numbers)
        self._show()

    def stop(self) -> None:
        """Find out no more, as somebody else is shown; what was edited stays in the panel."""
        self._job.stop()
        self._slow.stop()
        self._asked = None

    def saving(self) -> None:
        """Show that a draft is on its way into the file."""
        self.panel.set_busy(True)

    def saved(self, draft: SelectionDraft) -> None:
        """Show what was saved."""
        self.panel.set_busy(False)
        self.panel.take_saved(draft)

    def not_saved(self, error: WhowasError) -> bool:
        """Show what is refused beneath the field it is about; return whether that could be."""
        self.panel.set_busy(False)
        if isinstance(error, CancelledError) or not isinstance(error, RefusedError) or not self.panel.isVisible():
            return False
        self.panel.set_error(error.field, str(error))
        return True

    def _ask(self, numbers: Int32) -> None:
        index = self._view.index
        if self._asked is not None and self._asked[0] is index and np.array_equal(self._asked[1], numbers):
            return
        self._is_answered = False
        self._asked = index, numbers
        if not len(numbers):
            self.stop()
            return
        if not self._slow.isActive():
            self._slow.start()
        start = self._session.queries.selection_summary
        self._job.start(
            lambda *, done, failed, reported: start(numbers, index.epoch, done=done, failed=failed, reported=reported),
            self._found,
            self._failed,
        )

    def _found(self, summary: SelectionSummary) -> None:
        self._slow.stop()
        self._summary, self._is_answered = summary, True
        self._show()
        self._show_summary()

    def _failed(self, error: WhowasError) -> None:
        self._asked = None
        if not isinstance(error, (CancelledError, RefusedError)):  # rows that mean others by now are asked about anew
            self._session.shown.report(error)

    def _show_counting(self) -> None:
        self._summary = None
        self._show_summary()

    def _show(self) -> None:
        panel, view = self.panel, self._view
        panel.fields.set_custom_fields([*view.index.fields_at(view.moment).items()])
        panel.set_known_groups(sorted(view.directory.groups.values()))
        summary = self._summary if self._is_answered else None
        deleted = 0 if summary is None else summary.by_status["deleted"]
        if not view.may_draft:
            panel.set_editable(False)
        elif summary is not None and deleted:
            panel.set_editable(False, _deleted_sentence(deleted, summary.count))
        else:
            panel.set_editable(True, "" if view.may_change else self._session.not_now)

    def _show_summary(self) -> None:
        self.panel.show_summary(self._summary, self._view.directory.groups)


def _deleted_sentence(deleted: int, count: int) -> str:
    if deleted == count:
        return "They are deleted. Restore them to change their fields."
    return f"{counted(deleted, 'user')} of them {'is' if deleted == 1 else 'are'} deleted: restore or leave out first."
