"""The page that stands for a directory until the real one is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QScrollBar, QSplitter, QVBoxLayout, QWidget

from whowas.desktop.first_screen.finding import Found
from whowas.desktop.first_screen.kept import KeptSection
from whowas.desktop.first_screen.model import KeptRows
from whowas.desktop.page.arrangement import arrange, split
from whowas.desktop.page.nobody_selected import NobodyShown
from whowas.desktop.sections.rows import GROUP_ICON, ICONS, SectionEntry
from whowas.desktop.sections.sidebar import Sidebar
from whowas.desktop.table.columns import Roles
from whowas.desktop.table.view import UsersTable

if TYPE_CHECKING:
    from whowas.desktop.first_screen.timeline import PictureOfTimeline
    from whowas.desktop.page.directory_page import DirectoryPage

CATCHING_UP = "Catching up…"


class FirstPage(QWidget):
    """Looks like the page of a directory that was just opened, at now, and can only be looked at.

    The list can be scrolled, and a user be selected: the real page takes that over. Nothing else answers.
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
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        sidebar = Sidebar(self)
        sidebar.set_entries(_entries(screen.statuses), _entries(screen.groups))
        sidebar.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        sidebar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.splitter: QSplitter = split(self.table, NobodyShown(), splitter)
        self._timeline: PictureOfTimeline | None = None
        self._screen = screen
        self._label = CATCHING_UP if found.is_behind else screen.label
        self._below = QWidget()
        self._below.setFixedHeight(screen.timeline.height)
        self._below.setMinimumWidth(screen.timeline.narrowest)
        arrange(self, (), sidebar, self.splitter, self._below)

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

            self._timeline = PictureOfTimeline(self._screen, self._label)
            column = QVBoxLayout(self._below)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(self._timeline)
            self.completed.emit()

    def hand_over(self, page: DirectoryPage) -> None:
        """Select and scroll in the real page as was done here, once that is shown."""
        spans = self.table.selected_spans()
        user_id = self.table.model().index(spans[0].start, 0).data(Roles.USER_ID) if spans else None
        if isinstance(user_id, str):
            page.selection.select(user_id)
        places = [(mine.value(), theirs) for mine, theirs in zip(_bars(self.table), _bars(page.table), strict=True)]
        if any(value for value, _ in places):
            page.table.doItemsLayout()  # before that it has no room to scroll in
            for value, bar in places:
                bar.setValue(value)


def _bars(table: UsersTable) -> tuple[QScrollBar, QScrollBar]:
    return table.horizontalScrollBar(), table.verticalScrollBar()


def _entries(sections: Sequence[KeptSection]) -> list[SectionEntry]:
    return [SectionEntry(one.key, one.label, ICONS.get(one.key, GROUP_ICON), one.users) for one in sections]
