"""Editing all users of a selection as one change: a job with progress, which can be cancelled until it commits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from whowas.desktop.session.job_progress import Start
from whowas.desktop.session.session import Session
from whowas.domain.bulk_edit import Edit
from whowas.domain.progress import Progress

if TYPE_CHECKING:
    from whowas.command_bus.bus import Bus
    from whowas.command_bus.unit_of_work import Change
    from whowas.corrections.bulk_edit import BulkOutcome


def bulk_edit(session: Session, numbers: Sequence[int], begin: Callable[[Change], Edit]) -> Start[BulkOutcome]:
    """Return what starts the job of editing the users of many rows, as they are in the index shown; see ``carry_out``.

    To be made where the person acts, given to ``ShownProgress.follow``. ``begin`` is called off the GUI thread.
    """
    users = session.queries.users(numbers)

    def work(bus: Bus, progress: Progress) -> BulkOutcome:
        from whowas.corrections.bulk_edit import carry_out

        return carry_out(bus, users, len(numbers), begin, progress)

    return partial(session.writer.on_bus, work)
