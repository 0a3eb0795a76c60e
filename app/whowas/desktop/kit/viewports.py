"""For list and table views: a viewport that Qt's binding finds faster, whole rows, their selection, keyboard focus."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QHeaderView, QScrollArea, QTableView, QWidget

KEYBOARD = frozenset(
    {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason}
)
"""Reasons for a focus change by keyboard, after which the focus must be visible."""


def own_viewport(view: QAbstractScrollArea) -> QWidget:
    """Give ``view`` a viewport created in Python, equal to the one that Qt would create; return it.

    The first time that Qt returns a widget that it has created itself, the binding searches all widget classes: 15 ms
    of a start that takes 200.
    """
    viewport = QWidget(view)
    # What labels in it are painted with follows from that.
    plain = isinstance(view, QScrollArea)
    viewport.setBackgroundRole(QPalette.ColorRole.NoRole if plain else QPalette.ColorRole.Base)
    viewport.setAutoFillBackground(True)
    view.setViewport(viewport)
    return viewport


def show_whole_rows(view: QTableView, height: int) -> None:
    """Let a table list rows that are ``height`` pixels high, and only selected, whole ones, several at once."""
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.setCornerButtonEnabled(False)
    rows = view.verticalHeader()
    rows.hide()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    resize_rows(view, height)


def resize_rows(view: QTableView, height: int) -> None:
    """Give all rows of a table another height, in pixels."""
    rows = view.verticalHeader()
    rows.setMinimumSectionSize(height)
    rows.setDefaultSectionSize(height)
    view.verticalScrollBar().setSingleStep(height)


def selected_spans(view: QAbstractItemView) -> list[range]:
    """Return the runs of selected rows, ascending and without a row in two of them; quick for very many rows."""
    selection = view.selectionModel().selection()
    spans = sorted((span.top(), span.bottom() + 1) for span in map(selection.at, range(selection.count())))
    apart: list[range] = []
    for top, end in spans:
        beginning = max(top, apart[-1].stop) if apart else top
        if beginning < end:
            apart.append(range(beginning, end))
    return apart


def first_cell(selection: QItemSelection) -> QItemSelection:
    """Return only the first cell of a selection, for ``selectionChanged`` of Qt's table.

    While a screen reader listens, that lists every cell, to tell of the first one: seconds for 100,000 rows. Nor does
    it repaint others then, which is left to the caller.
    """
    if selection.isEmpty():
        return selection
    cell = selection.at(0).topLeft()
    return QItemSelection(cell, cell)
