"""Searching the version rows, present and past."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from whowas.domain.progress import Progress, part_of, unwatched
from whowas.domain.text_folding import searchable
from whowas.projections.index.version_index import Mask, VersionIndex, all_of
from whowas.projections.tables.arrays import Int32, Int64
from whowas.projections.tables.read_model import ReadModel
from whowas.projections.tables.schema import CheckpointTable
from whowas.projections.tables.search_texts import SEARCHED, keep_texts, keep_texts_if_possible, rows_only_hidden

TRIGRAM = 3
ROWS_A_TRANSACTION = 5_000
ROWS_AT_ONCE = 500


def matching(
    read_model: ReadModel,
    index: VersionIndex,
    text: str,
    among: Int32 | None = None,
    progress: Progress = unwatched,
    hidden: Collection[str] = (),
) -> Mask | None:
    """Return the mask of the rows in which every word of ``text`` occurs, or None if ``text`` has no word.

    A word may occur in any field, or in any name that a group of the user ever had. ``among`` holds the numbers of
    the rows to search; None searches all. ``hidden`` are the ids of custom fields that do not count.
    Raises CancelledError, while the first search of a history makes the texts, or much is looked at for ``hidden``.
    """
    keep_texts_if_possible(read_model, progress)
    found = all_of([_rows_with(read_model, index, word, among, hidden, progress) for word in searchable(text).split()])
    return found if found is None or among is None else found & index.having(among)


def index_texts(read_model: ReadModel, progress: Progress = unwatched) -> None:
    """Add the rows that are not yet in the trigram index to it, some thousand in each transaction.

    Until then these rows are found by a scan, so this can run when there is time.
    """
    keep_texts(read_model, part_of(progress, 0, 2))
    progress = part_of(progress, 1, 2)
    while True:
        with read_model.writing() as connection:
            checkpoint = read_model.checkpoint()
            if checkpoint is None:
                return
            done = checkpoint.searchable
            ((last, total),) = connection.execute(
                "SELECT (SELECT max(number) FROM (SELECT number FROM search_text WHERE number > ? ORDER BY number "
                "LIMIT ?)), (SELECT max(number) FROM search_text)",
                (done, ROWS_A_TRANSACTION),
            )
            if last is None:
                return
            connection.execute(
                "INSERT INTO search (rowid, text) "
                "SELECT number, text FROM search_text WHERE number > ? AND number <= ?",
                (done, last),
            )
            read_model.ask(CheckpointTable.update(searchable=last))
        progress(last, total)


def _rows_with(
    read_model: ReadModel,
    index: VersionIndex,
    word: str,
    among: Int32 | None,
    hidden: Collection[str],
    progress: Progress,
) -> Mask:
    numbers = _numbers_with(read_model, word) if among is None else _numbers_among(read_model, word, among.tolist())
    found = index.having(numbers)
    if hidden:
        found &= ~index.having(rows_only_hidden(read_model, numbers, word, hidden, progress))
    names = {
        group_id
        for _, directory in index.directories
        for group_id, name in directory.groups.items()
        if word in searchable(name)
    }
    return found | index.in_groups(frozenset(names)) if names else found


def _numbers_with(read_model: ReadModel, word: str) -> Int64:
    checkpoint = read_model.checkpoint()
    searchable = checkpoint.searchable if checkpoint and len(word) >= TRIGRAM else 0
    scan = f"SELECT number FROM {SEARCHED} WHERE number > ? AND instr(text, ?)"  # noqa: S608 (of constants)
    numbers = read_model.numbers(scan, (searchable, word))
    if not searchable:
        return numbers
    phrase = '"' + word.replace('"', '""') + '"'
    indexed = read_model.numbers("SELECT rowid FROM search WHERE search MATCH ? AND rowid <= ?", (phrase, searchable))
    return np.concatenate((numbers, indexed))


def _numbers_among(read_model: ReadModel, word: str, among: list[int]) -> Int64:
    found = [np.zeros(0, dtype=np.int64)]
    for start in range(0, len(among), ROWS_AT_ONCE):
        some = among[start : start + ROWS_AT_ONCE]
        scan = f"SELECT number FROM {SEARCHED} WHERE number IN ({','.join('?' * len(some))}) AND instr(text, ?)"  # noqa: S608
        found.append(read_model.numbers(scan, (*some, word)))
    return np.concatenate(found)
