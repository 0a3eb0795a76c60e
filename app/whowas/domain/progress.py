"""How long work tells how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with (done, total) now and then; raises CancelledError when the work should stop. Total 0 is unknown."""


def unwatched(_done: int, _total: int) -> None:
    """Report to nobody."""
