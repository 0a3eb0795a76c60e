"""The command that imports a file."""

from __future__ import annotations

from pathlib import Path

import click

from whowas.cli.committing import committed
from whowas.cli.exit_codes import NO, REFUSED
from whowas.cli.opening import FILE, utf8
from whowas.cli.printing import notify, say
from whowas.cli.writing import carry_out, given_lines
from whowas.command_bus.bus import Bus
from whowas.domain.errors import StoreError
from whowas.interchange.formats import IMPORTS, guessed_format
from whowas.interchange.importing.import_file import import_file
from whowas.interchange.report import ImportReport
from whowas.interchange.writing import require_writable, write_lines
from whowas.safekeeping.backups import BEFORE_IMPORT
from whowas.store.event_log import EventLog

_GUESSED = "auto"
_FORMATS = {known.name: known for known in IMPORTS}


def _import_help() -> str:
    """Return what ``import --help`` says, of whichever formats there are."""
    nouns = " or ".join(known.noun for known in reversed(IMPORTS))
    descriptions = "; ".join(known.description for known in reversed(IMPORTS))
    return f"""Take in {nouns} as one change, all or nothing. INPUT is a path, or - for stdin.

    Creates FILE where there is none. {descriptions}. Fields that Whowas does not have become custom fields.

    \b
    Example: whowas import staff.whowas history.jsonl --dry-run
    """


@click.command("import", help=_import_help())
@FILE
@click.argument("source", metavar="INPUT", type=click.Path(allow_dash=True, readable=False))
@click.option("--format", "file_format", type=click.Choice([_GUESSED, *_FORMATS]), default=_GUESSED, show_default=True)
@click.option("--dry-run", is_flag=True, help="Say what it would do and write nothing.")
@click.option("--skip-refused", is_flag=True, help="Take what can be taken; list what is left out.")
@click.option(
    "--refused", "refused_file", metavar="OUT", type=click.Path(), help="Save the lines left out to this file."
)
@click.option("--actor", metavar="NAME", type=utf8, help="Who did it, where the lines name nobody; without it, you.")
def import_(
    file: Path,
    source: str,
    file_format: str,
    dry_run: bool,
    skip_refused: bool,
    refused_file: str | None,
    actor: str | None,
) -> int:
    """Take in a file as one change; exit with 2 where something was refused."""
    out = None if refused_file is None else Path(refused_file)
    if out is not None:
        require_writable(out, file, *([] if source == "-" else [Path(source)]))
    content, name = _read(source)

    def taken_in(bus: Bus, _log: EventLog) -> ImportReport:
        return import_file(
            bus,
            content,
            name,
            file_format=_FORMATS.get(file_format) or guessed_format(content, name),
            dry_run=dry_run,
            skip_refused=skip_refused,
        )

    report = carry_out(file, taken_in, actor, backup=None if dry_run else BEFORE_IMPORT)
    if report.written:
        committed(report.summary())
    for refusal in report.refusals:
        notify(str(refusal))
    kept = out is None or _left_out_kept(out, report, file)
    code = _reported(report, dry_run=dry_run)
    return code if kept else NO


def _left_out_kept(out: Path, report: ImportReport, file: Path) -> bool:
    """Save the lines left out and return whether that worked; once the import is saved, it does not fail by that."""
    try:
        write_lines(out, report.left_out(), file)
    except StoreError as error:
        if not report.written:
            raise
        notify(str(error))
        return False
    return True


def _read(source: str) -> tuple[bytes, str]:
    if source == "-":
        return b"".join(given_lines()), "standard input"
    path = Path(source)
    try:
        return path.read_bytes(), path.name
    except OSError as error:
        raise StoreError(f"“{path.name}” cannot be read: {error.strerror or error}.") from error


def _reported(report: ImportReport, *, dry_run: bool) -> int:
    if report.accepted:
        say(report.summary(would=dry_run))
        return 0
    if report.readable:
        notify(report.summary(would=True))
        notify("Nothing was written. Use --skip-refused to take the rest.")
    else:
        notify("Nothing was written.")
    return REFUSED
