"""The pages of the assistant, one import: what is said on them, the jobs that follow from it, and what those find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from whowas.desktop.exchange.assistant import words
from whowas.desktop.exchange.assistant.columns.page import ColumnsPage
from whowas.desktop.exchange.assistant.files.dialog import FilesDialog
from whowas.desktop.exchange.assistant.frame.dialog import AssistantDialog
from whowas.desktop.exchange.assistant.import_step import ImportStep
from whowas.desktop.exchange.assistant.jobs.copies import PrivateCopies
from whowas.desktop.exchange.assistant.jobs.latest_job import LatestJob
from whowas.desktop.exchange.assistant.jobs.looking import Looked, Previewed, SeenFile, look, preview
from whowas.desktop.exchange.assistant.jobs.read_files import ReadAll, ReadFile, called
from whowas.desktop.exchange.assistant.plan import ImportPlan
from whowas.desktop.exchange.preview.page import PreviewPage
from whowas.desktop.kit.scrim import Scrim
from whowas.desktop.page.feature import PageContext
from whowas.desktop.session.job_progress import ShownProgress
from whowas.domain.errors import (
    CancelledError,
    RefusedError,
    StoreError,
    WhowasError,
)
from whowas.interchange.importing.given.rules import Decision, RowKey

if TYPE_CHECKING:
    from whowas.command_bus.bus import Bus
    from whowas.domain.progress import Progress

FIRST_ROWS = 200
"""So many rows are looked at before all of them are, where there are many: they fill the first screen."""
MANY_ROWS = 2_000
DECIDED_AFTER_MS = 150
"""How long after a decision everything is looked at again: somebody who goes through a list decides many at once."""


class AssistantPages(QObject):
    """``made`` carries an ImportMade, ``closed`` says that the person is done with it, or gave it up."""

    made = Signal(object)
    closed = Signal()

    def __init__(self, context: PageContext, copies: PrivateCopies, read: ReadAll, called: str) -> None:
        """``read`` reads files anew, whose ``copies`` are held as long as they are needed."""
        super().__init__(context.page)
        self._context = context
        self._session = context.session
        self._copies = copies
        self._read = read
        self._called = called
        self._files: Sequence[ReadFile] = ()
        self._seen: Sequence[SeenFile] = ()
        self._plan = ImportPlan()
        self._decisions: dict[RowKey, Decision] = {}
        self._yes = False
        self._looked: Looked | None = None
        self._previewed: Previewed | None = None
        self._job = LatestJob()
        self._progress = ShownProgress(context.window, context.session)
        self._taking = ImportStep(context, self)
        self._columns = ColumnsPage()
        self._preview = PreviewPage(self._names)
        self._dialog = AssistantDialog(self._called, self._columns, self._preview, context.window)
        self._soon = QTimer(self, singleShot=True, interval=DECIDED_AFTER_MS)
        self._over = False
        self._connect()

    def open(self, files: Sequence[ReadFile], looked: Looked, seen: Sequence[SeenFile]) -> None:
        """Show the first page, or of change logs and logs, of which nothing can be said, at once what they would do.

        ``files`` are those to be imported, ``seen`` all that there are where there are several.
        """
        self._take_up(files)
        self._seen = seen
        Scrim(self._context.window, self._dialog)
        self._show_looked(looked)
        self._dialog.open()
        if not looked.looks:
            self._dialog.show_preview(words.subtitle((), looked.plan), only=True)
            self._look_at_rows()

    def close(self) -> None:
        """Close the dialog; what is on its way is dropped."""
        if not self._over:
            self._over = True
            self._soon.stop()
            self._job.stop()
            self._taking.close()
            self._dialog.done(self._dialog.DialogCode.Rejected)
            self._dialog.deleteLater()
            self.deleteLater()

    def _connect(self) -> None:
        columns, page, dialog, taking = self._columns, self._preview, self._dialog, self._taking
        columns.planChanged.connect(self._take_plan)
        columns.readingChanged.connect(self._read_otherwise)
        columns.filesWanted.connect(self._ask_for_files)
        page.decided.connect(self._decide)
        page.agreed.connect(self._agree)
        dialog.nextWanted.connect(self._look_at_rows)
        dialog.backWanted.connect(self._go_back)
        dialog.importWanted.connect(self._take)
        dialog.refusedWanted.connect(self._save_refused)
        dialog.rejected.connect(self.closed)
        taking.made.connect(self.made)
        taking.asksAgain.connect(self._ask_again)
        taking.filesChanged.connect(self._tell_of_files)
        taking.failed.connect(self._say)
        taking.over.connect(self.closed)
        self._soon.timeout.connect(self._look_at_rows)

    # The first page.

    def _show_looked(self, looked: Looked) -> None:
        self._looked, self._plan = looked, looked.plan
        self._dialog.notice.clear()
        if looked.looks:
            self._columns.show_reading(False)
            self._columns.show_lists(looked.looks, looked.plan, looked.known)
            self._plan = self._columns.plan  # it is made to fit the lists
        if looked.recalled:
            self._dialog.notice.say(words.AS_LAST_TIME, wrong=False, button="Start anew", do=self._forget)
        self._dialog.next.setEnabled(self._plan.agreed)

    def _take_plan(self) -> None:
        self._plan, self._yes = self._columns.plan, False
        self._preview.forget_agreement()
        self._dialog.next.setEnabled(self._plan.agreed and self._looked is not None)

    def _read_otherwise(self) -> None:
        """Read the files again, as the person says now."""
        self._look_again(self._columns.plan)

    def _ask_for_files(self) -> None:
        """Let the person see again which files there are, and say when each list was true."""
        dialog = FilesDialog(self._seen, self._plan.moments, self._dialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.goesOn.connect(self._take_files)
        dialog.goesOn.connect(dialog.accept)
        dialog.open()

    def _take_up(self, files: Sequence[ReadFile]) -> None:
        self._files = files
        self._called = called([file.source.name for file in files])
        self._dialog.name(self._called)

    def _take_files(self, files: Sequence[ReadFile], moments: Mapping[str, int]) -> None:
        self._take_up(files)
        self._look_again(replace(self._plan, moments=dict(moments)))

    def _forget(self) -> None:
        """Recognise the columns anew, whatever was said about such titles before."""
        fresh = ImportPlan()
        self._look_again(replace(self._plan, chosen=fresh.chosen, rules=fresh.rules))

    def _look_again(self, plan: ImportPlan) -> None:
        session, files = self._session, self._files

        def work(bus: Bus, progress: Progress) -> Looked:
            return look(session, bus, files, plan, progress)

        self._plan, self._looked = plan, None
        self._decide_nothing()
        self._dialog.notice.clear()
        self._dialog.next.setEnabled(False)
        self._columns.show_reading(True)
        self._job.start(partial(session.writer.on_bus, work, writing=False), self._show_looked, self._not_looked)

    def _not_looked(self, error: WhowasError) -> None:
        self._columns.show_reading(False)
        self._refuse(error)

    # The second page.

    def _look_at_rows(self) -> None:
        """Find out what would become of the rows: where there are many, first of those on the first screen."""
        looked = self._looked
        if looked is None:
            return
        self._dialog.notice.clear()
        many = sum(one.rows for one in looked.looks) > MANY_ROWS
        self._try(FIRST_ROWS if many and not self._dialog.on_preview else None)

    def _try(self, first: int | None) -> None:
        session, files = self._session, self._files
        rules = replace(self._plan.rules, decisions=dict(self._decisions), yes=self._yes)
        plan = replace(self._plan, rules=rules)

        def work(bus: Bus, progress: Progress) -> Previewed:
            return preview(session, bus, files, plan, progress, first=first)

        self._previewed = None
        self._dialog.wait()
        self._tell("", 0, 0)
        start = partial(session.writer.on_bus, work, writing=False)
        self._job.start(start, self._show_previewed, self._not_previewed, self._tell)

    def _show_previewed(self, previewed: Previewed) -> None:
        dialog, looked, outcome = self._dialog, self._looked, previewed.outcome
        assert looked is not None, "it was looked at before"
        total = sum(one.rows for one in looked.looks)
        self._preview.show_rows(previewed.rows, looking=not previewed.whole, total=total)
        if not dialog.on_preview:
            dialog.show_preview(words.subtitle(looked.looks, previewed.plan))
        if not previewed.whole:
            self._try(None)
            return
        self._previewed = previewed
        if outcome.accepted and outcome.events:
            dialog.offer_import(words.button(previewed.rows), previewed.rows.summary)
        else:
            dialog.offer_nothing(words.NOTHING if outcome.accepted else words.NOT_SO)
        dialog.refused_button.setEnabled(previewed.can_save_refused)
        if looked.known.everybody and words.nobody_is_known(outcome):
            dialog.notice.say(words.NOBODY_KNOWN.format(self._called), wrong=False)

    def _not_previewed(self, error: WhowasError) -> None:
        self._dialog.stop_waiting()
        self._dialog.next.setEnabled(True)
        self._refuse(error)

    def _tell(self, sentence: str, done: int, total: int) -> None:
        self._dialog.foot.show_progress(sentence or "Looking at the rows…", done, total)

    def _go_back(self) -> None:
        self._soon.stop()
        self._job.stop()
        self._dialog.notice.clear()
        self._dialog.show_columns()
        self._dialog.next.setEnabled(self._plan.agreed)

    def _decide(self, row: RowKey, decision: Decision | None) -> None:
        if decision is None:
            self._decisions.pop(row, None)
        else:
            self._decisions[row] = decision
        self._look_soon()

    def _agree(self, yes: bool) -> None:
        self._yes = yes
        self._look_soon()

    def _look_soon(self) -> None:
        self._previewed = None
        self._job.stop()
        self._dialog.wait()
        self._soon.start()

    def _decide_nothing(self) -> None:
        """Forget what was decided: it is about lines, which are others by now."""
        self._decisions.clear()
        self._yes = False
        self._preview.forget_decisions()

    def _names(self, user_ids: Sequence[str]) -> Mapping[str, str]:
        now, reads = self._session.shown.index.now, self._session.reads
        rows = {user_id: reads.user_row(user_id, now) for user_id in user_ids}
        return {
            user_id: ", ".join(dict.fromkeys(filter(None, (row.user.name, row.user.email))))
            for user_id, row in rows.items()
            if row is not None
        }

    def _save_refused(self) -> None:
        from whowas.desktop.exchange.save_refused import ask_to_save_refused

        previewed = self._previewed
        if previewed is not None:
            paths = [file.path for file in self._files if file.path is not None]
            found = previewed.ready, previewed.outcome, paths
            told = partial(self._dialog.notice.say, wrong=False)
            progress = self._progress
            ask_to_save_refused(self._dialog, self._session, progress, *found, saved=told, failed=self._say)

    # The import.

    def _take(self) -> None:
        if self._looked is not None and self._previewed is not None:
            self._taking.take(self._called, self._files, self._looked, self._previewed)

    def _ask_again(self, previewed: Previewed) -> None:
        self._show_previewed(previewed)
        self._dialog.notice.say(words.decided_again(previewed.outcome), wrong=True)

    def _tell_of_files(self, sentence: str) -> None:
        self._dialog.notice.say(sentence, wrong=True, button="Read again", do=self._read_anew)

    def _read_anew(self) -> None:
        """Read the files as they are on disk now, and begin again with what was said of them."""
        session, read, plan, kept = self._session, self._read, self._plan, self._copies.begin()
        wanted = {file.source.name for file in self._files}

        def work(bus: Bus, progress: Progress) -> tuple[Sequence[ReadFile], Looked]:
            files = [file for file in read(kept, progress) if file.source.name in wanted]
            for file in files:
                if file.unread:
                    raise StoreError(file.unread)
            return files, look(session, bus, files, plan, progress)

        def done(found: tuple[Sequence[ReadFile], Looked]) -> None:
            if self._over:
                return
            self._copies.keep_only(kept)
            self._taking.forget()
            self._files, looked = found
            self._decide_nothing()
            self._show_looked(looked)
            if looked.looks:
                self._go_back()
            else:
                self._look_at_rows()

        def failed(error: WhowasError) -> None:
            if not self._over:
                self._copies.drop(kept)
                self._say(error)

        start = partial(session.writer.on_bus, work, writing=False)
        self._progress.follow(f"Reading {self._called}", start, done, failed)

    def _refuse(self, error: WhowasError) -> None:
        """Say why lists cannot be taken so: on the first page beside what is to be corrected."""
        if self._dialog.on_preview or not isinstance(error, RefusedError):
            self._say(error)
        else:
            self._columns.show_refusal(str(error), error.field)

    def _say(self, error: WhowasError) -> None:
        if not isinstance(error, CancelledError):
            self._dialog.notice.say(str(error), wrong=True)
