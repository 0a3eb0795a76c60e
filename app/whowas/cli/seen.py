"""Telling where a history is not the one that this computer saw, and noting what it sees now."""

from __future__ import annotations

import time
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import assert_never

from whowas.cli.printing import local_time, notify
from whowas.domain.errors import StoreError
from whowas.safekeeping.backups import backups_of
from whowas.safekeeping.seen_heads import (
    NeverSeen,
    Restored,
    Rewritten,
    StillPart,
    UnreadableHistory,
    UnreadableNote,
    Verdict,
    accept,
    look,
    note_seen,
)
from whowas.store.event_log import EventLog
from whowas.system import folders


def tell_if_another(log: EventLog) -> None:
    """Print where a directory is another one than was seen, or a backup put back. Raises StoreError."""
    verdict = seen_before(log)
    if isinstance(verdict, Rewritten | Restored):
        notify(sentence_of(verdict))


def seen_before(log: EventLog) -> Verdict:
    """Return what is known of the history that was seen; a backup put back is taken as seen. Raises StoreError."""
    verdict = look(log, folders.seen_heads(), partial(backups_of, log))
    if isinstance(verdict, Restored):
        take_as_seen(log)
    return verdict


def note(log: EventLog, changes: int | None = None) -> None:
    """Note where the history ends, and of how many ``changes`` it is, unless it is not the one seen before."""
    # Nothing that was asked for depends on it; what cannot be noted now is noted another time.
    with suppress(OSError, StoreError):
        note_seen(log, folders.seen_heads(), _now(), changes)


def note_new(path: Path) -> None:
    """Note where the history of a directory ends that was just made at ``path``."""
    with suppress(StoreError), closing(EventLog.open(path)) as log:
        note(log)


def take_as_seen(log: EventLog) -> None:
    """Take where the history ends as what was seen, whatever was seen before. Raises StoreError."""
    with suppress(OSError):
        accept(log, folders.seen_heads(), _now())


def sentence_of(verdict: Verdict) -> str:
    """Return what is said of a verdict by whoever verifies."""
    match verdict:
        case StillPart(head, seen_at):
            when = local_time(seen_at)
            return f"Last seen on this computer {when}, at position {head.position:,}: still part of this history."
        case Rewritten(seen, seen_at, from_position, exact, cut):
            there = f"from position {from_position:,} on{'' if exact else ' at the latest'}"
            ends = ": it ends before that" if cut else ""
            return (
                f"This file's history is not the one this computer saw {local_time(seen_at)}, up to position "
                f"{seen.position:,}, {there}{ends}. If that is right, “whowas verify --accept” takes it as it is."
            )
        case Restored(head, made_at, seen):
            return (
                f"This is the backup of {local_time(made_at)}, up to position {head.position:,}; what was seen later, "
                f"up to {seen.position:,}, is not in it."
            )
        case NeverSeen():
            return "This computer has not seen this history before."
        case UnreadableNote():
            return "What this computer had noted of this history cannot be read."
        case UnreadableHistory():
            return "This history cannot be read as far as this computer had seen it."
        case never:
            assert_never(never)


def _now() -> int:
    return time.time_ns() // 1000
