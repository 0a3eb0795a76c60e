"""The job that imports: a backup first, then the files as they were previewed, or nothing where that has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from whowas.desktop.exchange.assistant.jobs.looking import Looked, Previewed
from whowas.desktop.exchange.assistant.jobs.read_files import ReadFile, changed_since
from whowas.desktop.exchange.preview.rows.preview_rows import PreviewRows
from whowas.desktop.session.session import Session
from whowas.domain.progress import Progress
from whowas.interchange.importing import remembered
from whowas.interchange.importing.told.outcome import ImportOutcome
from whowas.interchange.mapping.title_keys import title_key
from whowas.safekeeping.backing_up import backed_up
from whowas.safekeeping.backups import BEFORE_IMPORT

if TYPE_CHECKING:
    from whowas.command_bus.bus import Bus


@dataclass(frozen=True, slots=True)
class ImportMade:
    """What was imported; ``unmade`` says why there is no backup from before, or is empty."""

    outcome: ImportOutcome
    previewed: Previewed
    unmade: str


@dataclass(frozen=True, slots=True)
class ImportAsksAgain:
    """Nothing was imported, as the directory has changed: this is what would become of the rows now."""

    previewed: Previewed


@dataclass(frozen=True, slots=True)
class FilesChanged:
    """Nothing was imported yet, as files are not any more on disk what was read; ``sentence`` says which."""

    sentence: str


def carry_out(
    session: Session,
    files: Sequence[ReadFile],
    looked: Looked,
    previewed: Previewed,
    bus: Bus,
    progress: Progress,
    *,
    as_read: bool,
) -> ImportMade | ImportAsksAgain | FilesChanged:
    """Import what was previewed; ``as_read`` says that it does not matter what became of the files meanwhile.

    Raises CancelledError, StoreError, UnfinishedError, and RefusedError where the rules cannot be kept any more.
    """
    if not as_read and (changed := changed_since(files)):
        return FilesChanged(changed)
    unmade = backed_up(session.log, BEFORE_IMPORT, progress)
    outcome = previewed.ready.take(bus, session.log, previewed=previewed.outcome, progress=progress)
    if not outcome.written:
        from whowas.interchange.refused.refused_list import can_save_refused

        rows = PreviewRows.of(outcome, progress)
        refused = can_save_refused(previewed.ready, outcome)
        return ImportAsksAgain(replace(previewed, outcome=outcome, rows=rows, can_save_refused=refused))
    _remember(session, files, looked, previewed)
    return ImportMade(outcome, previewed, unmade)


def _remember(session: Session, files: Sequence[ReadFile], looked: Looked, previewed: Previewed) -> None:
    """Keep what was said, for the next list with these titles, and for the next import into this directory."""
    plan = previewed.plan
    for titles in {given.table.titles for given in looked.ready.lists}:
        there = {title_key(title) for title in titles}
        fields = {title: field for title, field in plan.chosen.fields.items() if title_key(title) in there}
        remembered.remember_columns(titles, replace(plan.chosen, fields=fields), plan.rules.keys)
    paths = tuple(str(file.path.absolute()) for file in files if file.path is not None)
    if paths and len(paths) == len(files):
        rules = replace(plan.rules, yes=False, decisions={})
        made = remembered.LastImport(paths, plan.how, plan.chosen, rules)
        remembered.remember_import(str(session.path), made)
