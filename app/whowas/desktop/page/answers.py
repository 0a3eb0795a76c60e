"""What the page says of everything that was done: one sentence over the timeline, with *Undo* or *Redo*."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from whowas.desktop.session.session import Session
from whowas.domain.done_sentences import Whom
from whowas.projections.queries.undo_list import change_called

NOTHING_CHANGED = "Nothing changed"
SAVED = "Saved"
"""Of a change of which nothing can be read yet."""

Said = str | Callable[[Whom], str]
"""A sentence about a change, or what makes one of whom it changed, "Ada Osei" or "30 users"; "" for what it did."""


class Answers(QObject):
    """Says one thing at a time, over ``lower``, and no further to the right than ``beside`` reaches.

    ``undoWanted`` and ``redoWanted`` carry the DoneChange to be taken back, that very one, and its sentence.
    """

    undoWanted = Signal(object, str)
    redoWanted = Signal(object, str)

    def __init__(self, page: QWidget, session: Session, lower: QWidget, beside: QWidget) -> None:
        super().__init__(page)
        self._page, self._lower, self._beside = page, lower, beside
        self._session = session

    def done(self, change_id: str, said: Said = "") -> None:
        """Say what a change did; "" as its id says that nothing was to be done.

        Where nothing is said, the sentence is made of what the history has of the change.
        """
        if not change_id:
            self.say(NOTHING_CHANGED)
            return
        self._offer("Undo", self.undoWanted, change_id, self._sentence(change_id, said))

    def undone(self, change_id: str, of: str) -> None:
        """Say that a change was taken back by another one, of the id ``change_id``."""
        self._offer("Redo", self.redoWanted, change_id, f"Undid “{self._sentence(of, '')}”")

    def say(self, sentence: str, link: str = "", do: Callable[[], object] | None = None) -> None:
        """Say any sentence, in place of the one before; the ``link`` does something with it."""
        from whowas.desktop.kit.toast import Toast  # no start waits to say something

        Toast(self._page, self._lower, sentence, link, do, beside=self._beside)

    def _offer(self, link: str, wanted: SignalInstance, change_id: str, sentence: str) -> None:
        """Say it, with a link that takes the change back once that can be read."""
        change = self._session.reads.ask(lambda read_model: change_called(read_model, change_id))
        if change is None:
            self.say(sentence)
        else:
            self.say(sentence, link, partial(wanted.emit, change, sentence))

    def _sentence(self, change_id: str, said: Said) -> str:
        if isinstance(said, str) and said:
            return said
        done = self._session.reads.done_change(change_id)
        if done is None:
            return SAVED
        return done.sentence if isinstance(said, str) else said(done.whom)
