"""Commands that ask: nothing here writes to a directory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from whowas.cli.common import AT, FILE, JSON, TEXT, Opened, as_json, echo_json, opened, write_output
from whowas.cli.tables import print_table
from whowas.domain.errors import RefusedError
from whowas.domain.fields import label, name_key, shortened
from whowas.domain.sentences import FieldChange
from whowas.domain.users import STATUSES
from whowas.interchange import csv_format, log_export, moments
from whowas.projections.comparison import Difference, differences
from whowas.projections.history import Entry, history_of
from whowas.projections.history import history as whole_history
from whowas.projections.version_index import View, all_of
from whowas.store.chain import Head
from whowas.store.event_log import EventLog

NO = 1
"""The exit code for an answer of "no" or "damaged"."""


@click.command("list")
@FILE
@AT
@click.option("--search", type=TEXT, metavar="TEXT", help="Only users in whom every word of TEXT occurs.")
@click.option("--status", type=click.Choice([*STATUSES, "any"]), help="Only these; without it, all but deleted ones.")
@click.option("--group", type=TEXT, metavar="NAME", help="Only members of this group.")
@JSON
def list_users(
    file: Path, at: str | None, search: str | None, status: str | None, group: str | None, as_json: bool
) -> None:
    """List the users, now or at a moment.

    \b
    Example: whowas list staff.whowas --at 2020-03-03T14:05 --search clerk
    """
    with opened(file) as directory:
        moment = directory.moment(at)
        state = directory.index.directory(moment)
        numbers = _shown(directory, search, status, group)
        users = directory.users(numbers.at(moment))
        if as_json:
            for user in users:
                echo_json(_json(user, state))
        else:
            rows = ((u.name, u.email or "", u.phone or "", u.title or "", u.status) for u in users)
            print_table(("Name", "Email", "Phone", "Title", "Status"), rows)


@click.command("show")
@FILE
@click.argument("who", type=TEXT)
@AT
@JSON
def show(file: Path, who: str, at: str | None, as_json: bool) -> int:
    """Show one user: WHO is an id, external id or email.

    \b
    Example: whowas show staff.whowas ada@example.org --at 2020-03-03
    """
    with opened(file) as directory:
        moment = directory.moment(at)
        number = directory.read_side.user_number(directory.find(who))
        row = None if number is None else directory.index.row_of(number, moment)
        if row is None:
            click.echo(f"{who} was not in the directory then.", err=True)
            return NO
        (user,) = directory.users([row])
        values = _json(user, directory.index.directory(moment))
        if as_json:
            echo_json(values)
        else:
            for name, value in _flat(values).items():
                click.echo(f"{name}: {value}")
    return 0


@click.command("history")
@FILE
@click.argument("who", type=TEXT, required=False)
@JSON
def history(file: Path, who: str | None, as_json: bool) -> None:
    """Tell what happened, to one user or to all, in timeline order.

    \b
    Example: whowas history staff.whowas ada@example.org
    """
    with opened(file) as directory:
        model, index = directory.read_side.read_model, directory.index
        entries = whole_history(model, index) if who is None else history_of(model, index, directory.find(who))
        for entry in entries:
            if as_json:
                echo_json(_entry_json(entry))
            else:
                told = f"{entry.sentence.title}: {entry.sentence.detail}".removesuffix(": ")
                click.echo(f"{moments.written(entry.occurred_at)}  {entry.actor}  {entry.user.name}  {told}")


@click.command("diff")
@FILE
@click.argument("before", metavar="FROM")
@click.argument("after", metavar="TO")
@JSON
def diff(file: Path, before: str, after: str, as_json: bool) -> None:
    """Compare two moments: who was added, changed and removed in between.

    \b
    Example: whowas diff staff.whowas 2020-01-01 now
    """
    with opened(file) as directory:
        start, end = directory.moment(before), directory.moment(after)
        for difference in differences(directory.read_side.read_model, directory.index, start, end):
            if as_json:
                echo_json(_difference_json(difference))
            else:
                told = "; ".join(_arrow(change) for change in difference.changes)
                click.echo(f"{difference.kind}  {difference.user.name}  {told}".rstrip())


@click.command("export")
@FILE
@click.argument("output")
@click.option("--format", "file_format", type=click.Choice(["csv", "log"]), required=True)
@AT
def export(file: Path, output: str, file_format: str, at: str | None) -> None:
    """Write the users (csv) or the whole event log (log) to OUTPUT, or to stdout for -.

    \b
    Example: whowas export staff.whowas users.csv --format csv --at 2020-03-03
    """
    if file_format == "log":
        if at is not None:
            raise RefusedError("at", "The log is always exported whole; leave out --at.")
        log = EventLog.open(file)
        write_output(output, log_export.write(log), file)
        log.close()
        return
    with opened(file) as directory:
        moment = directory.moment(at)
        users = directory.users(_shown(directory, None, None, None).at(moment))
        write_output(output, csv_format.write(users, directory.index.directory(moment)), file)


@click.command("verify")
@FILE
@click.option("--head", "expected", metavar="HEAD", help="What `whowas head` printed before.")
def verify(file: Path, expected: str | None) -> int:
    """Check that the history is as it was written; exits 1 and names the first bad position if not.

    \b
    Example: whowas verify staff.whowas --head 8696:5f0c…
    """
    try:
        head_given = Head.parse(expected) if expected is not None else None
    except ValueError as error:
        raise RefusedError("head", "A head looks like 123:5f0c…, as `whowas head` prints it.") from error
    log = EventLog.open(file)
    damage = log.verify(head_given)
    position = log.head().position
    log.close()
    if damage is not None:
        click.echo(f"Damaged at position {damage.position}: {damage.reason}.", err=True)
        return NO
    click.echo(f"{position} events verified: the history is as it was written.")
    return 0


@click.command("head")
@FILE
def head(file: Path) -> None:
    """Print the end of the history, position and hash, to be kept and given to verify later.

    \b
    Example: whowas head staff.whowas > head.txt
    """
    log = EventLog.open(file)
    click.echo(str(log.head()))
    log.close()


@click.command("rebuild")
@FILE
def rebuild(file: Path) -> None:
    """Make the read side anew from the history; needed only where something seems wrong with it.

    \b
    Example: whowas rebuild staff.whowas
    """
    with opened(file) as directory:
        index = directory.read_side.rebuild()
        directory.read_side.keep_index()
        click.echo(f"{index.now} steps and {len(index.numbers)} versions rebuilt.")


def _shown(directory: Opened, search: str | None, status: str | None, group: str | None) -> View:
    index = directory.index
    masks = []
    match status:
        case None:
            masks.append(index.with_status("active", "suspended"))
        case "active" | "suspended" | "deleted":
            masks.append(index.with_status(status))
        case _:
            pass
    if group is not None:
        masks.append(index.in_groups(_group_ids(directory, group)))
    if search is not None and (found := directory.read_side.matching(search)) is not None:
        masks.append(found)
    return View(index, "name", descending=False, passing=all_of(masks))


def _group_ids(directory: Opened, name: str) -> frozenset[str]:
    key = name_key(name)
    ids = {
        group_id
        for _, state in directory.index.directories
        for group_id, known in state.groups.items()
        if name_key(known) == key
    }
    if not ids:
        raise RefusedError("group", f"There is and was no group “{shortened(name)}”.")
    return frozenset(ids)


_json = as_json


def _flat(values: dict[str, Any]) -> dict[str, str]:
    attributes = values.pop("attributes")
    flat = {name: ", ".join(value) if isinstance(value, list) else value for name, value in values.items()}
    return {name: str(value) for name, value in {**flat, **attributes}.items() if value not in (None, "")}


def _pairs(changes: tuple[FieldChange, ...]) -> dict[str, list[str | None]]:
    return {change.field: [change.before, change.after] for change in changes}


def _arrow(change: FieldChange) -> str:
    return f"{label(change.field)}: {change.before or 'empty'} → {change.after or 'empty'}"


def _entry_json(entry: Entry) -> dict[str, Any]:
    return {
        "position": entry.position,
        "moment": entry.moment,
        "occurred_at": moments.written(entry.occurred_at),
        "recorded_at": moments.written(entry.recorded_at),
        "actor": entry.actor,
        "change_id": entry.change_id,
        "id": entry.user.id,
        "external_id": entry.user.external_id,
        "name": entry.user.name,
        "kind": entry.sentence.kind,
        "sentence": f"{entry.sentence.title}: {entry.sentence.detail}".removesuffix(": "),
        "changes": _pairs(entry.changes),
    }


def _difference_json(difference: Difference) -> dict[str, Any]:
    return {
        "id": difference.user.id,
        "external_id": difference.user.external_id,
        "name": difference.user.name,
        "kind": difference.kind,
        "changes": _pairs(difference.changes),
    }
