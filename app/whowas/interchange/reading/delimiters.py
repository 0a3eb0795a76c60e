"""Which character separates the columns of a CSV file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice

from whowas.domain.errors import RefusedError
from whowas.domain.fields import shortened
from whowas.interchange.entries import UnreadableError
from whowas.interchange.reading.csv_rows import RawRow, csv_rows
from whowas.interchange.reading.titles import SEARCHED_COLUMNS, KnowsTitle, count_known, header_among
from whowas.interchange.reading.visible_text import cleaned_title, is_blank

_CANDIDATES = (",", ";", "\t", "|")
_WORDS = {"tab": "\t", "comma": ",", "semicolon": ";", "bar": "|", "pipe": "|", "\\t": "\t"}
_SEP_LINE = re.compile(r'"?sep=(.)"?[,;\t|]*\s*', re.IGNORECASE)
_SAMPLED_ROWS = 50


def delimiter_called(text: str) -> str:
    """Return the delimiter that a person means. Raises RefusedError where it is none."""
    delimiter = _WORDS.get(text.strip().lower(), text)
    if len(delimiter) != 1 or delimiter in '"\r\n\0' or delimiter.isalnum():
        raise RefusedError("delimiter", f"“{shortened(text)}” separates no columns: give one character, or tab.")
    return delimiter


def said_in(first_line: str) -> str | None:
    """Return the delimiter that a first line such as ``sep=;`` names, as Excel understands it; else None."""
    found = _SEP_LINE.fullmatch(first_line)
    return found[1] if found and found[1] in {*_CANDIDATES, ":", "^", "~", " "} else None


def detected_delimiter(lines: Sequence[str], knows_title: KnowsTitle | None) -> str:
    """Return the delimiter of a list from its first ``lines``; a comma where it has but one column."""
    best, best_score = ",", _score(lines, ",", knows_title)
    for delimiter in _CANDIDATES[1:]:
        score = _score(lines, delimiter, knows_title)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _score(lines: Sequence[str], delimiter: str, knows_title: KnowsTitle | None) -> tuple[int, float, int]:
    """Return how well a delimiter fits: titles recognised, the share of rows of the commonest width, and that width."""
    rows: list[RawRow] = []
    with suppress(UnreadableError):  # as where the sample ends within quotation marks
        rows.extend(islice(csv_rows(lines, delimiter), _SAMPLED_ROWS))
    filled = [row.cells for row in rows if not all(map(is_blank, row.cells))]
    if not filled:
        return 0, 0.0, 1
    header = [cleaned_title(cell) for cell in filled[header_among(filled, knows_title)][:SEARCHED_COLUMNS]]
    known = count_known(header, knows_title) if knows_title else 0
    width, count = Counter(map(len, filled)).most_common(1)[0]
    return (known, count / len(filled), width) if min(width, len(header)) > 1 else (known, 0.0, 1)
