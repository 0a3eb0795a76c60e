"""Moments as text: ISO 8601, to the microsecond."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from whowas.domain.fields import shortened

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def parsed(text: str) -> int:
    """Return an ISO 8601 moment in UTC microseconds; one without a zone is local. Raises ValueError with a sentence.

    Where a local time is two moments, because clocks were put back, it is the earlier; where it is none, because they
    were put forward, it is as long after the change as it says (PEP 495).
    """
    try:
        moment = datetime.fromisoformat(text.strip())
        if moment.tzinfo is None:
            # Not astimezone(), which has a time that was skipped be an hour before the change.
            return int(moment.replace(microsecond=0).timestamp()) * 1_000_000 + moment.microsecond
        return (moment.astimezone(UTC) - _EPOCH) // _MICROSECOND
    except (ValueError, OverflowError, OSError) as error:
        raise ValueError(
            f"“{shortened(text, 40)}” is not a moment: write it like 2020-03-03T14:05:00+01:00."
        ) from error


def written(microseconds: int) -> str:
    """Return UTC microseconds as ISO 8601 with microseconds and zone."""
    return (_EPOCH + timedelta(microseconds=microseconds)).isoformat(timespec="microseconds")
