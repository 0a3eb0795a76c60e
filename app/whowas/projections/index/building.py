"""Making the version index from the read model, and keeping it up with later rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from itertools import chain, islice

import numpy as np

from whowas.domain.directory import Directory
from whowas.domain.progress import Progress, part_of, unwatched
from whowas.domain.users import STATUSES
from whowas.projections.index.census import Census
from whowas.projections.index.columns import Numbered, columns_of
from whowas.projections.index.counts import kind_of
from whowas.projections.index.order_names import column_of, is_current, order_name
from whowas.projections.index.sort_orders import inserted, key_reader, sorted_rows
from whowas.projections.index.steps import Steps
from whowas.projections.index.version_index import ALIVE, VersionIndex
from whowas.projections.tables.arrays import Int32, Int64
from whowas.projections.tables.epoch import Epoch
from whowas.projections.tables.read_model import ReadModel
from whowas.projections.tables.row_codec import decode_groups

ROWS_PUT_IN_ONE_BY_ONE = 200
"""With more new rows than this it is quicker to build the arrays again than to put rows in."""

_SELECT_EVERY_STEP = "SELECT number, occurred_at, first_position, created, changed, removed FROM step ORDER BY number"
_STEP_KINDS = (np.int32, np.int64, np.int64, np.int32, np.int32, np.int32)
_SELECT_STEPS = _SELECT_EVERY_STEP.replace("ORDER", "WHERE number > ? ORDER")
_SELECT_EVERY_ROW = "SELECT number, user, begins, content, status, groups FROM version_row ORDER BY number"
_ROW_KINDS = (np.int32, np.int32, np.int32, np.int64, np.uint8, np.int32)
_SELECT_ROWS = _SELECT_EVERY_ROW.replace("ORDER", "WHERE number > ? ORDER")
_STATUS_CODES: dict[str, int] = {status: code for code, status in enumerate(STATUSES)}
_Row = tuple[int, int, int, int, str, str]


def built(read_model: ReadModel, orders: Collection[str], progress: Progress = unwatched) -> VersionIndex:
    """Return the index of everything in the read model, with sort orders by the columns of ``orders``.

    They are those of the custom fields' last definitions. Raises CancelledError.
    """
    checkpoint = read_model.checkpoint()
    columns = dict.fromkeys(map(column_of, orders))
    parts = 2 + len(columns)
    of_steps, of_rows, *of_orders = (part_of(progress, part, parts) for part in range(parts))
    steps = Steps.of_columns(columns_of(read_model, _SELECT_EVERY_STEP, "step", _STEP_KINDS, progress=of_steps))
    groupset_of = Numbered()
    codes = (_STATUS_CODES.__getitem__, groupset_of.__getitem__)
    numbers, users, began, contents, statuses, groupsets = columns_of(
        read_model, _SELECT_EVERY_ROW, "version_row", _ROW_KINDS, codes, progress=of_rows
    )
    begins = steps.ranks()[began]
    ends = ends_of(users, begins)
    directories = _directories(read_model, steps)
    latest = directories[-1][1] if directories else Directory()
    return VersionIndex(
        epoch=checkpoint.epoch if checkpoint else Epoch(0, 0),
        steps=steps,
        numbers=numbers,
        users=users,
        begins=begins,
        ends=ends,
        contents=contents,
        statuses=statuses,
        groupsets=groupsets,
        memberships=tuple(decode_groups(groups) for groups in groupset_of),
        census=Census.of(groupsets * len(STATUSES) + statuses, begins, ends, ALIVE),
        orders={
            (name := order_name(column, latest)): sorted_rows(read_model, name, latest, users, of_order)
            for column, of_order in zip(columns, of_orders, strict=True)
        },
        directories=directories,
    ).with_laid_rows()


def ends_of(users: Int32, begins: Int32) -> Int32:
    """Return where rows end, those of each user being in timeline order: where the next of them begins."""
    order = np.argsort(users, kind="stable")
    by_user, starts = users[order], begins[order]
    ends = np.full(len(users), ALIVE, dtype=np.int32)
    followed = by_user[1:] == by_user[:-1]
    ends[order[:-1][followed]] = starts[1:][followed]
    return ends


def advanced(index: VersionIndex, read_model: ReadModel, progress: Progress = unwatched) -> VersionIndex:
    """Return ``index`` with all that the read model got since; the same object when that is nothing.

    Raises CancelledError.
    """
    checkpoint = read_model.checkpoint()
    if checkpoint is None or checkpoint.epoch != index.epoch:
        return built(read_model, index.orders, progress)
    # Steps are numbered without gaps, so their count is the last one's number, and no array need be read for it.
    later = Steps.of(_table(read_model.select(_SELECT_STEPS, (len(index.steps),)), 6))
    if not len(later):
        return index
    last_row = int(index.numbers[-1]) if len(index.numbers) else 0
    # No more than are put in: freeing a hundred thousand at once stops all threads.
    rows: list[_Row] = list(islice(read_model.select(_SELECT_ROWS, (last_row,)), ROWS_PUT_IN_ONE_BY_ONE + 1))
    steps = index.steps.then(later)
    directories = _directories(read_model, steps)
    latest = directories[-1][1] if directories else Directory()
    regrouped = latest.groups != index.latest_directory().groups and "groups" in index.orders
    if len(rows) > ROWS_PUT_IN_ONE_BY_ONE or regrouped:
        return built(read_model, index.orders, progress)
    index = replace(index, steps=steps, directories=directories)
    for row in rows:
        index = _with_row(index, row, int(np.flatnonzero(steps.numbers == row[2])[0]) + 1)
    return _sorted_in(index, read_model, len(rows)).with_laid_rows()


def with_order(index: VersionIndex, read_model: ReadModel, name: str, progress: Progress = unwatched) -> VersionIndex:
    """Return ``index`` with a sort order, see ``order_name``, and without those of the column that are not current.

    Raises KeyError for a column nobody can sort by, or CancelledError.
    """
    if name in index.orders:
        return index
    latest = index.latest_directory()
    order = sorted_rows(read_model, name, latest, index.users, progress)
    outdated = [one for one in index.orders if column_of(one) == column_of(name) and not is_current(one, latest)]
    return index.without_orders(outdated).with_laid(name, order)


def _with_row(index: VersionIndex, row: _Row, begins: int) -> VersionIndex:
    number, user, _, content, status, groups = row
    members = decode_groups(groups)
    memberships = index.memberships if members in index.memberships else (*index.memberships, members)
    groupset, code = memberships.index(members), _STATUS_CODES[status]
    ends = np.append(index.ends, np.int32(ALIVE))
    before = np.flatnonzero((index.users == user) & (index.ends == ALIVE))
    ends[before] = begins
    follows = [kind_of(int(index.groupsets[row]), int(index.statuses[row])) for row in before.tolist()]
    return replace(
        index,
        numbers=np.append(index.numbers, np.int32(number)),
        users=np.append(index.users, np.int32(user)),
        begins=np.append(index.begins, np.int32(begins)),
        ends=ends,
        contents=np.append(index.contents, np.int64(content)),
        statuses=np.append(index.statuses, np.uint8(code)),
        groupsets=np.append(index.groupsets, np.int32(groupset)),
        memberships=memberships,
        census=index.census.with_row(kind_of(groupset, code), begins, follows[0] if follows else None),
    )


def _sorted_in(index: VersionIndex, read_model: ReadModel, count: int) -> VersionIndex:
    """Put the last ``count`` rows, which no sort order has yet, into every sort order."""
    orders = dict(index.orders)
    for name in index.orders:
        key_of = key_reader(read_model, name, index.latest_directory())
        for row in range(len(index.numbers) - count, len(index.numbers)):
            orders[name] = inserted(orders[name], row, index.numbers, key_of)
    return replace(index, orders=orders)


def _table(rows: Iterable[tuple[int, ...]], columns: int) -> Int64:
    """Return rows of numbers as an array with that many columns, without ever holding all of them as Python objects."""
    table = np.fromiter(chain.from_iterable(rows), dtype=np.int64)
    return table.reshape(-1, columns)


def _directories(read_model: ReadModel, steps: Steps) -> tuple[tuple[int, Directory], ...]:
    ranks = steps.ranks()
    states = [(int(ranks[step]), state) for step, state in read_model.directory_states()]
    return tuple(sorted(states, key=lambda entry: entry[0]))
