"""How it is said what this computer saw before."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from whowas.desktop.chrome.standing import Severity
from whowas.desktop.keeping.seen_words import seen_line, strip_of
from whowas.projections.index.steps import Steps
from whowas.safekeeping.seen_heads import (
    NeverSeen,
    Restored,
    Rewritten,
    StillPart,
    UnreadableHistory,
    UnreadableNote,
    Verdict,
)
from whowas.store.chain import Head


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).astimezone().timestamp()) * 1_000_000


NOW = at("2026-11-30 09:00")
SEEN_AT = at("2026-11-28 14:05")
SEEN = Head(17_618, bytes(32))


def steps(count: int) -> Steps:
    """So many changes of one event each, recorded in the order in which they occurred."""
    table = np.zeros((count, 6), dtype=np.int64)
    table[:, 0] = table[:, 1] = table[:, 2] = np.arange(1, count + 1)
    return Steps.of(table)


def rewritten(position: int, *, exact: bool = True, cut: bool = False, seen_at: int = SEEN_AT) -> Rewritten:
    return Rewritten(SEEN, seen_at, position, exact, cut)


@pytest.mark.parametrize(
    ("verdict", "first_other", "said"),
    [
        (rewritten(17_580), 17_580, "saw on 28 Nov, from change 17,580 on."),
        (rewritten(17_580, exact=False), 17_580, "saw on 28 Nov, from change 17,580 on at the latest."),
        (
            rewritten(17_580),
            17_577,
            "saw on 28 Nov, from change 17,577 on, in the order in which they were recorded.",
        ),
        (rewritten(17_601, cut=True), None, "saw on 28 Nov, from change 17,601 on: it ends before that."),
        (
            rewritten(17_601, cut=True, exact=False),
            None,
            "saw on 28 Nov, from change 17,601 on at the latest: it ends before that.",
        ),
        (rewritten(5, seen_at=at("2026-11-30 08:59")), 5, "saw today at 08:59, from change 5 on."),
        (rewritten(5, seen_at=at("2026-11-29 23:00")), 5, "saw yesterday at 23:00, from change 5 on."),
        (rewritten(5, seen_at=at("2025-02-01 10:00")), 5, "saw on 1 Feb 2025, from change 5 on."),
        (rewritten(5, seen_at=at("2026-11-30 09:01")), 5, "saw on 30 Nov 2026, from change 5 on."),
        (rewritten(5, seen_at=at("2031-01-02 09:01")), 5, "saw on 2 Jan 2031, from change 5 on."),
    ],
)
def test_a_rewritten_history(verdict: Rewritten, first_other: int | None, said: str) -> None:
    condition = strip_of(verdict, steps(17_600), first_other, NOW)
    assert condition is not None
    assert condition.severity is Severity.RED
    assert condition.actions == ("Show it", "Accept")
    assert not condition.closable
    assert condition.text == f"This file's history is not the one this computer {said}"


@pytest.mark.parametrize(
    ("later", "changes", "said"),
    [
        (38, 17_580, "with 17,580 changes; 38 later ones are not in it."),
        (1, 1, "with 1 change; 1 later one is not in it."),
        (None, 2, "with 2 changes; later ones are not in it."),
    ],
)
def test_a_backup_that_was_put_back(later: int | None, changes: int, said: str) -> None:
    verdict = Restored(Head(changes, bytes(32)), SEEN_AT, SEEN, SEEN_AT, later)
    condition = strip_of(verdict, steps(changes), None, NOW)
    assert condition is not None
    assert (condition.severity, condition.actions) == (Severity.CALM, ())
    assert condition.text == f"This is the backup of 28 Nov, 14:05, {said}"


@pytest.mark.parametrize("verdict", [NeverSeen(), UnreadableNote(), UnreadableHistory(), StillPart(SEEN, SEEN_AT)])
def test_of_all_else_nothing_stands_over_the_page(verdict: Verdict) -> None:
    assert strip_of(verdict, steps(3), None, NOW) is None


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (
            StillPart(Head(17_580, bytes(32)), at("2026-11-29 10:00")),
            "Last seen on this computer: yesterday, event 17,580 – still part of it",
        ),
        (StillPart(SEEN, NOW), "Last seen on this computer: today, event 17,618 – still part of it"),
        (
            StillPart(SEEN, at("2027-03-01 10:00")),
            "Last seen on this computer: 1 Mar 2027, event 17,618 – still part of it",
        ),
        (rewritten(5), "Last seen on this computer: 28 Nov, event 17,618 – not part of it"),
        (
            Restored(Head(5, bytes(32)), at("2026-11-20 08:00"), SEEN, SEEN_AT, None),
            (
                "Last seen on this computer: 28 Nov, event 17,618 – "
                "this is the backup of 20 Nov, 08:00, which ends at event 5"
            ),
        ),
        (NeverSeen(), "This computer has not seen this history before."),
        (UnreadableNote(), "What this computer had noted of this history cannot be read."),
        (UnreadableHistory(), "This history cannot be read as far as this computer had seen it."),
    ],
)
def test_beside_what_verifying_found(verdict: Verdict, said: str) -> None:
    assert seen_line(verdict, NOW).text == said


def test_of_a_damaged_history_it_is_not_said_that_what_was_seen_is_part_of_it() -> None:
    line = seen_line(StillPart(SEEN, SEEN_AT), NOW, damaged=True)
    assert line.text == "Last seen on this computer: 28 Nov, event 17,618"
