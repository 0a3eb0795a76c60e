"""Adding, describing, moving, deleting and bringing back custom fields: each is one change, and says what it did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from whowas.desktop.fields import deciding
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.domain.commands import DeleteField
from whowas.domain.errors import RefusedError, WhowasError
from whowas.domain.field_definitions import PLAIN
from whowas.domain.progress import unwatched

if TYPE_CHECKING:
    from whowas.command_bus.bus import Bus
    from whowas.command_bus.unit_of_work import Change
    from whowas.desktop.fields.definition_dialog import DefinitionDialog, FieldAnswer
    from whowas.desktop.fields.dialog import FieldLine, FieldsDialog
    from whowas.desktop.session.jobs import JobProgress
    from whowas.domain.progress import Progress


class FieldCommands(PageFeature):
    """Connects the action that lists the custom fields to one page."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._dialog: FieldsDialog | None = None
        self._asking: DefinitionDialog | None = None
        self._on(context.actions.fields.triggered, self._list_fields)
        self._page.changed.connect(self._refresh)
        self._refresh()

    def _list_fields(self) -> None:
        from whowas.desktop.fields.dialog import FieldsDialog  # a start does not wait for what few look at

        dialog = self._dialog = FieldsDialog(self._window)
        dialog.added.connect(self._add)
        dialog.moreWanted.connect(self._ask_new)
        dialog.editWanted.connect(self._ask_about)
        dialog.moved.connect(self._move)
        dialog.hiddenWanted.connect(self._hide)
        dialog.deleted.connect(self._delete)
        dialog.restored.connect(self._bring_back)
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
        every = [(state.fields, False), (state.deleted_fields, True)]
        return [
            FieldLine(field_id, name, is_deleted, state.definition(field_id))
            for fields, is_deleted in every
            for field_id, name in fields.items()
        ]

    def _line(self, field_id: str) -> FieldLine | None:
        return next((line for line in self._lines() if line.field_id == field_id), None)

    def _add(self, name: str) -> None:
        log = self._session.log
        self._change(
            lambda change: deciding.add(change, log, name, PLAIN, unwatched),
            lambda dialog: dialog.added_field(),
        )

    def _ask_new(self, name: str) -> None:
        self._ask(None, name)

    def _ask_about(self, field_id: str) -> None:
        if (line := self._line(field_id)) is not None and not line.is_deleted:
            self._ask(line, line.name)

    def _ask(self, line: FieldLine | None, name: str) -> None:
        """Ask what a field is to be, one that is there or a new one."""
        from whowas.desktop.fields.definition_dialog import DefinitionDialog

        asking = DefinitionDialog(name, None if line is None else line.definition, self._dialog)
        asking.answered.connect(partial(self._save, line))
        asking.finished.connect(self._forget_asking)
        self._asking = asking
        self._open(asking)

    def _save(self, line: FieldLine | None, answer: FieldAnswer) -> None:
        log, asking = self._session.log, self._asking

        def decide(change: Change, progress: Progress) -> None:
            if line is None:
                deciding.add(change, log, answer.name, answer.definition, progress)
            else:
                before, after = (line.name, line.definition), (answer.name, answer.definition)
                deciding.edit(change, log, line.field_id, before, after, progress)

        def then(dialog: FieldsDialog) -> None:
            if asking is not None and asking is self._asking:  # and not another one that was opened meanwhile
                asking.accept()
            if line is None:
                dialog.added_field()

        self._change_all("Adding the field" if line is None else "Changing the field", decide, then)

    def _move(self, field_id: str, by: int) -> None:
        self._change(lambda change: deciding.move(change, field_id, by))

    def _hide(self, field_id: str) -> None:
        if (line := self._line(field_id)) is not None:
            log, before = self._session.log, line.definition
            after = replace(before, hidden=not before.hidden)
            self._change_all(
                "Changing the field",
                lambda change, progress: deciding.describe(change, log, field_id, before, after, progress),
            )

    def _delete(self, field_id: str) -> None:
        self._change(lambda change: change.dispatch(DeleteField(field_id)))

    def _bring_back(self, field_id: str) -> None:
        log = self._session.log
        self._change_all(
            "Bringing the field back",
            lambda change, progress: deciding.bring_back(change, log, field_id, progress),
        )

    def _change(self, decide: Callable[[Change], None], then: Callable[[FieldsDialog], None] | None = None) -> None:
        """Carry out one change that looks at no users."""
        self._session.writer.change(decide, done=partial(self._done, then), failed=self._failing())

    def _change_all(
        self,
        title: str,
        decide: Callable[[Change, Progress], None],
        then: Callable[[FieldsDialog], None] | None = None,
    ) -> None:
        """Carry out one change that looks at the values of everybody; how far it is is shown."""

        def work(bus: Bus, progress: JobProgress) -> str:
            return bus.carry_out(lambda change: decide(change, progress), whole=True, progress=progress)[1].changed

        start = partial(self._session.writer.on_bus, work)
        self._progress.follow(title, start, partial(self._done, then), self._failing())

    def _done(self, then: Callable[[FieldsDialog], None] | None, change_id: str) -> None:
        self._answer(change_id)
        if self._dialog is not None and then is not None:
            then(self._dialog)

    def _failing(self) -> Callable[[WhowasError], None]:
        """Return what says why a change was not made: a refusal in the dialog that asked for it."""
        failing, asking = self._messages.failing(), self._asking

        def failed(error: WhowasError) -> None:
            if not isinstance(error, RefusedError) or self._dialog is None:
                failing(error)
            elif asking is not None and asking is self._asking:
                asking.refuse(error.field, str(error))
            else:
                self._dialog.refuse(str(error))

        return failed

    def _forget_asking(self) -> None:
        self._asking = None

    def _forget_dialog(self) -> None:
        self._dialog = self._asking = None
