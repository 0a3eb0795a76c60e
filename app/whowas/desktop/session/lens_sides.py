"""The read sides that lenses show: folded for them, as part of a job, and thrown away after them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from whowas.desktop.session.lens import AsKnown, Lens, WhatIf
from whowas.desktop.session.open_directory import OpenDirectory
from whowas.domain.progress import Progress
from whowas.projections.sides.as_known import as_known, known_by
from whowas.projections.sides.read_side import ReadSide
from whowas.projections.sides.temporary import temporary_side
from whowas.store.gc_pauses import unfreeze

if TYPE_CHECKING:
    from whowas.corrections.what_if.outcome import WhatIfOutcome

Prepare = Callable[[Progress], tuple[Lens, AbstractContextManager[ReadSide]]]
"""Work that finds out what a lens shows: the lens, and its read side, which is still to be folded."""


def as_known_by(directory: OpenDirectory, recorded_at: int) -> Prepare:
    """Prepare to show no more than had been recorded by a moment (UTC µs)."""

    def prepare(progress: Progress) -> tuple[Lens, AbstractContextManager[ReadSide]]:
        today = directory.today
        through, _ = today.asked(lambda _index: known_by(today.read_model, recorded_at, 2**62), progress)
        return AsKnown(recorded_at), as_known(directory.log, through)

    return prepare


def what_if_without(directory: OpenDirectory, change_ids: Sequence[str], called: str) -> Prepare:
    """Prepare to show what would be without some changes, which are ``called`` so; all later ones are decided again."""

    def prepare(progress: Progress) -> tuple[Lens, AbstractContextManager[ReadSide]]:
        from whowas.corrections.what_if.rerun import imagine

        outcome = imagine(directory.log, change_ids, progress)
        return WhatIf(outcome, called), _side_of(outcome)

    return prepare


@contextmanager
def _side_of(outcome: WhatIfOutcome) -> Iterator[ReadSide]:
    try:
        with temporary_side(outcome.log) as side:
            yield side
    finally:
        outcome.close()
        unfreeze()
