"""Undo and redo in the window: at once, with a question where an earlier session is reached."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from whowas.desktop.chrome.actions import describe
from whowas.desktop.chrome.standing import SAVING
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.session.undo_state import TakingBack, TookBack
from whowas.domain.errors import AlteredAgainError, WhowasError
from whowas.projections.queries.undo_list import DoneChange


class UndoCommands(PageFeature):
    """Takes back the last change, or the last undo; says why where there is nothing to take back, or later work."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._border_crossed = False
        self._offered: tuple[DoneChange, str] | None = None
        self._on(context.actions.undo.triggered, self._undo)
        self._on(context.actions.redo.triggered, self._redo)
        context.page.answers.undoWanted.connect(self._undo_answered)
        context.page.answers.redoWanted.connect(self._redo_answered)
        self._on(context.messages.acted, self._take_offer)
        self._on(context.messages.closed, self._withdraw)
        context.page.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Bring the actions to what could be undone and redone."""
        for action, sentence, what in (
            (self._actions.undo, self._session.undo_redo.undo_sentence, "Undo"),
            (self._actions.redo, self._session.undo_redo.redo_sentence, "Redo"),
        ):
            action.setEnabled(sentence is not None and self._page.view.may_change)
            describe(action, f"{what} “{sentence}”" if sentence else f"Nothing to {what.lower()}")

    def _undo(self) -> None:
        sentence = self._session.undo_redo.undo_sentence
        if self._session.undo_redo.is_from_before and not self._border_crossed and sentence is not None:
            self._ask_at_border(sentence)
        else:
            self._undo_now()

    def _ask_at_border(self, sentence: str) -> None:
        """Ask once before undoing what was done in an earlier session."""
        box = QMessageBox(
            QMessageBox.Icon.Question,
            "Undo from an earlier session",
            f"“{sentence}” was done before you opened this directory. Undo it, and from now on older changes too?",
            QMessageBox.StandardButton.Cancel,
            self._window,
        )
        box.setTextFormat(Qt.TextFormat.PlainText)
        undo = box.addButton("Undo it", QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(undo)
        undo.clicked.connect(partial(self._cross_border, self._session.undo_redo.to_undo))
        self._open(box)

    def _cross_border(self, asked_about: DoneChange | None) -> None:
        if self._session.undo_redo.to_undo != asked_about:
            self._undo()  # another change is the last one by now, and may not be from before
            return
        self._border_crossed = True
        self._undo_now()

    def _undo_now(self) -> None:
        undo_redo = self._session.undo_redo
        self._undo_one(undo_redo.to_undo, undo_redo.undo_sentence or "")

    def _redo(self) -> None:
        undo_redo = self._session.undo_redo
        self._redo_one(undo_redo.to_redo, undo_redo.redo_sentence or "")

    def _undo_answered(self, change: DoneChange, sentence: str) -> None:
        self._session.shown.show_now()
        self._undo_one(change, sentence)

    def _redo_answered(self, change: DoneChange, sentence: str) -> None:
        self._session.shown.show_now()
        self._redo_one(change, sentence)

    def _undo_one(self, change: DoneChange | None, sentence: str) -> None:
        work = self._session.undo_redo.undoing(change, sentence)
        self._take_back("Undo", work, partial(self._not_taken_back, change, sentence), redone=False)

    def _redo_one(self, change: DoneChange | None, sentence: str) -> None:
        work = self._session.undo_redo.redoing(change, sentence)
        self._take_back("Redo", work, partial(self._not_taken_back, change, sentence), redone=True)

    def _take_back(self, title: str, work: TakingBack, failed: Callable[[WhowasError], None], *, redone: bool) -> None:
        run = partial(self._session.writer.on_bus, work)
        self._progress.follow(title, run, partial(self._taken_back, redone=redone), failed)

    def _taken_back(self, taken: TookBack, *, redone: bool) -> None:
        self.refresh()  # a change that was passed over is no longer next, though nothing else is shown
        if taken.rest:
            self._messages.show_notice(taken.rest)
        else:
            self._messages.succeed()
        if taken.by and redone:
            self._page.answers.done(taken.by)
        elif taken.by:
            self._page.answers.undone(taken.by, taken.change_id)

    def _not_taken_back(self, change: DoneChange | None, sentence: str, error: WhowasError) -> None:
        """Say why, and offer what asks about later work instead of stopping at it."""
        if change is None or not isinstance(error, AlteredAgainError):
            self._messages.show_failure(error)
            return
        name = self._actions.undo_this.text()
        self._offered = change, sentence
        self._messages.show_error(f"{error} “{name}” takes back the rest, and asks about that.", name)

    def _take_offer(self, about: str, _action: str) -> None:
        if about == SAVING and self._offered is not None:
            change, sentence = self._offered
            self._withdraw()
            self._messages.go_on()
            self._page.undoRequested.emit(change.change_id, sentence)

    def _withdraw(self, _about: str = SAVING) -> None:
        self._offered = None
