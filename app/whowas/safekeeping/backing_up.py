"""Making backups: when one is due, which older ones go for it, and what an erasure does to all of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from pathlib import Path

from whowas.domain.errors import StoreError
from whowas.domain.progress import Progress, begin_phase, unwatched
from whowas.safekeeping import backup_places, left_behind, thinning
from whowas.safekeeping.backups import (
    AFTER_ERASING,
    BEFORE_UPGRADE,
    DAILY,
    Backup,
    backups_in,
    delete,
    described,
    forget_lost,
    new_name,
)
from whowas.safekeeping.damage_told import why_read_only
from whowas.safekeeping.sweeper import sweep_folder
from whowas.store.backup import DamagedBackupError, back_up, save_clean_copy, save_copy
from whowas.store.chain import Head
from whowas.store.event_log import EventLog
from whowas.store.file.copies import erased_in
from whowas.store.file.publish import TakenError
from whowas.store.migration import copy_beside
from whowas.system import folders


def backed_up(log: EventLog, reason: str, progress: Progress = unwatched) -> str:
    """Make a backup of an open directory before something is done to it; return why that could not be, or "".

    None is made where backups are switched off, of a backup, of an empty directory, of one that may not be written, of
    what a server shows to somebody from whom it hides passwords, and where nothing was changed since another one that
    is there and verified. Whoever asked goes on in any case; but
    nothing can be written any more to a directory that is found to be damaged. Raises CancelledError.
    """
    chosen = backup_places.settings()
    if not chosen.makes or log.read_only or backup_places.is_backup(log.path):
        return ""
    try:
        head = log.head()
        if head.position == 0 or any(one.verified and one.head == head for one in _own(log)) or log.hidden_passwords():
            return ""
        begin_phase(progress, "backing up", counts_rows=False)
        _made(log, reason, progress)
        begin_phase(progress, None)
    except DamagedBackupError as error:
        _look_at_original(log, progress)
        return f"No backup was made. {_sentence(error)}"
    except (StoreError, OSError) as error:
        return f"No backup was made. {_sentence(error)}"
    try:
        thin(log.directory_id)
    except OSError as error:
        return f"A backup was made, but older ones that are not needed any more are left. {_sentence(error)}"
    return ""


def backed_up_today(log: EventLog, progress: Progress = unwatched) -> str:
    """Make the backup of today, see ``backed_up``, unless there is one."""
    with suppress(OSError):
        if any(one.verified and local_day(one.made_at) == today() for one in _own(log)):
            return ""
    return backed_up(log, DAILY, progress)


def copy_before_upgrade(log: EventLog) -> Path:
    """Make the copy without which no file is migrated, also where backups are switched off; return its path.

    It is a backup as all others, or lies beside the file where no backup can be made. Raises StoreError.
    """
    try:
        made_at = _now()
        target = new_name(_folder_for(log), made_at, BEFORE_UPGRADE)
        head = _head_at(log, back_up(log.path, target))
        with suppress(OSError):  # it is there and verified, which counts
            described(target, made_at, head, BEFORE_UPGRADE, verified=True)
    except DamagedBackupError:
        raise
    except (StoreError, OSError):
        return copy_beside(log)
    return target


def renew_after_erasure(log: EventLog, progress: Progress = unwatched) -> str:
    """Delete all backups of a directory from which somebody was erased, after making one without them.

    Those of its copies at other paths go too. Nothing is made where backups are switched off; and what cannot be made
    keeps nothing from being deleted, unless the directory is damaged. What lies at a place that is not there now is
    left to ``delete_owed``. May be repeated: what was made already stays. Returns what people have to know of it, in
    sentences, or "". Raises StoreError if other backups are left, which may hold whoever was erased.
    """
    if backup_places.is_backup(log.path):
        return ""
    away, deleted, left = list[Path](), 0, ""
    try:  # before the new one is there
        away = _away_from(log.directory_id)
        for place in away:
            backup_places.note_owed(log.directory_id, place, log.erased_users())
    except OSError as error:
        left = _sentence(error)
    new, unmade = _renewed(log, progress)
    kept = new and new.path
    try:
        deleted += left_behind.delete_after_erasure(log.directory_id, log.erased_users())
    except (StoreError, OSError) as error:
        left = _sentence(error)
    try:
        for place in dict.fromkeys([*backup_places.places(), *backup_places.elsewhere(log.directory_id)]):
            try:
                deleted += _delete_at(place, log.directory_id, lambda backup: backup.path != kept)
            except (StoreError, OSError) as error:
                left = _sentence(error)
    except OSError as error:
        left = _sentence(error)
    if left:
        raise StoreError(f"Backups that hold them are left. {left}")
    return " ".join(filter(None, [_renewal_told(deleted, made=new is not None, unmade=unmade), *map(_away_told, away)]))


def delete_owed(directory_id: str) -> None:
    """Delete the backups that hold somebody erased at places that were not there then, and are now.

    Raises StoreError or OSError.
    """
    left_behind.delete_owed(directory_id)
    for place, erased in backup_places.owed(directory_id).items():
        # Only others may be found, in the folder that a disk left where it was mounted.
        if _delete_at(place, directory_id, partial(_holds_any, erased=erased)):
            backup_places.forget_owed(directory_id, place)


def thin(directory_id: str) -> None:
    """Delete the backups of a directory, and of its copies, that are too many by now. Raises OSError."""
    now = _now()
    for place in backup_places.places():
        for folder in backup_places.folders_of(directory_id, place):
            backups = backups_in(folder)
            made = [thinning.Made(backup.made_at, backup.size) for backup in backups]
            for index in thinning.too_many(made, now, thinning.LIMIT_BYTES):
                delete(backups[index])
            forget_lost(folder)


def today() -> date:
    """Return the day that it is, in local time."""
    return local_day(_now())


def local_day(microseconds: int) -> date:
    """Return the day, in local time, of a moment in UTC microseconds."""
    return datetime.fromtimestamp(microseconds / 1_000_000).astimezone().date()


def _look_at_original(log: EventLog, progress: Progress) -> None:
    """Let nothing be written to a directory whose copy was damaged, unless only the copy is."""
    damage = log.verify(progress=progress)
    if damage is not None:
        log.refuse_writing(why_read_only(damage), damage=damage)


def _made(log: EventLog, reason: str, progress: Progress) -> Backup:
    folder, made_at = _folder_for(log), _now()
    target, erased = new_name(folder, made_at, reason), len(log.erased_users())
    copied = save_clean_copy if log.unswept else save_copy
    try:
        head = _head_at(log, copied(log, target, progress))
    except TakenError:  # another program makes one at this moment
        return _made(log, reason, progress)
    if len(log.erased_users()) != erased:
        # Whoever erased them may have looked for backups before this one was there.
        target.unlink(missing_ok=True)
        return _made(log, reason, progress)
    return described(target, made_at, head, reason, verified=True)


def _renewed(log: EventLog, progress: Progress) -> tuple[Backup | None, str]:
    """Return a backup that holds nothing of whoever was erased; or None and why there is none, if one is wanted."""
    if not backup_places.settings().makes or log.hidden_passwords():
        return None, ""
    try:
        head = log.head()
        for one in _own(log):
            if one.reason == AFTER_ERASING and one.verified and one.head == head:
                return one, ""
        folder, made_at = _folder_for(log), _now()
        target = new_name(folder, made_at, AFTER_ERASING)
        end = _head_at(log, save_clean_copy(log, target, progress))
        return described(target, made_at, end, AFTER_ERASING, verified=True), ""
    except DamagedBackupError as error:  # the older ones may be all that is sound
        raise StoreError(f"Backups that hold them are kept, as this directory is damaged. {error}") from error
    except (StoreError, OSError) as error:
        return None, _sentence(error)


def _away_from(directory_id: str) -> list[Path]:
    """Return the places at which backups of a directory are known to be, and none are now. Raises OSError."""
    # A disk that was taken out may leave the folder in which it was mounted.
    known = backup_places.elsewhere(directory_id)
    return [place for place in known if not backup_places.folders_of(directory_id, place)]


def _away_told(place: Path) -> str:
    return f"Older backups at “{place}” were not there; they are deleted when this directory is opened while they are."


def _delete_at(place: Path, directory_id: str, is_to_go: Callable[[Backup], bool]) -> int:
    """Delete those backups of a directory at a place, and return how many. Raises StoreError or OSError."""
    found = backup_places.folders_of(directory_id, place)
    # Unfinished ones too, of programs that were killed where the register of them cannot be written.
    for in_the_way in (error for folder in found for error in sweep_folder(folder, patience_s=0)):
        raise in_the_way
    backups = [backup for folder in found for backup in backups_in(folder)]
    going = [backup for backup in backups if is_to_go(backup)]
    for backup in going:
        delete(backup)
    if found and len(going) == len(backups):
        backup_places.forget_elsewhere(directory_id, place)
    return len(going)


def _holds_any(backup: Backup, erased: frozenset[str]) -> bool:
    """Say whether a backup may hold anything of users who were erased; what cannot be read may."""
    known = erased_in(backup.path)
    return known is None or not erased <= known


def _renewal_told(deleted: int, *, made: bool, unmade: str) -> str:
    gone = ""
    if deleted and made:
        older = "the older one was" if deleted == 1 else f"the {deleted:,} older ones were"
        gone = f"A new backup was made without this user, and {older} deleted."
    elif deleted:
        which = "The backup that held this user was" if deleted == 1 else f"All {deleted:,} backups were"
        gone = f"{which} deleted."
    return f"{gone} No new backup was made. {unmade}".strip() if unmade else gone


def _head_at(log: EventLog, position: int) -> Head:
    chain = log.chain_at(position)
    assert chain is not None, "a copy ends where the log is or was"
    return Head(position, chain)


def _own(log: EventLog) -> list[Backup]:
    return backups_in(_place() / backup_places.folder_name(log.directory_id, log.path))


def _folder_for(log: EventLog) -> Path:
    """Return the folder of backups of a directory file, made where it is missing. Raises StoreError or OSError."""
    place = _place()
    # A chosen place is never made: where a disk was removed, its folder would come to lie on another one.
    if place != backup_places.own_place() and not place.is_dir():
        raise StoreError(f"The folder for backups, “{place}”, is not there.")
    backup_places.note_elsewhere(log.directory_id, place)
    folder = place / backup_places.folder_name(log.directory_id, log.path)
    try:
        folders.private_folder(folder)
    except OSError:
        if not folder.is_dir():  # some file systems know no modes
            raise
    return folder


def _place() -> Path:
    return backup_places.places()[0]


def _sentence(error: StoreError | OSError) -> str:
    if isinstance(error, OSError):
        return f"“{error.filename or _place()}” cannot be used: {error.strerror or error}."
    return str(error)


def _now() -> int:
    return time.time_ns() // 1_000
