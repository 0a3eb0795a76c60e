"""Since when lists are true: by the names of their files, and what can be no date of a list."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime

from whowas.domain.errors import RefusedError
from whowas.domain.fields import listed
from whowas.interchange.importing.dates.name_dates import date_in_name
from whowas.interchange.importing.told.sentences import named
from whowas.interchange.iso_moments import parsed, written

__all__ = ["date_in_name", "dated", "in_order_of_dates", "moment_of", "require_past"]

FIELD = "true_since"
"""The field that a refusal of dates names."""


def moment_of(day: date) -> int:
    """Return the local midnight with which a day begins, in UTC microseconds.

    Where clocks are put forward at midnight it is the moment at which they are.
    """
    return parsed(day.isoformat())


def dated(names: Iterable[str], now: int | None = None) -> Mapping[str, int]:
    """Return since when each list is true (UTC µs), by the date in its file's name; ``now`` as for ``require_past``.

    Raises RefusedError with one sentence that names the files whose dates cannot be read, are the same, or are still
    to come.
    """
    days = {name: date_in_name(name) for name in names}
    unclear = [name for name, day in days.items() if day is None]
    if unclear:
        says = f"The name of {named(unclear)} says" if len(unclear) == 1 else f"The names of {named(unclear)} say"
        raise RefusedError(FIELD, f"{says} no clear date, such as 2019-03, 20190331, March 2019 or 2019 Q1.")
    moments = {name: moment_of(day) for name, day in days.items() if day is not None}
    _require_apart(moments)
    require_past(moments, now)
    return moments


def in_order_of_dates(names: Sequence[str], moments: Mapping[str, int], now: int | None = None) -> Sequence[str]:
    """Return the names of lists in the order in which they were true (UTC µs), as given where none is dated.

    ``now`` is as for ``require_past``.

    Raises RefusedError where only some are dated, two have the same date, or a date is still to come.
    """
    if not moments:
        return names
    undated = [name for name in names if name not in moments]
    if undated:
        has = "has no date" if len(undated) == 1 else "have no dates"
        raise RefusedError(FIELD, f"{named(undated)} {has}, and other lists have: date all of them, or none.")
    _require_apart({name: moments[name] for name in names})
    require_past({name: moments[name] for name in names}, now)
    return sorted(names, key=moments.__getitem__)


def _require_apart(moments: Mapping[str, int]) -> None:
    """Raise RefusedError where two lists are true since the same moment, which can be said of one only."""
    first: dict[int, str] = {}
    for name, moment in moments.items():
        before = first.setdefault(moment, name)
        if before != name:
            both = [other for other, since in moments.items() if since == moment]
            raise RefusedError(
                FIELD, f"{named(both)} have the same date, {day_text(moment)}: only one can be true then."
            )


def require_past(moments: Mapping[str, int], now: int | None = None) -> None:
    """Raise RefusedError where lists are true since a moment that is still to come.

    ``now`` is when it is by the clock that counts (UTC µs), where that is not this computer's.
    """
    now = time.time_ns() // 1000 if now is None else now
    later = {name: moment for name, moment in moments.items() if moment > now}
    if later:
        days = list(dict.fromkeys(day_text(moment) for moment in sorted(later.values())))
        are = "is" if len(days) == 1 else "are"
        names = named(sorted(later, key=later.__getitem__))
        raise RefusedError(FIELD, f"{names} cannot be true already: {listed(days)} {are} still to come.")


def day_text(moment: int) -> str:
    """Return a moment as a day in the local zone, and with its time where that is not midnight."""
    with suppress(ValueError, OverflowError, OSError):  # at either end of the calendar there is no local time
        local = datetime.fromtimestamp(moment // 1_000_000).astimezone()
        return local.date().isoformat() if moment == moment_of(local.date()) else local.isoformat(" ", "seconds")
    return written(moment)
