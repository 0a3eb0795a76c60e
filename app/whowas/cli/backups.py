"""The command that lists backups, and how commands that write to a directory have them made."""

from __future__ import annotations

import json
from contextlib import closing, suppress

import click

from whowas.cli.opening import FILE, open_log
from whowas.cli.printing import local_time, notify, say_table
from whowas.cli.shared import shared
from whowas.cli.where import SharedAt, Where
from whowas.domain.errors import StoreError
from whowas.safekeeping.backing_up import backed_up, backed_up_today, today
from whowas.safekeeping.backups import DAILY, Backup, backups_of, backups_of_path, size_told
from whowas.store.event_log import EventLog
from whowas.system import folders


@click.command("backups")
@FILE
def backups(file: Where) -> int:
    """List the backups that Whowas made of FILE by itself, the newest first, also where FILE is gone or damaged.

    One is made before an import, before everything is restored, before the file is migrated and once a day of use.
    A backup is a directory itself: whowas backup BACKUP DEST brings it back as a new file. Of a shared
    directory one is made after an erasure alone, as every computer that uses it keeps a copy.

    \b
    Example: whowas backups staff.whowas
    """
    found = _found(file)
    if found:
        say_table(("made", "size", "events", "verified", "why", "path"), map(_row, found))
    else:
        notify(f"There are no backups of {file.name if isinstance(file, SharedAt) else f'“{file.name}”'}.")
    return 0


def have_backed_up(log: EventLog, reason: str) -> None:
    """Have a backup made of a directory that is about to be changed; print a sentence where that cannot be.

    Of the daily one that is said once a day.
    """
    if reason == DAILY:
        sentence = backed_up_today(log)
        if sentence and _said_first_today(log):
            notify(sentence)
    elif sentence := backed_up(log, reason):
        notify(sentence)


def _found(file: Where) -> list[Backup]:
    """Return the backups of ``file``. Raises StoreError where it cannot be opened and there are none."""
    if isinstance(file, SharedAt):
        with shared(file) as directory:
            return backups_of(directory.log)
    try:
        with closing(open_log(file)) as log:
            return backups_of(log)
    except StoreError as error:
        found = backups_of_path(file)
        if not found:
            raise
        notify(str(error))
        return found


def _row(backup: Backup) -> tuple[str, ...]:
    events = "cannot be read" if backup.head is None else f"{backup.head.position:,}"
    verified = "yes" if backup.verified else "no"
    return local_time(backup.made_at), size_told(backup.size), events, verified, backup.reason, str(backup.path)


def _said_first_today(log: EventLog) -> bool:
    """Note that it is said today that a directory has no backup; return False if that was noted before."""
    file, day = folders.cache() / "no-backup.json", str(today())
    said: object = {}
    with suppress(OSError, ValueError):
        said = json.loads(file.read_bytes())
    days = said if isinstance(said, dict) else {}
    if days.get(log.directory_id) == day:
        return False
    # Where it cannot be noted it is said again, which is better than not at all.
    with suppress(OSError):
        folders.private_folder(file.parent)
        with open(file, "w", encoding="utf-8", opener=folders.for_its_owner) as noted:
            json.dump({**days, log.directory_id: day}, noted)
    return True
