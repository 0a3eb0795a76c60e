"""The base of everything that can be done with an open page: what it works with, and how it ends with the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import final

from PySide6.QtCore import QObject, Qt, SignalInstance
from PySide6.QtWidgets import QDialog, QWidget

from whowas.command_bus.unit_of_work import Change
from whowas.desktop.chrome.actions import Actions
from whowas.desktop.chrome.menus import Menus
from whowas.desktop.chrome.standing_shown import StandingShown
from whowas.desktop.page.answers import Said
from whowas.desktop.page.directory_page import DirectoryPage
from whowas.desktop.session.job_progress import ShownProgress
from whowas.desktop.session.session import Session


@dataclass(frozen=True, slots=True)
class PageContext:
    """A page with its session, and what it uses of the window that it is in, which outlives it."""

    window: QWidget
    page: DirectoryPage
    session: Session
    actions: Actions
    menus: Menus
    messages: StandingShown


class PageFeature(QObject):
    """Something that can be done with an open page; it lets go of the window when the page closes."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context.page)
        self._window = context.window
        self._page = context.page
        self._session = context.session
        self._actions = context.actions
        self._menus = context.menus
        self._messages = context.messages
        # One of its own: what is asked for while a job of another feature is on its way is not to be lost.
        self._progress = ShownProgress(context.window, context.session)
        self._connections: list[tuple[SignalInstance, Callable[..., object]]] = []
        context.page.closing.connect(self._let_go)

    @final
    def _on(self, signal: SignalInstance, slot: Callable[..., object]) -> None:
        """Call ``slot`` whenever ``signal`` of the window's comes, until the page closes."""
        signal.connect(slot)
        self._connections.append((signal, slot))

    def _open(self, dialog: QDialog) -> None:
        """Show a dialog over the window without stopping everything else; it is gone once closed."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    @final
    def _dispatch(self, decide: Callable[[Change], None], said: Said = "") -> None:
        """Carry out one change, and say what it did, see ``_answer``, or why it was not done."""
        done = partial(self._answer, said=said)
        self._session.writer.change(decide, done=done, failed=self._messages.failing())

    @final
    def _answer(self, change_id: str, said: Said = "") -> None:
        """Say what a change did, with *Undo*, unless another directory is open by now; "" is the id of no change.

        ``said`` is the sentence, or makes one of whom the change did something to ("Ada Osei", "30 users"); by default
        it is made of what was recorded.
        """
        if self._session.is_open:
            self._messages.succeed()
            self._page.answers.done(change_id, said)

    @final
    def _let_go(self) -> None:
        for signal, slot in self._connections:
            signal.disconnect(slot)
        self._connections.clear()
