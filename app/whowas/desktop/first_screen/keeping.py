"""Keeping what the next start paints first, as a directory is closed."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from whowas.desktop.first_screen.kept import (
    MOST_BYTES,
    KeptRow,
    KeptScreen,
    KeptSection,
    KeptTimeline,
    encoded,
)
from whowas.desktop.first_screen.timeline import look_of
from whowas.desktop.sections import entries
from whowas.desktop.session.change_selection import ALL_CHANGES
from whowas.desktop.table.columns import Roles
from whowas.domain.errors import StoreError
from whowas.domain.progress import Progress
from whowas.projections.index.order_names import order_name
from whowas.projections.sides.folders import folder_of, forget_first_screen
from whowas.projections.tables.checked_database import DRIVER_ERRORS
from whowas.system import folders
from whowas.system.unfinished import write_whole

if TYPE_CHECKING:
    from whowas.desktop.page.directory_page import DirectoryPage
    from whowas.desktop.sections.rows import SectionEntry
    from whowas.desktop.session.session import Session
    from whowas.desktop.table.model import UsersModel
    from whowas.projections.index.version_index import VersionIndex
    from whowas.projections.sides.read_side import ReadSide
    from whowas.store.event_log import EventLog

ROWS = 64
"""How many rows are kept: more than the highest screen shows."""


def screen_of(page: DirectoryPage, session: Session) -> KeptScreen | None:
    """Bring a page that is closing to what the next start shows, and return that; None where it is not known.

    Its head is not that of any log: ``keep`` finds out which it is of.
    """
    if session.damage is not None:
        return None
    page.show_as_opened()
    view, table = page.view, page.table
    sort = table.columns.sorted_by()
    if view.is_past or sort != view.sort or order_name(sort[0], view.directory) not in view.index.orders:
        return None
    columns = [column.key for column in table.columns.shown()]
    rows = _rows(page.model, columns)
    if rows is None:
        return None
    statuses, groups = entries.entries(view.counts(), view.directory)
    return KeptScreen(
        directory_id=session.log.directory_id,
        position=0,
        chain="",
        fields=tuple(view.directory.shown_of(view.index.latest_directory().fields).items()),
        columns=tuple(columns),
        sort=sort,
        total=page.model.rowCount(),
        rows=rows,
        statuses=_sections(statuses),
        groups=_sections(groups),
        changes=view.index.now,
        label=page.timeline.controls.label.text(),
        speed=page.timeline.begins_with.text,
        filter=ALL_CHANGES,
        timeline=_timeline(page),
    )


def keep(
    screen: KeptScreen, index: VersionIndex, side: ReadSide, log: EventLog, cache: Path, _progress: Progress
) -> None:
    """Write a screen beside the arrays of the side that it was taken from, when that had this index, as a job.

    It is not kept where the log went on meanwhile: somebody may have been erased. Nor where the tables did, which
    another window may have brought up to the log. A full disk only costs the next start its speed.
    """
    with suppress(StoreError, OSError, *DRIVER_ERRORS):
        checkpoint = side.checkpoint_of(index)
        if checkpoint is None or side.index is not index or side.is_temporary:
            return
        head = checkpoint.position, checkpoint.chain
        content = encoded(screen._replace(position=checkpoint.position, chain=checkpoint.chain.hex()))
        if len(content) > MOST_BYTES or log.head() != head:
            forget_first_screen(log, cache)
            return
        write_whole(folder_of(log, cache) / folders.FIRST_SCREEN, content)
        if log.head() != head or log.unswept:
            forget_first_screen(log, cache)


def _rows(model: UsersModel, columns: list[str]) -> tuple[KeptRow, ...] | None:
    """Return the first rows; None where one cannot be read now."""
    sections = {column.key: section for section, column in enumerate(model.columns)}
    rows = []
    for row in range(min(model.rowCount(), ROWS)):
        first = model.index(row, 0)
        user_id, groups = first.data(Roles.USER_ID), first.data(Roles.GROUPS)
        if user_id is None:
            return None
        texts = (model.index(row, sections[key]).data(Qt.ItemDataRole.DisplayRole) or "" for key in columns)
        rows.append(KeptRow(user_id, first.data(Roles.STATUS), tuple(texts), tuple(groups or ())))
    return tuple(rows)


def _timeline(page: DirectoryPage) -> KeptTimeline:
    panel, slider = page.timeline, page.timeline.slider
    handle, narrowest = slider.x_of(slider.maximum()), panel.minimumSizeHint().width()
    return KeptTimeline(look_of(slider), slider.drawn, handle, panel.height(), narrowest)


def _sections(lines: list[SectionEntry]) -> tuple[KeptSection, ...]:
    return tuple(KeptSection(line.key, line.label, line.count, line.colour) for line in lines)
