"""The right side of the window: who is selected, the form, and that user's history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from whowas.desktop.details_form import DetailsForm
from whowas.desktop.details_tabs import INSET, DetailsTabs
from whowas.desktop.drafts import Draft, UserForm
from whowas.desktop.form_foot import EDGE
from whowas.desktop.history_list import HistoryDelegate, HistoryItem, HistoryList
from whowas.desktop.text_label import ElidedLabel, TextLabel

_DETAILS, _HISTORY = range(2)


class DetailsPanel(QWidget):
    """``form`` and ``history`` behind two tabs under the name of the user, or a sentence when there is none."""

    WIDTH: ClassVar[int] = 322

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # From the outside inwards: whenever a widget changes its parent, everything in it is styled anew.
        self._stack = QStackedWidget(self)
        self._empty = TextLabel("Select a user to see their details", token="muted", wrap=True, parent=self._stack)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setMargin(EDGE)
        self._person = QWidget(self._stack)
        self._name = ElidedLabel(size=18, weight=QFont.Weight.DemiBold, parent=self._person)
        self._subtitle = ElidedLabel(token="muted", parent=self._person)
        self._tabs = DetailsTabs(self._person)
        self._pages = QStackedWidget(self._person)
        self.form = DetailsForm(self._pages)
        self._changes = QWidget(self._pages)
        self.history = HistoryList(self._changes)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._person)
        self._lay_out()
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._stack)

    def show_user(self, form: UserForm | None, draft: Draft | None = None) -> None:
        """Show a user (see DetailsForm.show_user), or that none is selected."""
        if form is None:
            self._stack.setCurrentWidget(self._empty)
            return
        self._name.setText(_name(form))
        title, department = form.values.get("title", ""), form.values.get("department", "")
        self._subtitle.setText(" · ".join(text for text in (title.strip(), department.strip()) if text))
        self._tabs.setTabEnabled(_HISTORY, form.user_id is not None)
        if form.user_id is None:
            self._tabs.setCurrentIndex(_DETAILS)
        self._stack.setCurrentWidget(self._person)
        self.form.show_user(form, draft)

    def set_history(self, items: Sequence[HistoryItem]) -> None:
        """Show the changes of the user, newest first."""
        self.history.set_items(items)
        self._tabs.set_count(_HISTORY, f"{len(items):,}" if items else "")

    def show_details(self) -> None:
        """Bring the form to the front."""
        self._tabs.setCurrentIndex(_DETAILS)

    def show_history(self) -> None:
        """Bring the history to the front."""
        self._tabs.setCurrentIndex(_HISTORY)

    def sizeHint(self) -> QSize:
        return QSize(self.WIDTH, 600)

    def minimumSizeHint(self) -> QSize:
        return QSize(260, 200)

    def _lay_out(self) -> None:
        around = QVBoxLayout(self._changes)
        beyond = EDGE - HistoryDelegate.PADDING
        around.setContentsMargins(beyond, 11, beyond, 0)
        around.addWidget(self.history)
        self._pages.addWidget(self.form)
        self._pages.addWidget(self._changes)
        self._tabs.addTab("Details")
        self._tabs.addTab("History")
        self._tabs.currentChanged.connect(self._pages.setCurrentIndex)
        head = QVBoxLayout()
        head.setContentsMargins(EDGE, 13, EDGE, 0)
        head.setSpacing(0)
        head.addWidget(self._name)
        head.addWidget(self._subtitle)
        head.addSpacing(9)
        tabs = QVBoxLayout()
        tabs.setContentsMargins(EDGE - INSET, 0, EDGE - INSET, 0)
        tabs.addWidget(self._tabs)
        column = QVBoxLayout(self._person)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(tabs)
        column.addWidget(self._pages, 1)


def _name(form: UserForm) -> str:
    if form.user_id is None:
        return "New user"
    full = f"{form.values.get('first_name', '')} {form.values.get('last_name', '')}".strip()
    return full or form.values.get("email", "") or form.external_id or "Unnamed user"
