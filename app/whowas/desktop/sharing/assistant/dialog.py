"""The dialog of the assistant that shares a directory: four pages, and what its foot says and offers on each."""

from __future__ import annotations

from functools import cached_property
from typing import Final, Literal, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from whowas.desktop.kit.assistant.frame import AssistantFrame
from whowas.desktop.sharing.assistant.check_page import CheckPage
from whowas.desktop.sharing.assistant.move_page import MovePage
from whowas.desktop.sharing.assistant.where_page import WherePage
from whowas.desktop.sharing.assistant.who_page import WhoPage
from whowas.desktop.sharing.words import who_is_in

P = TypeVar("P", bound=QWidget)
Step = Literal["Where", "Who", "Check", "Move"]
STEPS: Final[tuple[Step, ...]] = ("Where", "Who", "Check", "Move")

_NOTHING_YET = "Nothing is moved before you have seen what happens"
_LATER = "Rights can be changed at any time, by File → Members…"
_UNDOABLE = "The directory can be taken back to a file at any time"
_LEAVE_OPEN = "Until it is done, cancelling leaves everything as it was"


class ShareDialog(AssistantFrame):
    """Shows one page; whoever owns it says which, and does what the buttons ask for.

    What closes it is Cancel, Escape, or the window's own button: then nothing was moved. While something is moved,
    they only ask for that to be stopped, by ``stopWanted``. ``tryWanted`` asks whether the server answers, and
    ``serverEdited`` says that it is another one.
    """

    tryWanted = Signal()
    serverEdited = Signal()
    nextWanted = Signal()
    backWanted = Signal()
    lookAgainWanted = Signal()
    placeWanted = Signal()
    shareWanted = Signal()
    stopWanted = Signal()

    def __init__(self, name: str, account: str, parent: QWidget | None = None) -> None:
        """``name`` is that of the directory, ``account`` whom a server takes for the person where nothing is said."""
        super().__init__(f"Share {name}", STEPS, parent)
        self.step: Step = "Where"
        self._account = account
        self._cancel = self.add_cancel()
        self.back = self.add_wanting("Back", self.backWanted)
        self.next = self.add_wanting("Next", self.nextWanted, primary=True)
        self.share = self.add_wanting("Share", self.shareWanted, primary=True)
        self.subtitle.hide()

    @cached_property
    def where(self) -> WherePage:
        """The first page, made when it is first needed, as are the next ones."""
        page = self._added(WherePage(self._account))
        page.tryWanted.connect(self.tryWanted)
        page.edited.connect(self.serverEdited)
        return page

    @cached_property
    def who(self) -> WhoPage:
        """The second page."""
        page = self._added(WhoPage())
        page.lookAgainWanted.connect(self.lookAgainWanted)
        return page

    @cached_property
    def check(self) -> CheckPage:
        """The third page."""
        page = self._added(CheckPage())
        page.placeWanted.connect(self.placeWanted)
        return page

    @cached_property
    def move_page(self) -> MovePage:
        """The last page."""
        return self._added(MovePage())

    def show_step(self, step: Step, subtitle: str = "") -> None:
        """Show the page of a step; ``subtitle`` says of what it is."""
        self.step = step
        self.subtitle.setText(subtitle)
        self.subtitle.setVisible(bool(subtitle))
        self.steps.show_step(step)
        self.notice.clear()
        self.back.setVisible(step in ("Who", "Check"))
        self.next.setVisible(step in ("Where", "Who"))
        self.share.setVisible(step == "Check")
        self._cancel.setEnabled(True)
        self._cancel.setText("Cancel")
        # Enter goes on to what moves nothing; sharing takes a deliberate act.
        self.next.setDefault(step in ("Where", "Who"))
        self.share.setDefault(False)
        self.stop_waiting()
        self._show_page(step)

    def wait(self, sentence: str) -> None:
        """Let nobody go on before something is known."""
        self.next.setEnabled(False)
        self.share.setEnabled(False)
        self.foot.show_progress(sentence, 0, 0)

    def stop_waiting(self, *, may_share: bool = True) -> None:
        """Let the person go on; sharing only where nothing stands in the way."""
        self.next.setEnabled(True)
        self.share.setEnabled(may_share)
        match self.step:
            case "Where":
                self.foot.say(_NOTHING_YET)
            case "Who":
                self.foot.say(_LATER)
            case "Check" if may_share:
                self.foot.promise(_UNDOABLE, who_is_in(len(self.who.chosen())))
            case "Check":
                self.foot.say("What is wrong has to be put right first")
            case "Move":
                self.foot.say(_LEAVE_OPEN)

    def show_stopping(self) -> None:
        """Say that the move is going to stop."""
        self._cancel.setEnabled(False)
        self.foot.say("Stopping…")

    def show_too_late(self) -> None:
        """Say that the move cannot be stopped any more."""
        self._cancel.setEnabled(False)
        self._cancel.setText("Too late to cancel")
        self.foot.say("")

    def _show_page(self, step: Step) -> None:
        match step:
            case "Where":
                self.pages.setCurrentWidget(self.where)
                self.where.take_focus()
            case "Who":
                self.pages.setCurrentWidget(self.who)
                self.who.take_focus()
            case "Check":
                self.pages.setCurrentWidget(self.check)
                self.check.take_focus()
            case "Move":
                self.pages.setCurrentWidget(self.move_page)
                self._cancel.setFocus()

    def _added(self, page: P) -> P:
        self.pages.addWidget(page)
        return page

    def showEvent(self, event: QShowEvent) -> None:
        """Have a page to show."""
        if not self.pages.count():
            self.show_step("Where")
        super().showEvent(event)

    def reject(self) -> None:
        """Close it, or ask for the move to be stopped."""
        if self.step == "Move":
            self.stopWanted.emit()
        else:
            super().reject()

    def done(self, result: int) -> None:
        """Close, and leave no password in a field."""
        if self.pages.count():
            self.where.fields.forget_password()
        super().done(result)
