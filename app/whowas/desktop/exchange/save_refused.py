"""Saving the refused rows of an import as a file of the same format, or as one for each of several lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from whowas.desktop.kit.save_as import ask_where_to_save
from whowas.desktop.session.job_progress import ShownProgress
from whowas.desktop.session.session import Session
from whowas.domain.errors import WhowasError
from whowas.domain.progress import Progress
from whowas.interchange.importing.ready import Ready
from whowas.interchange.importing.told.outcome import ImportOutcome
from whowas.interchange.refused.refused_list import name_of_refused, save_refused, save_refused_each

TITLE = "Save the refused rows"

_KINDS = {"csv": "CSV", "xlsx": "Excel workbook", "ods": "OpenDocument spreadsheet"}


def ask_to_save_refused(
    window: QWidget,
    session: Session,
    progress: ShownProgress,
    ready: Ready,
    outcome: ImportOutcome,
    sources: Sequence[Path],
    *,
    saved: Callable[[str], None],
    failed: Callable[[WhowasError], None],
) -> None:
    """Let the person choose where to, and save there as a job; of several lists into a folder, a file each.

    ``sources`` are the files that were read, which are never written over. ``saved`` gets a sentence that says what was
    saved and where. Nothing happens if the person cancels, or where ``can_save_refused`` says no.
    """
    beside = sources[0].parent if sources else session.path.parent
    untouched = (session.path, *sources)
    single = len(ready.lists) == 1
    target = _asked_file(window, ready, beside) if single else _asked_folder(window, beside)
    if target is None:
        return
    save = save_refused if single else save_refused_each

    def work(report: Progress) -> int:
        return save(target, ready, outcome, untouched, report)

    def told(rows: int) -> None:
        saved(f"{'1 row' if rows == 1 else f'{rows:,} rows'} saved {'to' if single else 'in'} {target}.")

    progress.follow("Saving the refused rows", partial(session.queries.run, work), told, failed)


def _asked_file(window: QWidget, ready: Ready, folder: Path) -> Path | None:
    (given,) = ready.lists
    proposed = name_of_refused(given)
    ending = Path(proposed).suffix
    kind = _KINDS[given.table.detected.format]
    return ask_where_to_save(window, TITLE, str(folder / proposed), {f"{kind} (*{ending})": ending})


def _asked_folder(window: QWidget, folder: Path) -> Path | None:
    chosen = QFileDialog.getExistingDirectory(window, TITLE, str(folder))
    return Path(chosen) if chosen else None
