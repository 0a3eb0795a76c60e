"""The second page of the assistant: what would become of every row, and what the person decides about some."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from whowas.desktop.exchange.assistant import words
from whowas.desktop.exchange.assistant.choosing import ChoosingColumns
from whowas.desktop.exchange.assistant.frame.dialog import AssistantDialog
from whowas.desktop.exchange.assistant.jobs.looking import Previewed, preview
from whowas.desktop.exchange.preview.page import PreviewPage
from whowas.desktop.session.job_progress import ShownProgress
from whowas.desktop.session.latest_job import LatestJob
from whowas.desktop.session.session import Session
from whowas.domain.errors import WhowasError
from whowas.interchange.importing.given.rules import Decision, RowKey

if TYPE_CHECKING:
    from whowas.command_bus.bus import Bus
    from whowas.domain.progress import Progress

FIRST_ROWS = 200
"""So many rows are looked at before all of them are, where there are many: they fill the first screen."""
MANY_ROWS = 2_000
DECIDED_AFTER_MS = 150
"""How long after a decision everything is looked at again: somebody who goes through a list decides many at once."""


class PreviewingRows(QObject):
    """Has what would become of all rows, ``previewed``, None as long as that is being found out."""

    def __init__(
        self,
        session: Session,
        dialog: AssistantDialog,
        page: PreviewPage,
        job: LatestJob,
        chosen: ChoosingColumns,
        progress: ShownProgress,
    ) -> None:
        """``chosen`` has the files and what is said of them."""
        super().__init__(dialog)
        self._session = session
        self._dialog = dialog
        self._page = page
        self._job = job
        self._chosen = chosen
        self._progress = progress
        self._decisions: dict[RowKey, Decision] = {}
        self._yes = False
        self._soon = QTimer(self, singleShot=True, interval=DECIDED_AFTER_MS)
        self.previewed: Previewed | None = None
        self._soon.timeout.connect(self.look)
        page.decided.connect(self._decide)
        page.agreed.connect(self._agree)
        dialog.nextWanted.connect(self.look)
        dialog.backWanted.connect(self.go_back)
        dialog.refusedWanted.connect(self._save_refused)
        chosen.readOtherwise.connect(self.decide_nothing)
        chosen.ruledOtherwise.connect(self._agree_to_nothing)

    def look(self) -> None:
        """Find out what would become of the rows: where there are many, first of those on the first screen."""
        looked = self._chosen.looked
        if looked is None:
            return
        self._dialog.notice.clear()
        many = sum(one.rows for one in looked.looks) > MANY_ROWS
        self._try(FIRST_ROWS if many and not self._dialog.on_preview else None)

    def show(self, previewed: Previewed) -> None:
        """Show what would become of the rows, and of the others soon where these are only the first."""
        dialog, looked, outcome = self._dialog, self._chosen.looked, previewed.outcome
        assert looked is not None, "it was looked at before"
        total = sum(one.rows for one in looked.looks)
        self._page.show_rows(previewed.rows, looking=not previewed.whole, total=total)
        if not dialog.on_preview:
            dialog.show_preview(words.subtitle(looked.looks, previewed.plan))
        if not previewed.whole:
            self._try(None)
            return
        self.previewed = previewed
        if outcome.accepted and outcome.events:
            dialog.offer_import(words.button(previewed.rows), previewed.rows.summary)
        else:
            dialog.offer_nothing(words.NOTHING if outcome.accepted else words.NOT_SO)
        dialog.refused_button.setEnabled(previewed.can_save_refused)

    def go_back(self) -> None:
        """Show the first page again; what is on its way is dropped."""
        self.stop()
        self._dialog.notice.clear()
        self._dialog.show_columns()
        self._chosen.let_go_on()

    def decide_nothing(self) -> None:
        """Forget what was decided: it is about lines, which are others by now."""
        self._decisions.clear()
        self._yes = False
        self._page.forget_decisions()

    def stop(self) -> None:
        """Drop what is on its way."""
        self._soon.stop()
        self._job.stop()

    def _try(self, first: int | None) -> None:
        session, files, plan = self._session, self._chosen.files, self._chosen.plan
        rules = replace(plan.rules, decisions=dict(self._decisions), yes=self._yes)
        plan = replace(plan, rules=rules)

        def work(bus: Bus, progress: Progress) -> Previewed:
            return preview(session, bus, files, plan, progress, first=first)

        self.previewed = None
        self._dialog.wait()
        self._tell("", 0, 0)
        start = partial(session.writer.on_bus, work, writing=False)
        self._job.start(start, self.show, self._not_previewed, self._tell)

    def _not_previewed(self, error: WhowasError) -> None:
        self._dialog.stop_waiting()
        self._chosen.let_go_on()
        self._chosen.refuse(error)

    def _tell(self, sentence: str, done: int, total: int) -> None:
        self._dialog.foot.show_progress(sentence or "Looking at the rows…", done, total)

    def _decide(self, row: RowKey, decision: Decision | None) -> None:
        if decision is None:
            self._decisions.pop(row, None)
        else:
            self._decisions[row] = decision
        self._look_soon()

    def _agree(self, yes: bool) -> None:
        self._yes = yes
        self._look_soon()

    def _agree_to_nothing(self) -> None:
        self._yes = False
        self._page.forget_agreement()

    def _look_soon(self) -> None:
        self.previewed = None
        self._job.stop()
        self._dialog.wait()
        self._soon.start()

    def _save_refused(self) -> None:
        from whowas.desktop.exchange.save_refused import ask_to_save_refused

        dialog, previewed = self._dialog, self.previewed
        if previewed is not None:
            paths = [file.path for file in self._chosen.files if file.path is not None]
            found = previewed.ready, previewed.outcome, paths
            told = partial(dialog.notice.say, wrong=False)
            ask_to_save_refused(dialog, self._session, self._progress, *found, saved=told, failed=dialog.notice.say_why)


def named_by(session: Session, user_ids: Sequence[str]) -> Mapping[str, str]:
    """Return what tells users apart, by their ids: "Ada Osei, ada@example.org"."""
    now, reads = session.shown.index.now, session.reads
    rows = {user_id: reads.user_row(user_id, now) for user_id in user_ids}
    return {
        user_id: ", ".join(dict.fromkeys(filter(None, (row.user.name, row.user.email))))
        for user_id, row in rows.items()
        if row is not None
    }
