"""What goes on between asking to share a directory and having it on a server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from whowas.desktop.kit.save_as import ask_where_to_save
from whowas.desktop.kit.scrim import Scrim
from whowas.desktop.page.feature import PageContext
from whowas.desktop.session.jobs import Job, Stage
from whowas.desktop.session.latest_job import LatestJob
from whowas.desktop.sharing import words
from whowas.desktop.sharing.assistant import jobs
from whowas.desktop.sharing.assistant.dialog import ShareDialog
from whowas.desktop.sharing.assistant.refusing import as_refusal
from whowas.domain.errors import CancelledError, RefusedError, UncertainError, UnfinishedError, WhowasError
from whowas.domain.progress import Progress
from whowas.store.server.address import SUFFIX
from whowas.system.person import os_user

if TYPE_CHECKING:
    from whowas.desktop.sharing.assistant.jobs import MovedToServer
    from whowas.store.server.address import ServerAddress
    from whowas.team.prospect import Prospect

TEAM_FILES = {f"Team files of Whowas (*{SUFFIX})": SUFFIX}


class ShareConversation(QObject):
    """One sharing. ``moved`` carries a MovedToServer once that is done; ``ended`` comes once, in any case."""

    moved = Signal(object)
    ended = Signal()

    def __init__(self, context: PageContext) -> None:
        super().__init__(context.page)
        self._window, self._session, self._messages = context.window, context.session, context.messages
        self._path = context.session.path
        self._team_file = self._path.with_suffix(SUFFIX)
        self._dialog = ShareDialog(self._path.stem, os_user(), context.window)
        self._job = LatestJob()
        self._moving: Job | None = None
        self._address: ServerAddress | None = None
        self._prospect: Prospect | None = None
        self._in_doubt: WhowasError | None = None
        """Why it is not known whether the directory is on the server, or what of the move is still to be done."""
        self._over = False
        self._connect()
        context.page.closing.connect(self.end)

    def begin(self) -> None:
        """Show the first page, which is made first: all at once would take longer than a frame."""
        QTimer.singleShot(0, self, self._make_first_page)

    def _make_first_page(self) -> None:
        self._dialog.show_step("Where")
        QTimer.singleShot(0, self, self._open)

    def _open(self) -> None:
        if not self._over:
            Scrim(self._window, self._dialog)
            self._dialog.open()

    def end(self) -> None:
        """Let everything go; what is being moved goes on to its end."""
        if self._over:
            return
        self._over = True
        self._job.stop()
        self._address = None
        if self._in_doubt is not None:
            self._messages.show_failure(self._in_doubt)
        self._dialog.done(self._dialog.DialogCode.Rejected)
        self._dialog.deleteLater()
        self.ended.emit()
        self.deleteLater()

    def _connect(self) -> None:
        dialog = self._dialog
        dialog.tryWanted.connect(partial(self._look, self._tell_answer))
        dialog.serverEdited.connect(self._forget)
        dialog.lookAgainWanted.connect(partial(self._look, self._show_accounts))
        dialog.placeWanted.connect(self._ask_place)
        dialog.nextWanted.connect(self._go_on)
        dialog.backWanted.connect(self._go_back)
        dialog.shareWanted.connect(self._move)
        dialog.stopWanted.connect(self._stop)
        dialog.rejected.connect(self.end)

    def _go_on(self) -> None:
        if self._dialog.step == "Where":
            self._look(self._show_accounts)
        elif self._dialog.step == "Who":
            self._look(self._show_check)

    def _go_back(self) -> None:
        self._job.stop()
        if self._dialog.step == "Check":
            self._show_who()
        else:
            self._dialog.show_step("Where")

    def _forget(self) -> None:
        """Drop what is being found out of a server that is not meant any more."""
        self._job.stop()
        self._dialog.stop_waiting()

    def _look(self, then: Callable[[], None]) -> None:
        """Ask the server what there is, and go on with that."""
        said = self._dialog.where.said()
        if self._dialog.step == "Where":
            self._dialog.where.show_trying()
        self._dialog.notice.clear()
        self._dialog.wait("Asking the server…")

        def done(found: tuple[ServerAddress, Prospect]) -> None:
            self._address, self._prospect = found
            self._dialog.stop_waiting()
            then()

        start = partial(self._session.queries.ask_server, partial(jobs.look, said))
        self._job.start(start, done, self._not_looked)

    def _not_looked(self, error: WhowasError) -> None:
        self._dialog.stop_waiting()
        if isinstance(error, CancelledError):
            return
        refusal = as_refusal(error)
        if self._dialog.step != "Where" and isinstance(refusal, RefusedError) and refusal.field:
            self._dialog.show_step("Where")
        if self._dialog.step == "Where":
            self._dialog.where.refuse(refusal)
        else:
            self._dialog.notice.say_why(error)

    def _tell_answer(self) -> None:
        if self._prospect is not None:
            self._dialog.where.show_answer(self._prospect.answer)

    def _show_accounts(self) -> None:
        if self._prospect is not None:
            self._dialog.where.clear()
            self._dialog.who.show_accounts(self._prospect.accounts, self._prospect.account)
            self._show_who()

    def _show_who(self) -> None:
        if self._address is not None:
            self._dialog.show_step("Who", words.place_told(self._address))

    def _show_check(self) -> None:
        if self._address is None or self._prospect is None:
            return
        findings = self._prospect.findings
        self._dialog.check.show_findings(findings)
        self._show_steps()
        self._dialog.show_step("Check", words.place_told(self._address))
        # What stands in the way may be the directory itself.
        self._dialog.stop_waiting(may_share=self._prospect.possible or self._in_doubt is not None)

    def _show_steps(self) -> None:
        self._dialog.check.show_steps(self._steps(), str(self._team_file))

    def _steps(self) -> Sequence[str]:
        from whowas.safekeeping.left_behind import new_name

        others = len(self._dialog.who.chosen())
        return words.what_happens(self._path.name, new_name(self._path).name, self._team_file.name, others)

    def _ask_place(self) -> None:
        title = "Where to write the team file"
        chosen = ask_where_to_save(self._dialog, title, str(self._team_file), TEAM_FILES, replacing=False)
        if chosen is not None:
            self._team_file = chosen
            self._show_steps()

    def _move(self) -> None:
        address = self._address
        if address is None:
            return
        path, team_file, rights = self._path, self._team_file, self._dialog.who.chosen()
        found = words.place_told(address)
        self._dialog.show_step("Move", found)
        self._dialog.move_page.begin(f"Moving {self._path.stem} to the server", self._steps())

        def work(progress: Progress) -> MovedToServer:
            return jobs.move(path, address, team_file, rights, progress)

        def report(done: int, total: int) -> None:
            if self._moving is not None and not self._over:
                if self._moving.stage in (Stage.COMMITTING, Stage.COMMITTED):
                    self._dialog.show_too_late()
                self._dialog.move_page.show_progress(done, total)

        self._moving = self._session.queries.run(work, done=self._moved, failed=self._not_moved, reported=report)

    def _stop(self) -> None:
        if self._moving is not None:
            if self._moving.cancel():
                self._dialog.show_stopping()
            else:
                self._dialog.show_too_late()

    def _moved(self, made: MovedToServer) -> None:
        self._moving = self._in_doubt = None
        if not self._over:  # else the window is closing
            # That the file has another name now is no news; the directory is opened from the server next.
            self._session.file.stop()
            self.moved.emit(made)
            self.end()

    def _not_moved(self, error: WhowasError) -> None:
        self._moving = None
        if isinstance(error, UncertainError | UnfinishedError):
            self._in_doubt = error
        if not self._over:
            self._show_check()
            self._dialog.notice.say_why(error)
