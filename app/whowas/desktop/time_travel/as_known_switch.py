"""The switch between two clocks: the directory as it was, or as we knew it then."""

from __future__ import annotations

from functools import partial

from whowas.desktop.chrome.actions import AS_KNOWN
from whowas.desktop.chrome.standing import LOOKING
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.session.lens import AsKnown
from whowas.domain.errors import WhowasError


class ClockSwitch(PageFeature):
    """Shows the moment shown as the directory had it then, without what was only recorded later, and back."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._on(context.actions.as_known.triggered, self._switch)
        context.page.banner.knownWanted.connect(self._switch)

    def _switch(self) -> None:
        view = self._page.view
        if isinstance(self._session.shown.lens, AsKnown):
            self._session.shown.show_now()
            return
        occurred_at = view.occurred_at()
        if occurred_at is None:
            self._page.show_view()
            return
        # Where it goes on from is no question: the view keeps its place.
        self._progress.follow(
            AS_KNOWN, partial(self._session.shown.show_as_known, occurred_at), lambda _: None, self._tell
        )

    def _tell(self, error: WhowasError) -> None:
        self._page.show_view()
        self._messages.show_failure(error, about=LOOKING)
