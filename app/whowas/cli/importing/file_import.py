"""The command that imports files: its options; ``import_work`` carries it out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from whowas.cli.opening import FILE, utf8
from whowas.cli.where import FileGiven, Where
from whowas.domain.users import STATUSES

FC = TypeVar("FC", bound=Callable[..., Any] | click.Command)

_HELP = """Take in lists of people, change logs, or an exported log, as one change, all or nothing.

    INPUT is a path, or - for stdin. Creates FILE where there is none. A list is CSV in any form or a spreadsheet
    (xlsx, ods), a user a row; the exports of many products are recognised by their titles. A change log is JSON lines,
    a change of a user each. What is recognised is said, columns that are not are left out, and an empty cell leaves
    alone what a user has.

    \b
    Example: whowas import staff.whowas members.xlsx --dry-run
    """


def _text(*names: str, metavar: str, help: str, many: bool = False) -> Callable[[FC], FC]:  # noqa: A002 - as click calls it
    return click.option(*names, metavar=metavar, type=utf8, help=help, multiple=many)


@click.command("import", help=_HELP)
@FILE
@click.argument("inputs", metavar="INPUT...", type=FileGiven(None, allow_dash=True), nargs=-1, required=True)
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["auto", "csv", "xlsx", "ods", "changelog", "log"]),
    default="auto",
    show_default=True,
    help="What the files are; the others are for where that is not seen from them.",
)
@_text(
    "--map",
    "columns",
    metavar="TITLE=FIELD",
    many=True,
    help="Take the column so titled as FIELD: a name as in an export, attribute:NAME for a custom field, or - to leave "
    "it out. May be given again.",
)
@_text("--mapping", metavar="NAME", help="Take columns as they were saved under this name, or in this file.")
@_text("--save-mapping", metavar="NAME", help="Save how columns were taken, under a name or in a file.")
@_text(
    "--key",
    metavar="FIELD[,FIELD]",
    help="What tells who a row is about, the first one that finds somebody: id, external_id, email, name or "
    "attribute:NAME. Without it: id, external_id, email.",
)
@click.option(
    "--similar",
    type=click.Choice(["new", "refuse"]),
    help="What becomes of rows called like somebody whom no key tells apart from them; they are refused without it.",
)
@_text(
    "--status",
    "statuses",
    metavar="WORD=STATUS",
    many=True,
    help=f"What a word in the column of the status means: {', '.join(STATUSES)}; without a word, what a blank "
    "cell does. May be given again.",
)
@click.option(
    "--blank", type=click.Choice(["keep", "clear"]), help="What an empty cell does to what a user has; keep without it."
)
@click.option(
    "--dates",
    type=click.Choice(["day-first", "month-first"]),
    help="What 03/04/2024 means in columns that become fields of dates, where not every cell tells by itself.",
)
@click.option(
    "--missing",
    type=click.Choice(["keep", "suspend", "delete"]),
    help="What becomes of users who are in none of the files; keep without it.",
)
@_text(
    "--among",
    metavar="source|all|GROUP",
    help="Whose absence counts: users whom earlier imports of such a list were about, all, or members of a group.",
)
@click.option("--yes", is_flag=True, help="Agree where more than a third of those users are missing.")
@_text(
    "--true-since",
    metavar="MOMENT|name",
    help="Since when a list is true, for its differences to stand there in the history: a moment, or of each file the "
    "date in its name (2019-03, 20190331, March 2019, 2019 Q1), which wants --missing and --blank.",
)
@_text("--encoding", metavar="NAME", help="How the characters of a CSV file are encoded, such as utf-8 or cp1252.")
@_text(
    "--delimiter",
    metavar="CHARACTER",
    help="What separates the cells of a CSV file: the character, or comma, semicolon, tab or bar.",
)
@_text("--sheet", metavar="NAME", help="Which sheet of a spreadsheet; the first one without it.")
@click.option("--no-header", is_flag=True, help="The first row is a user already; columns go by position.")
@click.option("--dry-run", is_flag=True, help="Say what it would do and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a record, and one with the summary.")
@click.option("--skip-refused", is_flag=True, help="Take what can be taken; list what is left out, and exit with 1.")
@click.option(
    "--refused", "refused_file", metavar="OUT", type=click.Path(), help="Save the lines left out to this file."
)
@click.option("--actor", metavar="NAME", type=utf8, help="Who did it, where the lines name nobody; without it, you.")
def import_(
    file: Where,
    inputs: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
    refused_file: str | None,
    actor: str | None,
    **given: Any,
) -> int:
    """Take in files as one change; exit with 2 where it is refused, and with 1 where something is left out."""
    # Reading spreadsheets and all those titles is nothing that other commands should wait for.
    from whowas.cli.importing.import_options import Given
    from whowas.cli.importing.import_work import import_files_given

    out = None if refused_file is None else Path(refused_file)
    return import_files_given(
        file, inputs, Given(**given), dry_run=dry_run, as_json=as_json, refused_file=out, actor=actor
    )
