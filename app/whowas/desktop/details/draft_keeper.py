"""Keeping the draft in the details form on disk soon after it is typed, and handing it back to the form later."""

from __future__ import annotations

from collections.abc import Set
from contextlib import suppress
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from whowas.desktop.details.draft import Draft, UserForm, merged_groups, typed_since
from whowas.desktop.details.draft_store import KEEP_AFTER_MS, KEEP_AGAIN_AFTER_MS, DraftStore, KeptDraft
from whowas.desktop.details.form import DetailsForm


class DraftKeeper(QObject):
    """Keeps the drafts of the users who are shown in one form, one after another.

    ``key`` says for whom the draft in the form is: a user's id, the key of a new user, or None where nobody is
    shown.
    ``base_version`` is the version of the user on which that draft is based. ``changed`` is emitted when ``has_draft``,
    ``drafted``, ``refused`` or ``unkept`` has changed.
    """

    changed = Signal()

    def __init__(self, form: DetailsForm, store: DraftStore, parent: QObject) -> None:
        super().__init__(parent)
        self.key: str | None = None
        self.base_version = 0
        self._form = form
        self._store = store
        self._handed_back = False
        self._state: tuple[bool, Set[str], bool, str] | None = None
        self._keep_soon = QTimer(self, singleShot=True, interval=KEEP_AFTER_MS)
        self._keep_soon.timeout.connect(self.keep)
        self._keep_again = QTimer(self, singleShot=True, interval=KEEP_AGAIN_AFTER_MS)
        self._keep_again.timeout.connect(self.keep)
        form.draftChanged.connect(self.keep_soon)

    @property
    def has_draft(self) -> bool:
        """Whether there is something to save in the form."""
        return self.key is not None and self._form.draft() is not None

    @property
    def count(self) -> int:
        """How many users have something to save, including the one shown."""
        return len(self.drafted)

    @property
    def drafted(self) -> Set[str]:
        """The keys of all drafts, including what the form holds just now."""
        if self.key is None or self._form.form.key != self.key:
            return frozenset(self._store.keys)
        in_form = {self.key} if self.has_draft else frozenset[str]()
        return (self._store.keys - {self.key}) | in_form

    @property
    def refused(self) -> bool:
        """Whether the draft in the form was refused."""
        return self.has_draft and self._form.has_errors()

    @property
    def unkept(self) -> str:
        """Why drafts could not be written to disk, "" if they were."""
        return self._store.unkept

    def keep_soon(self) -> None:
        """Write the draft to disk once nobody has typed for a while."""
        self._keep_soon.start()
        self.emit_changed()

    def keep(self) -> None:
        """Write the draft to disk now."""
        self._keep_soon.stop()
        draft = self._form.draft() if self.key is not None else None
        kept = KeptDraft(draft, self.base_version, base_groups=self._base_groups()) if draft else None
        self._put(self.key, kept)

    def drop(self, key: str) -> None:
        """Remove the draft for a user, existing or new, from disk, because it was saved or is not wanted."""
        self._put(key, None)

    def drop_saved(self, key: str, saved: Draft) -> None:
        """Keep of a draft on disk only what was typed after a part of it was saved; the form is gone."""
        kept = self._store.get(key)
        left = typed_since(kept.draft, saved) if kept is not None else Draft()
        with suppress(OSError):
            self._store.put(key, replace(kept, draft=left) if kept is not None and left else None)

    def keep_typed_since(self, key: str, user_id: str, saved: Draft, now: UserForm | None) -> None:
        """Keep of the draft under ``key`` what was typed after ``saved``, for the user whom the save was of.

        The form shows another user by then. ``now`` is the saved user, on whom the rest is based; None if unknown.
        """
        kept = self._store.get(key)
        left = typed_since(kept.draft, saved) if kept is not None else Draft()
        if key != user_id:
            self._put(key, None)
        if kept is None or not left:
            self._put(user_id, None)
            return
        kept = replace(kept, draft=left)
        if now is not None:
            kept = replace(kept, base_version=now.version, base_chain="", base_groups=now.groups)
        self._put(user_id, kept)

    def forget(self) -> None:
        """Never write the draft that waits to be written, nor say any more for whom it is."""
        self._keep_soon.stop()
        self.key = None

    def began_here(self) -> None:
        """Take the draft, from now on, for one that began in the form, not for one from disk."""
        self._handed_back = False

    def handed_back(self, form: UserForm | None, *, is_past: bool, is_other: bool) -> Draft | None:
        """Return the draft kept for the user about to be shown, or None where the form goes on with its own.

        ``form`` is what will be shown of the user, None where there is no such user at that moment; ``is_other`` says
        that the form showed somebody else before.
        """
        # A draft that was passed to the form while it showed the past is passed again for the present.
        is_other = is_other or self._form.base.key != self.key
        kept = self._store.get(self.key) if is_other and form is not None and self.key is not None else None
        if is_other:
            self._handed_back = kept is not None
        if kept is not None:
            self.base_version = kept.base_version
            if form is not None and kept.base_groups is not None and not is_past:
                return merged_groups(kept.draft, replace(form, groups=kept.base_groups), form)
            return kept.draft
        if form is not None and not is_past and not (self._handed_back and self.has_draft):
            # The form merges changes made since a draft was begun in it, but not those made before it was restored
            # from the store, so such a draft keeps its base version.
            self.base_version = form.version
        return None

    def emit_changed(self) -> None:
        """Emit ``changed`` unless nothing of that has changed since it was emitted last."""
        state = self.has_draft, self.drafted, self.refused, self.unkept
        if state != self._state:
            self._state = state
            self.changed.emit()

    def _base_groups(self) -> tuple[str, ...] | None:
        """Return the groups on which the draft is based; in the past, the form has only a draft from the store."""
        base = self._form.base
        if base.key == self.key:
            return base.groups
        kept = self._store.get(self.key) if self.key is not None else None
        return None if kept is None else kept.base_groups

    def _put(self, key: str | None, draft: KeptDraft | None) -> None:
        """Write the draft for a user, and what could not be written before; if that fails, it is tried again later."""
        before = self._store.unkept
        with suppress(OSError):  # the reason stays in ``unkept``, and is shown until the drafts are written
            if key is None:
                self._store.keep()
            else:
                self._store.put(key, draft)
        if self._store.unkept:
            self._keep_again.start()
        if self._store.unkept != before:
            self.emit_changed()
