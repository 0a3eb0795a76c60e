"""The first page of the assistant: files are read as the person says, until nothing is left to be said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from whowas.desktop.exchange.assistant import words
from whowas.desktop.exchange.assistant.columns.page import ColumnsPage
from whowas.desktop.exchange.assistant.files.dialog import FilesDialog
from whowas.desktop.exchange.assistant.frame.dialog import AssistantDialog
from whowas.desktop.exchange.assistant.jobs.looking import Looked, SeenFile, look
from whowas.desktop.exchange.assistant.jobs.read_files import ReadFile, called
from whowas.desktop.exchange.assistant.plan import ImportPlan
from whowas.desktop.session.latest_job import LatestJob
from whowas.desktop.session.session import Session
from whowas.domain.errors import RefusedError, WhowasError

if TYPE_CHECKING:
    from whowas.command_bus.bus import Bus
    from whowas.domain.progress import Progress


class ChoosingColumns(QObject):
    """Has the files, and what is said of them; ``looked`` is None as long as that is being found out.

    ``readOtherwise`` says that the rows may be others from now on, ``ruledOtherwise`` that the same ones are taken by
    other rules.
    """

    readOtherwise = Signal()
    ruledOtherwise = Signal()

    def __init__(self, session: Session, dialog: AssistantDialog, page: ColumnsPage, job: LatestJob) -> None:
        super().__init__(dialog)
        self._session = session
        self._dialog = dialog
        self._page = page
        self._job = job
        self._seen: Sequence[SeenFile] = ()
        self.files: Sequence[ReadFile] = ()
        self.plan = ImportPlan()
        self.looked: Looked | None = None
        page.planChanged.connect(self._take_plan)
        page.readingChanged.connect(lambda: self._look_again(page.plan))
        page.filesWanted.connect(self._ask_for_files)

    @property
    def called(self) -> str:
        """What the files are called together."""
        return called([file.source.name for file in self.files])

    def begin(self, files: Sequence[ReadFile], looked: Looked, seen: Sequence[SeenFile]) -> None:
        """Take up the files to be imported; ``seen`` are all that there are where there are several."""
        self._seen = seen
        self.take_up(files)
        self.show_looked(looked)

    def take_up(self, files: Sequence[ReadFile]) -> None:
        """Go on with these files."""
        self.files = files
        self._dialog.name(self.called)

    def show_looked(self, looked: Looked) -> None:
        """Show what was found out about the files."""
        self.looked, self.plan = looked, looked.plan
        notice = self._dialog.notice
        notice.clear()
        if looked.looks:
            self._page.show_reading(False)
            self._page.show_lists(looked.looks, looked.plan, looked.known)
            self.plan = self._page.plan  # it is made to fit the lists
        if looked.anew or looked.lacking:
            notice.say(words.other_than_last_time(looked), wrong=False, button="Start anew", do=self._forget)
        elif looked.recalled:
            notice.say(words.AS_LAST_TIME, wrong=False, button="Start anew", do=self._forget)
        self.let_go_on()

    def let_go_on(self) -> None:
        """Let the person go on if nothing is left to be said or found out."""
        self._dialog.next.setEnabled(self.plan.agreed and self.looked is not None)

    def refuse(self, error: WhowasError) -> None:
        """Say why lists cannot be taken so: on the first page beside what is to be corrected."""
        if self._dialog.on_preview or not isinstance(error, RefusedError):
            self._dialog.notice.say_why(error)
        else:
            self._page.show_refusal(str(error), error.field)

    def _take_plan(self) -> None:
        self.plan = self._page.plan
        self.ruledOtherwise.emit()
        self.let_go_on()

    def _ask_for_files(self) -> None:
        """Let the person see again which files there are, and say when each list was true."""
        dialog = FilesDialog(self._seen, self.plan.moments, self._dialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.goesOn.connect(self._take_files)
        dialog.goesOn.connect(dialog.accept)
        dialog.open()

    def _take_files(self, files: Sequence[ReadFile], moments: Mapping[str, int]) -> None:
        self.take_up(files)
        self._look_again(replace(self.plan, moments=dict(moments)))

    def _forget(self) -> None:
        """Recognise the columns anew, whatever was said about such titles before."""
        fresh = ImportPlan()
        self._look_again(replace(self.plan, chosen=fresh.chosen, rules=fresh.rules))

    def _look_again(self, plan: ImportPlan) -> None:
        session, files = self._session, self.files

        def work(bus: Bus, progress: Progress) -> Looked:
            return look(session, bus, files, plan, progress)

        self.plan, self.looked = plan, None
        self.readOtherwise.emit()
        self._dialog.notice.clear()
        self.let_go_on()
        self._page.show_reading(True)
        self._job.start(partial(session.writer.on_bus, work, writing=False), self.show_looked, self._not_looked)

    def _not_looked(self, error: WhowasError) -> None:
        self._page.show_reading(False)
        self.refuse(error)
