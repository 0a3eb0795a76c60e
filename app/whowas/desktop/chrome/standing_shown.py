"""Keeps the ``Standing`` of the open directory, and shows it in status line and bars at every change."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from whowas.desktop.chrome.message_bar import MessageBars
from whowas.desktop.chrome.standing import (
    READING,
    SAVING,
    Condition,
    Damaged,
    Severity,
    Shown,
    Standing,
    Verified,
    bars,
)
from whowas.desktop.chrome.status_bar import StatusBar
from whowas.desktop.chrome.status_words import status_line
from whowas.domain.errors import CancelledError, StoreError, UncertainError, WhowasError

NOT_SAVED = "the last change was not saved"
MAYBE_NOT_SAVED = "the last change may not be saved"
NOW_READ_ONLY = "This was not saved, as this directory is read-only now."


class StandingShown(QObject):
    """The one way to the bars over the page and to the status line, which show a ``Standing`` and nothing else.

    ``acted`` tells what the condition is about whose button was pressed, and the name of that button; ``closed`` what
    one that was read is about.
    """

    acted = Signal(str, str)
    closed = Signal(str)

    def __init__(self, over_page: MessageBars, line: StatusBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._standing = Standing()
        self._directory = 0
        self._bars = over_page
        self._line = line
        over_page.acted.connect(self._act)
        over_page.closed.connect(self._close)
        self._show()

    @property
    def standing(self) -> Standing:
        """How it stands."""
        return self._standing

    def message(self) -> str:
        """Return what the bars say, what matters most first; "" while there are none."""
        return "\n".join(one.text for one in bars(self._standing))

    def begin(self) -> None:
        """Begin anew, with no directory: nothing that was told of the one before is true any more."""
        self._directory += 1
        self._take(Standing())

    def open(self, file: str) -> None:
        """Name the file that is open now."""
        self._take(self._standing._replace(file=file))

    def count(self, users: int, changes: int, recorded: int, shown: Shown) -> None:
        """Say how much of what is shown there is, and how many changes are recorded."""
        self._take(self._standing._replace(users=users, changes=changes, recorded=recorded, shown=shown))

    def set_saving(self, saving: bool) -> None:
        """Say whether something is being written to the directory."""
        self._take(self._standing._replace(saving=saving))

    def set_drafts(self, drafts: int, *, refused: bool, unkept: str) -> None:
        """Say how many drafts there are, whether the one in the form was refused, and why they are not on disk."""
        self._take(self._standing._replace(drafts=drafts, refused=refused, unkept=unkept))

    def set_selected(self, selected: int) -> None:
        """Say how many users are selected."""
        self._take(self._standing._replace(selected=selected))

    def set_history(self, history: Verified | Damaged) -> None:
        """Say what verifying found."""
        self._take(self._standing._replace(history=history))

    def set_read_only(self, read_only: bool = True) -> None:
        """Say that nothing can be written to the file, or, of a shared directory, that something can again."""
        self._take(self._standing._replace(read_only=read_only))

    def set_present(self, present: tuple[str, ...]) -> None:
        """Say which accounts have the directory open."""
        self._take(self._standing._replace(present=present))

    def hold(self, condition: Condition) -> None:
        """Let a condition stand, in place of the one about the same."""
        self._take(self._standing.holding(condition))

    def end(self, about: str) -> None:
        """Take away the condition about something: it is so no more."""
        self._take(self._standing.ending(about))

    def go_on(self) -> None:
        """Take away what came of what was asked for before, as something else is asked for."""
        self._take(self._standing.going_on())

    def show_error(self, sentence: str, *actions: str, about: str = SAVING) -> None:
        """Say why something asked for was not done."""
        self.hold(Condition(about, Severity.RED, sentence, actions, passing=True))

    def show_failure(self, error: WhowasError, *, about: str = SAVING) -> None:
        """Say why something asked for was not done; nothing where the person stopped it."""
        if not isinstance(error, CancelledError):
            unsaved = _unsaved_by(error) if about == SAVING else ""
            # Why that is so stands over the page already.
            known = self._standing.read_only and _is_read_only(error)
            sentence = NOW_READ_ONLY if known else str(error)
            self.hold(Condition(about, Severity.RED, sentence, passing=True, unsaved=unsaved))

    def failing(self, about: str = SAVING) -> Callable[[WhowasError], None]:
        """Return what will tell why something that is asked for now was not done.

        Where another directory is open by then it says of which file that is.
        """
        return partial(self._tell, self._directory, self._standing.file, about)

    def show_notice(self, sentence: str, *, about: str = SAVING) -> None:
        """Say what was done."""
        self.hold(Condition(about, Severity.CALM, sentence, passing=True))

    def succeed(self, about: str = SAVING) -> None:
        """Say nothing, as something asked for was done: nor what was said of it when it was not."""
        self._take(self._standing.succeeding(about))

    def cannot_read(self, sentence: str) -> None:
        """Say why the directory cannot be read, until it can be."""
        self.hold(Condition(READING, Severity.RED, sentence))

    def can_read(self) -> None:
        """Say no more that the directory cannot be read."""
        self.end(READING)

    def _tell(self, directory: int, file: str, about: str, error: WhowasError) -> None:
        if directory == self._directory:
            self.show_failure(error, about=about)
        elif not isinstance(error, CancelledError):
            self.show_error(f"{file}: {error}", about=f"{about} of {file}")

    def _act(self, condition: Condition, action: str) -> None:
        self.acted.emit(condition.about, action)

    def _close(self, condition: Condition) -> None:
        self._take(self._standing.closing(condition))
        self.closed.emit(condition.about)

    def _take(self, standing: Standing) -> None:
        if standing != self._standing:
            self._standing = standing
            self._show()

    def _show(self) -> None:
        self._bars.show_conditions(bars(self._standing))
        self._line.show_line(status_line(self._standing))


def _unsaved_by(error: WhowasError) -> str:
    """Return what the failure of a save means for the file."""
    if isinstance(error, UncertainError):
        return MAYBE_NOT_SAVED
    return NOT_SAVED if isinstance(error, StoreError) else ""


def _is_read_only(error: WhowasError) -> bool:
    from whowas.store.event_log import ReadOnlyError  # the window is painted without it

    return isinstance(error, ReadOnlyError)
