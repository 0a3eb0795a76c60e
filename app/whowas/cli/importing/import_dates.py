"""Since when the lists of an import are true, as ``--true-since`` says it, and what is said of that."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from whowas.cli.opening import looking_up, opened
from whowas.cli.shared import shared
from whowas.cli.where import Where, is_there
from whowas.domain.errors import RefusedError
from whowas.domain.fields import shortened
from whowas.domain.named_moments import NOW
from whowas.interchange import iso_moments
from whowas.interchange.importing.dates.list_dates import FIELD, dated, day_text, require_past
from whowas.interchange.importing.given.list_input import ListInput

BY_NAME = "name"
"""What the option says where each file's own name has its date."""

_MOST_SAID = 12


def clock_of(file: Where) -> int | None:
    """Return when it is by the server of a shared directory (UTC µs); None where this computer's clock counts.

    Raises StoreError.
    """
    if isinstance(file, Path):
        return None
    with shared(file) as directory:
        return directory.clock()


def true_since(file: Where, names: Collection[str], said: str | None, now: int | None) -> Mapping[str, int]:
    """Return since when lists of these names are true (UTC µs); nothing where they are as things are now.

    ``now`` is what ``clock_of`` says. Raises RefusedError for what is no moment, or one to come, and StoreError where
    the directory cannot be asked for one that it knows by name.
    """
    if said is None or said == NOW:
        return {}
    if said == BY_NAME:
        return dated(names, now)
    since = _moment(file, said)
    moments = dict.fromkeys(names, since)
    require_past(moments, now)
    return moments


def _moment(file: Where, text: str) -> int:
    try:
        return iso_moments.parsed(text)
    except ValueError as error:
        if is_there(file):
            return _known_moment(file, text)
        sentence = (
            f"“{shortened(text)}” is not a moment like 2020-03-03T14:05, and there is no directory yet to know it."
        )
        raise RefusedError(FIELD, sentence) from error


@looking_up
def _known_moment(file: Where, text: str) -> int:
    with opened(file) as directory:
        return directory.occurred_at(text)


def said_of_dates(lists: Sequence[ListInput]) -> Iterator[str]:
    """Yield since when lists are true, as far as they are dated, in the order in which they are taken."""
    dates = [(given.source.name, given.occurred_at) for given in lists if given.occurred_at is not None]
    if len(dates) > _MOST_SAID:
        first, last = dates[0][1], dates[-1][1]
        yield f"{len(dates):,} lists are taken as true since their dates, from {day_text(first)} to {day_text(last)}."
        return
    for name, since in dates:
        yield f"“{shortened(name)}” is taken as true since {day_text(since)}."
