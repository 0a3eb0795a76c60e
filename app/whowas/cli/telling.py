"""Commands that tell: import, run and sample, through the bus."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from whowas.cli.common import FILE, TEXT, echo_json, writable, write_output
from whowas.cli.running import answer
from whowas.domain.errors import StoreError
from whowas.interchange.importing import guessed_format, import_file
from whowas.interchange.report import ImportReport
from whowas.sample import make_sample

REFUSED = 2
"""The exit code where something was refused."""


@click.command("import")
@FILE
@click.argument("source", metavar="INPUT")
@click.option("--format", "file_format", type=click.Choice(["auto", "csv", "changelog"]), default="auto")
@click.option("--dry-run", is_flag=True, help="Say what it would do and write nothing.")
@click.option("--skip-refused", is_flag=True, help="Take what can be taken and list the rest.")
@click.option("--refused", "refused_file", metavar="OUT", help="Save the lines left out to this file.")
@click.option("--actor", type=TEXT, metavar="NAME", help="Who did it, where the lines name nobody.")
def import_(
    file: Path,
    source: str,
    file_format: str,
    dry_run: bool,
    skip_refused: bool,
    refused_file: str | None,
    actor: str | None,
) -> int:
    """Take in a change log or CSV file as one change; INPUT is a path, or - for stdin. Creates FILE if need be.

    \b
    Example: whowas import staff.whowas history.jsonl --dry-run
    """
    content, name = _read(source)
    chosen = guessed_format(content, name) if file_format == "auto" else file_format
    with writable(file, actor, create=True) as (bus, _):
        report = import_file(
            bus,
            content,
            name,
            file_format="csv" if chosen == "csv" else "changelog",
            actor=actor,
            dry_run=dry_run,
            skip_refused=skip_refused,
        )
    for refusal in report.refusals:
        click.echo(str(refusal), err=True)
    if refused_file is not None:
        write_output(refused_file, report.left_out(), file)
    return _told(report, dry_run=dry_run)


@click.command("run")
@FILE
def run_commands(file: Path) -> int:
    """Carry out commands from stdin, one JSON object a line, and answer each with a line. Creates FILE if need be.

    \b
    Example: echo '{"command": "CreateUser", "first_name": "Ada"}' | whowas run staff.whowas
    """
    refused = False
    with writable(file, create=True) as (bus, log):
        for number, line in enumerate(sys.stdin.buffer, start=1):
            if line.strip():
                reply = answer(bus, log, line, number)
                refused = refused or not reply["ok"]
                echo_json(reply)
                sys.stdout.flush()
    return REFUSED if refused else 0


@click.command("sample")
@FILE
@click.option("--people", type=click.IntRange(0, 1_000_000), default=240, show_default=True)
@click.option("--changes", type=click.IntRange(0, 5_000_000), default=3_000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
def sample(file: Path, people: int, changes: int, seed: int) -> None:
    """Make a directory of made-up people with years of history, to look around in.

    \b
    Example: whowas sample sample.whowas --people 100 --changes 1000
    """
    make_sample(file, people=people, changes=changes, seed=seed)
    click.echo(f"{file}: {people:,} people and {changes:,} further changes.")


def _read(source: str) -> tuple[bytes, str]:
    if source == "-":
        return sys.stdin.buffer.read(), "standard input"
    path = Path(source)
    try:
        return path.read_bytes(), path.name
    except OSError as error:
        raise StoreError(f"“{path.name}” cannot be read: {error.strerror}.") from error


def _told(report: ImportReport, *, dry_run: bool) -> int:
    refused = not report.accepted
    click.echo(report.summary(would=dry_run or refused), err=refused)
    if refused:
        click.echo("Nothing was written. Use --skip-refused to take the rest.", err=True)
    return REFUSED if refused else 0
