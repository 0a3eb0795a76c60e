"""Reading whole columns of the read model into arrays, of which no more than some rows are ever objects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

import numpy as np

from whowas.domain.progress import Progress
from whowas.projections.tables.read_model import ReadModel
from whowas.store.gc_pauses import let_go

_ROWS_AT_ONCE = 2_000

Column = np.ndarray[tuple[Any, ...], np.dtype[Any]]


class Numbered(dict[str, int]):
    """Numbers texts from 0 on, in the order in which they are first asked for."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number


def columns_of(
    read_model: ReadModel,
    sql: str,
    table: str,
    kinds: Sequence[type],
    codes: Sequence[Callable[[str], int]] = (),
    *,
    progress: Progress,
) -> list[Column]:
    """Return the columns of a query of all rows of a table, each as an array of one of ``kinds`` (types of NumPy).

    The last columns of the query are texts, which ``codes`` turns into the numbers to be kept. Raises CancelledError.
    """
    ((count,),) = read_model.select(f"SELECT count(*) FROM {table}")  # noqa: S608 (one of ours)
    columns: list[Column] = [np.empty(count, dtype=kind) for kind in kinds]
    first_text, done = len(kinds) - len(codes), 0
    rows = iter(read_model.select(sql))
    while some := list(islice(rows, _ROWS_AT_ONCE)):
        for place, values in enumerate(zip(*some, strict=True)):
            coded: Iterable[Any] = values if place < first_text else map(codes[place - first_text], values)
            columns[place][done : done + len(some)] = tuple(coded)
        done += len(some)
        let_go(some)
        progress(done, count)
    return columns
