"""What the right side of a page shows of several users: made when some are selected for the first time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from whowas.desktop.page.right_side import RightSide
from whowas.desktop.page.selection import Selection
from whowas.desktop.session.session import Session
from whowas.desktop.session.view import DirectoryView

if TYPE_CHECKING:
    from whowas.desktop.selection.presenter import SelectionPresenter

_NAMES_SHOWN = 4


class SeveralUsers(QObject):
    """``saveRequested(draft)`` asks to save what was edited for all; ``draftChanged`` tells of more or less of that."""

    saveRequested = Signal(object)
    draftChanged = Signal()

    def __init__(self, session: Session, view: DirectoryView, selection: Selection, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._view = view
        self._selection = selection
        self._presenter: SelectionPresenter | None = None
        self._actions: tuple[Sequence[tuple[QAction, str]], Sequence[QAction | None]] = (), ()
        self._right: RightSide | None = None

    @property
    def presenter(self) -> SelectionPresenter:
        """What fills the panel."""
        if self._presenter is None:
            from whowas.desktop.selection.panel import SelectionPanel
            from whowas.desktop.selection.presenter import SelectionPresenter

            panel = SelectionPanel()
            if self._actions[0]:
                panel.set_actions(*self._actions)
            panel.saveRequested.connect(self.saveRequested)
            panel.draftChanged.connect(self.draftChanged)
            self._presenter = SelectionPresenter(panel, self._session, self._view)
        return self._presenter

    @property
    def is_shown(self) -> bool:
        """Whether it is at the front."""
        return self._presenter is not None and self._right is not None and self._right.shows(self._presenter.panel)

    @property
    def has_draft(self) -> bool:
        """Whether something that is shown is about to be changed in all of them."""
        return self.is_shown and self.presenter.panel.has_draft

    def save(self) -> None:
        """Save what is about to be changed in all of them, where that is shown."""
        if self.is_shown:
            self.presenter.panel.save()

    def discard(self) -> None:
        """Drop what is about to be changed in all of them, where that is shown."""
        if self.is_shown:
            self.presenter.panel.discard()

    def set_actions(self, shown: Sequence[tuple[QAction, str]], more: Sequence[QAction | None]) -> None:
        """Offer these: buttons, each with an icon's name or "", and a menu, in which None is a line."""
        self._actions = shown, more
        if self._presenter is not None:
            self._presenter.panel.set_actions(shown, more)

    def show_on(self, right: RightSide, *, elsewhere: bool) -> None:
        """Come to the front where several are selected, unless somebody looks at something ``elsewhere``; else go."""
        self._right, selection = right, self._selection
        count = selection.remembered
        if count and not elsewhere:
            names = [user.name for user in selection.users(_NAMES_SHOWN)]
            self.presenter.show(selection.numbers(), names, count, scattered=selection.scattered)
            right.show_several(self.presenter.panel)
            return
        right.show_details()
        if self._presenter is not None:
            self._presenter.stop()
