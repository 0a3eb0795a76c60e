"""Commands that write to a directory, or make one: import, run and sample."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import click

from whowas.cli.committing import committed
from whowas.cli.exit_codes import NO, REFUSED
from whowas.cli.opening import FILE, carry_out, reading, reporting_saved, utf8, writable
from whowas.cli.printing import give_up_stdout, notify, say, say_json
from whowas.cli.run_commands import RUN_COMMANDS
from whowas.cli.run_lines import Runner
from whowas.command_bus.bus import Bus
from whowas.domain.errors import StoreError
from whowas.interchange.formats import IMPORTS, guessed_format
from whowas.interchange.importing import import_file
from whowas.interchange.report import ImportReport
from whowas.interchange.writing import require_writable, write_lines
from whowas.projections.queries.named_moments import place_of
from whowas.store.event_log import EventLog, set_aside_told
from whowas.store.file.publish import require_free

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

    report = carry_out(file, taken_in, actor)
    if report.written:
        committed(report.summary())
    for refusal in report.refusals:
        notify(str(refusal))
    kept = out is None or _left_out_kept(out, report, file)
    code = _reported(report, dry_run=dry_run)
    return code if kept else NO


_RUN_HELP = f"""Carry out commands from stdin, one JSON object a line, and answer each with a line of JSON.

    Creates FILE where there is none. Each command is saved before it is answered. "id" is an id, external id or
    email; "moment" is written as for list --at. Commands: {", ".join(RUN_COMMANDS)}.

    \b
    Example: echo '{{"command": "CreateUser", "first_name": "Ada"}}' | whowas run staff.whowas
    """


@click.command("run", help=_RUN_HELP)
@FILE
def run_commands(file: Path) -> int:
    """Carry out and answer the lines of stdin; exit with 2 where one of them was refused."""
    lines = ((number, line) for number, line in enumerate(_given_lines(), start=1) if line.strip())
    with closing(_answers(file, lines)) as answers:
        try:
            return _said(answers)
        except KeyboardInterrupt as stopped:
            # If it came between two answers, the generator, which counts what is saved, does not know of it yet.
            answers.throw(stopped)
            raise


@click.command("sample")
@FILE
@click.option("--people", type=click.IntRange(0, 1_000_000), default=240, show_default=True)
@click.option("--changes", type=click.IntRange(0, 5_000_000), default=3_000, show_default=True, help="After creation.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another number makes other people.")
def sample(file: Path, people: int, changes: int, seed: int) -> None:
    """Make a directory of made-up people with years of history, to look around in.

    \b
    Example: whowas sample sample.whowas --people 100 --changes 1000
    """
    from whowas.sample import make_sample

    set_aside = make_sample(file, people=people, changes=changes, seed=seed)
    if set_aside is not None:
        notify(set_aside_told(set_aside))
    answer = f"{file}: {people:,} people and {changes:,} further changes."
    committed(answer)
    say(answer)


def _given_lines() -> Iterator[bytes]:
    try:
        yield from sys.stdin.buffer
    except OSError as error:
        raise StoreError(f"Standard input cannot be read: {error.strerror or error}.") from error


def _said(answers: Iterator[tuple[int, dict[str, Any]]]) -> int:
    """Print each answer as it comes, and return the exit code."""
    refused = False
    for number, answer in answers:
        refused = refused or not answer["ok"]
        try:
            say_json(answer)
            sys.stdout.flush()
        except OSError as error:
            give_up_stdout()
            notify(_unanswered(number, answer, error))
            return NO
    return REFUSED if refused else 0


def _unanswered(number: int, answer: dict[str, Any], error: OSError) -> str:
    """Return a sentence about an answer that cannot be written, with which the command ends."""
    what = f"Line {number} was carried out." if answer["ok"] else f"The answer was: {answer['message']}"
    reason = error.strerror or error
    return f"The answer to line {number} cannot be written: {reason}. {what} No line after it was."


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
        return b"".join(_given_lines()), "standard input"
    path = Path(source)
    try:
        return path.read_bytes(), path.name
    except OSError as error:
        raise StoreError(f"“{path.name}” cannot be read: {error.strerror or error}.") from error


def _answers(file: Path, lines: Iterator[tuple[int, bytes]]) -> Generator[tuple[int, dict[str, Any]]]:
    """Carry out each line as it comes, and yield number and answer; a missing file is made by the first change."""
    saved = 0
    if not file.exists():
        require_free(file)
        for number, line in lines:
            answer = carry_out(file, partial(_answered, line, number))
            saved = int(answer["ok"])
            with reporting_saved(saved):
                yield number, answer
            if file.exists():
                break
        else:
            return
    with writable(file, before=saved) as (bus, log):
        runner = _runner(bus, log)
        for number, line in lines:
            yield number, runner.answer(line, number)


def _answered(line: bytes, number: int, bus: Bus, log: EventLog) -> dict[str, Any]:
    return _runner(bus, log).answer(line, number)


def _runner(bus: Bus, log: EventLog) -> Runner:
    return Runner(bus, log, lambda who: _called_once(log, who), lambda moment: _timeline_key_of(log, moment))


def _called_once(log: EventLog, who: str) -> str | None:
    """Return the id of a user by an email or external id held earlier, which only the read side knows."""
    with reading(log) as directory:
        return directory.find(who)


def _timeline_key_of(log: EventLog, moment: str) -> tuple[int, int]:
    with reading(log) as directory:
        return place_of(log, directory.index.steps, directory.moment(moment))


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
