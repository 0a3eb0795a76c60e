"""What the jobs of the assistant find out: how files look, what the directory knows, what would become of rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from whowas.desktop.exchange.assistant.fitting import Fitted, made_fitting
from whowas.desktop.exchange.assistant.jobs.read_files import ReadFile
from whowas.desktop.exchange.assistant.known import KnownDirectory
from whowas.desktop.exchange.assistant.plan import ImportPlan
from whowas.desktop.exchange.preview.rows.preview_rows import PreviewRows
from whowas.domain.custom_fields import Fields
from whowas.domain.errors import CancelledError, RefusedError, WhowasError
from whowas.domain.fields import shortened
from whowas.domain.progress import Progress, part_of
from whowas.interchange.importing import remembered
from whowas.interchange.importing.given.list_input import source_of
from whowas.interchange.importing.list_look import ListLook, look_at
from whowas.interchange.importing.ready import FileRefusedError, Ready, Request, made_ready
from whowas.interchange.importing.told.outcome import ImportOutcome
from whowas.projections.queries.present import count_present

if TYPE_CHECKING:
    from whowas.command_bus.bus import Bus
    from whowas.command_bus.unit_of_work import Change
    from whowas.desktop.session.session import Session


@dataclass(frozen=True, slots=True)
class Looked:
    """Files that can be taken by a plan, what they look like, and what the directory knows.

    There are no ``looks`` of change logs and logs. ``recalled`` says that the plan has what was said the last time;
    ``lacking`` and ``anew`` what of that does not fit these files, see ``Fitted``.
    """

    plan: ImportPlan
    ready: Ready
    looks: tuple[ListLook, ...]
    known: KnownDirectory
    recalled: bool = False
    lacking: tuple[str, ...] = ()
    anew: bool = False


@dataclass(frozen=True, slots=True)
class SeenFile:
    """One of several files: how many rows it has, None where it is no list, or in a sentence why it cannot be taken."""

    file: ReadFile
    rows: int | None = None
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Previewed:
    """What would become of files by a plan, or of the first rows only, and these rows as they are shown.

    ``can_save_refused`` says whether there are rows that can be saved to be corrected.
    """

    plan: ImportPlan
    ready: Ready
    outcome: ImportOutcome
    rows: PreviewRows
    whole: bool
    can_save_refused: bool


def see_files(files: Sequence[ReadFile], request: Request, progress: Progress) -> list[SeenFile]:
    """Look at each of several files by itself. Raises CancelledError.

    A list in which nothing names a person is one that cannot be taken, unless no file is any better: then a person may
    say what their columns hold.
    """
    asked = replace(request, moments={})
    seen = [_seen(file, asked, part_of(progress, part, len(files))) for part, file in enumerate(files)]
    if any(not one.wrong for one in seen):
        return seen
    asked = replace(asked, to_look=True)
    return [_seen(file, asked, part_of(progress, part, len(files))) for part, file in enumerate(files)]


def _seen(file: ReadFile, request: Request, progress: Progress) -> SeenFile:
    progress(0, 1)
    if file.unread:
        return SeenFile(file, wrong=file.unread)
    try:
        looks = look_at(made_fitting([file.source], request, progress).ready.lists, progress)
    except CancelledError:
        raise
    except WhowasError as error:
        return SeenFile(file, wrong=str(error))
    return SeenFile(file, looks[0].rows if looks else None)


def look(
    session: Session,
    bus: Bus,
    files: Sequence[ReadFile],
    plan: ImportPlan,
    progress: Progress,
    *,
    recalls: bool = False,
    fitting: bool = False,
) -> Looked:
    """Read files by a plan, and find out what the page of columns shows.

    With ``recalls``, what was said the last time of a list with these titles is said again. With ``fitting``, the plan
    is of files as they were another time, and what does not fit these is left aside. Raises RefusedError where a file
    cannot be read so, StoreError, and CancelledError.
    """
    fields = session.shown.index.latest_directory().fields
    if fitting:
        plan = plan.called_now(fields)
    # A person may say first what the columns hold.
    asked, reports = replace(_request(session, plan), to_look=True), part_of(progress, 0, 3)
    sources = [file.source for file in files]
    with _naming(files):
        found = made_fitting(sources, asked, reports) if fitting else Fitted(made_ready(sources, asked, reports), asked)
    ready, plan = found.ready, replace(plan, how=found.request.how, chosen=found.request.chosen)
    again = _recalled(ready, plan, fields) if recalls else None
    if again is not None:
        try:
            ready = made_ready(sources, replace(asked, chosen=again.chosen, rules=again.rules), part_of(progress, 1, 3))
        except RefusedError:  # what was said then cannot be said of these files
            again = None
    looks = look_at(ready.lists, part_of(progress, 2, 3))
    known = _known(session, bus, ready, progress)
    return Looked(again or plan, ready, looks, known, again is not None, found.lacking, found.anew)


def _request(session: Session, plan: ImportPlan) -> Request:
    """Return a plan as what an import into the directory is asked."""
    return replace(plan.request(), holding_days=session.shown.index.latest_directory().holding_days)


@contextmanager
def _naming(files: Sequence[ReadFile]) -> Iterator[None]:
    """Let a sentence about one of several files begin with its name."""
    try:
        yield
    except FileRefusedError as error:
        if len(files) == 1:
            raise
        raise RefusedError(error.field, f"“{shortened(error.file)}”: {error}") from error


def _recalled(ready: Ready, plan: ImportPlan, fields: Fields) -> ImportPlan | None:
    """Return a plan with what was said of lists with the titles of these; None where that was nothing."""
    titles = {given.table.titles for given in ready.lists}
    found = [known for each in titles if (known := remembered.columns_for(each)) is not None]
    if len(titles) != 1 or not found:
        return None
    said = found[0]
    again = replace(plan, chosen=said.chosen, rules=replace(plan.rules, keys=said.keys)).called_now(fields)
    return again if again != plan else None


def preview(
    session: Session, bus: Bus, files: Sequence[ReadFile], plan: ImportPlan, progress: Progress, *, first: int | None
) -> Previewed:
    """Find out what would become of the rows, or of the ``first`` ones alone. Raises as ``look`` does."""
    from whowas.interchange.refused.refused_list import can_save_refused

    with _naming(files):
        ready = made_ready([file.source for file in files], _request(session, plan), progress)
    outcome = ready.take(bus, session.log, dry_run=True, first=first, progress=progress)
    rows = PreviewRows.of(outcome, progress)
    return Previewed(plan, ready, outcome, rows, first is None, can_save_refused(ready, outcome))


def _known(session: Session, bus: Bus, ready: Ready, progress: Progress) -> KnownDirectory:
    sources = {source_of(given) for given in ready.lists}

    def ever_met(change: Change) -> set[str]:
        return set[str]().union(*map(change.users_of_source, sources))

    met = bus.try_out(ever_met, progress=progress)
    side = session.shown.side
    of_source, index = side.asked(lambda index: count_present(side.read_model, index, met), progress)
    directory, counts = index.directory(index.now), index.counts(index.now)
    groups = {name: counts.by_group.get(group_id, 0) for group_id, name in directory.groups.items()}
    everybody = counts.by_status["active"] + counts.by_status["suspended"]
    return KnownDirectory(tuple(directory.fields.values()), groups, everybody, of_source)
