"""Copying what the table shows of the selected users: their rows, their email addresses, or one cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QMimeData, QModelIndex
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from whowas.desktop.chrome.standing import COPYING
from whowas.desktop.kit.editing_keys import OnlyFrom, editor_of
from whowas.desktop.kit.plain_text import add_entry
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.table.copied_text import CopiedText, copied_text
from whowas.domain.comparison_keys import email_key
from whowas.domain.fields import counted, shortened
from whowas.domain.progress import Progress, watched
from whowas.domain.users import User

_LOOKED_AT_EVERY = 100
"""After how many rows a job looks whether it is to stop."""


class CopiedEmails(NamedTuple):
    """Addresses, each once, and how many users have none."""

    emails: list[str]
    without: int


class CopyRows(PageFeature):
    """Copies rows with the columns that are shown, in the past and while comparing too; no password is among them."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        a, page = context.actions, context.page
        self._on(a.copy_rows.triggered, self.copy)
        self._on(a.copy_emails.triggered, self.copy_emails)
        OnlyFrom(page.table, [a.copy_rows])
        page.changed.connect(self.refresh)
        page.selectionChanged.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Bring the actions to what is selected."""
        anybody = self._page.selection.count > 0
        for action in (self._actions.copy_rows, self._actions.copy_emails):
            action.setEnabled(anybody)

    def copy(self) -> None:
        """Copy the selected rows; from the menu, the text selected in the field with the focus rather than those."""
        if (copy := _copying_text()) is not None:
            copy()
            return
        spans = self._page.table.selected_spans()
        count = sum(map(len, spans))
        if count:
            work = self.forming(spans)
            start = partial(self._session.queries.run, work)
            done, failed = partial(self._take_rows, count), self._messages.failing(COPYING)
            self._progress.follow(f"Copying {counted(count, 'row')}", start, done, failed)

    def forming(self, spans: list[range]) -> Callable[[Progress], CopiedText]:
        """Return the work that forms what is copied of runs of rows, as the table shows them now."""
        table = self._page.table
        rows = self._page.model.copied_rows(spans, table.columns.shown())
        users = self._session.queries.users(rows.to_read())

        def work(progress: Progress) -> CopiedText:
            total = len(rows.numbers)
            copied = copied_text(rows.titles, watched(rows.texts(users()), total, progress, _LOOKED_AT_EVERY))
            progress(total, total)
            return copied

        return work

    def copy_emails(self) -> None:
        """Copy the addresses of the selected users."""
        numbers = self._page.selection.numbers().tolist()
        users = self._session.queries.users(numbers)

        def work(progress: Progress) -> CopiedEmails:
            return _emails(watched(users(), len(numbers), progress, _LOOKED_AT_EVERY))

        if numbers:
            start = partial(self._session.queries.run, work)
            self._progress.follow("Copying emails", start, self._take_emails, self._messages.failing(COPYING))

    def add_to(self, menu: QMenu, cell: QModelIndex) -> None:
        """Offer what can be copied of the selected users, and of a cell of the table, in its menu."""
        menu.addSeparator()
        menu.addActions([self._actions.copy_rows, self._actions.copy_emails])
        text = str(cell.data() or "") if cell.isValid() else ""
        if text:
            add_entry(menu, f"Copy “{shortened(text, 40)}”").triggered.connect(partial(_copy_cell, text))

    def _take_rows(self, count: int, copied: CopiedText) -> None:
        data = QMimeData()
        data.setData("text/plain", copied.plain)
        data.setData("text/html", copied.html)
        QGuiApplication.clipboard().setMimeData(data)
        self._say(f"Copied {counted(count, 'row')}")

    def _take_emails(self, copied: CopiedEmails) -> None:
        if copied.emails:
            # As a header of a message has them: what nearly every mail program, and forms of web pages, take. With the
            # names before them some of these would not, and a name can pretend to be somebody else's address.
            QGuiApplication.clipboard().setText(", ".join(copied.emails))
        self._say(emails_copied(copied))

    def _say(self, sentence: str) -> None:
        self._messages.succeed(COPYING)
        self._page.answers.say(sentence)


def emails_copied(copied: CopiedEmails) -> str:
    """Say what was copied, and of how many users nothing."""
    if not copied.emails:
        return "None of the selected users has an email; nothing was copied"
    said = f"Copied {counted(len(copied.emails), 'email')}"
    return f"{said}; {counted(copied.without, 'user')} without one" if copied.without else said


def _emails(users: Iterable[User]) -> CopiedEmails:
    found: dict[str, str] = {}
    without = 0
    for user in users:
        if user.email:
            found.setdefault(email_key(user.email), user.email)
        else:
            without += 1
    return CopiedEmails([*found.values()], without)


def _copying_text() -> Callable[[], None] | None:
    """Return what copies the text that is selected in the field with the focus, None where there is none."""
    editor = editor_of(QApplication.focusWidget())
    if editor is None:
        return None
    selected = editor.hasSelectedText() if isinstance(editor, QLineEdit) else editor.textCursor().hasSelection()
    return editor.copy if selected else None


def _copy_cell(text: str, _checked: bool = False) -> None:
    QGuiApplication.clipboard().setText(text)
