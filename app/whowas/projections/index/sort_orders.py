"""Sort orders: permutations of the version rows by one column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from heapq import merge
from itertools import islice

import numpy as np

from whowas.domain.directory import Directory
from whowas.domain.field_values import natural_key, sort_key
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS
from whowas.domain.progress import Progress, unwatched
from whowas.domain.users import STATUSES
from whowas.projections.index.order_names import column_of, definition_of
from whowas.projections.tables.arrays import Int32
from whowas.projections.tables.read_model import ReadModel
from whowas.projections.tables.row_codec import decode_groups
from whowas.store.gc_pauses import let_go

_LAST = "\U0010ffff"
"""Sorts after every text: users without a value stand at the end."""

_ROWS_AT_ONCE = 2_000
"""Of how many rows the values are objects at a time; work can be cancelled after each."""

_USER_BITS = 32

_FULL_NAME = "trim(coalesce(first_name, '') || ' ' || coalesce(last_name, ''))"


def sorted_rows(
    read_model: ReadModel, name: str, directory: Directory, users: Int32, progress: Progress = unwatched
) -> Int32:
    """Return the permutation of a sort order (see ``order_name``) of the version rows, in the order of their numbers.

    ``users`` are the numbers of the users of as many rows, from the first on. Those of one value stand in the order of
    their numbers, so that no edit of another field moves anybody. Distinct values are few beside the rows of a long
    history, so values are ranked first, rows after. Raises KeyError for a column nobody can sort by, or CancelledError.
    """
    expression, parameters, key = _value(name, directory)
    select = f"SELECT {expression} FROM version_row ORDER BY number LIMIT ?"  # noqa: S608
    codes = np.empty(len(users), dtype=np.int32)
    code_of: dict[str | None, int] = {}
    rows = iter(read_model.select(select, (*parameters, len(users))))
    done = 0
    while some := list(islice(rows, _ROWS_AT_ONCE)):
        codes[done : done + len(some)] = [code_of.setdefault(value, len(code_of)) for (value,) in some]
        done += len(some)
        progress(done, len(users))
    keys = [key(value) for value in code_of]
    let_go(code_of)
    ranks = {text: rank for rank, text in enumerate(_in_order(set(keys)))}
    rank_of_code = np.fromiter((ranks[text] for text in keys), dtype=np.int32, count=len(keys))
    let_go(keys, ranks)
    progress(done, len(users))
    # Both in one number, which takes half as long as sorting by one and then by the other.
    sort_keys = rank_of_code[codes[:done]].astype(np.int64) << _USER_BITS
    sort_keys |= users[:done]
    return np.argsort(sort_keys, kind="stable").astype(np.int32)


def _in_order(keys: Iterable[str]) -> Iterator[str]:
    """Return sort keys in order; they are sorted some at a time, as no other thread gets its turn meanwhile."""
    left, runs = iter(keys), []
    while run := sorted(islice(left, _ROWS_AT_ONCE)):
        runs.append(run)
    return merge(*runs)


def _value(name: str, directory: Directory) -> tuple[str, tuple[str, ...], Callable[[str | None], str]]:
    """Return the value of a column of a version row in SQL, its parameters, and what makes a sort key of that value."""

    def by_text(value: str | None) -> str:
        return natural_key(value or "") or _LAST

    def by_groups(value: str | None) -> str:
        return natural_key(", ".join(directory.names_of(decode_groups(value or "[]")))) or _LAST

    def by_status(value: str | None) -> str:
        return str([*STATUSES].index(value))  # type: ignore[arg-type]

    def by_type(value: str | None) -> str:
        return (sort_key(definition, value) if value else "") or _LAST

    parameters: tuple[str, ...] = ()
    key = by_text
    match column := column_of(name):
        case "name":
            expression = f"coalesce(nullif({_FULL_NAME}, ''), email, external_id)"
        case "groups":
            expression, key = "groups", by_groups
        case "status":
            expression, key = "status", by_status
        case _ if column.startswith(ATTRIBUTE_PREFIX):
            expression = "(SELECT value FROM json_each(attributes) WHERE key = ?)"
            parameters = (column.removeprefix(ATTRIBUTE_PREFIX),)
            definition, key = definition_of(name), by_type
        case _ if column in LABELS:
            expression = column
        case _:
            raise KeyError(column)
    return expression, parameters, key


SortKey = tuple[str, int]
"""What a row is sorted by: the sort key of its value in the column, then the number of the user."""


def key_reader(read_model: ReadModel, name: str, directory: Directory) -> Callable[[int], SortKey]:
    """Return what reads the key of the version row of a number; groups are called as in ``directory``."""
    expression, parameters, key = _value(name, directory)
    select = f"SELECT {expression}, user FROM version_row WHERE number = ?"  # noqa: S608

    def key_of(number: int) -> SortKey:
        ((value, user),) = read_model.select(select, (*parameters, number))
        return key(value), user

    return key_of


def inserted(order: Int32, row: int, numbers: Int32, key_of: Callable[[int], SortKey]) -> Int32:
    """Return ``order`` with the new ``row`` (an index) put in; ``key_of`` gives the key of the row of a number."""
    key = key_of(int(numbers[row]))
    low, high = 0, len(order)
    while low < high:
        middle = (low + high) // 2
        if key < key_of(int(numbers[order[middle]])):
            high = middle
        else:
            low = middle + 1
    return np.insert(order, low, row).astype(np.int32)
