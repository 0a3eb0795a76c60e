"""Files of any format on their way in: what they are is found out, lists are read and mapped, all is taken at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import Literal

from whowas.command_bus.bus import Bus
from whowas.domain.errors import RefusedError, StoreError
from whowas.domain.progress import Progress, begin_phase, part_of, unwatched
from whowas.interchange.entries import UnreadableError
from whowas.interchange.importing.dates.list_dates import FIELD, in_order_of_dates
from whowas.interchange.importing.given.list_input import ListInput
from whowas.interchange.importing.given.rules import ImportRules
from whowas.interchange.importing.import_changes import import_changes
from whowas.interchange.importing.import_files import import_files
from whowas.interchange.importing.remarks.how_read import how_read
from whowas.interchange.importing.told.outcome import ImportOutcome
from whowas.interchange.log_import import import_log
from whowas.interchange.log_lines import is_log
from whowas.interchange.mapping.list_mapping import Chosen, map_list
from whowas.interchange.mapping.recognising import knows_title
from whowas.interchange.mapping.title_keys import title_key
from whowas.interchange.reading.lists import read_list
from whowas.interchange.reading.reasons_column import is_reasons_title, without_reasons
from whowas.interchange.reading.table import HowToRead
from whowas.interchange.source import Source
from whowas.store.event_log import EventLog

FileFormat = Literal["auto", "csv", "xlsx", "ods", "changelog", "log"]
Kind = Literal["list", "changelog", "log"]

LIST_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".ods")
JSON_ENDINGS = (".jsonl", ".ndjson", ".json")

_BEGINNING = 4096
_MARKS = b"\xef\xbb\xbf\xff\xfe\x00"
"""What may stand before the first character: a byte order mark, and half of a character of UTF-16."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a person says about an import, all of which may be left to be found out.

    ``saved_as`` is the name under which the mapping will be saved: imports that follow name the list by it.
    ``moments`` are when lists were true (UTC µs), by the names of their sources; either all are dated or none. Dated
    lists are taken in the order of their dates. ``now`` is when it is by the clock of a shared directory (UTC µs), None
    where this computer's counts. ``to_look`` says that nothing is taken yet: nothing in a list has to name a person
    before somebody has said what its columns hold. ``holding_days`` is as for ``map_list``.
    """

    file_format: FileFormat = "auto"
    how: HowToRead = field(default_factory=HowToRead)
    chosen: Chosen = field(default_factory=Chosen)
    rules: ImportRules = field(default_factory=ImportRules)
    saved_as: str = ""
    moments: Mapping[str, int] = field(default_factory=dict)
    now: int | None = None
    to_look: bool = False
    holding_days: Callable[[], Collection[str]] = frozenset


class FileRefusedError(RefusedError):
    """A file cannot be imported as it is: ``file`` is its name; ``line`` and ``column`` count from 1, 0 is unknown."""

    def __init__(self, file: str, line: int, column: int, error: RefusedError) -> None:
        super().__init__(error.field, str(error), error.advice)
        self.file = file
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Ready:
    """Files that can be taken, as often as wanted: they are read again each time, and are the same each time.

    ``lists`` are empty for change logs and logs, whose bytes are in ``sources``.
    """

    kind: Kind
    sources: tuple[Source, ...]
    lists: tuple[ListInput, ...]
    rules: ImportRules

    def take(
        self,
        bus: Bus,
        log: EventLog,
        *,
        actor: str | None = None,
        dry_run: bool = False,
        previewed: ImportOutcome | None = None,
        first: int | None = None,
        progress: Progress = unwatched,
    ) -> ImportOutcome:
        """Take the files as one change, and return what became of it; see ``import_files``.

        With ``first`` it is a dry run of so many rows only; a log, which has to be checked as a whole, is taken whole.
        """
        dry_run = dry_run or first is not None
        match self.kind:
            case "list":
                return import_files(
                    bus,
                    log,
                    self.lists,
                    self.rules,
                    actor=actor,
                    dry_run=dry_run,
                    previewed=previewed,
                    first=first,
                    progress=progress,
                )
            case "changelog":
                return import_changes(
                    bus,
                    self.sources,
                    actor=actor,
                    dry_run=dry_run,
                    skip_refused=self.rules.skip_refused,
                    previewed=previewed,
                    first=first,
                    progress=progress,
                )
            case "log":
                (source,) = self.sources
                return import_log(bus, source, actor=actor, dry_run=dry_run, previewed=previewed, progress=progress)


def made_ready(sources: Sequence[Source], request: Request, progress: Progress = unwatched) -> Ready:
    """Find out what files are, and read and map them if they are lists.

    Raises FileRefusedError where one cannot be imported as it is, RefusedError where they do not belong together, or
    an option or their dates do not fit them, and CancelledError or StoreError.
    """
    begin_phase(progress, "reading", counts_rows=False)
    kind = kind_of(sources, request)
    if kind == "list":
        ordered = in_order_of_dates([source.name for source in sources], request.moments, request.now)
        by_name = {source.name: source for source in sources}
        dated = [by_name[name] for name in ordered]
        return Ready(kind, tuple(dated), tuple(_lists(dated, request, progress)), request.rules)
    if request.moments:
        raise RefusedError(FIELD, "A change log or log says itself when something was so; only lists can be dated.")
    return Ready(kind, tuple(sources), (), request.rules)


def kind_of(sources: Sequence[Source], request: Request) -> Kind:
    """Return what files that belong together are. Raises RefusedError where they do not, and StoreError."""
    kind, *others = {_kind(source, request.file_format) for source in sources}
    if others:
        raise RefusedError("", "Lists, change logs and logs cannot be imported together; import one after the other.")
    if kind == "log" and len(sources) > 1:
        raise RefusedError("", "A log is imported alone; import one after the other.")
    return kind


def require_importable(path: Path, progress: Progress = unwatched) -> None:
    """Raise FileRefusedError or StoreError where a file is neither a list nor a change log, whatever its titles are.

    Raises CancelledError from ``progress``.
    """
    with Source.read_from(path, progress) as source, told_of(source):
        if _kind_seen(source) == "list":
            read_list(source, HowToRead(), knows_title=_knows_title, progress=progress)


def _kind(source: Source, asked: FileFormat) -> Kind:
    match asked:
        case "changelog" | "log":
            return asked
        case "csv" | "xlsx" | "ods":
            return "list"
        case "auto":
            return _kind_seen(source)


def _kind_seen(source: Source) -> Kind:
    """Return what a file is by its name, else by its beginning. Raises StoreError."""
    ending = PurePath(source.name).suffix.lower()
    if ending in LIST_ENDINGS:
        return "list"
    try:
        beginning = source.beginning(_BEGINNING).lstrip(_MARKS + b" \t\r\n")
        if not (ending in JSON_ENDINGS or beginning.startswith((b"{", b"["))):
            return "list"
        return "log" if is_log(source) else "changelog"
    except OSError as error:
        raise StoreError(f"“{source.name}” cannot be read: {error.strerror or error}.") from error


def _lists(sources: Sequence[Source], request: Request, progress: Progress) -> Iterator[ListInput]:
    file_format = "" if request.file_format == "auto" else request.file_format
    tables = []
    for part, source in enumerate(sources):
        reports = part_of(progress, part, 2 * len(sources))
        with told_of(source):
            table = read_list(source, request.how, file_format, knows_title=_knows_title, progress=reports)
            asked = any(is_reasons_title(title) for title in request.chosen.fields)
            tables.append(table if asked else without_reasons(table))
    everywhere = {title_key(title) for table in tables for title in table.titles}
    for part, (source, table) in enumerate(zip(sources, tables, strict=True), start=len(sources)):
        # What is said of a title is for those files that have it; where none has, the first one says so.
        absent = everywhere - {title_key(title) for title in table.titles}
        fields = {title: name for title, name in request.chosen.fields.items() if title_key(title) not in absent}
        with told_of(source):
            chosen = replace(request.chosen, fields=fields)
            reports = part_of(progress, part, 2 * len(sources))
            mapping = map_list(table, chosen, reports, to_look=request.to_look, holding_days=request.holding_days)
        # One way of saying things for what was detected and what was recognised.
        how, advice = how_read(source.name, table.detected, request.how)
        said = (*how, *table.detected.said, *mapping.said)
        named = replace(
            mapping, said=said, advice={**advice, **mapping.advice}, source=request.saved_as or mapping.source
        )
        yield ListInput(source, table, named, request.moments.get(source.name))


def _knows_title(title: str) -> bool:
    return is_reasons_title(title) or knows_title(title)


@contextmanager
def told_of(source: Source) -> Iterator[None]:
    """Let what refuses a file name it: within the block, RefusedError becomes FileRefusedError."""
    try:
        yield
    except UnreadableError as error:
        raise FileRefusedError(source.name, error.line, error.column, error) from error
    except RefusedError as error:
        raise FileRefusedError(source.name, 0, 0, error) from error
