"""The form of one user: fields with their notes, and Save and Discard while there is a draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QVBoxLayout, QWidget

from whowas.desktop.details.draft import Draft, UserForm, contested, merged_groups
from whowas.desktop.details.edited import mark_edited, put_back
from whowas.desktop.details.foot import FieldsArea, FormFoot
from whowas.desktop.details.rows import FormRows
from whowas.desktop.details.standing_strip import StandingStrip
from whowas.desktop.details.true_since_dialog import TrueSinceDialog
from whowas.desktop.kit import dates
from whowas.desktop.kit.announce import announce
from whowas.domain.field_definitions import ALL_PLAIN, Definitions
from whowas.domain.fields import shortened

_NOBODY = UserForm(user_id="")


class DetailsForm(QWidget):
    """Shows a UserForm and keeps the draft that the person makes of it.

    The draft belongs to the user shown: it stays while newer versions of that user are shown, is hidden while the form
    is read only, and is dropped when another user is shown (the caller passes it again with that user).
    """

    draftChanged = Signal(object)
    """A Draft, or None if nothing differs any more. Its texts are as typed, including white space."""
    saveRequested = Signal(object)
    """The Draft to save, with its texts stripped."""
    discardRequested = Signal()
    passwordRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = self._base = _NOBODY
        self._draft = Draft()
        self._passed: dict[str, Draft] = {}
        self._hidden_notes: dict[str, tuple[str, bool]] = {}
        self._read_only = False
        self._busy = False
        self._saving_off = ""
        self._since: int | None = None
        self._area = FieldsArea(self)
        self.rows = FormRows(self._area.viewport())
        self._area.show_fields(self.rows)
        self.standing = StandingStrip(self)
        self._foot = FormFoot(self)
        self._status_menu = QMenu(self)
        self.rows.status.button.setMenu(self._status_menu)
        self.rows.status.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.rows.edited.connect(self._edited)
        self.rows.submitted.connect(self.save)
        self.rows.putBackRequested.connect(self.put_back)
        self.rows.password.button.clicked.connect(self.passwordRequested)
        self._foot.save.clicked.connect(self.save)
        self._foot.discard.clicked.connect(self.discard)
        self._foot.since.clicked.connect(self._ask_since)
        self._area.moreBelow.connect(self._foot.set_overlapping)
        self.set_status_actions(())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.standing)
        column.addWidget(self._area)
        column.addWidget(self._foot)
        column.addStretch(1)
        self._show_buttons()

    @property
    def form(self) -> UserForm:
        """The user shown last."""
        return self._shown

    @property
    def base(self) -> UserForm:
        """The state on which the draft is based: the user shown last while the form could be edited."""
        return self._base

    @property
    def since(self) -> int | None:
        """Since when the draft is true (UTC µs); None means now."""
        return self._since

    def set_since(self, since: int | None) -> None:
        """Set since when the next save is true (UTC µs); None means now."""
        self._since = since
        if since is None:
            self._foot.set_since("")
        else:
            self._foot.set_since(dates.day(since), dates.long(since))

    def show_remark(self, sentence: str) -> None:
        """Show a sentence above the buttons that is not an error."""
        self._foot.note.say(sentence, error=False)

    def draft(self) -> Draft | None:
        """Return the draft of the user shown, or None if nothing differs; also while it is hidden."""
        own = self._shown.key == self._base.key
        return (self._draft if own else self._passed.get(self._shown.key)) or None

    def has_errors(self) -> bool:
        """Return whether any part of the draft was refused, also while it is hidden."""
        seen = self._foot.note.is_error() or any(row.note.is_error() for row in self.rows.all())
        return seen or any(error for _, error in self._hidden_notes.values())

    def show_user(self, form: UserForm, draft: Draft | None = None) -> None:
        """Show a user, with the values of ``draft`` instead of the user's own.

        None keeps the present draft if it belongs to the same user; an empty Draft drops it. A read-only form shows
        ``form`` alone; drafts, and the states on which they are based, wait until it can be edited again.
        """
        if self._read_only:
            self._show_past(form, draft)
            return
        same, base = form.key == self._base.key, self._base
        as_is = form is self._shown is base and draft == self._draft
        if not same:
            draft = draft or self._passed.get(form.key)
        self._passed = {}
        self._shown = self._base = form
        notes, self._hidden_notes = self._hidden_notes, {}
        if draft is None and same:
            self._show_notes(notes)
            self._carry_over(base)
            return
        if not as_is:
            self.rows.show_form(form, draft or Draft())
            self._draft = self.rows.draft_from(form)
        self.rows.forget_typing()
        self._clear_notes()
        self._show_drafted()
        if not same:
            self.set_since(None)
        if not same and form.user_id is None:
            self.focus_first()

    def set_read_only(self, read_only: bool) -> None:
        """Allow only reading and copying, as in the past, or editing again; the layout stays the same.

        Call ``show_user`` afterwards, because until then the form may show a past state.
        """
        if read_only == self._read_only:
            return
        self._read_only = read_only
        if read_only:
            self._hide_notes()
        self.rows.set_read_only(read_only)
        self._show_drafted()
        same = self._shown.key == self._base.key
        if read_only or (same and self._shown.version >= self._base.version):
            self.show_user(self._shown)

    def set_custom_fields(self, custom: Sequence[tuple[str, str]], definitions: Definitions = ALL_PLAIN) -> None:
        """Have a field for each (key of ``UserForm.attributes``, label), edited as ``definitions`` say."""
        if self.rows.set_custom_fields(custom, definitions):
            self.rows.show_form(self._shown, Draft() if self._read_only else self._draft)
            self._mark_edited()

    def set_known_groups(self, names: Iterable[str], colours: Mapping[str, str] | None = None) -> None:
        """Offer these groups while one is being typed; ``colours`` maps the names of groups to those of colours."""
        self.rows.groups.set_known(names)
        self.rows.groups.set_colours(colours or {})

    def set_status_actions(self, actions: Sequence[QAction]) -> None:
        """Put these actions into the menu beside the status."""
        self._status_menu.clear()
        self._status_menu.addActions(list(actions))
        self.rows.status.button.setEnabled(bool(actions))

    def set_footer(self, text: str) -> None:
        """Say something quietly beneath the form."""
        self._foot.footer.setText(text)

    def set_error(self, field: str, sentence: str) -> None:
        """Show ``sentence`` beneath a field (named as RefusedError names it), else above the buttons."""
        row = self.rows.row_called(field)
        if row is None:
            self._foot.note.say(sentence, error=True)
            announce(self, sentence, urgent=True)
            return
        row.set_note(sentence)
        row.take_focus()
        self._area.reveal(row)

    def set_busy(self, busy: bool) -> None:
        """Allow no second save while one is running."""
        self._busy = busy
        self._show_buttons()

    def set_saving_off(self, why: str) -> None:
        """Say why what is typed stays a draft for now; "" where it can be saved."""
        if why != self._saving_off:
            self._saving_off = why
            self._show_buttons()

    def save(self) -> None:
        """Emit ``saveRequested`` if there is a draft that can be saved."""
        if self._draft and not self._busy and not self._read_only and not self._saving_off:
            self._foot.note.say("", error=True)
            self.saveRequested.emit(self._draft.trimmed())

    def discard(self) -> None:
        """Drop the draft and show the user as saved."""
        if self._draft and not self._busy and not self._read_only:
            self.drop_draft(self._base.key)
            self.draftChanged.emit(None)
            self.discardRequested.emit()

    def drop_draft(self, key: str) -> None:
        """Drop the draft with that key (see ``UserForm.key``) if it is here, also while it is hidden; emits nothing."""
        self._passed.pop(key, None)
        if key != self._base.key:
            return
        self.set_since(None)
        if self._read_only:
            self._draft, self._hidden_notes = Draft(), {}
        else:
            self.show_user(self._base, Draft())

    def put_back(self, key: str) -> None:
        """Take one field out of the draft, and put the cursor there."""
        row = self.rows.row(key)
        if row is not None and not self._read_only:
            row.take_focus()
            put_back(self.rows, self._base, key)

    def focus_edited(self) -> None:
        """Put the cursor into the first field of the draft, if there is one."""
        edited = self._draft.fields()
        row = next((row for row in self.rows.all() if row.key in edited), None)
        if row is not None and not self._read_only:
            row.take_focus()
            self._area.reveal(row)

    def focus_first(self) -> None:
        """Put the cursor into the first field."""
        self.rows.texts["first_name"].take_focus()
        self._area.verticalScrollBar().setValue(0)

    def focus_field(self, key: str) -> None:
        """Put the cursor into the field of a column and select its text; into the first one where it has none here."""
        row = self.rows.row("first_name" if key == "name" else key)
        if row is None or not row.can_take_focus():
            row = self.rows.texts["first_name"]
        row.take_focus()
        row.select_all()
        self._area.reveal(row)

    def _ask_since(self) -> None:
        dialog = TrueSinceDialog(self._since, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(partial(self._take_since, dialog))
        dialog.open()

    def _take_since(self, dialog: TrueSinceDialog) -> None:
        self._foot.note.say("", error=True)
        self.set_since(dialog.since())

    def _show_past(self, form: UserForm, draft: Draft | None) -> None:
        if draft is not None:
            self._passed = {form.key: draft}
        elif form.key not in self._passed:
            self._passed = {}
        self._shown = form
        self.rows.show_form(form, Draft())

    def _edited(self) -> None:
        # The note was about a save of other values than the form has now.
        self._foot.note.say("", error=True)
        draft = self.rows.draft_from(self._base)
        if draft != self._draft:
            self._draft = draft
            self._show_drafted()
            self.draftChanged.emit(self.draft())

    def _carry_over(self, base: UserForm) -> None:
        """Apply the draft based on ``base`` to another version of the same user."""
        before, form = self._draft, self._base
        elsewhere = contested(before, base, form)
        # What is no longer a draft may have been typed with white space around it, and is shown as it was saved.
        self.rows.show_form(form, self.rows.differing(merged_groups(before, base, form), form))
        self._draft = self.rows.draft_from(form)
        self._clear_notes(keep=self._draft.fields())
        self._note_changed(elsewhere)
        self._show_drafted()
        if self._draft != before:
            self.draftChanged.emit(self.draft())

    def _hide_notes(self) -> None:
        """Hide the notes about the draft, because the draft is hidden too."""
        self._hidden_notes = {
            row.key: (row.note.sentence(), row.note.is_error()) for row in self.rows.all() if row.note.sentence()
        }
        self._clear_notes()

    def _show_notes(self, notes: Mapping[str, tuple[str, bool]]) -> None:
        for key, (sentence, error) in notes.items():
            row = self.rows.row(key)
            if row is not None:
                row.set_note(sentence, error=error)

    def _clear_notes(self, keep: frozenset[str] = frozenset()) -> None:
        self._foot.note.say("", error=True)
        for row in self.rows.all():
            if row.note.sentence() and row.key not in keep:
                row.set_note("")

    def _note_changed(self, elsewhere: Mapping[str, str]) -> None:
        for field in self._draft.fields() & elsewhere.keys():
            row = self.rows.row(field)
            if row is not None:
                now = f"to “{shortened(row.words(elsewhere[field]))}”" if elsewhere[field] else "to nothing"
                row.set_note(f"Meanwhile changed {now}. Saving puts yours in its place.", error=False)

    def _show_drafted(self) -> None:
        self._show_buttons()
        self._mark_edited()

    def _mark_edited(self) -> None:
        mark_edited(self.rows, self._base, Draft() if self._read_only else self._draft)

    def _show_buttons(self) -> None:
        editable, drafted = not self._read_only, bool(self._draft)
        if not (editable and drafted) and self._foot.has_focus():
            # Move the focus away from a button before it is disabled, or it would be lost.
            self.focus_first()
        self._foot.show_buttons(editable=editable, drafted=drafted, busy=self._busy, saving_off=self._saving_off)
