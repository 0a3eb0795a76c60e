"""The texts that searching compares: kept from the first search on, so that opening need not make them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import msgspec
import numpy as np

from whowas.domain.fields import LABELS
from whowas.domain.progress import Progress, unwatched
from whowas.projections.tables.arrays import Int64
from whowas.projections.tables.checked_database import DRIVER_ERRORS, is_of_the_moment
from whowas.projections.tables.read_model import ReadModel

ROWS_A_TRANSACTION = 2_000

_MADE = f"search_text({', '.join(LABELS)}, attributes)"
"""The text of a version row, by the function that each connection to a read model has."""

_LAST_KEPT = "(SELECT coalesce(max(number), 0) FROM search_text)"

SEARCHED: Final = (
    f"(SELECT number, text FROM search_text UNION ALL "  # noqa: S608 (of constants)
    f"SELECT number, {_MADE} AS text FROM version_row WHERE number > {_LAST_KEPT})"
)
"""All version rows with their texts, for use in a query as a table of the columns ``number`` and ``text``."""

_KEEP = (
    f"INSERT INTO search_text SELECT number, {_MADE} FROM version_row "  # noqa: S608 (of constants)
    f"WHERE number > {_LAST_KEPT} ORDER BY number LIMIT ?"
)
_SELECT_LASTS = f"SELECT {_LAST_KEPT}, (SELECT coalesce(max(number), 0) FROM version_row)"  # noqa: S608

_HIDDEN = "(SELECT value FROM json_each(?))"
_SHOWN = f"(SELECT json_group_object(key, value) FROM json_each(attributes) WHERE key NOT IN {_HIDDEN})"  # noqa: S608
_ONLY_HIDDEN = (
    "SELECT version_row.number FROM json_each(?) AS asked "  # noqa: S608 (of constants)
    "CROSS JOIN version_row ON version_row.number = asked.value WHERE attributes != '{}' "
    f"AND EXISTS (SELECT 1 FROM json_each(attributes) WHERE key IN {_HIDDEN}) "
    f"AND NOT instr(search_text({', '.join(LABELS)}, {_SHOWN}), ?)"
)
_ROWS_ASKED = 2_000


def rows_only_hidden(
    read_model: ReadModel, found: Int64, word: str, hidden: Collection[str], progress: Progress = unwatched
) -> Int64:
    """Return which of the rows, by number, in which a word was ``found`` have it only in ``hidden`` fields, by id.

    Only those rows are looked at. Raises CancelledError.
    """
    fields = msgspec.json.encode(sorted(hidden)).decode()
    only = [np.zeros(0, dtype=np.int64)]
    for start in range(0, len(found), _ROWS_ASKED):
        progress(start, len(found))
        asked = msgspec.json.encode(found[start : start + _ROWS_ASKED].tolist()).decode()
        only.append(read_model.numbers(_ONLY_HIDDEN, (asked, fields, fields, word)))
    return np.concatenate(only)


def keep_texts(read_model: ReadModel, progress: Progress = unwatched) -> None:
    """Keep the texts of all rows, some thousand in each transaction. Raises CancelledError."""
    while True:
        ((kept, last),) = read_model.select(_SELECT_LASTS)
        if kept >= last:
            return
        progress(kept, last)
        with read_model.writing() as connection:
            connection.execute(_KEEP, (ROWS_A_TRANSACTION,))


def keep_texts_if_possible(read_model: ReadModel, progress: Progress) -> None:
    """Keep the texts of all rows unless another program writes just now, or the disk is full: SEARCHED has them too.

    Raises CancelledError.
    """
    try:
        keep_texts(read_model, progress)
    except DRIVER_ERRORS as error:
        if not is_of_the_moment(error):
            raise
