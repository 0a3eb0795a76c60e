"""What the right side of a page shows of several users: made when some are selected for the first time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from whowas.desktop.details.selection_draft import SelectionDraft
from whowas.desktop.page.right_side import RightSide
from whowas.desktop.page.selected_users import RememberedUsers
from whowas.desktop.page.selection import Selection
from whowas.desktop.page.several_drafts import SeveralDrafts
from whowas.desktop.session.session import Session
from whowas.desktop.session.view import DirectoryView
from whowas.domain.errors import RefusedError

if TYPE_CHECKING:
    from whowas.desktop.selection.presenter import SelectionPresenter

_NAMES_SHOWN = 4


class SeveralUsers(QObject):
    """``saveRequested(key, draft)`` asks to save what was edited for all; ``draftChanged`` tells of more or less of it.

    What is typed is a draft for exactly the users selected: it goes as others are, and comes back with them.
    """

    saveRequested = Signal(str, object)
    draftChanged = Signal()

    def __init__(
        self, session: Session, view: DirectoryView, selection: Selection, drafts: SeveralDrafts, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.drafts = drafts
        self._session = session
        self._view = view
        self._selection = selection
        self._presenter: SelectionPresenter | None = None
        self._actions: tuple[Sequence[tuple[QAction, str]], Sequence[QAction | None]] = (), ()
        self._right: RightSide | None = None
        self._users: RememberedUsers | None = None
        self._key: str | None = None
        self._saving: set[str] = set()
        self._refused: dict[str, RefusedError] = {}

    @property
    def presenter(self) -> SelectionPresenter:
        """What fills the panel."""
        if self._presenter is None:
            from whowas.desktop.selection.panel import SelectionPanel
            from whowas.desktop.selection.presenter import SelectionPresenter

            panel = SelectionPanel()
            if self._actions[0]:
                panel.set_actions(*self._actions)
            panel.saveRequested.connect(self._ask_to_save)
            panel.draftChanged.connect(self.draftChanged)
            self._presenter = SelectionPresenter(panel, self._session, self._view)
            self._presenter.edited.connect(self._hold)
        return self._presenter

    @property
    def is_shown(self) -> bool:
        """Whether it is at the front."""
        return self._presenter is not None and self._right is not None and self._right.shows(self._presenter.panel)

    @property
    def has_draft(self) -> bool:
        """Whether something that is shown is about to be changed in all of them."""
        return self.is_shown and self.presenter.panel.has_draft

    @property
    def refused(self) -> bool:
        """Whether the draft that is shown was refused."""
        return self.has_draft and self._key in self._refused

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
        """Come to the front where several are selected, unless somebody looks at something ``elsewhere``; else go.

        Of users who are all deleted, and not listed, nothing is shown.
        """
        self._right, selection = right, self._selection
        numbers = selection.numbers() if selection.remembered else None
        if numbers is not None and not elsewhere and (len(numbers) or not selection.are_deleted):
            names = [user.name for user in selection.users(_NAMES_SHOWN)]
            self._turn()
            self.presenter.show(numbers, names, selection.remembered, scattered=selection.scattered)
            right.show_several(self.presenter.panel)
            return
        right.show_details()
        if self._presenter is not None:
            self._presenter.stop()

    def discard_draft(self, key: str) -> None:
        """Discard the draft with that key, whoever is selected."""
        self._refused.pop(key, None)
        self.drafts.drop(key)
        if key == self._key:
            self._key = None
            self._turn_presenter()

    def saving(self, key: str) -> None:
        """Show that a draft is on its way into the file."""
        self._saving.add(key)
        self._show_state()

    def saved(self, key: str, draft: SelectionDraft) -> None:
        """Have a draft no longer but for what was typed since it was saved."""
        self._saving.discard(key)
        self._refused.pop(key, None)
        if key == self._key and self.presenter.is_drafting:
            self.presenter.take_saved(draft)
        else:
            self.drafts.saved(key, draft)
            if key == self._key:
                self._turn_presenter()
        self._show_state()

    def not_saved(self, key: str, refused: RefusedError | None) -> bool:
        """Show beside the draft why it was refused, None where it just was not saved; return whether that is seen."""
        self._saving.discard(key)
        self._show_state()
        if refused is None or key not in self.drafts.keys:
            return False
        self._refused[key] = refused
        self.draftChanged.emit()
        if key != self._key or not self.is_shown or not self.presenter.is_drafting:
            return False
        self.presenter.refuse(refused)
        return True

    def _turn(self) -> None:
        """Show what was typed for those who are selected now, and for nobody else."""
        users = self._selection.remembered_users
        if users is None or not self._view.may_draft or self._is_for(users):
            return
        self.drafts.keep()
        self._users, self._key = users, self.drafts.key_of(users)
        self.presenter.turn_to(self.drafts.get(self._key), self._refused.get(self._key or ""))
        self._show_state()

    def _turn_presenter(self) -> None:
        """Show what is left of the draft for those who are selected."""
        self.presenter.turn_to(self.drafts.get(self._key))
        if self.is_shown:
            self.presenter.refresh()

    def _is_for(self, users: RememberedUsers) -> bool:
        before = self._users
        if before is None:
            return False
        if before is users:
            return True
        is_same = before.numbering == users.numbering and np.array_equal(np.sort(before.users), np.sort(users.users))
        if is_same:
            self._users = users
        return is_same

    def _hold(self, draft: SelectionDraft) -> None:
        if self._users is None:
            return
        if self._key is not None and draft != self.drafts.get(self._key):
            self._refused.pop(self._key, None)
        self._key = self.drafts.hold(self._key, self._users, draft)

    def _ask_to_save(self, draft: SelectionDraft) -> None:
        if self._key is not None:
            self.saveRequested.emit(self._key, draft)

    def _show_state(self) -> None:
        if self._presenter is not None:
            self._presenter.panel.set_busy(self._key in self._saving)
