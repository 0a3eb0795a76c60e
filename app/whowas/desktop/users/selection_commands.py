"""What can be done to several users on the right side: the buttons there, and saving what was edited for all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.selection.draft import SelectionDraft
from whowas.desktop.session.bulk_edits import bulk_edit, selected_users
from whowas.domain.bulk_edit import Edit, each, moving, setting, together
from whowas.domain.commands import ReactivateUser, SuspendUser
from whowas.domain.done_sentences import Whom, became, joined, removed, saved
from whowas.domain.errors import WhowasError
from whowas.domain.fields import counted, label, listed, shortened

if TYPE_CHECKING:
    from whowas.command_bus.unit_of_work import Change
    from whowas.corrections.bulk_edit import BulkOutcome


class SelectionCommands(PageFeature):
    """Saves a draft for all users selected as one change, and says in the status line how many they are."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        a, page = context.actions, context.page
        page.several.set_actions(
            [(a.add_to_group, "group-plus"), (a.suspend, "circle-pause"), (a.set_field, "pencil"), (a.copy_rows, "")],
            [
                *(a.remove_from_group, a.find_replace, a.change_case, None),
                *(a.reactivate, a.delete, a.restore, None, a.copy_emails),
            ],
        )
        page.several.saveRequested.connect(self._save)
        page.several.draftChanged.connect(self.refresh)
        page.changed.connect(self.refresh)
        page.selectionChanged.connect(self.refresh)
        self._on(a.save.triggered, page.several.save)
        self._on(a.discard.triggered, page.several.discard)
        self.refresh()

    def refresh(self) -> None:
        """Bring the actions on drafts and the status line to what is selected."""
        page = self._page
        self._messages.set_selected(page.selection.count)
        if page.several.is_shown:
            self._actions.save.setEnabled(page.several.has_draft and page.view.may_change)
            self._actions.discard.setEnabled(page.several.has_draft)

    def _save(self, draft: SelectionDraft) -> None:
        numbers = self._page.selection.numbers().tolist()
        start = bulk_edit(self._session, selected_users(self._session, numbers), partial(edit_of, draft))
        title = f"Saving changes to {counted(len(numbers), 'user')}"
        self._page.several.presenter.saving()
        failed = partial(self._not_saved, self._messages.failing())
        self._progress.follow(title, start, partial(self._saved, draft), failed)

    def _saved(self, draft: SelectionDraft, outcome: BulkOutcome) -> None:
        self._page.several.presenter.saved(draft)
        names = self._page.view.index.latest_directory().names
        self._answer(outcome.change_id, partial(said_of, draft, names))

    def _not_saved(self, report: Callable[[WhowasError], None], error: WhowasError) -> None:
        if not self._page.several.presenter.not_saved(error):
            report(error)


def said_of(draft: SelectionDraft, names: Mapping[str, str], users: Whom) -> str:
    """Return what making of some users what a draft says came to; ``names`` are those of custom fields."""
    match draft:
        case SelectionDraft(values, groups, (), None) if groups and not values:
            return joined(users, listed(map(shortened, groups)))
        case SelectionDraft(values, (), groups, None) if groups and not values:
            return removed(users, listed(map(shortened, groups)))
        case SelectionDraft(values, (), (), "active") if not values:
            return became(users, "reactivated")
        case SelectionDraft(values, (), (), "suspended") if not values:
            return became(users, "suspended")
        case _:
            others = [*(["groups"] if draft.joined or draft.left else []), *(["status"] if draft.status else [])]
            return saved(users, [names.get(field) or label(field) for field in (*draft.values, *others)])


def edit_of(draft: SelectionDraft, change: Change) -> Edit:
    """Return what makes of every user what a draft says; groups that are new are made. Raises RefusedError."""
    joined = [change.group_named(name) for name in draft.joined]
    groups = map(change.directory().group_named, draft.left)
    edits = [
        setting({field: text or None for field, text in draft.values.items()}),
        moving(joined, [group_id for group_id in groups if group_id is not None]),
    ]
    match draft.status:
        case "active":
            edits.append(each(ReactivateUser))
        case "suspended":
            edits.append(each(SuspendUser))
        case None:
            pass
    return together(*edits)
