"""Searching all version rows, of the present and the past alike."""

from __future__ import annotations

import numpy as np

from whowas.domain.folding import folded
from whowas.domain.progress import Progress, unwatched
from whowas.projections.read_model import ReadModel
from whowas.projections.version_index import Mask, VersionIndex, all_of

TRIGRAM = 3
ROWS_A_TRANSACTION = 5_000


def matching(read_model: ReadModel, index: VersionIndex, text: str) -> Mask | None:
    """Return the mask of the rows in which every word of ``text`` occurs, or None when ``text`` has no word.

    A word counts as found in any field, or in the name (of any time) of a group the user belongs to.
    """
    return all_of([_rows_with(read_model, index, word) for word in folded(text).split()])


def index_texts(read_model: ReadModel, progress: Progress = unwatched) -> None:
    """Put the texts of rows not yet in the trigram index into it, some thousand a transaction.

    Until that is done those rows are found by a scan, so that it may run whenever there is time.
    """
    while True:
        with read_model.writing() as connection:
            checkpoint = read_model.checkpoint()
            if checkpoint is None:
                return
            done = checkpoint.searchable
            (last, total) = connection.execute(
                "SELECT (SELECT max(number) FROM (SELECT number FROM search_text WHERE number > ? ORDER BY number "
                "LIMIT ?)), (SELECT max(number) FROM search_text)",
                (done, ROWS_A_TRANSACTION),
            ).fetchone()
            if last is None:
                return
            connection.execute(
                "INSERT INTO search (rowid, text) "
                "SELECT number, text FROM search_text WHERE number > ? AND number <= ?",
                (done, last),
            )
            connection.execute("UPDATE checkpoint SET searchable = ?", (last,))
        progress(last, total)


def _rows_with(read_model: ReadModel, index: VersionIndex, word: str) -> Mask:
    found = index.having(np.fromiter(_numbers_with(read_model, word), dtype=np.int64))
    names = {
        group_id
        for _, directory in index.directories
        for group_id, name in directory.groups.items()
        if word in folded(name)
    }
    return found | index.in_groups(frozenset(names)) if names else found


def _numbers_with(read_model: ReadModel, word: str) -> list[int]:
    scan = "SELECT number FROM search_text WHERE number > ? AND instr(text, ?)"
    checkpoint = read_model.checkpoint()
    searchable = checkpoint.searchable if checkpoint and len(word) >= TRIGRAM else 0
    numbers = [number for (number,) in read_model.select(scan, (searchable, word))]
    if searchable:
        phrase = '"' + word.replace('"', '""') + '"'
        rows = read_model.select("SELECT rowid FROM search WHERE search MATCH ? AND rowid <= ?", (phrase, searchable))
        numbers.extend(number for (number,) in rows)
    return numbers
