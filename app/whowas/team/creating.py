"""Moving a directory from a file to a server: from then on it is shared, and the file is what was left behind.

Which of the two it is has one answer at every moment. All of it goes to the server in one transaction. Just before that
commits, the file gets its other name, under which nothing can be written to it, and a note says what it waits for; if
the server then takes nothing, it gets its name back. Whoever is killed between the two runs the same again, which asks
the server.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from whowas.domain.errors import DamagedError, StoreError, UncertainError, UnfinishedError
from whowas.domain.progress import Progress, part_of, unwatched
from whowas.safekeeping import backup_places, left_behind
from whowas.safekeeping.left_behind import FileLeft
from whowas.store.chain import Head
from whowas.store.event_log import EventLog
from whowas.store.file import database
from whowas.store.file.copies import end_of, make_copy
from whowas.store.file.handing_over import handed_over, held_still, remove_left_beside, renamed
from whowas.store.file.publish import publish, require_free
from whowas.store.follower.kept import Kept
from whowas.store.log_prefix import copy_renewed
from whowas.store.server.address import ServerAddress
from whowas.store.server.making.moving_in import found_at, move_in, require_place
from whowas.store.server.team_file import read_team_file, write_team_file
from whowas.system import folders
from whowas.system.unfinished import unfinished_at

_PARTS = 3


@dataclass(frozen=True, slots=True)
class Created:
    """A directory that is shared now.

    ``address`` is that of ``team_file``, with the id of the directory. ``left_behind`` is where the file is now, which
    counts as a backup: an erasure removes it.
    """

    address: ServerAddress
    team_file: Path
    left_behind: Path
    head: Head


def create(file: Path, address: ServerAddress, team_file: Path, progress: Progress = unwatched) -> Created:
    """Move the directory in ``file`` to the server, and write ``team_file``, which says where it is.

    The same again finishes what a kill or a lost connection interrupted. ``progress`` may cancel until the move is
    committed. Raises CancelledError or StoreError: then the file is as it was, and nothing is on the server; but
    UncertainError where that cannot be known before the server is reached again, and UnfinishedError where the
    directory is on the server and ``team_file`` could not be written.
    """
    interrupted = left_behind.in_doubt(file)
    if interrupted is not None:
        created = _settled(interrupted, file, address, team_file)
        if created is not None:
            return created
    require_free(team_file)
    with closing(_opened(file)) as log:
        require_place(address)
        _require_sound(log, part_of(progress, 0, _PARTS))
        try:
            return _moved(log, address, team_file, progress)
        finally:
            log.close()
            remove_left_beside(file)


def _moved(log: EventLog, address: ServerAddress, team_file: Path, progress: Progress) -> Created:
    """Move an open directory that is sound."""
    file, here = log.path, replace(address, directory_id=log.directory_id)
    aside = left_behind.new_name(file)

    with held_still(log), unfinished_at(file) as seed:
        head = copy_renewed(log, seed, part_of(progress, 1, _PARTS))

        def leave() -> None:
            left_behind.note(log.directory_id, aside, file, _destination(address))
            handed_over(log, aside, head)

        _load(here, seed, head, leave, lambda: _back(aside, file), part_of(progress, 2, _PARTS))
        _keep_follower(seed, log.directory_id)
    return _finished(here, aside, file, team_file, head)


def _load(
    address: ServerAddress,
    seed: Path,
    head: Head,
    leave: Callable[[], None],
    come_back: Callable[[], None],
    progress: Progress,
) -> None:
    """Load a directory into the server; ``leave`` just before that commits, and ``come_back`` where it did not."""
    has_left = False

    def about_to_commit() -> None:
        nonlocal has_left
        has_left = True  # whatever becomes of it
        leave()

    try:
        move_in(address, seed, head, about_to_commit, progress)
    except BaseException:
        if not has_left:
            raise
        # Once the server has it, no failure is one of the move any more, nor can it be cancelled.
        if not _is_there(address):
            come_back()
            raise


def _is_there(address: ServerAddress) -> bool:
    """Ask the server whether it has the directory. Raises UncertainError where it cannot be asked."""
    try:
        return found_at(address) == address.directory_id
    except StoreError as error:
        raise UncertainError(
            f"Whether the directory is on the server {address.place()} now is not known. {error} "
            "Until it is, its file has another name and stays as it is: share it once more, which finds out."
        ) from error


def _settled(interrupted: FileLeft, file: Path, address: ServerAddress, team_file: Path) -> Created | None:
    """Finish a move that was interrupted as it was committed, or undo it and return None, by what the server has."""
    if interrupted.going_to != _destination(address):
        raise StoreError(
            f"“{file.name}” was on its way to the server {interrupted.going_to} when that was interrupted: "
            "share it there once more first."
        )
    here, aside = replace(address, directory_id=interrupted.directory_id), Path(interrupted.path)
    if not _is_there(here):
        _back(aside, file)
        return None
    if team_file.exists() and read_team_file(team_file).directory_id != interrupted.directory_id:
        require_free(team_file)
    head = end_of(aside)
    if head is None:
        raise StoreError(f"“{aside.name}” cannot be read any more, but the directory is on the server.")
    if file.exists() and file.samefile(aside):
        file.unlink()
    return _finished(here, aside, file, team_file, head)


def _keep_follower(seed: Path, directory_id: str) -> None:
    """Let this computer follow from what it has, rather than have everything sent again."""
    kept = Kept(directory_id, hides_passwords=False)
    with suppress(OSError, StoreError):  # then it follows from the beginning
        if not kept.path.exists():
            folders.private_folder(kept.folder)
            make_copy(kept.path, partial(shutil.copyfile, seed), lambda _: None)


def _finished(address: ServerAddress, aside: Path, file: Path, team_file: Path, head: Head) -> Created:
    """Do what follows once the directory is on the server."""
    try:
        with unfinished_at(team_file) as new:
            write_team_file(new, address)
            if team_file.exists():  # the same of an attempt before
                new.replace(team_file)
            else:
                publish(new, team_file)
        left_behind.note(str(address.directory_id), aside, file)
    except (OSError, StoreError) as error:
        raise UnfinishedError(
            f"The directory is on the server {address.place()} now, but “{team_file.name}” could not be written: "
            f"{_reason(error)} Share it once more, which finishes this."
        ) from error
    return Created(address, team_file, aside, head)


def _destination(address: ServerAddress) -> str:
    """Return where a directory goes, so that what was interrupted is asked of the same server and database."""
    port = f", port {address.port}" if address.port else ""
    database = f", database {address.dbname}" if address.dbname else ""
    return f"{address.place()}{port}{database}, schema {address.schema}"


def _back(aside: Path, file: Path) -> None:
    """Give the file of a directory that was not moved its own name back. Raises StoreError."""
    with database.sentences_for(file):
        if aside.exists() and file.exists() and file.samefile(aside):
            aside.unlink()
        elif aside.exists() and not file.exists():
            renamed(aside, file)
        left_behind.forget(aside)


def _opened(file: Path) -> EventLog:
    """Open a directory that may be moved. Raises StoreError for one that may not."""
    log = EventLog.open(file)
    try:
        backup_places.keep_as_it_is(log)
        if log.read_only:
            raise StoreError(log.read_only)
        if log.unswept:
            raise StoreError(f"“{file.name}” still has traces of somebody erased: open it once, which removes them.")
    except BaseException:
        log.close()
        raise
    return log


def _require_sound(log: EventLog, progress: Progress) -> None:
    if log.hidden_passwords():
        raise StoreError(
            f"“{log.path.name}” is a reader's copy of a shared directory, without the passwords that a server hides. "
            "Move a copy to a server that an editor made."
        )
    damage = log.verify(progress=progress)
    if damage is not None:
        raise DamagedError(f"“{log.path.name}” was not moved to a server. {damage.sentence()}", damage.position or 0)


def _reason(error: OSError | StoreError) -> str:
    return f"{error.strerror or error}." if isinstance(error, OSError) else str(error)
