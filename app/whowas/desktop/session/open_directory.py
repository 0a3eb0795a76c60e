"""The files of an open directory: its event log, and the read side that holds all of it."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from whowas.domain.errors import DamagedError
from whowas.domain.progress import Progress
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.sides.read_side import ReadSide
from whowas.safekeeping.seen_heads import Verdict, look
from whowas.store.chain import Damage
from whowas.store.event_log import EventLog
from whowas.store.file.shared_folders import kind_of_shared_folder
from whowas.system import folders

if TYPE_CHECKING:
    from whowas.desktop.session.live_directory import LiveDirectory
    from whowas.safekeeping.backups import Backup


@dataclass(slots=True)
class OpenDirectory:
    """What the parts of a session share of the directory that it opened.

    ``is_open`` becomes false before the files are closed. Whoever still asks then, as a timer of a page that is going
    may, gets an empty answer: reading would open the files again, and nobody would close them.
    """

    log: EventLog
    today: ReadSide
    """The read side of the whole log."""
    shared_folder: str | None
    """What the system calls the network share, or the like, that the file is on."""
    data_version: int
    """What ``EventLog.changed_elsewhere`` returned before ``today`` was brought up to the log."""
    seen: Verdict
    """What is known of the head that this computer saw last, as of when the directory was opened."""
    shared: LiveDirectory | None = None
    """The directory on a server that ``log`` follows; None for a file of its own."""
    is_open: bool = True
    damage: Damage | None = None
    """Where the history was found damaged."""
    damaged_change: int | None = None
    """The number of the first change behind the sound part that is shown, as they were recorded; None before that."""
    in_part: bool = False
    """Whether ``log`` and ``today`` end with the last whole change before the damage."""


def open_directory(
    path: Path, cache: Path, closing: ExitStack, *, create: bool, progress: Progress
) -> tuple[OpenDirectory, VersionIndex]:
    """Open or create a directory and bring its read side up to it; ``closing`` gets what closes both again.

    Closing keeps the last arrays for the next start. Of a damaged directory, what is sound is opened to be read only.
    Raises CancelledError or StoreError.
    """
    from whowas.safekeeping.backup_places import keep_as_it_is
    from whowas.safekeeping.left_behind import require_not_left

    with ExitStack() as unfinished:
        if not create:
            require_not_left(path)
        log = EventLog.create(path) if create else EventLog.open(path)
        unfinished.callback(log.close)
        keep_as_it_is(log)
        shared_folder = kind_of_shared_folder(path.resolve().parent)
        opened, index = _read(log, cache, shared_folder, unfinished, progress)
        closing.push(unfinished.pop_all())
    return opened, index


def open_shared_directory(
    shared: LiveDirectory, cache: Path, closing: ExitStack, progress: Progress
) -> tuple[OpenDirectory, VersionIndex]:
    """Bring the read side up to the follower of a directory on a server, which is open; as ``open_directory``.

    ``shared`` is closed where that fails.
    """
    with ExitStack() as unfinished:
        unfinished.callback(shared.close)
        opened, index = _read(shared.log, cache, None, unfinished, progress)
        opened.shared = shared
        closing.push(unfinished.pop_all())
    return opened, index


def finish_erasing(log: EventLog, cache: Path) -> None:
    """Remove what is left of erased users, if anything may be, as part of a job. Raises StoreError."""
    from whowas.safekeeping.backup_places import owes

    if (log.unswept or owes(log.directory_id)) and not log.read_only:
        from whowas.erasure import finish

        finish(log, cache=cache, drafts=folders.drafts(log.directory_id), reports=folders.reports())


def _read(
    log: EventLog, cache: Path, shared_folder: str | None, closing: ExitStack, progress: Progress
) -> tuple[OpenDirectory, VersionIndex]:
    """Bring the read side up to an open log."""
    finish_erasing(log, cache)
    with ExitStack() as unfinished:
        today = ReadSide(log, cache)
        unfinished.callback(today.close)
        data_version = log.changed_elsewhere()
        damage = None
        try:
            index = today.catch_up(progress)
        except DamagedError as met:
            from whowas.safekeeping.sound_part import keep_to_sound_part

            seen = look(log, folders.seen_heads(), partial(_backups_of, log))  # before the log ends with what is sound
            damage = keep_to_sound_part(log, met, progress)
            index = today.catch_up(progress)
        else:
            seen = look(log, folders.seen_heads(), partial(_backups_of, log), index.now)
        index.counts(index.now)  # here, as the page that is made next asks the same: it is kept how to count
        unfinished.callback(today.keep_index)
        closing.push(unfinished.pop_all())
    opened = OpenDirectory(log, today, shared_folder, data_version, seen)
    if damage is not None:
        opened.damage, opened.damaged_change, opened.in_part = damage, index.now + 1, True
    return opened, index


def _backups_of(log: EventLog) -> list[Backup]:
    from whowas.safekeeping.backups import backups_of  # only where the history is not the one seen before

    return backups_of(log)
