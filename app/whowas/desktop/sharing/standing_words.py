"""What stands over a shared directory: that its server is away or has another history, and what one may do there."""

from __future__ import annotations

from collections.abc import Iterator

from whowas.desktop.chrome.standing import RIGHTS, SERVER, Condition, Severity
from whowas.desktop.kit import dates
from whowas.desktop.session.live import Reached
from whowas.projections.index.steps import Steps
from whowas.store.follower.lost_changes import LostChangesError
from whowas.store.server.errors import AnotherHistoryError

TRY_AGAIN, OPEN_AGAIN, SAVE_A_COPY = "Try again", "Open again", "Save a copy…"

_DRAFTED = "changes are kept as drafts."
_WHAT_TO_DO = (
    "Nothing can be saved. Ask whoever keeps the server whether a backup was put back there; what this computer saw is "
    "kept."
)


def conditions_of(reached: Reached, why_reading: str, steps: Steps, now: int) -> Iterator[Condition]:
    """Yield what is to be said; ``why_reading`` is why this account may only read, "" where it may write.

    ``steps`` are those shown, ``now`` is in UTC microseconds.
    """
    if reached.broken is not None:
        yield _broken(reached.broken, steps)
    elif reached.offline_since is not None:
        yield _away(reached, now, may_write=not why_reading)
    if why_reading and reached.broken is None:
        yield Condition(RIGHTS, Severity.CALM, why_reading)


def trying(condition: Condition) -> Condition:
    """Return the same while it is tried to connect."""
    return condition._replace(sentence=f"{condition.sentence} Connecting…", actions=())


def since_when(moment: int, now: int) -> str:
    """Return for example "14:05", or of another day "28 Nov 14:05"."""
    timed = dates.timed(moment, now)
    return timed.removeprefix("today ")


def _away(reached: Reached, now: int, *, may_write: bool) -> Condition:
    since = since_when(reached.offline_since or now, now)
    then = f"You see the directory as it was then{f'; {_DRAFTED}' if may_write else '.'}"
    sentence = f"Not connected since {since}. {then} {reached.why}".strip()
    return Condition(SERVER, Severity.AMBER, sentence, (TRY_AGAIN,), closable=False, unsaved="not connected")


def _broken(error: Exception, steps: Steps) -> Condition:
    match error:
        case AnotherHistoryError(position=position):
            number = steps.recorded_through(position - 1) + 1
            heading = f"The history on the server is not the one this computer saw, from change {number:,} on."
            sentence, actions = _WHAT_TO_DO, (SAVE_A_COPY,)
        case LostChangesError():
            heading, sentence, actions = "The server has lost changes.", str(error), (OPEN_AGAIN,)
        case _:
            heading, sentence, actions = "Others' changes do not come in any more.", str(error), (OPEN_AGAIN,)
    unsaved = "not followed any more"
    return Condition(SERVER, Severity.RED, sentence, actions, closable=False, unsaved=unsaved, heading=heading)
