"""Adding, renaming, deleting and bringing back custom fields: each is one change, and says what it did."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.domain.commands import DefineField, DeleteField, FieldCommand, RenameField, RestoreField
from whowas.domain.custom_fields import field_named
from whowas.domain.errors import RefusedError, WhowasError
from whowas.domain.fields import shortened

if TYPE_CHECKING:
    from whowas.command_bus.unit_of_work import Change
    from whowas.desktop.fields.dialog import FieldLine, FieldsDialog
    from whowas.desktop.fields.rename_dialog import RenameFieldDialog


class FieldCommands(PageFeature):
    """Connects the action that lists the custom fields to one page."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._dialog: FieldsDialog | None = None
        self._on(context.actions.fields.triggered, self._list_fields)
        self._page.changed.connect(self._refresh)
        self._refresh()

    def _list_fields(self) -> None:
        from whowas.desktop.fields.dialog import FieldsDialog  # a start does not wait for what few look at

        dialog = self._dialog = FieldsDialog(self._window)
        dialog.added.connect(self._add)
        dialog.renameWanted.connect(self._ask_name)
        dialog.deleted.connect(lambda field_id: self._do(DeleteField(field_id)))
        dialog.restored.connect(lambda field_id: self._do(RestoreField(field_id)))
        dialog.finished.connect(self._forget_dialog)
        self._refresh()
        self._open(dialog)

    def _refresh(self) -> None:
        self._actions.fields.setEnabled(True)
        if self._dialog is not None:
            self._dialog.show_fields(self._lines(), may_change=self._page.view.may_change)

    def _lines(self) -> list[FieldLine]:
        from whowas.desktop.fields.dialog import FieldLine

        state = self._page.view.index.latest_directory()
        there = [FieldLine(field_id, name, is_deleted=False) for field_id, name in state.fields.items()]
        return there + [FieldLine(field_id, name, is_deleted=True) for field_id, name in state.deleted_fields.items()]

    def _add(self, name: str) -> None:
        def decide(change: Change) -> None:
            if (known := field_named(change.directory().fields, name)) is not None:
                called = shortened(change.directory().fields[known])
                raise RefusedError("name", f"There is a custom field called “{called}” already.")
            change.dispatch(DefineField(name))

        self._carry_out(decide, lambda dialog: dialog.added_field())

    def _ask_name(self, field_id: str) -> None:
        from whowas.desktop.fields.rename_dialog import RenameFieldDialog

        name = self._page.view.index.latest_directory().fields.get(field_id)
        if name is not None and self._dialog is not None:
            asking = RenameFieldDialog(name, self._dialog)
            asking.accepted.connect(partial(self._rename, field_id, asking))
            self._open(asking)

    def _rename(self, field_id: str, asking: RenameFieldDialog) -> None:
        self._do(RenameField(field_id, asking.answer()))

    def _do(self, command: FieldCommand) -> None:
        self._carry_out(lambda change: change.dispatch(command), lambda _dialog: None)

    def _carry_out(self, decide: Callable[[Change], None], then: Callable[[FieldsDialog], None]) -> None:
        """Carry out one change; what it did is said in the window, and why it was not done in the dialog."""
        failing = self._messages.failing()

        def done(change_id: str) -> None:
            self._answer(change_id)
            if self._dialog is not None:
                then(self._dialog)

        def failed(error: WhowasError) -> None:
            if isinstance(error, RefusedError) and self._dialog is not None:
                self._dialog.refuse(str(error))
            else:
                failing(error)

        self._session.writer.change(decide, done=done, failed=failed)

    def _forget_dialog(self) -> None:
        self._dialog = None
