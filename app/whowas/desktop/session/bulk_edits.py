"""Editing all users of a selection as one change: a job with progress, which can be cancelled until it commits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from whowas.desktop.session.job_progress import Start
from whowas.desktop.session.session import Session
from whowas.domain.bulk_edit import Edit
from whowas.domain.progress import Progress
from whowas.domain.users import User
from whowas.projections.index.version_index import VersionIndex

if TYPE_CHECKING:
    from whowas.command_bus.bus import Bus
    from whowas.command_bus.unit_of_work import Change
    from whowas.corrections.bulk_edit import BulkOutcome


@dataclass(frozen=True, slots=True)
class SelectedUsers:
    """Users as they were seen when they were selected: the ``numbers`` of their rows in ``index``.

    ``read`` yields them, in a job. It raises StoreError, and RefusedError once the numbers mean others, as somebody was
    erased.
    """

    index: VersionIndex
    numbers: Sequence[int]
    read: Callable[[], Iterator[User]]


def selected_users(session: Session, numbers: Sequence[int]) -> SelectedUsers:
    """Return the users of rows of the index shown."""
    return SelectedUsers(session.shown.index, numbers, session.queries.users(numbers))


def bulk_edit(session: Session, selected: SelectedUsers, begin: Callable[[Change], Edit]) -> Start[BulkOutcome]:
    """Return what starts the job of editing users, for ``ShownProgress.follow``.

    ``begin`` is called in the job, and what else can become of it is told by ``corrections.bulk_edit.carry_out``.
    """

    def work(bus: Bus, progress: Progress) -> BulkOutcome:
        from whowas.corrections.bulk_edit import carry_out

        return carry_out(bus, selected.read, len(selected.numbers), begin, progress)

    return partial(session.writer.on_bus, work)
