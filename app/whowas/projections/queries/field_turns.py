"""Where in the timeline a field of somebody got another value."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS
from whowas.domain.users import User
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.tables.arrays import Int32, Int64
from whowas.projections.tables.read_model import ReadModel
from whowas.projections.tables.row_codec import decode_attributes

_RANKED = "SELECT number, CASE WHEN {0} IS NULL THEN 0 ELSE dense_rank() OVER (ORDER BY {0}) END FROM version_row"
_DISTINCT = "SELECT DISTINCT attributes FROM version_row ORDER BY attributes"


def turning_points(read_model: ReadModel, index: VersionIndex, field: str, rows: Int64 | None = None) -> Int32:
    """Return the moments with which somebody has another value of ``field`` than before, in no order.

    ``rows`` are the indices of the rows to look at, each of which needs the one before it among them; None for all.
    Raises KeyError for a field that there is none of.
    """
    if not (field in LABELS or field in ("status", "groups", "password") or field.startswith(ATTRIBUTE_PREFIX)):
        raise KeyError(field)
    if rows is None:
        values, users, begins = _values(read_model, index, field), index.users, index.begins
    else:
        values, users, begins = _values_at(read_model, index, field, rows), index.users[rows], index.begins[rows]
    by_user = np.lexsort((begins, users))
    ordered, users = values[by_user], users[by_user]
    before = np.concatenate(([0], ordered[:-1]))
    before[np.flatnonzero(np.diff(users, prepend=-1))] = 0
    moments: Int32 = begins[by_user[ordered != before]]
    return moments


def _values(read_model: ReadModel, index: VersionIndex, field: str) -> Int32:
    """Return a number for the value in each row of ``index``, the same for the same; 0 where it is empty."""
    if field == "status":
        return index.statuses.astype(np.int32) + 1
    if field == "groups":
        return _coded(index.memberships)[index.groupsets]
    name = field.removeprefix(ATTRIBUTE_PREFIX)
    # One of the schema's own columns. To put them in order is SQLite's work, which nobody has to wait for.
    pairs = read_model.numbers(_RANKED.format("attributes" if name != field else field), columns=2)
    # Somebody else may have written since ``index`` was made: other rows are left out.
    numbers, ranks = pairs[np.argsort(pairs[:, 0])].T
    known = np.isin(numbers, index.numbers)
    codes = np.zeros(len(index.numbers), dtype=np.int32)
    codes[np.searchsorted(index.numbers, numbers[known])] = ranks[known]
    if name == field:
        return codes
    texts = read_model.select(_DISTINCT)
    return _coded([None, *(decode_attributes(text).get(name) for (text,) in texts)])[codes]


def _values_at(read_model: ReadModel, index: VersionIndex, field: str, rows: Int64) -> Int32:
    """Return the same for a few rows; a row that is gone since ``index`` was made counts as empty."""
    numbers = index.numbers[rows].tolist()
    users = {row.number: _value(row.user, field) for row in read_model.rows(numbers)}
    return _coded([None, *(users.get(number) for number in numbers)])[1:]


def _value(user: User, field: str) -> object:
    match field:
        case "status":
            return user.status
        case "groups":
            return user.groups
        case "password":
            return user.password
        case _:
            return user.value(field)


def _coded(values: Iterable[object]) -> Int32:
    codes: dict[object, int] = {None: 0, frozenset(): 0}
    return np.fromiter((codes.setdefault(value, len(codes)) for value in values), dtype=np.int32)
