"""Finding the row of titles in a list, which may have a heading above it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from whowas.interchange.reading.visible_text import cleaned_title, is_blank

KnowsTitle = Callable[[str], bool]
"""Says whether a clean title is one that the mapping recognises."""

SEARCHED_ROWS = 30
"""The titles stand in one of so many first rows that hold anything."""

SEARCHED_COLUMNS = 200
"""And some of them in so many first columns."""

_LONGEST_KNOWN = 200
_LEAST_BELOW_A_HEADING = 3


def count_known(titles: Sequence[str], knows_title: KnowsTitle) -> int:
    """Return how many clean titles are recognised, without asking about those that are too long to be one."""
    return sum(knows_title(title) for title in titles if len(title) <= _LONGEST_KNOWN)


def header_among(rows: Sequence[Sequence[str]], knows_title: KnowsTitle | None) -> int:
    """Return the index of the row of titles among first rows that hold something.

    That is the first row of which half of what is filled is recognised: two titles at least, or all there are. Where
    there is none, it is the first row, unless that is but a heading: a single cell above rows of three and more.
    """
    beginnings = [row[:SEARCHED_COLUMNS] for row in rows[:SEARCHED_ROWS]]
    filled = [[cleaned_title(cell) for cell in row if not is_blank(cell)] for row in beginnings]
    widths = sorted(map(len, filled))
    if knows_title is not None:
        for index, titles in enumerate(filled):
            known = count_known(titles, knows_title)
            if known * 2 >= len(titles) and known >= min(2, widths[-1]):
                return index
    if widths[len(widths) // 2] < _LEAST_BELOW_A_HEADING:
        return 0
    return next(index for index, titles in enumerate(filled) if len(titles) > 1)
