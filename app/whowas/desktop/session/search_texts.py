"""Having the texts that searching compares made before somebody searches."""

from __future__ import annotations

from whowas.desktop.session.session import Session
from whowas.domain.progress import Progress
from whowas.projections.tables.search_texts import keep_texts_if_possible


class SearchTexts:
    """The texts of the side that is shown, as ``Preparing`` takes them; the first search makes what is not there."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._prepared: object | None = None

    @property
    def is_prepared(self) -> bool:
        """Whether all were made that there were, of this side, when somebody looked."""
        return self._prepared is self._session.shown.side

    def prepare(self, progress: Progress) -> None:
        """Make them, on any thread. Raises CancelledError, or StoreError."""
        side = self._session.shown.side
        side.asked(lambda _index: keep_texts_if_possible(side.read_model, progress), progress)
        self._prepared = side
