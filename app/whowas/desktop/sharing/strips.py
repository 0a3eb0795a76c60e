"""The strips over a shared directory, and what their buttons do; who else has it open."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal

from whowas.desktop.chrome.standing import COPIES, EXPORTING, RIGHTS, SERVER, SET_ASIDE, Condition, Severity
from whowas.desktop.kit import dates
from whowas.desktop.kit.save_as import ask_where_to_save
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.session.live import Live
from whowas.desktop.session.server_link import may_only_read
from whowas.desktop.sharing.standing_words import OPEN_AGAIN, SAVE_A_COPY, TRY_AGAIN, conditions_of, trying
from whowas.domain.progress import Progress
from whowas.store.backup import save_copy
from whowas.store.follower.shared_log import NOT_COPIED
from whowas.store.server.roles import WRITERS
from whowas.system import folders

_DIRECTORIES = {f"Whowas directories (*{folders.SUFFIX})": folders.SUFFIX}


class SharedStrips(PageFeature):
    """Says how it stands with the server, and lets the page follow what can be written.

    ``againWanted`` carries what is to be opened again.
    """

    againWanted = Signal(object)

    def __init__(self, context: PageContext, live: Live) -> None:
        super().__init__(context)
        self._live = live
        self._on(context.messages.acted, self._act)
        live.changed.connect(self._show)
        context.session.writability.connect(self._follow)
        context.session.writer.settled.connect(self._tell_settled)
        context.session.writer.saving.connect(self._look_at_copies)
        if live.shared.remark:
            context.messages.hold(Condition(SET_ASIDE, Severity.CALM, live.shared.remark))
        self._show()

    def _tell_settled(self, saved: bool) -> None:
        """Say what became of a change, of which it was said that this is unknown."""
        if not self._session.is_open:
            return
        if saved:
            self._messages.show_notice("The last change was saved after all: the server has it.")
        else:
            self._messages.show_error("The last change was not saved: the server does not have it. Save it again.")

    def _look_at_copies(self, saving: bool) -> None:
        """Say where a save stands on one server only, though a second one was to have it too."""
        if not saving and self._live.shared.writes.not_copied and self._session.is_open:
            self._messages.hold(Condition(COPIES, Severity.CALM, NOT_COPIED))
        elif not saving:
            self._messages.end(COPIES)

    def _follow(self) -> None:
        """Let go of whatever could be written a moment ago, or offer it again; drafts are kept."""
        if self._session.is_open:
            self._page.keep_draft()
            self._page.show_view()

    def _show(self) -> None:
        if not self._session.is_open:
            return
        reached, messages = self._live.reached, self._messages
        rights = reached.rights
        why_reading = "" if rights in WRITERS else may_only_read(self._live.shared.account, rights)
        steps = self._page.view.index.steps
        found = {each.about: each for each in conditions_of(reached, why_reading, steps, dates.microseconds_now())}
        for about in (SERVER, RIGHTS):
            if about in found:
                messages.hold(found[about])
            else:
                messages.end(about)
        messages.set_present(reached.present)
        messages.set_read_only(bool(self._session.read_only))

    def _act(self, about: str, action: str) -> None:
        if about != SERVER:
            return
        if action == TRY_AGAIN:
            for condition in self._messages.standing.conditions:
                if condition.about == SERVER:
                    self._messages.hold(trying(condition))
            self._live.try_again()
        elif action == OPEN_AGAIN:
            self._page.keep_draft()
            self.againWanted.emit(self._session.place)
        elif action == SAVE_A_COPY:
            self._ask_where_to_save()

    def _ask_where_to_save(self) -> None:
        path = self._session.path
        proposed = str(path.with_name(f"{path.stem} as this computer saw it{folders.SUFFIX}"))
        target = ask_where_to_save(self._window, "Save a copy", proposed, _DIRECTORIES, replacing=False)
        if target is None:
            return
        log = self._session.log

        def work(progress: Progress) -> int:
            return save_copy(log, target, progress)

        saved, failed = partial(self._saved, target), self._messages.failing(EXPORTING)
        self._progress.follow("Saving a copy", partial(self._session.queries.run, work), saved, failed)

    def _saved(self, target: Path, _position: int) -> None:
        self._messages.show_notice(f"A copy was saved as {target}.", about=EXPORTING)
