"""Connects the panel of a selection to the session: asks what its users share, and shows what was typed for them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from whowas.desktop.details.selection_draft import SelectionDraft
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
    """The latest selection wins: what is found out about one before is dropped.

    ``edited`` carries the SelectionDraft that the fields hold, at every change of it by a person.
    """

    edited = Signal(object)

    def __init__(self, panel: SelectionPanel, session: Session, view: DirectoryView) -> None:
        super().__init__(panel)
        self.panel = panel
        self._session = session
        self._view = view
        self._job = LatestJob()
        self._asked: tuple[VersionIndex, Int32] | None = None
        self._summary: SelectionSummary | None = None
        self._is_answered = False
        self._draft = SelectionDraft()
        self._refused: RefusedError | None = None
        self._is_drafting = self._focus_waits = False
        self._slow = QTimer(self, singleShot=True, interval=COUNTING_SHOWN_AFTER_MS)
        self._slow.timeout.connect(self._show_counting)
        panel.fields.edited.connect(self._follow_fields)

    @property
    def is_drafting(self) -> bool:
        """Whether the fields hold the draft, as nothing is in the way of editing."""
        return self._is_drafting

    def show(self, numbers: Int32, names: Sequence[str], selected: int, *, scattered: bool) -> None:
        """Show the users of rows by number, ``names`` being those of the first; more may be ``selected``.

        None is where they lie too ``scattered`` in the table to be marked there.
        """
        count = len(numbers)
        self.panel.show_users(names, count, selected, not_listed(count, selected, scattered=scattered))
        self._ask(numbers)
        self.refresh()

    def turn_to(self, draft: SelectionDraft, refused: RefusedError | None = None) -> None:
        """Take up what was typed for those who are shown from now on, and why that was ``refused``."""
        self._draft, self._refused, self._focus_waits = draft, refused, False
        self._is_drafting = False
        self.panel.clear_draft()

    def focus_edited(self) -> None:
        """Put the cursor into the first field that was edited, as soon as that is shown."""
        self._focus_waits = not self._is_drafting
        if self._is_drafting:
            self.panel.focus_edited()

    def stop(self) -> None:
        """Find out no more, as somebody else is shown; what was edited stays in the panel."""
        self._job.stop()
        self._slow.stop()
        self._asked = None

    def take_saved(self, draft: SelectionDraft) -> None:
        """Show what was saved as what all of them have."""
        self.panel.take_saved(draft)
        self._follow_fields()

    def refuse(self, refused: RefusedError) -> None:
        """Show why the draft was refused beneath the field it is about."""
        self.panel.set_error(refused.field, str(refused))

    def refresh(self) -> None:
        """Bring the panel to the directory as it is shown, and to what can be edited of it."""
        panel, view = self.panel, self._view
        summary = self._summary if self._is_answered else None
        deleted = 0 if summary is None else summary.by_status["deleted"]
        # Whether somebody is deleted is found out first; what is being typed stays meanwhile.
        unknown = summary is None and bool(self._draft) and not self._is_drafting
        may_edit = view.may_draft and not deleted and not unknown
        if self._is_drafting and not may_edit:
            # Nothing of the draft in fields that cannot be edited, as if it were what they hold.
            self._is_drafting = False
            panel.clear_draft()
        custom = view.directory.shown_of(view.index.fields_at(view.moment))
        panel.fields.set_custom_fields([*custom.items()], view.directory.definitions)
        panel.fields.set_groups(view.directory)
        if may_edit:
            panel.set_editable(True, "" if view.may_change else self._session.not_now)
            self._take_out()
        elif summary is not None and view.may_draft:
            panel.set_editable(False, _deleted_sentence(deleted, summary.count))
        else:
            panel.set_editable(False)

    def _take_out(self) -> None:
        """Have the draft in the fields."""
        if self._is_drafting:
            return
        if self._draft:
            directory = self._view.directory
            self.panel.show_draft(self._draft, {**directory.deleted_groups, **directory.groups})
        self._is_drafting = True
        self._follow_fields()
        if self._refused is not None and self._draft:
            self.panel.set_error(self._refused.field, str(self._refused), take_focus=False)
        if self._focus_waits:
            self._focus_waits = False
            self.panel.focus_edited()

    def _follow_fields(self) -> None:
        """Take what the fields hold for the draft."""
        draft = self.panel.fields.draft()
        if self._is_drafting and draft != self._draft:
            self._draft, self._refused = draft, None
            self.edited.emit(draft)

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
        self.panel.show_summary(summary)
        self.refresh()
        self._follow_fields()  # what was typed may be what all of them have by now

    def _failed(self, error: WhowasError) -> None:
        self._asked = None
        if not isinstance(error, (CancelledError, RefusedError)):  # rows that mean others by now are asked about anew
            self._session.shown.report(error)

    def _show_counting(self) -> None:
        self._summary = None
        self.panel.show_summary(None)


def _deleted_sentence(deleted: int, count: int) -> str:
    if deleted == count:
        return "They are deleted. Restore them to change their fields."
    return f"{counted(deleted, 'user')} of them {'is' if deleted == 1 else 'are'} deleted: restore or leave out first."
