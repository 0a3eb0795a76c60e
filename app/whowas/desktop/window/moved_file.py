"""What the window says and offers once its file is not in its folder any more."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal

from whowas.desktop.chrome.standing import EXPORTING, FILE, SAVING, Condition, Severity
from whowas.desktop.kit.save_as import ask_where_to_save
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.window.file_commands import NEW_DIRECTORY
from whowas.domain.progress import Progress
from whowas.store.backup import save_copy
from whowas.store.file.identity import Whereabouts
from whowas.system import folders

_OPEN_AGAIN = "Open again"


def said_of(name: str, whereabouts: Whereabouts) -> str:
    """Return what people have to know about a file that is not in place."""
    if whereabouts == "replaced":
        return f"Another file has taken the place of {name}: nothing can be saved to it."
    return f"{name} is no longer in its folder: nothing can be saved to it."


class MovedFile(PageFeature):
    """Says so while the file of a session is not in place, and saves a copy of what is open.

    ``savedTo`` carries the path of that copy, which is to be opened; or a shared directory's place, which is to be
    followed anew.
    """

    savedTo = Signal(object)

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._on(context.messages.acted, self._act)
        context.session.file.moved.connect(self._show)
        self._show()

    def save(self, target: Path) -> None:
        """Save all that the window still has of its file to ``target``, with its drafts, and open that."""
        self._page.keep_draft()
        session = self._session

        def work(progress: Progress) -> int:
            return save_copy(session.log, target, progress)

        saved, failed = partial(self._saved, target), self._messages.failing(EXPORTING)
        self._progress.follow("Saving a copy", partial(session.queries.run, work), saved, failed)

    def _show(self) -> None:
        where, messages = self._session.file.whereabouts, self._messages
        if where == "in place":
            messages.end(FILE)
            return
        messages.succeed(SAVING)  # why a save was refused is what this says from now on
        if self._session.live is not None:
            action, unsaved = _OPEN_AGAIN, "not followed any more"
            name = self._session.path.stem
            sentence = f"What this computer kept of {name} is gone. All that was saved is on the server."
        else:
            action, unsaved, sentence = "Save a copy…", "not in its folder", said_of(self._session.path.name, where)
        messages.hold(Condition(FILE, Severity.RED, sentence, (action,), closable=False, unsaved=unsaved))

    def _act(self, about: str, action: str) -> None:
        if about == FILE and action == _OPEN_AGAIN:
            self._page.keep_draft()
            self.savedTo.emit(self._session.place)
        elif about == FILE:
            self._ask()

    def _ask(self) -> None:
        path = self._session.path
        proposed = str(path.with_name(f"{path.stem} copy{folders.SUFFIX}"))
        target = ask_where_to_save(self._window, "Save a copy", proposed, NEW_DIRECTORY, replacing=False)
        if target is not None:
            self.save(target)

    def _saved(self, target: Path, _position: int) -> None:
        try:
            self._page.drafts.carry_to(target)
        except OSError as error:
            self._messages.show_error(
                f"Saved as {target}, but without your drafts: {error.strerror or error}. Copy them before you open it.",
                about=EXPORTING,
            )
            return
        self.savedTo.emit(target)
