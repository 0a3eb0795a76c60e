"""The rows of a list that were not wholly taken, saved as a file of the same format with a column that says why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path, PurePath

from whowas.domain.errors import RefusedError
from whowas.domain.fields import label
from whowas.domain.progress import REPORTED_EVERY, Progress, unwatched
from whowas.interchange.importing.given.list_input import ListInput
from whowas.interchange.importing.ready import Ready
from whowas.interchange.importing.told.outcome import ImportOutcome, RowOutcome
from whowas.interchange.importing.told.sentences import left_out, not_wholly_taken
from whowas.interchange.reading.table import Row, UnreadableRow
from whowas.interchange.refused.ods_file import write_ods
from whowas.interchange.refused.sheets import cells_of
from whowas.interchange.refused.text_file import write_text
from whowas.interchange.refused.xlsx_file import write_xlsx
from whowas.interchange.writing import replacing

_TEXT_ENDINGS = (".csv", ".tsv", ".txt")


def can_save_refused(ready: Ready, outcome: ImportOutcome) -> bool:
    """Say whether there is a row to be saved; lines of change logs and logs are not."""
    return bool(ready.lists) and left_out(outcome) > 0


def name_of_refused(given: ListInput) -> str:
    """Return what a file of refused rows of a list may be called; its ending tells the format."""
    # Of two files with one name those of their folders stand before it.
    name = PurePath(re.sub(r"[/\\]", " ", given.source.name))
    kind = given.table.detected.format
    same = name.suffix.lower() in (_TEXT_ENDINGS if kind == "csv" else (f".{kind}",))
    return f"{name.stem if name.suffix else name.name} (refused){name.suffix if same else f'.{kind}'}"


def save_refused(
    path: Path, ready: Ready, outcome: ImportOutcome, untouched: Sequence[Path], progress: Progress = unwatched
) -> int:
    """Save the rows of a single list that are left out, or of which a field is, and return how many those are.

    The file has the format of the list and is written whole (mode 0600), never over the directory, its lists or what
    else is to be left ``untouched``. Raises StoreError, RefusedError where the format cannot hold a cell, or
    CancelledError; then nothing is written.
    """
    (given,) = ready.lists
    return _save(path, given, outcome, untouched, progress)


def save_refused_each(
    folder: Path, ready: Ready, outcome: ImportOutcome, untouched: Sequence[Path], progress: Progress = unwatched
) -> int:
    """Do the same with several lists: a file for each that has such rows, called as ``name_of_refused`` says.

    Raises RefusedError, before any is written, where a file of one of these names is there.
    """
    refused = {row.file for row in not_wholly_taken(outcome, progress) if row.line}
    targets = {folder / name_of_refused(given): given for given in ready.lists if given.source.name in refused}
    for path in targets:
        if path.exists():
            raise RefusedError("", f"“{path.name}” is there already; choose another folder.")
    return sum(_save(path, given, outcome, untouched, progress) for path, given in targets.items())


def _save(path: Path, given: ListInput, outcome: ImportOutcome, untouched: Sequence[Path], progress: Progress) -> int:
    saved = 0

    def refused() -> Iterator[tuple[Row | UnreadableRow, str]]:
        nonlocal saved
        saved = 0
        for row, why in _rows(given, outcome, progress):
            saved += 1
            yield row, why

    with replacing(path, *untouched) as new:
        detected, width = given.table.detected, len(given.table.titles) + 1
        if detected.format == "csv":
            write_text(new, given, refused)
        else:
            write = write_xlsx if detected.format == "xlsx" else write_ods
            write(new, detected.sheet, detected.header_line > 0, cells_of(given, refused()), width)
    return saved


def _rows(given: ListInput, outcome: ImportOutcome, progress: Progress) -> Iterator[tuple[Row | UnreadableRow, str]]:
    """Yield the rows of a list that are not wholly taken, and why."""
    why = partial(_why, written=outcome.written)
    told = (row for row in not_wholly_taken(outcome) if row.file == given.source.name and row.line)
    waiting = next(told, None)
    for count, row in enumerate(given.table.rows(), start=1):
        while waiting is not None and waiting.line < row.line:  # where no row begins: the file broke off
            waiting = next(told, None)
        if waiting is None:
            return
        if waiting.line == row.line:
            yield row, why(waiting)
            waiting = next(told, None)
        if count % REPORTED_EVERY == 0:
            progress(count, 0)


def _why(row: RowOutcome, *, written: bool) -> str:
    field = f"{label(row.field)}: " if row.field else ""
    rest = f" The rest of the row {'was' if written else 'would be'} imported." if row.taken_without_field else ""
    return f"{field}{row.reason}{rest}"
