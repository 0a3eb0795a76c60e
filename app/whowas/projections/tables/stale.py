"""The error that the read model does not fit its log."""

from __future__ import annotations


class StaleReadModelError(Exception):
    """The read model was not made from this log, or holds users who were erased since: it must be rebuilt.

    ``position`` is that of an event which contradicts the rows made so far, 0 where there is no such event.
    """

    def __init__(self, position: int = 0, reason: str = "") -> None:
        super().__init__(reason)
        self.position = position
