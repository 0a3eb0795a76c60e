"""What can be done to several users on the right side: the buttons there, and saving what was edited for all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from whowas.desktop.details.selection_draft import SelectionDraft
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.page.several_drafts import drop_saved
from whowas.desktop.session.bulk_edits import bulk_edit, selected_users
from whowas.domain.bulk_edit import Edit, each, moving, setting, together
from whowas.domain.commands import ReactivateUser, SuspendUser
from whowas.domain.done_sentences import Whom, became, joined, removed, saved
from whowas.domain.errors import CancelledError, RefusedError, WhowasError
from whowas.domain.fields import counted, label, listed, shortened

if TYPE_CHECKING:
    from whowas.command_bus.unit_of_work import Change
    from whowas.corrections.bulk_edit import BulkOutcome
    from whowas.desktop.session.job_progress import Start
    from whowas.desktop.session.jobs import Job
    from whowas.desktop.session.session import Session


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
        page.draftChanged.connect(self.refresh)  # after the actions were brought to the form of one user
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

    def _save(self, key: str, draft: SelectionDraft) -> None:
        if self._progress.is_busy:
            return
        numbers, several = self._page.selection.numbers().tolist(), self._page.several
        start = bulk_edit(self._session, selected_users(self._session, numbers), partial(edit_of, draft))
        users = counted(len(numbers), "user")
        several.saving(key)
        failed = partial(self._not_saved, key, users, self._messages.failing())
        kept = partial(_dropping, start, self._session, partial(drop_saved, self._page.drafts, key, draft))
        self._progress.follow(f"Saving changes to {users}", kept, partial(self._saved, key, draft), failed)

    def _saved(self, key: str, draft: SelectionDraft, outcome: BulkOutcome) -> None:
        self._page.several.saved(key, draft)
        names = self._page.view.index.latest_directory().names
        self._answer(outcome.change_id, partial(said_of, draft, names))

    def _not_saved(self, key: str, users: str, report: Callable[[WhowasError], None], error: WhowasError) -> None:
        is_refused = isinstance(error, RefusedError) and not isinstance(error, CancelledError)
        refused = error if isinstance(error, RefusedError) and is_refused else None
        if self._page.several.not_saved(key, refused):
            return
        if refused is not None:  # others are selected by now, or the past is shown
            error = RefusedError(refused.field, f"The changes to {users} were not saved. {refused}")
        report(error)


def said_of(draft: SelectionDraft, names: Mapping[str, str], users: Whom) -> str:
    """Return what making of some users what a draft says came to; ``names`` are those of ``Directory.names``."""
    join = [names.get(group_id, group_id) for group_id in draft.joined] + [*draft.made]
    match draft:
        case SelectionDraft(values, _, (), _, None) if join and not values:
            return joined(users, listed(map(shortened, join)))
        case SelectionDraft(values, (), groups, (), None) if groups and not values:
            return removed(users, listed(shortened(names.get(group_id, group_id)) for group_id in groups))
        case SelectionDraft(values, (), (), (), "active") if not values:
            return became(users, "reactivated")
        case SelectionDraft(values, (), (), (), "suspended") if not values:
            return became(users, "suspended")
        case _:
            others = [*(["groups"] if draft.moves else []), *(["status"] if draft.status else [])]
            return saved(users, [names.get(field) or label(field) for field in (*draft.values, *others)])


def edit_of(draft: SelectionDraft, change: Change) -> Edit:
    """Return what makes of every user what a draft says; groups that are new are made.

    Raises RefusedError, also where a group was deleted that all are to join; then nothing is made.
    """
    directory = change.directory()
    for group_id in draft.joined:
        if group_id not in directory.groups:
            name = shortened(directory.deleted_groups.get(group_id, group_id))
            raise RefusedError("groups", f"The group “{name}” was deleted meanwhile. Nothing was changed.")
    joined = [*draft.joined, *map(change.group_named, draft.made)]
    edits = [
        setting({field: text or None for field, text in draft.values.items()}),
        moving(joined, [group_id for group_id in draft.left if group_id in directory.groups]),
    ]
    match draft.status:
        case "active":
            edits.append(each(ReactivateUser))
        case "suspended":
            edits.append(each(SuspendUser))
        case None:
            pass
    return together(*edits)


def _dropping(
    start: Start[BulkOutcome],
    session: Session,
    saved: Callable[[], None],
    *,
    done: Callable[[BulkOutcome], None],
    failed: Callable[[WhowasError], None],
    reported: Callable[[int, int], None],
) -> Job:
    """Start a save; where the directory is closed by its end, what is kept of it is no draft any more."""

    def ended(outcome: BulkOutcome) -> None:
        if not session.is_open:
            saved()
        done(outcome)

    return start(done=ended, failed=failed, reported=reported)
