"""What the commands share: opening a directory, moments, and finding a user."""

from __future__ import annotations

import getpass
import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from whowas import places
from whowas.bus import Bus
from whowas.domain.directory import Directory
from whowas.domain.errors import RefusedError
from whowas.domain.fields import LABELS, shortened
from whowas.domain.users import User
from whowas.interchange import moments
from whowas.interchange.writing import write_lines
from whowas.projections.finding import user_called
from whowas.projections.read_side import ReadSide
from whowas.projections.version_index import VersionIndex
from whowas.store.event_log import EventLog


class _Text(click.ParamType[str]):
    """Text that can be searched for and stored; what the terminal could not decode cannot."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002
        text = str(value)
        require_text(param.name if param is not None and param.name is not None else "", text)
        return text


TEXT = _Text()
FILE = click.argument("file", type=click.Path(path_type=Path, readable=False))
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
AT = click.option("--at", "at", metavar="MOMENT", help="How it was then: ISO 8601, now, or #position.")


def require_text(field: str, text: str) -> None:
    """Raise RefusedError where ``text`` holds half a character, which no file can hold."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise RefusedError(field, f"What is given as “{field}” is not valid text.") from error


@dataclass(frozen=True, slots=True)
class Opened:
    """An open directory with its read side brought up."""

    log: EventLog
    read_side: ReadSide
    index: VersionIndex

    def moment(self, text: str | None) -> int:
        """Return the moment that ``text`` names. Raises RefusedError."""
        if text is None or text == "now":
            return self.index.now
        if text.startswith("#"):
            return self._after_position(text)
        try:
            return self.index.steps.moment_at(moments.parsed(text))
        except ValueError as error:
            raise RefusedError("moment", str(error)) from error

    def users(self, numbers: Iterable[int]) -> Iterator[User]:
        """Yield the users of version rows, reading some hundred at a time."""
        waiting: list[int] = []
        for number in numbers:
            waiting.append(int(number))
            if len(waiting) == 500:
                yield from (row.user for row in self.read_side.rows(waiting))
                waiting.clear()
        yield from (row.user for row in self.read_side.rows(waiting))

    def find(self, who: str) -> str:
        """Return the id of the user with that id, external id or email, held now or ever. Raises RefusedError."""
        found = user_called(self.read_side.read_model, who)
        if found is None:
            raise RefusedError("who", f"There is and was no user “{shortened(who)}”.")
        return found

    def _after_position(self, text: str) -> int:
        digits = text[1:]
        if not digits.isdecimal() or int(digits) > self.log.head().position:
            raise RefusedError("moment", f"“{shortened(text)}” is no position of this directory.")
        if int(digits) == 0:
            return 0
        recorded = next(self.log.read(int(digits) - 1, int(digits)))
        return self.index.steps.moment_of(recorded.occurred_at, recorded.position)


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """Open an existing directory for questions. Raises StoreError."""
    log = EventLog.open(path)
    read_side = ReadSide(log, places.cache())
    try:
        yield Opened(log, read_side, read_side.catch_up())
    finally:
        read_side.close()
        log.close()


@contextmanager
def writable(path: Path, actor: str | None = None, *, create: bool = False) -> Iterator[tuple[Bus, EventLog]]:
    """Open a directory for commands, creating it if asked; one created for nothing is taken away again."""
    made = create and not path.exists()
    log = EventLog.create(path) if made else EventLog.open(path)
    try:
        yield Bus(log, clock=now, actor=actor or getpass.getuser()), log
    finally:
        unused = made and log.head().position == 0
        log.close()
        if unused:
            remove_directory(path)


def remove_directory(path: Path) -> None:
    """Remove a directory file that holds nothing, with SQLite's own files beside it."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def now() -> int:
    """Return the present moment in UTC microseconds."""
    return time.time_ns() // 1000


def as_json(user: User, directory: Directory) -> dict[str, Any]:
    """Return a user as ``--json`` prints them; group names are those of ``directory``."""
    texts = {name: user.text(name) for name in LABELS if name != "external_id"}
    return {
        "id": user.id,
        "external_id": user.external_id,
        **texts,
        "status": user.status,
        "groups": sorted(directory.names_of(user.groups)),
        "attributes": dict(user.attributes),
        "version": user.version,
    }


def echo_json(value: object) -> None:
    """Print one JSON object on a line of its own."""
    click.echo(json.dumps(value, ensure_ascii=False))


def write_output(output: str, lines: Iterable[str], directory: Path) -> None:
    """Write lines to stdout for ``-``, else to a file. Raises StoreError."""
    if output == "-":
        for line in lines:
            click.echo(line, nl=False)
    else:
        write_lines(Path(output), lines, directory)
