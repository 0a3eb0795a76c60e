"""For list and table views: a viewport that Qt's binding finds faster, whole rows, which focus changes come by keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QHeaderView, QTableView, QWidget

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
    viewport.setBackgroundRole(QPalette.ColorRole.Base)
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
    rows.setMinimumSectionSize(height)
    rows.setDefaultSectionSize(height)
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    view.verticalScrollBar().setSingleStep(height)
