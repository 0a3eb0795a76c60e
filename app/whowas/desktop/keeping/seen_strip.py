"""The strip over the page where the history is not the one that this computer saw, and what its buttons do."""

from __future__ import annotations

from whowas.desktop.chrome.standing import LOOKING, SEEN
from whowas.desktop.keeping.seen_words import ACCEPT, SHOW_IT, strip_of
from whowas.desktop.kit import dates
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.domain.errors import StoreError
from whowas.safekeeping.seen_heads import Rewritten


class SeenHistoryStrip(PageFeature):
    """Says so as the directory was opened; *Show it* goes to where the history differs, *Accept* ends it for good."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._on(context.messages.acted, self._act)
        verdict, steps = self._session.seen.verdict, self._page.view.index.steps
        first_other = None
        if isinstance(verdict, Rewritten) and not verdict.cut:
            first_other = self._moment_of(verdict.from_position)
        condition = strip_of(verdict, steps, first_other, dates.microseconds_now())
        if condition is not None:
            context.messages.hold(condition)
        context.session.damaged.connect(self._yield_to_damage)
        self._yield_to_damage()

    def _yield_to_damage(self) -> None:
        """Say no more where the history is damaged: another strip says so, and there is nothing to be accepted."""
        damage = self._session.damage
        if damage is not None and damage.position is not None:
            self._messages.end(SEEN)

    def _act(self, about: str, action: str) -> None:
        if about != SEEN:
            return
        if action == SHOW_IT:
            self._show_it()
        elif action == ACCEPT:
            self._accept()

    def _show_it(self) -> None:
        """Go to the first change that differs, or to the last one there is, and bring the list of changes up."""
        verdict = self._session.seen.verdict
        if not isinstance(verdict, Rewritten):
            return
        self._messages.go_on()
        self._page.return_to_now()
        if not verdict.cut:
            self._page.view.show_moment(self._moment_of(verdict.from_position))
        self._page.show_changes()

    def _moment_of(self, position: int) -> int:
        """Return the moment right after the change that was recorded at a position."""
        steps = self._page.view.index.steps
        try:
            event = next(self._session.log.read(position - 1, position))
        except (StoreError, StopIteration):
            # What cannot be read is told by whoever verifies; the number of changes up to there is known.
            return steps.recorded_through(position)
        return steps.moment_of(event.occurred_at, event.position)

    def _accept(self) -> None:
        failed = self._messages.failing(LOOKING)
        self._session.queries.run(self._session.seen.accept, done=self._accepted, failed=failed)

    def _accepted(self, _nothing: None) -> None:
        if self._session.is_open:
            self._messages.end(SEEN)
