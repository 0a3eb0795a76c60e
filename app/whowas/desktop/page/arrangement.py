"""Where the parts of a page lie: sections, table and details beside each other, the timeline below them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from whowas.desktop.page.nobody_selected import WIDTH


def split(table: QWidget, right: QWidget, state: QByteArray | None = None) -> QSplitter:
    """Lay the table beside the right side, whose edge can be dragged and is where ``state`` says."""
    splitter = QSplitter(Qt.Orientation.Horizontal)
    splitter.setChildrenCollapsible(False)
    splitter.setHandleWidth(1)
    splitter.addWidget(table)
    splitter.addWidget(right)
    splitter.setStretchFactor(0, 1)
    splitter.setStretchFactor(1, 0)
    restore_edge(splitter, state)
    return splitter


def restore_edge(splitter: QSplitter, state: QByteArray | None) -> None:
    """Bring the edge of the right side to where ``state`` says, by default to its own width."""
    if state is None or not splitter.restoreState(state):
        splitter.setSizes([10_000, WIDTH])


def arrange(page: QWidget, above: Iterable[QWidget], sidebar: QWidget, splitter: QSplitter, timeline: QWidget) -> None:
    """Lay out a page; ``above`` everything are its banners."""
    middle = QHBoxLayout()
    middle.setSpacing(0)
    middle.addWidget(sidebar)
    middle.addWidget(splitter, 1)
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for banner in above:
        column.addWidget(banner)
    column.addLayout(middle, 1)
    column.addWidget(timeline)
