"""Commands that ask what happened: history and diff."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from typing import Any

import click

from whowas.cli.field_history import cause_json, say_values
from whowas.cli.list_show import nobody, not_then
from whowas.cli.opening import FILE, JSON, KNOWN, asking, opened, utf8
from whowas.cli.printing import local_time, plain, say, say_json
from whowas.cli.where import Where
from whowas.domain.custom_fields import told_apart
from whowas.domain.errors import RefusedError
from whowas.domain.sentences import FieldChange
from whowas.interchange import iso_moments
from whowas.projections.queries.differences import ComparedUser, differences
from whowas.projections.queries.history import HistoryEntry
from whowas.projections.queries.history import history as history_of


@click.command("history")
@FILE
@click.argument("who", type=utf8, required=False)
@click.option("--field", metavar="FIELD", type=utf8, help="Only the values of this field of WHO, and who gave them.")
@KNOWN
@JSON
@asking
def history(file: Where, who: str | None, field: str | None, known: str, as_json: bool) -> int:
    """Tell what happened, to one user or to all, oldest first; exits 1 where there is, or was then, no such user.

    FIELD is a field's name or label, or a custom field, whatever its case.

    \b
    Example: whowas history staff.whowas ada@example.org --field title
    """
    if field is not None and who is None:
        raise RefusedError("who", "Say whose field it is: whowas history FILE WHO --field FIELD.")
    with opened(file, known) as directory:
        model, index = directory.read_side.read_model, directory.index
        if who is None:
            # A reader may stop in the middle, and what is read is to end before the directory closes.
            with closing(history_of(model, index)) as entries:
                _say(entries, as_json=as_json)
        elif (user_id := directory.find(who)) is None:
            return nobody(directory, who)
        elif (number := directory.read_side.user_number(user_id)) is None:
            return not_then(who)
        elif field is not None:
            say_values(directory, user_id, field, as_json=as_json)
        else:
            with closing(history_of(model, index, number)) as entries:
                _say(entries, as_json=as_json)
    return 0


@click.command("diff")
@FILE
@click.argument("before", metavar="FROM", type=utf8)
@click.argument("after", metavar="TO", type=utf8)
@KNOWN
@JSON
@asking
def diff(file: Where, before: str, after: str, known: str, as_json: bool) -> None:
    """Compare two moments: who was added, changed and removed in between.

    FROM and TO are ISO 8601 (2020-03-03 is its beginning, local time), now, #POSITION or a moment's name.

    \b
    Example: whowas diff staff.whowas 2020-01-01 now
    """
    with opened(file, known) as directory:
        first, last = directory.moment(before), directory.moment(after)
        for difference in differences(directory.read_side.read_model, directory.index, first, last):
            if as_json:
                say_json(_difference_json(difference))
            else:
                changes = "; ".join(_arrow(change) for change in difference.changes)
                say(plain(f"{difference.kind:<7}  {difference.user.name}  {changes}").rstrip())


def _say(entries: Iterable[HistoryEntry], *, as_json: bool) -> None:
    for entry in entries:
        if as_json:
            say_json(_entry_json(entry))
        else:
            when = local_time(entry.occurred_at)
            why = f" · {entry.cause.told(local_time)}" if entry.cause else ""
            say(plain(f"{when}  {entry.actor}  {entry.user.name}  {entry.sentence.text}{why}"))


def _entry_json(entry: HistoryEntry) -> dict[str, Any]:
    return {
        "position": entry.position,
        "moment": entry.moment,
        "occurred_at": iso_moments.written(entry.occurred_at),
        "recorded_at": iso_moments.written(entry.recorded_at),
        "actor": entry.actor,
        "change_id": entry.change_id,
        "id": entry.user.id,
        "external_id": entry.user.external_id,
        "name": entry.user.name,
        "kind": entry.sentence.kind,
        "sentence": entry.sentence.text,
        "changes": _pairs(entry.changes),
        **cause_json(entry.cause),
    }


def _difference_json(difference: ComparedUser) -> dict[str, Any]:
    return {
        "id": difference.user.id,
        "external_id": difference.user.external_id,
        "name": difference.user.name,
        "kind": difference.kind,
        "changes": _pairs(difference.changes),
    }


def _pairs(changes: Iterable[FieldChange]) -> dict[str, list[str | None]]:
    changes = list(changes)
    # A deleted field and one that took over its name may have changed together.
    called = {change.field: change.key for change in changes}
    keys = told_apart(called, called)
    return {keys[change.field]: [change.before, change.after] for change in changes}


def _arrow(change: FieldChange) -> str:
    return f"{change.label}: {change.before or 'empty'} → {change.after or 'empty'}"
