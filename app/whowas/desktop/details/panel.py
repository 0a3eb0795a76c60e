"""The right side of the window: who is selected, and the tabs: Details, History, then those that the page adds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from whowas.desktop.details.draft import Draft, UserForm
from whowas.desktop.details.form import DetailsForm
from whowas.desktop.history.list import HistoryDelegate, HistoryItem
from whowas.desktop.history.undoable_list import UndoableHistory
from whowas.desktop.kit import sizes
from whowas.desktop.kit.labels import ElidedLabel, TextLabel
from whowas.desktop.kit.metrics import EDGE
from whowas.desktop.kit.tabs import INSET, DetailsTabs

_DETAILS, _HISTORY = "Details", "History"


class DetailsPanel(QWidget):
    """``form`` and ``history`` behind two tabs under the name of the user, or a sentence when there is none.

    Tabs added to these two are about no user.
    """

    tabChosen = Signal()

    WIDTH: ClassVar[int] = 322

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # From the outside inwards: whenever a widget changes its parent, everything in it is styled once more.
        self._head = QWidget(self)
        self._name = ElidedLabel(size=18, weight=QFont.Weight.DemiBold, parent=self._head)
        self._subtitle = ElidedLabel(token="muted", parent=self._head)
        self._tabs = DetailsTabs(self)
        pages = self._tabs.pages
        self._person = QStackedWidget(pages)
        self._empty = TextLabel("Select a user to see their details", token="muted", wrap=True, parent=self._person)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setMargin(EDGE)
        self.form = DetailsForm(self._person)
        self._history_page = QWidget(pages)
        self.history = UndoableHistory(self._history_page)
        self._lay_out()
        self._tabs.currentChanged.connect(self.tabChosen)

    def show_user(self, form: UserForm | None, draft: Draft | None = None) -> None:
        """Show a user (see DetailsForm.show_user), or that none is selected."""
        known = form is not None and form.user_id is not None
        # Whoever looks at the changes of all stays there, unless a user is about to be made.
        if not known and (form is not None or self._tabs.is_chosen(_HISTORY)):
            self._tabs.choose(_DETAILS)
        self._tabs.set_enabled(_HISTORY, known)
        if self._head.isHidden() is not (form is None):
            self._head.setVisible(form is not None)
            self._column.activate()  # at once, or a frame shows the tabs below no name
        self._person.setCurrentWidget(self._empty if form is None else self.form)
        if form is None:
            self.history.set_items([])
            self._tabs.set_count(_HISTORY, "")
            return
        self._name.setText(_name(form))
        title, department = form.values.get("title", ""), form.values.get("department", "")
        self._subtitle.setText(" · ".join(text for text in (title.strip(), department.strip()) if text))
        self.form.show_user(form, draft)

    def set_history(self, steps: Sequence[int], item_of: Callable[[int], HistoryItem]) -> None:
        """Show the changes of the user, newest first; see HistoryList.set_rows."""
        self.history.set_rows(steps, item_of)
        self._tabs.set_count(_HISTORY, f"{len(steps):,}" if steps else "")

    def show_details(self) -> None:
        """Bring the form to the front."""
        self._tabs.choose(_DETAILS)

    def show_history(self) -> None:
        """Bring the history to the front."""
        self._tabs.choose(_HISTORY)

    def add_tab(self, title: str, make: Callable[[], QWidget]) -> None:
        """Add a tab behind the others; its widget is made when it is chosen for the first time."""
        self._tabs.add_later(title, make)

    def show_tab(self, title: str) -> None:
        """Bring a tab that was added to the front."""
        self._tabs.choose(title)

    def shows_tab(self, title: str) -> bool:
        """Say whether a tab is at the front."""
        return self._tabs.is_chosen(title)

    def sizeHint(self) -> QSize:
        return QSize(self.WIDTH, 600)

    def minimumSizeHint(self) -> QSize:
        # As much as the titles of the tabs need.
        return QSize(max(260, sizes.scaled(250)), 200)

    def _lay_out(self) -> None:
        around = QVBoxLayout(self._history_page)
        beyond = EDGE - HistoryDelegate.PADDING
        around.setContentsMargins(beyond, 11, beyond, 0)
        around.addWidget(self.history)
        self._person.addWidget(self._empty)
        self._person.addWidget(self.form)
        self._tabs.add(_DETAILS, self._person)
        self._tabs.add(_HISTORY, self._history_page)
        head = QVBoxLayout(self._head)
        head.setContentsMargins(EDGE, 13, EDGE, 9)
        head.setSpacing(0)
        head.addWidget(self._name)
        head.addWidget(self._subtitle)
        tabs = QVBoxLayout()
        tabs.setContentsMargins(EDGE - INSET, 0, EDGE - INSET, 0)
        tabs.addWidget(self._tabs)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addLayout(tabs)
        column.addWidget(self._tabs.pages, 1)


def _name(form: UserForm) -> str:
    if form.user_id is None:
        return "New user"
    full = f"{form.values.get('first_name', '')} {form.values.get('last_name', '')}".strip()
    return full or form.values.get("email", "") or form.external_id or "Unnamed user"
