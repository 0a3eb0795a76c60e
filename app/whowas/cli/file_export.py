"""Commands about the file itself: export, verify, head, rebuild and backup."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import assert_never

import click

from whowas.cli.committing import committed
from whowas.cli.exit_codes import NO
from whowas.cli.opening import AT, FILE, KNOWN, Opened, asking, open_log, open_silently, opened
from whowas.cli.printing import notify, say, write
from whowas.cli.seen import note, seen_before, sentence_of, take_as_seen
from whowas.command_bus.renewal import shared_told
from whowas.domain.errors import DamagedError, RefusedError
from whowas.interchange.file_format import ExportFormat, LogFormat, UsersFormat
from whowas.interchange.formats import EXPORTS
from whowas.interchange.writing import write_lines
from whowas.projections.index.version_index import View
from whowas.projections.sides.read_side import ReadSide
from whowas.safekeeping.seen_heads import NeverSeen, Rewritten, Verdict
from whowas.store.backup import DamagedBackupError, back_up
from whowas.store.chain import Damage, Head
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
@click.argument("output", type=click.Path(allow_dash=True, readable=False))
@click.option("--format", "file_format", type=click.Choice(list(_FORMATS)), required=True)
@AT
@KNOWN
@asking
def export(file: Path, output: str, file_format: str, at: str, known: str) -> None:
    """Write the users or the log to a file or to stdout."""
    with opened(file, known) as directory:
        lines = _lines(_FORMATS[file_format], directory, directory.moment(at))
        if output == "-":
            for line in lines:
                write(line)
        else:
            write_lines(Path(output), lines, file)
            committed(f"The export is written to {output}.")


@click.command("verify")
@FILE
@click.option("--head", "expected", metavar="HEAD", help="What `whowas head` printed before: notices a cut-off end.")
@click.option("--accept", "accepted", is_flag=True, help="Take this history as the one seen on this computer.")
def verify(file: Path, expected: str | None, accepted: bool) -> int:
    """Check that the history is as it was written, and the one that this computer saw; exits 1 if not.

    Everything else in the file is checked as well: that every event can be read and follows those before it, that who
    has which email and external id is what the history tells, and that tables, indexes and triggers are as they should
    be. Who shares an email or an external id with somebody is listed; that is no damage, and can only be in files that
    an older version made.

    \b
    Example: whowas verify staff.whowas --head "$(cat head.txt)"
    """
    try:
        head_given = Head.parse(expected) if expected is not None else None
    except ValueError as error:
        raise RefusedError("head", "A head looks like 123:5f0c…, as `whowas head` prints it.") from error
    try:
        damage, position, seen = _verified(file, head_given, accepted=accepted)
    except DamagedError as error:
        notify(str(error))
        return NO
    if damage is not None:
        notify(damage.sentence())
        return NO
    if isinstance(seen, Rewritten):
        notify(sentence_of(seen))
        return NO
    checked = " and the head given" if head_given else ""
    say(f"{position:,} events, their payloads{checked} verified: the history is as it was written.")
    if not isinstance(seen, NeverSeen):
        say(sentence_of(seen))
    return 0


@click.command("head")
@FILE
def head(file: Path) -> None:
    """Print the end of the history, position and hash, to be kept elsewhere and given to verify later.

    \b
    Example: whowas head staff.whowas > head.txt
    """
    with closing(open_log(file)) as log:
        say(str(log.head()))


@click.command("rebuild")
@FILE
def rebuild(file: Path) -> None:
    """Make the read side anew from the history; needed only where something seems wrong with it.

    \b
    Example: whowas rebuild staff.whowas
    """
    with closing(open_log(file)) as log, closing(ReadSide(log, folders.cache())) as read_side:
        index = read_side.rebuild()
        read_side.keep_index()
        answer = f"{index.now:,} steps and {len(index.numbers):,} versions rebuilt."
        committed(answer)
    say(answer)


@click.command("backup")
@FILE
@click.argument("dest", type=click.Path(path_type=Path, readable=False))
def backup(file: Path, dest: Path) -> int:
    """Copy the directory to DEST, also while it is in use, and verify the copy. There must be nothing at DEST.

    \b
    Example: whowas backup staff.whowas /mnt/backups/staff-2026-11-28.whowas
    """
    open_log(file).close()
    try:
        position = back_up(file, dest)
    except DamagedBackupError as error:
        notify(str(error))
        return NO
    answer = f"{position:,} events copied to {dest} and verified."
    committed(answer)
    say(answer)
    return 0


def _verified(file: Path, expected: Head | None, *, accepted: bool) -> tuple[Damage | None, int, Verdict]:
    """Return the damage, the last position, and what is known of what was seen before; ``accepted`` ends an alarm."""
    with closing(open_silently(file)) as log:
        damage, seen = log.verify(expected), seen_before(log)
        if accepted and damage is None and isinstance(seen, Rewritten):
            take_as_seen(log)
            seen = seen_before(log)
        if damage is None:
            note(log)
            for sentence in shared_told(log.shared()):
                notify(sentence)
        return damage, log.head().position, seen


def _lines(file_format: ExportFormat, directory: Opened, moment: int) -> Iterator[str]:
    index, last_known = directory.index, directory.position
    match file_format:
        case UsersFormat():
            view = View(index, "name", descending=False, passing=index.with_status("active", "suspended"))
            return file_format.write(directory.users(view.at(moment)), index.directory_to_export(moment))
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
