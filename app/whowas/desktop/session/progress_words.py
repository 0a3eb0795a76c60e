"""How far a job is, in words: what it is about just now, how much of that is done, and how many rows a second."""

from __future__ import annotations

from collections.abc import Mapping

from whowas.desktop.session.jobs import Job, Stage
from whowas.desktop.session.rate import Rate
from whowas.domain.progress import Phase

_PHASES: Mapping[Phase, str] = {
    "reading": "Reading",
    "backing up": "Making a backup first",
    "comparing": "Comparing",
    "saving": "Saving",
}


class ProgressWords:
    """Tells how far one job is; it remembers how quick that is."""

    def __init__(self) -> None:
        self._phase: Phase | None = None
        self._rate = Rate()

    def of(self, job: Job, done: int, total: int) -> str:
        """Return how far a job is that reports ``done`` of ``total``, which is 0 where it is not known."""
        if self._phase != job.phase:
            self._phase, self._rate = job.phase, Rate()
        return _text(job, done, total, self._rate.seen(done))


def _text(job: Job, done: int, total: int, rate: int) -> str:
    counted = f"{done:,} of {total:,}" if total else f"{done:,}"
    match job.stage:
        case Stage.COMMITTING:
            return "Saving…"
        case Stage.COMMITTED:
            catching_up = "Saved; bringing the table up to date"
            return f"{catching_up}: {counted}" if total else f"{catching_up}…"
        case Stage.CANCELLABLE | Stage.CANCELLED if job.phase is None:
            return counted
        case Stage.CANCELLABLE | Stage.CANCELLED:
            return f"{_PHASES[job.phase]}{_how_far(done, total, rate, counts_rows=job.counts_rows)}"


def _how_far(done: int, total: int, rate: int, *, counts_rows: bool) -> str:
    """Return how far a phase is: in rows where those are counted, else as a share."""
    if not counts_rows:
        return f": {done * 100 // total} %" if total and done <= total else "…"
    if not done:
        return "…"
    rows = f": {done:,} of {total:,} rows" if total else f": {done:,} rows"
    return f"{rows} · {rate:,} a second" if rate else rows
