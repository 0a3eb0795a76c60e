"""One question about many users: a dialog, what would come of what is asked for in it, and carrying that out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from whowas.desktop.bulk.asked import BulkAsked, BulkForm
from whowas.desktop.bulk.dialog import BulkDialog
from whowas.desktop.bulk.seen_edit import SeenEdit, lines_of_edit, look
from whowas.desktop.session.latest_job import LatestJob
from whowas.domain.errors import RefusedError, WhowasError
from whowas.domain.fields import counted
from whowas.domain.progress import Progress

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from whowas.desktop.session.bulk_edits import SelectedUsers
    from whowas.desktop.session.session import Session

_PAUSE_MS = 150
"""How long nobody types before it is looked what would come of that."""


class BulkQuestion(QObject):
    """Asks what to do with some users; ``agreed(BulkAsked)`` is emitted if it is to be done."""

    agreed = Signal(object)

    def __init__(
        self, session: Session, selected: SelectedUsers, title: str, form: BulkForm, window: QWidget, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._selected = selected
        self._job = LatestJob()
        self._asked: BulkAsked | None = None
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self.dialog = BulkDialog(title, f"{counted(len(selected.numbers), 'user')} selected.", form, window)
        form.edited.connect(self._edit)
        self.dialog.accepted.connect(self._agree)
        self.dialog.finished.connect(self._close)

    def ask(self) -> None:
        """Show the dialog."""
        self._look()
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.open()

    def _edit(self) -> None:
        """Forget what was found, as something else is asked for."""
        self._job.stop()
        self._asked = None
        self.dialog.refuse("")
        self.dialog.show_looking("")
        self._pause.start()

    def _look(self) -> None:
        form = self.dialog.form
        try:
            asked = form.asked()
        except RefusedError as error:
            if not form.refuse(error):
                self.dialog.refuse(str(error))
            self.dialog.show_nothing()
            return
        if asked is None:
            self.dialog.show_nothing()
            return

        def work(progress: Progress) -> SeenEdit:
            return look(self._selected, asked, progress)

        self.dialog.show_looking("")
        run = partial(self._session.queries.run, work)
        self._job.start(run, partial(self._show, asked), self._fail, self._tell)

    def _tell(self, words: str, _done: int, _total: int) -> None:
        self.dialog.show_looking(words)

    def _show(self, asked: BulkAsked, seen: SeenEdit) -> None:
        self._asked = asked
        self.dialog.refuse(seen.refusal)
        possible = seen.cells > 0 and not seen.refused
        lines = lines_of_edit(self._session, seen, asked)
        sentence = _sentence(seen, len(self._selected.numbers), asked)
        button = asked.button(seen.users, seen.cells)
        self.dialog.show_lines(lines, sentence, button, possible=possible, by_enter=asked.clears is None)

    def _fail(self, error: WhowasError) -> None:
        self.dialog.refuse(str(error))
        self.dialog.show_nothing()

    def _agree(self) -> None:
        if self._asked is not None:
            self.agreed.emit(self._asked)

    def _close(self) -> None:
        self._pause.stop()
        self._job.stop()
        self.deleteLater()


def _sentence(seen: SeenEdit, selected: int, asked: BulkAsked) -> str:
    if not seen.cells:
        told = "" if seen.refused else "Nothing would change."
    else:
        others = selected - seen.users - seen.refused
        if asked.clears is not None:
            told = asked.clears(seen.users, seen.cells)
            told += f" {counted(others, 'other')} would not change." if others else ""
        else:
            cells = f" in {counted(seen.cells, 'cell')}" if seen.cells != seen.users else ""
            told = f"{counted(seen.users, 'user')} would change{cells}{f', {others:,} would not' if others else ''}."
    return f"{told} {asked.note}".strip() or " "
