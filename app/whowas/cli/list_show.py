"""Commands that ask who was there: list and show."""

from __future__ import annotations

from typing import Any

import click

from whowas.cli.exit_codes import NO
from whowas.cli.opened import Opened
from whowas.cli.opening import AT, FILE, JSON, KNOWN, asking, opened, utf8
from whowas.cli.printing import local_time, notify, plain, say, say_json, say_table
from whowas.cli.where import Where
from whowas.domain.directory import Directory
from whowas.domain.errors import RefusedError
from whowas.domain.fields import LABELS, name_key, shortened
from whowas.domain.users import STATUSES, User
from whowas.projections.index.ranks import ranked
from whowas.projections.index.version_index import Mask, all_of


@click.command("list")
@FILE
@AT
@KNOWN
@click.option("--search", metavar="TEXT", type=utf8, help="Only users in whom every word of TEXT occurs.")
@click.option("--status", type=click.Choice([*STATUSES, "any"]), help="Only these; without it, all but deleted ones.")
@click.option("--group", metavar="NAME", type=utf8, help="Only members of this group.")
@JSON
@asking
def list_users(
    file: Where, at: str, known: str, search: str | None, status: str | None, group: str | None, as_json: bool
) -> None:
    """List the users by name, now or at a moment.

    \b
    Example: whowas list staff.whowas --at 2020-03-03T14:05 --search clerk
    """
    with opened(file, known) as directory:
        moment = directory.moment(at)
        masks = [_of_status(directory, status)]
        if group is not None:
            masks.append(directory.index.in_groups(_group_ids(directory, group, moment)))
        if search is not None:
            masks.append(directory.read_side.matching(search, directory.index.hidden_fields(moment)))
        passing = all_of([mask for mask in masks if mask is not None])
        rows = ranked(directory.index, "name", passing).at(moment).all_numbers()
        users, state = directory.users(rows), directory.index.directory_to_export(moment)
        if as_json:
            for user in users:
                say_json(user_json(user, state))
        else:
            cells = ((u.name, u.email or "", u.phone or "", u.title or "", u.department or "", u.status) for u in users)
            say_table(("Name", "Email", "Phone", "Title", "Department", "Status"), cells)


@click.command("show")
@FILE
@click.argument("who", type=utf8)
@AT
@KNOWN
@JSON
@asking
def show(file: Where, who: str, at: str, known: str, as_json: bool) -> int:
    """Show one user, deleted or not. WHO is an id, external id or email, held now or once.

    Exits 1 where there is, or was then, no such user.

    \b
    Example: whowas show staff.whowas ada@example.org --at 2020-03-03
    """
    with opened(file, known) as directory:
        moment = directory.moment(at)
        user_id = directory.find(who)
        if user_id is None:
            return nobody(directory, who)
        number = directory.read_side.user_number(user_id)
        row = None if number is None else directory.index.row_of(number, moment)
        if row is None:
            return not_then(who)
        (user,) = directory.users([row])
        values = user_json(user, directory.index.directory_to_export(moment))
    if as_json:
        say_json(values)
    else:
        _say_fields(values)
    return 0


def nobody(directory: Opened, who: str) -> int:
    """Print that there never was a user ``who``, or that they were erased; return the exit code for that."""
    erasure = directory.erasure_of(who)
    if erasure is None:
        notify(f"There is and was no user “{shortened(who)}”.")
    else:
        when = local_time(erasure.occurred_at)
        notify(
            f"The user of this id was erased on {when} by {plain(erasure.actor)}; nothing is known of them any more."
        )
    return NO


def not_then(who: str) -> int:
    """Print that the user ``who`` was not in the directory at that moment; return the exit code for that."""
    notify(f"“{shortened(who)}” was not in the directory then.")
    return NO


def user_json(user: User, directory: Directory) -> dict[str, Any]:
    """Return a user as ``--json`` prints them; names of groups and custom fields are those of ``directory``."""
    return {
        "id": user.id,
        "external_id": user.external_id,
        **{name: user.text(name) for name in LABELS if name != "external_id"},
        "status": user.status,
        "groups": list(directory.names_of(user.groups)),
        "attributes": directory.attributes_of(user.attributes),
        "version": user.version,
    }


def _say_fields(values: dict[str, Any]) -> None:
    shown = {LABELS.get(name, name.capitalize()): text for name, text in values.items() if isinstance(text, str)}
    shown |= {"Groups": ", ".join(values["groups"]), **values["attributes"], "Version": str(values["version"])}
    width = max(len(name) for name in shown)
    for name, text in shown.items():
        if text:
            say(f"{plain(name):<{width}}  {plain(text)}")


def _of_status(directory: Opened, status: str | None) -> Mask | None:
    match status:
        case "any":
            return None
        case "active" | "suspended" | "deleted":
            return directory.index.with_status(status)
        case _:
            return directory.index.with_status("active", "suspended")


def _group_ids(directory: Opened, name: str, moment: int) -> frozenset[str]:
    """Return the ids of the groups of that name at a moment; a group that had another name then is meant too."""
    key = name_key(name)
    shown = directory.index.directory(moment).groups
    by_name = {group_id for group_id, known in shown.items() if name_key(known) == key}
    ever = {
        group_id
        for _, state in directory.todays_index.directories
        for group_id, known in state.groups.items()
        if name_key(known) == key
    }
    if not ever:
        raise RefusedError("group", f"There is and was no group “{shortened(name)}”.")
    return frozenset(by_name or ever & shown.keys())
