"""The command that makes a sample directory."""

from __future__ import annotations

import click

from whowas.cli.committing import committed
from whowas.cli.opening import FILE
from whowas.cli.printing import notify, say
from whowas.cli.seen import note_new
from whowas.cli.where import Where, only_file
from whowas.store.event_log import set_aside_notice


@click.command("sample")
@FILE
@click.option("--people", type=click.IntRange(0, 1_000_000), default=240, show_default=True)
@click.option("--changes", type=click.IntRange(0, 5_000_000), default=3_000, show_default=True, help="After creation.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another number makes other people.")
def sample(file: Where, people: int, changes: int, seed: int) -> None:
    """Make a directory of made-up people with years of history, to look around in.

    \b
    Example: whowas sample sample.whowas --people 100 --changes 1000
    """
    from whowas.sample import make_sample

    path = only_file(file, "A sample is made as a file; “whowas team create” can share that.")
    set_aside = make_sample(path, people=people, changes=changes, seed=seed)
    if set_aside is not None:
        notify(set_aside_notice(set_aside))
    answer = f"{file}: {people:,} people and {changes:,} further changes."
    committed(answer)
    note_new(path)
    say(answer)
