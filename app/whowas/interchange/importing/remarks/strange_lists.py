"""Lists that seem not to belong to the directory that they are taken into."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whowas.interchange.importing.deciding.taken_lists import TakenLists
from whowas.interchange.importing.people.later_changes import day
from whowas.interchange.importing.told.sentences import named


def strange_lists(taken: Sequence[TakenLists], begins_at: int | None) -> Iterator[str]:
    """Yield a sentence about lists of which nobody is known, and about lists that are older than the directory.

    ``begins_at`` (UTC µs) is when the first that the directory knew before them occurred, None where it was empty.
    """
    older: list[str] = []
    unknown: list[str] = []
    for taking in taken:
        since = taking.given[0].occurred_at if taking.given else None
        if since is not None and begins_at is not None and since < begins_at:
            older += [given.source.name for given in taking.given]
        elif taking.knows_nobody:
            unknown += [given.source.name for given in taking.given]
    if older and begins_at is not None:
        are = "is" if len(older) == 1 else "are"
        yield f"{named(older)} {are} older than the directory, which knows nothing from before {day(begins_at)}."
    if unknown:
        may = "it may be a list" if len(unknown) == 1 else "they may be lists"
        yield f"Nobody in {named(unknown)} is known to the directory: {may} of another one."
