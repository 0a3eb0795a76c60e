"""Connects the details panel to the session: shows the selected user, keeps drafts, saves, merges conflicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from whowas.desktop.details.conflict_dialog import ConflictDialog, Contested
from whowas.desktop.details.draft import Draft, UserForm, contested, merged_groups
from whowas.desktop.details.draft_store import NEW_USER, DraftStore, KeptDraft
from whowas.desktop.details.panel import DetailsPanel
from whowas.desktop.details.save_commands import creating, form_of, new_id, updating
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
from whowas.projections.queries.history import HistoryEntry

KEEP_AFTER_MS = 400
"""How long after the last keystroke a draft is written to disk."""
KEEP_AGAIN_AFTER_MS = 5000
"""How long after a failure to write a draft it is tried again."""


class DetailsPresenter(QObject):
    """``created`` carries the id of a user just saved for the first time, ``failed`` a WhowasError of no single field.

    ``draftChanged`` is emitted when ``has_draft``, ``drafts``, ``refused`` or ``unkept`` has changed.
    """

    created = Signal(str)
    saved = Signal()
    draftChanged = Signal()
    failed = Signal(object)
    passwordRequested = Signal()

    def __init__(self, panel: DetailsPanel, session: Session, view: DirectoryView, drafts: DraftStore) -> None:
        super().__init__(panel)
        self._panel = panel
        self._session = session
        self._view = view
        self._drafts = drafts
        self._user_id: str | None = None
        self._creating = False
        self._base_version = 0
        self._from_store = False
        self._history: list[HistoryEntry] = []
        self._read_from: VersionIndex | None = None
        self._draft_state: tuple[bool, int, bool, str] | None = None
        self.failing: Callable[[], Failed] = lambda: self.failed.emit
        """Returns the callback that reports the failure of work started now if the directory is closed by then."""
        self._keep_soon = QTimer(self, singleShot=True, interval=KEEP_AFTER_MS)
        self._keep_soon.timeout.connect(self.keep_draft)
        self._keep_again = QTimer(self, singleShot=True, interval=KEEP_AGAIN_AFTER_MS)
        self._keep_again.timeout.connect(self.keep_draft)
        panel.form.draftChanged.connect(self._take_draft)
        panel.form.saveRequested.connect(self._save)
        panel.form.discardRequested.connect(self._discarded)
        panel.form.passwordRequested.connect(self.passwordRequested)
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
    def has_draft(self) -> bool:
        """Whether there is something to save."""
        return self._shown and self._panel.form.draft() is not None

    @property
    def drafts(self) -> int:
        """How many users have something to save, including the one shown."""
        if not self._shown:
            return len(self._drafts)
        of_shown = self._drafts.get(self._key) is not None
        in_form = self.has_draft if self._panel.form.form.user_id == self._user_id else of_shown
        return len(self._drafts) - of_shown + in_form

    @property
    def refused(self) -> bool:
        """Whether the draft in the form was refused."""
        return self.has_draft and self._panel.form.has_errors()

    @property
    def unkept(self) -> str:
        """Why drafts could not be written to disk, "" if they were."""
        return self._drafts.unkept

    def show_user(self, user_id: str | None) -> None:
        """Show a user, or nobody; the draft of the user shown before is kept."""
        if user_id == self._user_id and not self._creating:
            return
        self.keep_draft()
        self._creating = False
        self._user_id = user_id
        self._read_from = None
        self._read_history()
        self._show(from_store=True)

    def start_new(self) -> None:
        """Show an empty form, or the draft of a new user from before."""
        self.keep_draft()
        self._creating = True
        self._user_id = None
        self._read_from = None
        self._read_history()
        self._show(from_store=True)

    def refresh(self) -> None:
        """Follow the view: show another moment, or the user after a change."""
        self._read_history()
        self._show(from_store=False)

    def forget_erased(self) -> None:
        """If the user shown was erased, show nobody, and clear all their data from the form."""
        if self._user_id is not None and not self._session.reads.knows(self._user_id):
            self._keep_soon.stop()
            self._user_id = self._read_from = None
            self._read_history()
            self._panel.form.show_user(UserForm(user_id=None), Draft())
            self._show(from_store=False)

    def save(self) -> None:
        """Save the draft in the form, if there is one."""
        self._panel.form.save()

    def discard(self) -> None:
        """Reset the form to the saved user."""
        self._panel.form.discard()

    def keep_draft(self) -> None:
        """Write the draft to disk now."""
        self._keep_soon.stop()
        draft = self._panel.form.draft() if self._shown else None
        kept = KeptDraft(draft, self._base_version, base_groups=self._base_groups()) if draft else None
        self._keep(self._key if self._shown else None, kept)

    def _base_groups(self) -> tuple[str, ...] | None:
        """Return the groups on which the draft is based; in the past, the form has only a draft from the store."""
        base = self._panel.form.base
        if base.user_id == self._user_id:
            return base.groups
        kept = self._drafts.get(self._key)
        return None if kept is None else kept.base_groups

    def _keep(self, key: str | None, draft: KeptDraft | None) -> None:
        """Write the draft for a user, and what could not be written before; if that fails, it is tried again later."""
        before = self._drafts.unkept
        with suppress(OSError):  # the reason stays in ``unkept``, and is shown until the drafts are written
            if key is None:
                self._drafts.keep()
            else:
                self._drafts.put(key, draft)
        if self._drafts.unkept:
            self._keep_again.start()
        if self._drafts.unkept != before:
            self._emit_draft_changed()

    def _emit_draft_changed(self) -> None:
        state = self.has_draft, self.drafts, self.refused, self.unkept
        if state != self._draft_state:
            self._draft_state = state
            self.draftChanged.emit()

    @property
    def _key(self) -> str:
        return self._user_id or NEW_USER

    @property
    def _shown(self) -> bool:
        return self._creating or self._user_id is not None

    def _show(self, *, from_store: bool) -> None:
        view, panel = self._view, self._panel
        if not self._shown:
            panel.show_user(None)
            self._emit_draft_changed()
            return
        panel.form.set_read_only(view.is_past)
        panel.form.set_custom_fields([(name, name) for name in view.index.latest_directory().fields])
        panel.form.set_known_groups(sorted(view.directory.groups.values()))
        user = self._user_shown()
        if self._creating:
            form: UserForm | None = UserForm(user_id=None)
        else:
            form = form_of(user, view.directory) if user is not None else None
        # A draft that was passed to the form while it showed the past is passed again for the present.
        from_store = from_store or panel.form.base.user_id != self._user_id
        kept = self._drafts.get(self._key) if from_store and form is not None else None
        draft = None if kept is None else kept.draft
        if from_store:
            self._from_store = kept is not None
        if kept is not None:
            self._base_version = kept.base_version
            if form is not None and kept.base_groups is not None and not view.is_past:
                draft = merged_groups(kept.draft, replace(form, groups=kept.base_groups), form)
        elif form is not None and not view.is_past and not (self._from_store and self.has_draft):
            # The form merges changes made since a draft was begun in it, but not those made before it was restored
            # from the store, so such a draft keeps its base version.
            self._base_version = form.version
        panel.show_user(form, draft)
        self._show_history()
        self._emit_draft_changed()

    def _user_shown(self) -> User | None:
        row = None if self._user_id is None else self._session.reads.user_row(self._user_id, self._view.moment)
        return None if row is None else row.user

    def _read_history(self) -> None:
        """Read the user's history, unless it was read from this index already, as during a drag of the timeline."""
        if self._read_from is not self._session.shown.index:
            self._read_from = self._session.shown.index
            self._history = [] if self._user_id is None else self._session.reads.history(self._user_id)

    def _show_history(self) -> None:
        moment, now = self._view.moment, dates.microseconds_now()
        self._panel.set_history([item_of_entry(entry, moment, now) for entry in reversed(self._history)])
        past = [entry for entry in self._history if entry.moment <= moment]
        if past:
            last = past[-1]
            when = dates.relative(last.occurred_at, now)
            self._panel.form.set_footer(f"{last.sentence.title} {when} by {last.actor}")
        else:
            self._panel.form.set_footer("")

    def _take_draft(self, _draft: Draft | None) -> None:
        self._keep_soon.start()
        self._emit_draft_changed()

    def _discarded(self) -> None:
        form = self._panel.form.form
        self._base_version = form.version
        self._from_store = False
        self.keep_draft()
        self.saved.emit()  # the draft that could not be saved is gone, and with it the message about it
        self._emit_draft_changed()

    def _save(self, draft: Draft) -> None:
        form = self._panel.form
        began = self._history[0].occurred_at if self._history else 0
        if form.since is not None and form.since < began:
            form.set_error("", f"There was no such user yet: this one began on {dates.long(began)}.")
            self._emit_draft_changed()
            return
        form.set_busy(True)
        if self._creating:
            user_id = new_id()
            decide = creating(user_id, draft, form.since)
            done: Callable[[], None] = partial(self._created_user, user_id, draft)
            failed: Failed = partial(self._not_saved, NEW_USER)
        elif self._user_id is not None:
            decide = updating(self._user_id, draft, self._base_version, form.since)
            done = partial(self._saved, self._user_id, draft, form.since)
            failed = partial(self._not_saved_over, self._user_id, draft)
        else:
            return
        done, failed = partial(self._done, self._key, draft, done), partial(self._failed, self.failing(), failed)
        self._session.writer.change(decide, done=done, failed=failed)

    def _done(self, key: str, draft: Draft, then: Callable[[], None]) -> None:
        if self._session.is_open:
            then()
            return
        # The form is gone; of the draft that it left behind, keep only what was typed after the save.
        kept = self._drafts.get(key)
        left = _typed_since(kept.draft, draft) if kept is not None else Draft()
        with suppress(OSError):
            self._drafts.put(key, replace(kept, draft=left) if kept is not None and left else None)

    def _failed(self, report: Failed, then: Failed, error: WhowasError) -> None:
        (then if self._session.is_open else report)(error)

    def _created_user(self, user_id: str, draft: Draft) -> None:
        self.saved.emit()
        self._panel.form.set_busy(False)
        if not self._creating:
            self._keep_typed_since(NEW_USER, user_id, draft)
            self._emit_draft_changed()
            return  # the form shows another user by now, who may have a draft
        self._keep(NEW_USER, None)
        left = _typed_since(self._panel.form.draft() or Draft(), draft)
        self._panel.form.set_since(None)
        self._panel.form.show_user(UserForm(user_id=None), Draft())
        self._creating = False
        self.show_user(user_id)
        if left:
            self._panel.form.show_user(self._panel.form.form, left)
            self._take_draft(left)
        self.created.emit(user_id)

    def _saved(self, user_id: str, draft: Draft, since: int | None) -> None:
        self._panel.form.set_busy(False)
        self.saved.emit()
        if user_id == self._user_id:
            self._from_store = False
            self._panel.form.set_since(None)
            # A saved value may differ from the user's, because a later change overrides it; only what was typed after
            # the save is still a draft.
            left = _typed_since(self._panel.form.draft() or Draft(), draft)
            self._panel.form.show_user(self._panel.form.form, left)
            if not self._view.is_past:
                self._base_version = self._panel.form.form.version
            self.keep_draft()
            self._emit_draft_changed()
            if since is not None:
                self._panel.form.show_remark(f"Saved as true since {dates.long(since)}. What was changed later stands.")
        else:
            self._keep_typed_since(user_id, user_id, draft)
            self._emit_draft_changed()

    def _keep_typed_since(self, key: str, user_id: str, saved: Draft) -> None:
        """Of the draft under ``key``, keep for the user now saved what was typed since, as the form shows another."""
        kept = self._drafts.get(key)
        left = _typed_since(kept.draft, saved) if kept is not None else Draft()
        if key != user_id:
            self._keep(key, None)
        if kept is None or not left:
            self._keep(user_id, None)
            return
        kept, shown = replace(kept, draft=left), self._session.shown
        row = self._session.reads.user_row(user_id, shown.index.now) if isinstance(shown.lens, Now) else None
        if row is not None:
            groups = form_of(row.user, shown.index.latest_directory()).groups
            kept = replace(kept, base_version=row.user.version, base_chain="", base_groups=groups)
        self._keep(user_id, kept)

    def _not_saved(self, key: str, error: WhowasError) -> None:
        form = self._panel.form
        form.set_busy(False)
        if not isinstance(error, RefusedError):
            self.failed.emit(error)
        elif self._shown and key == self._key and not self._view.is_past:
            form.set_error(error.field, str(error))
        else:
            # The form shows another user or the past by now, so the refusal cannot be shown in it.
            self.failed.emit(RefusedError(error.field, f"{self._called(key)} not saved. {error}"))
        self._emit_draft_changed()

    def _called(self, key: str) -> str:
        row = None if key == NEW_USER else self._session.reads.user_row(key, self._session.shown.index.now)
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
            dialog = ConflictDialog(_contested(draft, theirs), self._panel.window())
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.accepted.connect(partial(self._chosen, latest.user, draft, dialog))
            dialog.open()
        else:
            self._resolved(latest.user, draft, {})

    def _chosen(self, latest: User, draft: Draft, dialog: ConflictDialog) -> None:
        self._resolved(latest, draft, dialog.choices())

    def _resolved(self, latest: User, draft: Draft, choices: Mapping[str, str]) -> None:
        """Save the rest of ``draft`` over the latest version, after every conflict was resolved."""
        draft = _without(draft, {name for name, choice in choices.items() if choice == "theirs"})
        self._base_version = latest.version
        self._panel.form.show_user(form_of(latest, self._session.shown.index.latest_directory()), draft)
        self._panel.form.save()


def _contested(draft: Draft, theirs: Mapping[str, str]) -> list[Contested]:
    mine = {**draft.values, **{ATTRIBUTE_PREFIX + name: text for name, text in draft.attributes.items()}}
    return [Contested(name, label(name), mine[name], text) for name, text in theirs.items()]


def _typed_since(now: Draft, saved: Draft) -> Draft:
    """Return the part of a draft that differs from what was saved."""
    return Draft(
        {name: text for name, text in now.values.items() if text.strip() != saved.values.get(name)},
        now.groups if now.groups != saved.groups else None,
        {name: text for name, text in now.attributes.items() if text.strip() != saved.attributes.get(name)},
    )


def _without(draft: Draft, names: set[str]) -> Draft:
    return Draft(
        {name: text for name, text in draft.values.items() if name not in names},
        draft.groups,
        {name: text for name, text in draft.attributes.items() if ATTRIBUTE_PREFIX + name not in names},
    )
