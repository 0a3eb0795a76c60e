"""Lists for tests of the engine alone: rows as fields, without a file that they were read from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from whowas.command_bus.bus import Bus
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS
from whowas.domain.progress import Progress, unwatched
from whowas.domain.users import User
from whowas.interchange.importing.given.list_input import ListInput
from whowas.interchange.importing.given.rules import ImportRules
from whowas.interchange.importing.import_files import import_files
from whowas.interchange.importing.told.outcome import ImportOutcome
from whowas.interchange.mapping.list_mapping import ListMapping, ListRow, UnusableRow
from whowas.interchange.reading.table import Detected, Row, Table
from whowas.interchange.source import Source
from whowas.interchange.user_record import Record
from whowas.store.event_log import EventLog

NOW = 1_700_000_000_000_000

Fields = Mapping[str, str | None]


class Desk:
    """A directory with a bus, into which lists are imported."""

    def __init__(self, path: Path) -> None:
        self.log = EventLog.create(path)
        self.bus = Bus(self.log, clock=lambda: NOW, actor="ines")

    def take(
        self, *rows: Fields | UnusableRow, source: str = "members", name: str = "list.csv", **rules: object
    ) -> ImportOutcome:
        """Import one list of rows."""
        return self.take_all([given(rows, source, name)], **rules)

    def take_all(
        self,
        inputs: Sequence[ListInput],
        *,
        dry_run: bool = False,
        previewed: ImportOutcome | None = None,
        first: int | None = None,
        progress: Progress = unwatched,
        **rules: Any,
    ) -> ImportOutcome:
        """Import several lists."""
        return import_files(
            self.bus,
            self.log,
            inputs,
            ImportRules(**rules),
            dry_run=dry_run,
            previewed=previewed,
            first=first,
            progress=progress,
        )

    def users(self) -> list[User]:
        """Return everybody, deleted or not, in the order of their creation."""
        ids = dict.fromkeys(each.stream for each in self.log.read() if each.stream != self.log.directory_id)
        with self.bus.change() as change:
            users = [change.user(user_id) for user_id in ids]
        return [user for user in users if user is not None]


@contextmanager
def desk() -> Iterator[Desk]:
    """Yield a new directory that is gone afterwards."""
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder) / "staff.whowas")
        try:
            yield desk
        finally:
            desk.log.close()


def given(
    rows: Iterable[Fields | UnusableRow],
    source: str = "members",
    name: str = "list.csv",
    occurred_at: int | None = None,
    content: bytes = b"",
) -> ListInput:
    """Return rows as a list whose lines count from 2; a field that is None is cleared, one not named is kept."""
    said = [row if isinstance(row, UnusableRow) else listed(line, row) for line, row in enumerate(rows, start=2)]

    def table_rows() -> Iterator[Row]:
        return (Row(row.line, row.raw, (str(number),)) for number, row in enumerate(said))

    mapping = ListMapping(source, "", False, (), (), (), lambda row: said[int(row.cells[0])])
    return ListInput(
        Source.of(name, content), Table(Detected("csv"), ("row",), "header", table_rows), mapping, occurred_at
    )


def listed(line: int, fields: Fields) -> ListRow:
    """Return what a row says, each field in the column of its place."""
    texts = {name: text for name, text in fields.items() if name in LABELS}
    attributes = {
        name.removeprefix(ATTRIBUTE_PREFIX): text for name, text in fields.items() if name.startswith(ATTRIBUTE_PREFIX)
    }
    groups = fields.get("groups")
    record = Record(
        texts,
        attributes,
        groups=None if groups is None else tuple(filter(None, groups.split(";"))),
        status=fields.get("status"),  # type: ignore[arg-type]
        user_id=fields.get("id"),
    )
    columns = {name: column for column, name in enumerate(fields, start=1)}
    return ListRow(line, ",".join(text or "" for text in fields.values()), record, columns)


def whats(outcome: ImportOutcome) -> list[str]:
    """Return what became of each row, and of whom is missing."""
    return [row.what for row in outcome.rows]


def reasons(outcome: ImportOutcome) -> list[str]:
    """Return why rows, or fields of them, were not taken."""
    return [row.reason for row in outcome.rows if row.reason]


def advices(outcome: ImportOutcome) -> list[str]:
    """Return which options of the command line answer that, for each of those rows."""
    return [row.advice for row in outcome.rows if row.reason]
