"""Checking the history: of a short one as it is opened, of any when somebody asks, in a dialog."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from whowas.desktop.chrome.standing import VERIFYING, Verified
from whowas.desktop.keeping.seen_words import seen_line
from whowas.desktop.keeping.verify_words import failed, outcome_of
from whowas.desktop.kit import dates
from whowas.desktop.kit.save_as import ask_where_to_save
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.session.jobs import Job
from whowas.desktop.session.verification import Verification
from whowas.domain.errors import CancelledError, StoreError, WhowasError
from whowas.domain.progress import Progress

if TYPE_CHECKING:
    from whowas.desktop.keeping.verify_dialog import VerifyDialog

VERIFIED_UNASKED = 50_000
"""Logs of up to so many events are verified without being asked; longer ones when the person says so."""

_REPORT = {"Text (*.txt)": ".txt"}


class VerifyCommands(PageFeature):
    """*Verify…* checks everything in a dialog; what was found stands in the status line and over the page."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._dialog: VerifyDialog | None = None
        self._lines: list[str] = []
        """The report on what the dialog shows."""
        self._on(context.actions.verify.triggered, self._ask)
        self._verify_unasked()

    def verify(self) -> None:
        """Check the history, and say only in the window what was found."""
        self._session.queries.verify(done=self._take, failed=self._messages.failing(VERIFYING))

    def _verify_unasked(self) -> None:
        try:
            position = self._session.log.head().position
        except StoreError as error:
            self._messages.failing(VERIFYING)(error)
            return
        if position <= VERIFIED_UNASKED:
            self.verify()

    def _ask(self) -> None:
        from whowas.desktop.keeping.verify_dialog import VerifyDialog

        if self._dialog is not None:
            return
        self._session.begun.emit()
        self._dialog = dialog = VerifyDialog(self._window)
        job = self._session.queries.verify(done=self._found, failed=self._not_checked, reported=self._report)
        dialog.finished.connect(partial(self._closed, job))
        dialog.compareWanted.connect(self._compare)
        dialog.saveWanted.connect(self._save)
        self._open(dialog)

    def _closed(self, job: Job, _answer: int) -> None:
        job.cancel()  # one that is over is not changed by that
        self._dialog = None

    def _report(self, done: int, total: int) -> None:
        if self._dialog is not None:
            self._dialog.show_progress(done, total)

    def _found(self, found: Verification) -> None:
        self._take(found)
        if self._dialog is None or not self._session.is_open:
            return
        from whowas.desktop.keeping.verify_report import report_lines

        seen, now = self._session.seen, dates.microseconds_now()
        outcome = outcome_of(found, seen.verdict, now)
        line = seen_line(seen.verdict, now, damaged=found.damage is not None)
        self._lines = report_lines(self._named(), found, outcome, line, now)
        note = f"This computer cannot keep the head: {seen.unkept}." if seen.unkept else ""
        in_part = found.damage is not None and found.damage.position is not None
        self._dialog.show_outcome(outcome, found.head, line, note, in_part=in_part)

    def _named(self) -> str:
        """Name what was checked: of a shared directory, what this computer has of it."""
        path, kept = self._session.path, self._session.log.path
        return str(path) if self._session.live is None else f"{path}, as this computer has it in {kept}"

    def _not_checked(self, error: WhowasError) -> None:
        if self._dialog is not None and not isinstance(error, CancelledError):
            self._dialog.show_failure(failed(str(error)))

    def _take(self, found: Verification) -> None:
        if not self._session.is_open:
            return
        if found.damage is not None:
            self._session.found_damaged(found.damage)
        elif not self._session.log.read_only:  # it may have been found damaged in another way
            self._messages.set_history(Verified(found.changes))

    def _compare(self) -> None:
        from whowas.desktop.keeping.head_words import compared_with
        from whowas.desktop.keeping.noted_head_dialog import NotedHeadDialog

        self._open(NotedHeadDialog(partial(compared_with, self._session.log), self._dialog))

    def _save(self) -> None:
        path, day = self._session.path, dates.local(dates.microseconds_now()).date()
        proposed = str(path.with_name(f"{path.stem} verified {day}.txt"))
        target = ask_where_to_save(self._window, "Save report", proposed, _REPORT)
        if target is not None:
            work, saved = partial(_write, target, self._lines, path), partial(self._saved, target)
            self._session.queries.run(work, done=saved, failed=self._not_saved)

    def _saved(self, target: Path, _nothing: None) -> None:
        self._note(f"The report was saved as {target}.")

    def _not_saved(self, error: WhowasError) -> None:
        self._note(str(error))

    def _note(self, sentence: str) -> None:
        if self._dialog is not None:
            self._dialog.show_note(sentence)


def _write(target: Path, lines: list[str], directory: Path, _progress: Progress) -> None:
    from whowas.interchange.writing import write_lines

    write_lines(target, (f"{line}\n" for line in lines), directory)
