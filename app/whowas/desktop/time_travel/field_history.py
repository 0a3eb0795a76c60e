"""Asking a cell of the table for the history of its field, and going to where one of its values began."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QMenu

from whowas.desktop.history.list import KIND_ICONS, HistoryItem
from whowas.desktop.kit import dates
from whowas.desktop.kit.plain_text import add_entry
from whowas.desktop.page.feature import PageFeature
from whowas.desktop.table.columns import Column
from whowas.desktop.time_travel.field_history_dialog import FieldHistoryDialog
from whowas.domain.users import STATUS_LABELS
from whowas.projections.queries.field_history import Span


class FieldHistory(PageFeature):
    """Adds to the menu of a page's table, and shows what is chosen there."""

    def add_to(self, menu: QMenu, cell: QModelIndex) -> None:
        """Offer the history of a cell of the table, and those of that user's other fields; nothing for no cell."""
        user = self._page.model.user(cell.row()) if cell.isValid() else None
        if user is None:
            return
        column = self._page.model.columns[cell.column()]
        menu.addSeparator()
        self._add(menu, f"History of “{column.title}”", user.id, user.name, column)
        # By keyboard no cell is seen to be the one meant, and some fields have no column that is shown.
        others = menu.addMenu("History of another field")
        for other in self._page.table.columns.all():
            if other != column:
                self._add(others, other.title, user.id, user.name, other)

    def _add(self, menu: QMenu, text: str, user_id: str, name: str, column: Column) -> None:
        action = add_entry(menu, text)
        action.triggered.connect(partial(self._ask, user_id, name, column))

    def _ask(self, user_id: str, name: str, column: Column) -> None:
        self._session.queries.field_history(user_id, column.key, partial(self._show, name, column))

    def _show(self, name: str, column: Column, spans: list[Span]) -> None:
        values = [_item(span, column, self._page.view.moment) for span in spans]
        dialog = FieldHistoryDialog(column.title, name, values, self._window)
        dialog.accepted.connect(partial(self._go, dialog, spans))
        self._open(dialog)

    def _go(self, dialog: FieldHistoryDialog, spans: list[Span]) -> None:
        """Show the moment from which the chosen value held, wherever it lies by now: others may have backdated."""
        (span,) = (span for span in spans if span.begins == dialog.step())
        self._page.view.show_moment(self._page.view.index.steps.moment_of(span.begins_at, span.position))


def _item(span: Span, column: Column, moment: int) -> HistoryItem:
    value = "(empty)" if span.value is None else span.value
    begin, detail = dates.precise(span.begins_at), span.sentence.text
    why = span.cause.what(dates.precise) if span.cause else ""
    if span.cause is not None and span.cause.source:
        detail, why = f"{detail} · {why}", ""
    return HistoryItem(
        span.begins,
        KIND_ICONS[span.sentence.kind],
        STATUS_LABELS.get(value, value) if column.kind == "status" else value,
        detail,
        span.actor,
        f"since {begin}" if span.until_at is None else f"{begin} – {dates.precise(span.until_at)}",
        future=span.begins > moment,
        why=why,
        because=span.cause.because if span.cause else "",
    )
