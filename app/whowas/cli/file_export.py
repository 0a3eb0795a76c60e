"""Commands about the directory itself: export, head, rebuild and backup."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import assert_never

import click

from whowas.cli.committing import committed
from whowas.cli.exit_codes import NO
from whowas.cli.opened import Opened
from whowas.cli.opening import AT, FILE, KNOWN, asking, open_log, opened, opened_log
from whowas.cli.printing import notify, say, write
from whowas.cli.shared import shared
from whowas.cli.where import OUTPUT, FileGiven, Where, own_files
from whowas.domain.fields import counted
from whowas.interchange.file_format import ExportFormat, LogFormat, UsersFormat
from whowas.interchange.formats import EXPORTS
from whowas.interchange.writing import write_lines
from whowas.projections.index.ranks import ranked
from whowas.projections.sides.read_side import ReadSide
from whowas.store.backup import DamagedBackupError, back_up, save_copy
from whowas.system import folders

_FORMATS = {known.name: known for known in EXPORTS}


def _export_help() -> str:
    """Return what ``export --help`` says, of whichever formats there are."""
    users = [known.name for known in EXPORTS if isinstance(known, UsersFormat)]
    logs = [known.name for known in EXPORTS if isinstance(known, LogFormat)]
    return f"""Write the users ({", ".join(users)}) or the whole event log ({", ".join(logs)}) to OUTPUT, or to stdout
    for -.

    At a moment, {" and ".join(users)} {"holds" if len(users) == 1 else "hold"} the users of then and
    {" and ".join(logs)} the events that had occurred by then. As known at a moment,
    {"both" if len(EXPORTS) == 2 else "all"} hold only what had been recorded by then.

    \b
    Example: whowas export staff.whowas users.csv --format csv --at 2020-03-03
    """


@click.command("export", help=_export_help())
@FILE
@click.argument("output", type=FileGiven(None, team_file=OUTPUT, allow_dash=True))
@click.option("--format", "file_format", type=click.Choice(list(_FORMATS)), required=True)
@AT
@KNOWN
@asking
def export(file: Where, output: str, file_format: str, at: str, known: str) -> None:
    """Write the users or the log to a file or to stdout."""
    with opened(file, known) as directory:
        lines = _lines(_FORMATS[file_format], directory, directory.moment(at))
        if output == "-":
            for line in lines:
                write(line)
        else:
            write_lines(Path(output), lines, *own_files(file), directory.log.path)
            committed(f"The export is written to {output}.")


@click.command("head")
@FILE
def head(file: Where) -> None:
    """Print the end of the history, position and hash, to be kept elsewhere and given to verify later.

    \b
    Example: whowas head staff.whowas > head.txt
    """
    with opened_log(file) as log:
        say(str(log.head()))


@click.command("rebuild")
@FILE
def rebuild(file: Where) -> None:
    """Make the read side anew from the history; needed only where something seems wrong with it.

    \b
    Example: whowas rebuild staff.whowas
    """
    with opened_log(file) as log, closing(ReadSide(log, folders.cache())) as read_side:
        index = read_side.rebuild()
        read_side.keep_index()
        answer = f"{index.now:,} steps and {len(index.numbers):,} versions rebuilt."
        committed(answer)
    say(answer)


@click.command("backup")
@FILE
@click.argument("dest", type=FileGiven(team_file=OUTPUT))
def backup(file: Where, dest: Path) -> int:
    """Copy the directory to DEST, also while it is in use, and verify the copy. There must be nothing at DEST.

    The copy of a shared directory is a file like any other, which needs no server.

    \b
    Example: whowas backup staff.whowas /mnt/backups/staff-2026-11-28.whowas
    """
    try:
        position = _copied(file, dest)
    except DamagedBackupError as error:
        notify(str(error))
        return NO
    answer = f"{position:,} events copied to {dest} and verified."
    committed(answer)
    say(answer)
    return 0


def _copied(where: Where, dest: Path) -> int:
    """Copy a directory, and return its last position. Raises DamagedBackupError or another StoreError."""
    if isinstance(where, Path):
        open_log(where).close()
        return back_up(where, dest)
    with shared(where) as directory:
        position, hidden = save_copy(directory.log, dest), directory.log.hidden_passwords()
    if hidden:
        notify(f"The copy is without {counted(hidden, 'hidden password')}, which readers are not given.")
    return position


def _lines(file_format: ExportFormat, directory: Opened, moment: int) -> Iterator[str]:
    index, last_known = directory.index, directory.position
    match file_format:
        case UsersFormat():
            present = ranked(index, "name", index.with_status("active", "suspended")).at(moment)
            return file_format.write(directory.users(present.all_numbers()), index.directory_to_export(moment))
        case LogFormat():
            steps, everything = index.steps, moment == index.now
            return file_format.write(
                directory.log,
                lambda occurred_at, position: (
                    position <= last_known and (everything or steps.moment_of(occurred_at, position) <= moment)
                ),
            )
        case _:
            assert_never(file_format)
