"""What the window says and offers while its directory is damaged, and can only be read."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from whowas.desktop.chrome.standing import EXPORTING, READ_ONLY, Condition, Damaged, Severity
from whowas.desktop.kit.dates import microseconds_now
from whowas.desktop.kit.save_as import ask_where_to_save
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.domain.errors import StoreError
from whowas.domain.progress import Progress
from whowas.safekeeping.backup_places import stays_as_it_is
from whowas.safekeeping.damage_told import heading, opened_read_only
from whowas.system import folders
from whowas.system.person import os_user

if TYPE_CHECKING:
    from whowas.safekeeping.salvage import Salvaged

SHOW_IT = "Show it"
SAVE = "Save what can be read…"
OPEN_IT = "Open it"
OPEN_AGAIN = "Open again"
_KEPT_HERE = "That is what this computer keeps of it, which is made anew from the server when it is opened."
_ENDINGS = {f"Whowas directories (*{folders.SUFFIX})": folders.SUFFIX}


class ReadOnlyDirectory(PageFeature):
    """Holds a red strip over a directory that can only be read; shows where it is damaged, and saves what is sound.

    ``openWanted`` carries the path of the directory that was made of what could be read, which is to be opened; or a
    shared directory's place, for what this computer keeps of it to be made anew.
    """

    openWanted = Signal(object)

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._saved: Path | None = None
        self._on(context.messages.acted, self._act)
        self._on(context.messages.closed, self._withdraw)
        context.session.damaged.connect(self._become)
        self._show()

    def save(self, target: Path) -> None:
        """Save everything up to the first damage to ``target``, and say what is missing."""
        self._page.keep_draft()
        source = self._session.log.path

        def work(progress: Progress) -> Salvaged:
            from whowas.safekeeping.salvage import salvage

            return salvage(source, target, os_user(), microseconds_now(), progress)

        run, failed = partial(self._session.queries.run, work), self._messages.failing(EXPORTING)
        self._progress.follow("Saving what can be read", run, self._tell, failed)

    def _become(self) -> None:
        """Let go of whatever could be written a moment ago; drafts are kept."""
        self._page.keep_draft()
        self._show()
        self._page.show_view()

    def _show(self) -> None:
        session, messages = self._session, self._messages
        if not session.log.read_only:
            return
        if session.log.read_only == stays_as_it_is(session.path):  # a sound backup, of which the window says so calmly
            messages.set_read_only()
            return
        damage, change = session.damage, session.damaged_change
        sentence = session.log.read_only if damage is None else opened_read_only(damage, change)
        actions = (SAVE,) if change is None else (SHOW_IT, SAVE)
        if session.live is not None:
            sentence, actions = f"{sentence} {_KEPT_HERE}", (*actions, OPEN_AGAIN)
        messages.hold(Condition(READ_ONLY, Severity.RED, sentence, actions, closable=False, heading=heading(damage)))
        messages.set_history(Damaged(change))
        messages.set_read_only()

    def _act(self, about: str, action: str) -> None:
        if about == READ_ONLY and action == OPEN_AGAIN:
            self._page.keep_draft()
            self.openWanted.emit(self._session.place)
        elif about == READ_ONLY and action == SHOW_IT:
            self._page.return_to_now()
        elif about == READ_ONLY and action == SAVE:
            self._ask()
        elif about == EXPORTING and action == OPEN_IT and self._saved is not None:
            saved = self._saved
            self._withdraw()
            self.openWanted.emit(saved)

    def _ask(self) -> None:
        path = self._session.path
        proposed = str(path.with_name(f"{path.stem} salvaged{folders.SUFFIX}"))
        target = ask_where_to_save(self._window, "Save what can be read", proposed, _ENDINGS, replacing=False)
        if target is not None:
            self.save(target)

    def _tell(self, found: Salvaged) -> None:
        self._saved = found.target
        told = found.told(self._changes_through(found.taken))
        try:
            self._page.drafts.carry_to(found.target)
        except OSError as error:
            told = f"{told} Your drafts stay with the damaged directory: {error.strerror or error}."
        self._messages.hold(Condition(EXPORTING, Severity.CALM, told, (OPEN_IT,), passing=True))

    def _changes_through(self, position: int) -> int | None:
        """Return how many changes were recorded up to there, None unless all that is shown ends there."""
        try:
            ends_there = self._session.log.head().position == position
        except StoreError:
            return None
        return self._session.shown.changes_recorded if ends_there else None

    def _withdraw(self, _about: str = EXPORTING) -> None:
        self._saved = None
