"""The page that stands for a directory until the real one is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QScrollBar, QSplitter, QVBoxLayout, QWidget

from whowas.desktop.first_screen.finding import Found
from whowas.desktop.first_screen.kept import KeptSection
from whowas.desktop.first_screen.model import KeptRows
from whowas.desktop.page.arrangement import arrange, split
from whowas.desktop.page.nobody_selected import NobodyShown
from whowas.desktop.sections.rows import GROUP_ICON, ICONS, SectionEntry
from whowas.desktop.sections.sidebar import Sidebar
from whowas.desktop.table.view import UsersTable

if TYPE_CHECKING:
    from whowas.desktop.first_screen.timeline import PictureOfTimeline
    from whowas.desktop.page.directory_page import DirectoryPage

CATCHING_UP = "Catching up…"


class FirstPage(QWidget):
    """Looks like the page of a directory that was just opened, at now, and can only be looked at.

    The list can be scrolled, its rows be selected, its columns and the edge of the right side be moved, the menu of who
    is selected be asked for: the real page takes that over. Nothing else answers, and the pointer says that the window
    is busy.
    ``completed`` says that the list is on the screen, and the timeline about to be.
    """

    completed = Signal()

    def __init__(
        self,
        found: Found,
        columns: Mapping[str, Any],
        splitter: QByteArray | None,
        parent: QWidget | None = None,
    ) -> None:
        """``columns`` and ``splitter`` are the states of the table's columns and of the splitter, as they are kept."""
        super().__init__(parent)
        screen = found.screen
        self.table = UsersTable(self)
        self.table.columns.restore_state(columns)
        self.table.setModel(KeptRows(screen, self))
        self.table.set_group_colours({one.label: one.colour for one in screen.groups if one.colour})
        self.table.contextRequested.connect(self._keep_menu)
        self._menu: tuple[int, QPoint] | None = None
        """The column and the place at which the menu of who is selected was asked for."""
        self._found = found
        self._columns = self.table.save_state()
        sidebar = Sidebar(self)
        sidebar.set_entries(_entries(screen.statuses), _entries(screen.groups))
        sidebar.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        sidebar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.splitter: QSplitter = split(self.table, NobodyShown(), splitter)
        self._timeline: PictureOfTimeline | None = None
        self._label = CATCHING_UP if found.is_behind else screen.label
        self._below = QWidget()
        self._below.setFixedHeight(screen.timeline.height)
        self._below.setMinimumWidth(screen.timeline.narrowest)
        arrange(self, (), sidebar, self.splitter, self._below)
        self.setCursor(Qt.CursorShape.BusyCursor)

    @property
    def timeline(self) -> PictureOfTimeline | None:
        """The picture of the timeline, made once the list is on the screen: its buttons take as long as the list."""
        return self._timeline

    def paintEvent(self, _event: QPaintEvent) -> None:
        """See QWidget; the first paint is over when the event loop comes back."""
        if self._timeline is None:
            QTimer.singleShot(0, self, self._wait_a_turn)

    def _wait_a_turn(self) -> None:
        # Whatever else waited for the paint comes first.
        QTimer.singleShot(0, self, self._complete)

    def _complete(self) -> None:
        if self._timeline is None:
            from whowas.desktop.first_screen.timeline import PictureOfTimeline

            self._timeline = PictureOfTimeline(self._found.screen, self._label)
            column = QVBoxLayout(self._below)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(self._timeline)
            self.completed.emit()

    def hand_over(self, page: DirectoryPage) -> None:
        """Select, scroll and arrange in the real page as was done here, once that is shown and has the focus."""
        page.splitter.restoreState(self.splitter.saveState())
        self._hand_over_selection(page)
        self._hand_over_places(page)
        if (columns := self.table.save_state()) != self._columns:
            page.table.restore_state(columns)
        page.table.set_by_keyboard(self.table.by_keyboard)
        if self._menu is not None and (current := page.table.currentIndex()).isValid():
            column, place = self._menu
            page.table.contextRequested.emit(current.siblingAtColumn(column), place)

    def _keep_menu(self, cell: QModelIndex, place: QPoint) -> None:
        self._menu = (cell.column(), place) if cell.isValid() else None

    def _hand_over_selection(self, page: DirectoryPage) -> None:
        """Select who is selected here; nobody where one of several is not to be found among the first rows."""
        spans, screen = self.table.selected_spans(), self._found.screen
        if not self._found.is_behind and page.view.index.now == screen.changes:
            page.selection.select_rows(spans)
            return
        rows = list(islice(chain.from_iterable(spans), len(screen.rows) + 1))
        if not rows or rows[-1] >= len(screen.rows):
            return  # nobody knows who the blank rows are of
        wanted = {screen.rows[row].user_id for row in rows}
        if len(wanted) == 1:
            page.selection.select(*wanted)
            return
        beginning = range(min(page.model.rowCount(), 2 * len(screen.rows)))
        there = [row for row in beginning if (user := page.model.user(row)) is not None and user.id in wanted]
        if len(there) == len(wanted):
            page.selection.select_rows([range(row, row + 1) for row in there])

    def _hand_over_places(self, page: DirectoryPage) -> None:
        places = [(mine.value(), theirs) for mine, theirs in zip(_bars(self.table), _bars(page.table), strict=True)]
        if any(value for value, _ in places):
            page.table.doItemsLayout()  # before that it has no room to scroll in
            for value, bar in places:
                bar.setValue(value)


def _bars(table: UsersTable) -> tuple[QScrollBar, QScrollBar]:
    return table.horizontalScrollBar(), table.verticalScrollBar()


def _entries(sections: Sequence[KeptSection]) -> list[SectionEntry]:
    return [SectionEntry(one.key, one.label, ICONS.get(one.key, GROUP_ICON), one.users, one.colour) for one in sections]
