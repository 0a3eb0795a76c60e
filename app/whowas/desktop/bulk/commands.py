"""What the menus do to all selected users at once, after a dialog that shows what would change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtWidgets import QApplication

from whowas.desktop.kit.loading_parts import LoadingParts
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.session.bulk_edits import SelectedUsers, bulk_edit, selected_users
from whowas.domain.progress import Progress, watched

if TYPE_CHECKING:
    from whowas.corrections.bulk_edit import BulkOutcome
    from whowas.desktop.bulk.asked import BulkAsked, BulkForm
    from whowas.domain.directory import Directory

_BULK: Final = "whowas.desktop.bulk"
PARTS: Final = (
    "whowas.desktop.kit.menu_box",
    "whowas.desktop.kit.segments",
    f"{_BULK}.choice_row",
    f"{_BULK}.joining",
    f"{_BULK}.field_form",
    f"{_BULK}.replace_form",
    f"{_BULK}.case_form",
    f"{_BULK}.question",
)
"""What the dialogs are made of, each module before those that need it; imported when one is first asked for."""

_NOBODY_IN_A_GROUP = "None of the selected users is in a group."


class BulkCommands(PageFeature):
    """Opens a dialog about the users selected, and carries out what is asked for in it as one change."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        a, page = context.actions, context.page
        self._loading = LoadingParts(PARTS, self)
        for action, ask in (
            (a.add_to_group, self._ask_to_join),
            (a.remove_from_group, self._look_at_groups),
            (a.set_field, self._ask_for_field),
            (a.find_replace, self._ask_to_replace),
            (a.change_case, self._ask_for_case),
        ):
            self._on(action.triggered, partial(self._load_then, ask))
        page.changed.connect(self.refresh)
        page.selectionChanged.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Bring the actions to the users that are selected and to the moment that is shown."""
        page = self._page
        users = page.selection.users() if page.view.may_change else []
        anybody = any(user.status != "deleted" for user in users)
        for action in self._actions.in_bulk():
            action.setEnabled(anybody)

    def _load_then(self, ask: Callable[[SelectedUsers], None], _checked: bool = False) -> None:
        """Import what the dialog is made of, then ask about the users who are selected now."""
        selected = selected_users(self._session, self._page.selection.numbers().tolist())
        if selected.numbers:
            self._loading.then(partial(self._ask_about, ask, selected))

    def _ask_about(self, ask: Callable[[SelectedUsers], None], selected: SelectedUsers) -> None:
        if self._session.is_open:  # which the page need not be any more, once all is imported
            ask(selected)

    def _ask_to_join(self, selected: SelectedUsers) -> None:
        from whowas.desktop.bulk.joining import JoinForm

        self._ask(selected, "Add to group", JoinForm(self._directory))

    def _look_at_groups(self, selected: SelectedUsers) -> None:
        """Find which groups the users are in, then ask which of them they are to leave."""
        run = partial(self._session.queries.run, partial(_members, selected))
        done = partial(self._ask_to_leave, selected)
        self._progress.follow("Looking at groups", run, done, self._messages.failing())

    def _ask_to_leave(self, selected: SelectedUsers, members: Mapping[str, int]) -> None:
        from whowas.desktop.bulk.joining import LeaveForm

        directory = self._directory
        there = {group_id: count for group_id, count in members.items() if group_id in directory.groups}
        if there:
            self._ask(selected, "Remove from group", LeaveForm(directory, there, len(selected.numbers)))
        else:
            self._messages.show_notice(_NOBODY_IN_A_GROUP)

    def _ask_for_field(self, selected: SelectedUsers) -> None:
        from whowas.desktop.bulk.field_form import FieldForm

        self._ask(selected, "Set a field", FieldForm(self._directory))

    def _ask_to_replace(self, selected: SelectedUsers) -> None:
        from whowas.desktop.bulk.replace_form import ReplaceForm

        self._ask(selected, "Find and replace", ReplaceForm(self._directory))

    def _ask_for_case(self, selected: SelectedUsers) -> None:
        from whowas.desktop.bulk.case_form import CaseForm

        self._ask(selected, "Change case", CaseForm(self._directory))

    @property
    def _directory(self) -> Directory:
        return self._session.shown.index.latest_directory()

    def _ask(self, selected: SelectedUsers, title: str, form: BulkForm) -> None:
        from whowas.desktop.bulk.question import BulkQuestion

        if QApplication.activeModalWidget() is not None:
            form.deleteLater()
            return  # the keys were pressed twice, or something else is asked by now
        question = BulkQuestion(self._session, selected, title, form, self._window, self)
        question.agreed.connect(partial(self._carry_out, selected))
        question.ask()

    def _carry_out(self, selected: SelectedUsers, asked: BulkAsked) -> None:
        start = bulk_edit(self._session, selected, asked.begin)
        self._progress.follow(asked.doing, start, partial(self._tell, asked), self._messages.failing())

    def _tell(self, asked: BulkAsked, outcome: BulkOutcome) -> None:
        self._answer(outcome.change_id, asked.done)


def _members(selected: SelectedUsers, progress: Progress) -> Counter[str]:
    """Return how many of the users are in each group, by its id."""
    index = selected.index
    rows = np.searchsorted(index.numbers, np.asarray(selected.numbers, dtype=np.int32))
    counts = np.bincount(index.groupsets[rows])
    found: Counter[str] = Counter()
    present = np.flatnonzero(counts).tolist()
    for groupset in watched(present, len(present), progress):
        for group_id in index.memberships[groupset]:
            found[group_id] += int(counts[groupset])
    return found
