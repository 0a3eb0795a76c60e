"""The commands that undo one change, and that restore users to the moment shown."""

from __future__ import annotations

from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.putting_back.conversation import Conversation
from whowas.desktop.putting_back.restore import RestoreQuestion
from whowas.desktop.putting_back.undo_one import UndoThis


class PutBackCommands(PageFeature):
    """Shows what would become of whom, and does it when told so."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._conversation = Conversation(context)
        self._on(context.actions.undo_this.triggered, self._undo_this)
        self._on(context.actions.restore_moment.triggered, self._restore)
        context.page.banner.restore.connect(self._restore)
        context.page.undoRequested.connect(self.undo_change)
        context.page.undoForUsersRequested.connect(self.undo_for_users)
        context.page.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Bring the actions to the moment that is shown."""
        view = self._page.view
        # No more than was known once: what is shown may not be what is to be put back.
        today = self._session.may_write
        self._actions.restore_moment.setEnabled(today and view.is_past)
        self._actions.undo_this.setEnabled(today and view.moment > 0)

    def undo_change(self, change_id: str, called: str) -> None:
        """Undo one change, whose sentence is ``called``."""
        self._session.shown.show_now()
        UndoThis(self._conversation, change_id, called).begin()

    def undo_for_users(self, change_id: str, user_ids: list[str]) -> None:
        """Undo what an import did to some users."""
        self._session.shown.show_now()
        UndoThis(self._conversation, change_id, "", user_ids).begin()

    def _restore(self) -> None:
        if self._page.view.is_past:
            RestoreQuestion(self._conversation).ask()

    def _undo_this(self) -> None:
        if (line := self._session.reads.change_line(self._page.view.moment)) is not None:
            self.undo_change(line.change_id, line.text)
