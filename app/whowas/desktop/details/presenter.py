"""Connects the details panel to the session: shows the selected user, saves, merges conflicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal

from whowas.desktop.details.conflict_dialog import ConflictDialog, Contested
from whowas.desktop.details.draft import Draft, UserForm, contested, is_new, merged_groups, typed_since, without
from whowas.desktop.details.draft_keeper import DraftKeeper
from whowas.desktop.details.draft_store import DraftStore
from whowas.desktop.details.panel import DetailsPanel
from whowas.desktop.details.save_commands import creating, form_of, new_form, new_id, updating
from whowas.desktop.details.user_standing import BRING_BACK, CLEAR_SEARCH, SHOW_EVERYONE, standing_of
from whowas.desktop.history.items import item_of_entry
from whowas.desktop.kit import dates
from whowas.desktop.session.jobs import Failed
from whowas.desktop.session.lens import Now
from whowas.desktop.session.session import Session
from whowas.desktop.session.view import DirectoryView
from whowas.domain.errors import ConflictError, RefusedError, WhowasError
from whowas.domain.fields import ATTRIBUTE_PREFIX, label
from whowas.domain.users import User
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.history import HistoryEntry, ReadHistory
from whowas.projections.tables.read_model import VersionRow


class DetailsPresenter(QObject):
    """``created`` carries the id of a user just saved for the first time, ``failed`` a WhowasError of no single field.

    ``saved`` carries the id of the change, "" where there was nothing to save. ``draft_keeper`` knows what is not saved
    yet.
    """

    created = Signal(str)
    saved = Signal(str)
    discarded = Signal()
    failed = Signal(object)
    passwordRequested = Signal()
    bringBackWanted = Signal(str)
    everyoneWanted = Signal()
    clearSearchWanted = Signal()

    def __init__(self, panel: DetailsPanel, session: Session, view: DirectoryView, drafts: DraftStore) -> None:
        super().__init__(panel)
        self._panel = panel
        self._session = session
        self._view = view
        self._drafts = drafts
        self.draft_keeper = DraftKeeper(panel.form, drafts, self)
        self._user_id: str | None = None
        self._history: list[HistoryEntry] = []
        self._read_from: VersionIndex | None = None
        self._lens_epoch = session.shown.lens_epoch
        self.failing: Callable[[], Failed] = lambda: self.failed.emit
        """Returns the callback that reports the failure of work started now if the directory is closed by then."""
        panel.form.saveRequested.connect(self._save)
        panel.form.discardRequested.connect(self._discarded)
        panel.form.passwordRequested.connect(self.passwordRequested)
        panel.form.standing.acted.connect(self._act)
        # The form is plain for as long as what it shows is behind the file.
        session.shown.failed.connect(self._refresh_shown)
        session.shown.recovered.connect(self._refresh_shown)
        panel.show_user(None)

    @property
    def panel(self) -> DetailsPanel:
        """The widget that this presenter fills."""
        return self._panel

    @property
    def user_id(self) -> str | None:
        """The id of the user shown, None for nobody or a user to be created."""
        return self._user_id

    @property
    def may_edit(self) -> bool:
        """Whether the form shows what can be edited: not the past, nor who is deleted, nor what is behind the file."""
        if not self._view.may_draft or self._session.shown.why_behind:
            return False
        row = self._row_shown()
        return row is None or row.user.status != "deleted"

    def show_user(self, user_id: str | None) -> None:
        """Show a user, or nobody; the draft of the user shown before is kept."""
        if user_id != self.draft_keeper.key:
            self._turn_to(user_id)

    def start_new(self) -> None:
        """Show an empty form for one more user; what was begun of others is kept, as the draft of each."""
        keeper = self.draft_keeper
        self._turn_to(keeper.key if is_new(keeper.key) and not keeper.has_draft else self._drafts.new_key())

    def show_draft(self, key: str) -> None:
        """Show whoever a draft is for, by its key, and put the cursor into the first field of it."""
        if key != self.draft_keeper.key:
            self._turn_to(key)
        self._panel.show_details()
        self._panel.form.focus_edited()

    def discard_draft(self, key: str) -> None:
        """Discard the draft with that key, whoever is shown."""
        self._panel.form.drop_draft(key)
        if key == self.draft_keeper.key:
            self._discarded()
        else:
            self.draft_keeper.drop(key)
            self.draft_keeper.emit_changed()

    def refresh(self) -> None:
        """Follow the view: show another moment, or the user after a change."""
        self._read_history()
        self._show(is_other=False)

    def forget_erased(self) -> None:
        """If the user shown was erased, show nobody, and clear all their data from the form."""
        if self._user_id is not None and not self._session.reads.knows(self._user_id):
            self.draft_keeper.forget()
            self._user_id = self._read_from = None
            self._read_history()
            self._panel.form.show_user(UserForm(user_id=None), Draft())
            self._show(is_other=False)

    def save(self) -> None:
        """Save the draft in the form, if there is one."""
        self._panel.form.save()

    def discard(self) -> None:
        """Reset the form to the saved user."""
        self._panel.form.discard()

    def _act(self, action: str) -> None:
        if action == BRING_BACK and self._user_id is not None:
            self.bringBackWanted.emit(self._user_id)
        elif action == SHOW_EVERYONE:
            self.everyoneWanted.emit()
        elif action == CLEAR_SEARCH:
            self.clearSearchWanted.emit()

    def _refresh_shown(self) -> None:
        if self._session.is_open:
            self.refresh()

    def _turn_to(self, key: str | None) -> None:
        """Show a user by id or a draft's key, or nobody; the draft of whoever was shown before is kept."""
        self.draft_keeper.keep()
        self.draft_keeper.key = key
        self._user_id = None if is_new(key) else key
        self._read_from = None
        self._read_history()
        self._show(is_other=True)

    def _show(self, *, is_other: bool) -> None:
        view, panel, keeper = self._view, self._panel, self.draft_keeper
        if keeper.key is None:
            panel.show_user(None)
            keeper.emit_changed()
            return
        fields = view.index.fields_at(view.moment)
        directory, row = replace(view.directory, fields=fields), self._row_shown()
        user = None if row is None else row.user
        may_edit = self.may_edit
        panel.form.set_read_only(not may_edit)
        panel.form.standing.show_standing(None if row is None else standing_of(row, self._history, view))
        panel.form.set_saving_off("" if view.may_change else self._session.not_now)
        panel.form.set_custom_fields([*directory.shown_of(fields).items()], directory.definitions)
        panel.form.set_known_groups(sorted(directory.groups.values()), directory.looks.by_name(directory.groups))
        if is_new(keeper.key):
            form: UserForm | None = new_form(keeper.key, directory)
        else:
            form = form_of(user, directory) if user is not None else None
        panel.show_user(form, keeper.handed_back(form, is_past=not may_edit, is_other=is_other))
        self._show_history()
        keeper.emit_changed()

    def _row_shown(self) -> VersionRow | None:
        return None if self._user_id is None else self._session.reads.user_row(self._user_id, self._view.moment)

    def _read_history(self) -> None:
        """Read the user's history, unless it was read from this index already, as during a drag of the timeline."""
        shown = self._session.shown
        if self._read_from is shown.index:
            return
        read = None
        if self._read_from is not None and self._lens_epoch == shown.lens_epoch:
            read = ReadHistory(self._history, self._read_from)
        self._history = [] if self._user_id is None else self._session.reads.history(self._user_id, read)
        self._read_from, self._lens_epoch = shown.index, shown.lens_epoch

    def _show_history(self) -> None:
        moment, now = self._view.moment, dates.microseconds_now()
        entries = self._history[::-1]
        steps = [entry.moment for entry in entries]
        self._panel.set_history(steps, lambda row: item_of_entry(entries[row], moment, now))
        past = [entry for entry in self._history if entry.moment <= moment]
        standing = self._panel.form.standing.standing
        if past and not (standing is not None and past[-1].sentence.kind == "deleted"):
            last = past[-1]
            when = dates.relative(last.occurred_at, now)
            self._panel.form.set_footer(f"{last.sentence.title} {when} by {last.actor}")
        else:
            self._panel.form.set_footer("")

    def _discarded(self) -> None:
        keeper = self.draft_keeper
        keeper.base_version = self._panel.form.form.version
        keeper.began_here()
        keeper.keep()
        self.discarded.emit()  # the draft that could not be saved is gone, and with it the message about it
        keeper.emit_changed()

    def _save(self, draft: Draft) -> None:
        form, key = self._panel.form, self.draft_keeper.key
        if key is None:
            return
        began = self._history[0].occurred_at if self._history else 0
        if form.since is not None and form.since < began:
            form.set_error("", f"There was no such user yet: this one began on {dates.long(began)}.")
            self.draft_keeper.emit_changed()
            return
        form.set_busy(True)
        if is_new(key):
            user_id = new_id()
            decide = creating(user_id, draft, form.since)
            done: Callable[[str], None] = partial(self._created_user, key, user_id, draft)
            failed: Failed = partial(self._not_saved, key)
        else:
            decide = updating(key, draft, self.draft_keeper.base_version, form.since)
            done = partial(self._saved, key, draft, form.since)
            failed = partial(self._not_saved_over, key, draft)
        done, failed = partial(self._done, key, draft, done), partial(self._failed, self.failing(), failed)
        self._session.writer.change(decide, done=done, failed=failed)

    def _done(self, key: str, draft: Draft, then: Callable[[str], None], change_id: str) -> None:
        if self._session.is_open:
            then(change_id)
        else:
            self.draft_keeper.drop_saved(key, draft)

    def _failed(self, report: Failed, then: Failed, error: WhowasError) -> None:
        (then if self._session.is_open else report)(error)

    def _created_user(self, key: str, user_id: str, draft: Draft, change_id: str) -> None:
        self.saved.emit(change_id)
        self._panel.form.set_busy(False)
        if self.draft_keeper.key != key:
            self.draft_keeper.keep_typed_since(key, user_id, draft, self._form_now(user_id))
            self.draft_keeper.emit_changed()
            return  # the form shows another user by now, who may have a draft
        self.draft_keeper.drop(key)
        left = typed_since(self._panel.form.draft() or Draft(), draft)
        self._panel.form.set_since(None)
        self._panel.form.drop_draft(key)
        self.draft_keeper.key = None
        self.show_user(user_id)
        if left:
            self._panel.form.show_user(self._panel.form.form, left)
            self.draft_keeper.keep_soon()
        self.created.emit(user_id)

    def _saved(self, user_id: str, draft: Draft, since: int | None, change_id: str) -> None:
        keeper = self.draft_keeper
        self._panel.form.set_busy(False)
        self.saved.emit(change_id)
        if user_id == self._user_id:
            keeper.began_here()
            self._panel.form.set_since(None)
            # A saved value may differ from the user's, because a later change overrides it; only what was typed after
            # the save is still a draft.
            left = typed_since(self._panel.form.draft() or Draft(), draft)
            self._panel.form.show_user(self._panel.form.form, left)
            if self.may_edit:
                keeper.base_version = self._panel.form.form.version
            keeper.keep()
            keeper.emit_changed()
            if since is not None:
                self._panel.form.show_remark(f"Saved as true since {dates.long(since)}. What was changed later stands.")
        else:
            keeper.keep_typed_since(user_id, user_id, draft, self._form_now(user_id))
            keeper.emit_changed()

    def _form_now(self, user_id: str) -> UserForm | None:
        """Return a user as the form would show them at the last moment, None where another read side is shown."""
        shown = self._session.shown
        row = self._session.reads.user_row(user_id, shown.index.now) if isinstance(shown.lens, Now) else None
        return None if row is None else form_of(row.user, shown.index.latest_directory())

    def _not_saved(self, key: str, error: WhowasError) -> None:
        form = self._panel.form
        form.set_busy(False)
        if not isinstance(error, RefusedError):
            self.failed.emit(error)
        elif key == self.draft_keeper.key and self.may_edit:
            form.set_error(error.field, str(error))
        else:
            # The form shows another user or the past by now, so the refusal cannot be shown in it.
            self.failed.emit(RefusedError(error.field, f"{self._called(key)} not saved. {error}"))
        self.draft_keeper.emit_changed()

    def _called(self, key: str) -> str:
        row = None if is_new(key) else self._session.reads.user_row(key, self._session.shown.index.now)
        return "The new user was" if row is None else f"The changes to {row.user.name} were"

    def _not_saved_over(self, user_id: str, draft: Draft, error: WhowasError) -> None:
        if isinstance(error, ConflictError):
            self._session.file.follow(partial(self._merge, user_id, draft, error))
        else:
            self._not_saved(user_id, error)

    def _merge(self, user_id: str, draft: Draft, error: ConflictError) -> None:
        """Save the draft over the latest version; first ask about the fields that somebody else changed too."""
        if not self._session.is_open:
            return  # the draft is kept, and the person is asked when they save it again
        self._panel.form.set_busy(False)
        latest = self._session.reads.user_row(user_id, self._session.shown.index.now)
        seen = [entry.user for entry in self._session.reads.history(user_id) if entry.user.version == error.expected]
        if user_id != self._user_id or not seen or latest is None or latest.user.version == error.expected:
            self.failed.emit(error)
            return
        directory = self._session.shown.index.latest_directory()
        before, now = form_of(seen[0], directory), form_of(latest.user, directory)
        draft, theirs = merged_groups(draft, before, now), contested(draft, before, now)
        if theirs:
            dialog = ConflictDialog(self._contested(draft, theirs), self._panel.window())
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.accepted.connect(partial(self._chosen, latest.user, draft, dialog))
            dialog.open()
        else:
            self._resolved(latest.user, draft, {})

    def _contested(self, draft: Draft, theirs: Mapping[str, str]) -> list[Contested]:
        """Return both texts of fields as the form shows them."""
        mine = {**draft.values, **{ATTRIBUTE_PREFIX + name: text for name, text in draft.attributes.items()}}
        names, found = self._view.directory.names, list[Contested]()
        for name, text in theirs.items():
            row = self._panel.form.rows.text_row(name)
            shown = [one if row is None else row.words(one) for one in (mine[name], text)]
            found.append(Contested(name, names.get(name) or label(name), *shown))
        return found

    def _chosen(self, latest: User, draft: Draft, dialog: ConflictDialog) -> None:
        self._resolved(latest, draft, dialog.choices())

    def _resolved(self, latest: User, draft: Draft, choices: Mapping[str, str]) -> None:
        """Save the rest of ``draft`` over the latest version, after every conflict was resolved."""
        draft = without(draft, {name for name, choice in choices.items() if choice == "theirs"})
        self.draft_keeper.base_version = latest.version
        self._panel.form.show_user(form_of(latest, self._session.shown.index.latest_directory()), draft)
        self._panel.form.save()
