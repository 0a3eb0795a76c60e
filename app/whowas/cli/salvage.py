"""The command that saves what can be read of a damaged directory."""

from __future__ import annotations

from pathlib import Path

import click

from whowas.cli.committing import committed
from whowas.cli.exit_codes import NO
from whowas.cli.opening import FILE
from whowas.cli.printing import notify, say
from whowas.cli.where import OUTPUT, FileGiven, Where, only_file
from whowas.cli.writing import now
from whowas.store.event_log import set_aside_notice
from whowas.system.person import os_user

_ADVICE = "Ask whoever keeps the server for its backups; “whowas backup” copies what this computer has of it."


@click.command("salvage")
@FILE
@click.argument("dest", type=FileGiven(team_file=OUTPUT))
def salvage(file: Where, dest: Path) -> int:
    """Save everything up to the first damage of FILE into a new directory at DEST, and tell what is missing.

    FILE is not touched, and there must be nothing at DEST. Exits 1 where something is missing.

    \b
    Example: whowas salvage staff.whowas staff-salvaged.whowas
    """
    from whowas.safekeeping.salvage import salvage as salvaged

    path = only_file(file, _ADVICE)
    found = salvaged(path, dest, os_user(), now())
    if found.set_aside is not None:
        notify(set_aside_notice(found.set_aside))
    if found.damage is None:
        committed(found.told())
        say(found.told())
        return 0
    notify(found.told())
    return NO
