"""Where backups lie: a folder for each directory file, in the state folder or at the place that the person chose.

Which place that is, and whether backups are made, is kept in ``backups.json`` in the folder of settings, as the command
line goes by it too.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from whowas.safekeeping import left_behind
from whowas.store.event_log import EventLog
from whowas.system import folders
from whowas.system.unfinished import write_whole

_FOLDER = re.compile(r"(?P<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(?P<path>[0-9a-f]{12})")
"""The name of a directory's folder: its id, and a hash of the path where it lies."""

_ELSEWHERE = "elsewhere.json"
"""The file that lists, for each directory, the places outside of the state folder that hold backups of it."""

_OWED = "owed.json"
"""The file that names, for each directory, the places that were not there when somebody was erased, and who was."""


@dataclass(frozen=True, slots=True)
class BackupSettings:
    """Whether backups are made, and where: ``place`` is None for the state folder.

    ``earlier`` are the places chosen before, where older backups still lie.
    """

    makes: bool = True
    place: Path | None = None
    earlier: tuple[Path, ...] = ()

    def at(self, place: Path | None) -> BackupSettings:
        """Return the same with another place; what lies at the present one stays there and is still found."""
        known = {*self.earlier, *([self.place] if self.place is not None else [])} - {place}
        return replace(self, place=place, earlier=tuple(sorted(known)))


def settings() -> BackupSettings:
    """Return what the person chose; of what cannot be read, what holds where nothing was chosen."""
    try:
        kept = json.loads(_settings_file().read_bytes())
    except (OSError, ValueError):
        return BackupSettings()
    if not isinstance(kept, dict):
        return BackupSettings()
    earlier = kept.get("earlier")
    known = map(_place_named, earlier) if isinstance(earlier, list) else ()
    return BackupSettings(
        makes=kept.get("makes") is not False,
        place=_place_named(kept.get("place")),
        earlier=tuple(place for place in known if place is not None),
    )


def set_settings(chosen: BackupSettings) -> None:
    """Remember what the person chose. Raises OSError; then what was chosen before holds."""
    kept = {
        "makes": chosen.makes,
        "place": None if chosen.place is None else str(chosen.place),
        "earlier": [str(place) for place in chosen.earlier],
    }
    _write(_settings_file(), kept)


def own_place() -> Path:
    """Return the place of backups where none was chosen."""
    return folders.state() / "backups"


def places() -> list[Path]:
    """Return all places where backups may lie, the one where they are made first."""
    chosen = settings()
    first = own_place() if chosen.place is None else chosen.place
    return list(dict.fromkeys([first, own_place(), *chosen.earlier]))


def folder_name(directory_id: str, path: Path) -> str:
    """Return the name of the folder of backups of the directory file at ``path``."""
    return f"{directory_id}-{_path_hash(path)}"


def folders_of(directory_id: str, place: Path) -> list[Path]:
    """Return the folders at ``place`` of backups of a directory, of all its copies. Raises OSError."""
    return _folders(place, lambda found: found["id"] == directory_id)


def folders_of_path(path: Path, place: Path) -> list[Path]:
    """Return the folders at ``place`` of backups of whatever directory was at ``path``. Raises OSError."""
    digest = _path_hash(path)
    return _folders(place, lambda found: found["path"] == digest)


def directory_of(folder: Path) -> str:
    """Return the id of the directory whose backups a folder holds; "" if it is no such folder."""
    named = _FOLDER.fullmatch(folder.name)
    return named["id"] if named else ""


def is_backup(path: Path) -> bool:
    """Say whether the file at ``path`` is one of the backups that Whowas makes by itself, or what sharing left."""
    if left_behind.is_left_behind(path):
        return True
    # The folder's name first, as this is asked whenever a file is opened.
    folder = path.resolve().parent
    return directory_of(folder) != "" and folder.parent in {place.resolve() for place in places()}


def keep_as_it_is(log: EventLog) -> None:
    """Let nothing be written to a directory that was opened, if it is a backup."""
    if not log.read_only and is_backup(log.path):
        log.refuse_writing(stays_as_it_is(log.path))


def stays_as_it_is(backup: Path) -> str:
    """Return why nothing is written to a backup, as a sentence."""
    return f"“{backup.name}” is a backup, which stays as it is: restore it into a new file."


def note_elsewhere(directory_id: str, place: Path) -> None:
    """Remember that ``place`` holds backups of a directory, which an erasure has to reach. Raises OSError."""
    known = elsewhere(directory_id)
    if place != own_place() and place not in known:
        _keep(_ELSEWHERE, directory_id, [str(one) for one in (*known, place)])


def forget_elsewhere(directory_id: str, place: Path) -> None:
    """Forget a place, as it holds no backups of a directory any more. Raises OSError."""
    known = elsewhere(directory_id)
    if place in known:
        _keep(_ELSEWHERE, directory_id, [str(one) for one in known if one != place])


def elsewhere(directory_id: str) -> list[Path]:
    """Return the places outside of the state folder that hold backups of a directory. Raises OSError."""
    listed = _kept(_ELSEWHERE).get(directory_id)
    return [Path(one) for one in listed if isinstance(one, str)] if isinstance(listed, list) else []


def note_owed(directory_id: str, place: Path, erased: Iterable[str]) -> None:
    """Remember that backups at ``place``, which is not there, may hold the users ``erased``. Raises OSError."""
    owing = owed(directory_id)
    owing[place] = owing.get(place, frozenset()) | frozenset(erased)
    _keep_owed(directory_id, owing)


def forget_owed(directory_id: str, place: Path) -> None:
    """Forget what ``note_owed`` noted of a place, as no backup there holds anybody erased. Raises OSError."""
    _keep_owed(directory_id, {other: erased for other, erased in owed(directory_id).items() if other != place})


def owed(directory_id: str) -> dict[Path, frozenset[str]]:
    """Return the places that were not there when users were erased, and the ids of those users. Raises OSError."""
    noted = _kept(_OWED).get(directory_id)
    found = noted.items() if isinstance(noted, dict) else ()
    return {Path(place): frozenset(erased) for place, erased in found if isinstance(erased, list)}


def owes(directory_id: str) -> bool:
    """Say whether ``owed`` names any place; what cannot be read is asked for another time."""
    with suppress(OSError):
        return bool(owed(directory_id)) or left_behind.owes(directory_id)
    return False


def _place_named(text: object) -> Path | None:
    """Return the place that settings name, None if they name none; a relative path would be another one each time."""
    place = Path(text) if isinstance(text, str) and "\0" not in text else None
    return place if place is not None and place.is_absolute() else None


def _keep_owed(directory_id: str, owing: Mapping[Path, frozenset[str]]) -> None:
    _keep(_OWED, directory_id, {str(place): sorted(erased) for place, erased in owing.items()})


def _keep(file: str, directory_id: str, value: object) -> None:
    """Keep a value for a directory in one of the files of this module; an empty one takes its place away."""
    kept = _kept(file)
    kept.pop(directory_id, None)
    _write(own_place() / file, {**kept, directory_id: value} if value else kept)


def _kept(file: str) -> dict[str, object]:
    try:
        kept = json.loads((own_place() / file).read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _settings_file() -> Path:
    return folders.config() / "backups.json"


def _path_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:12]


def _folders(place: Path, wanted: Callable[[re.Match[str]], bool]) -> list[Path]:
    try:
        named = [(entry, _FOLDER.fullmatch(entry.name)) for entry in place.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(entry for entry, found in named if found is not None and wanted(found) and entry.is_dir())


def _write(path: Path, value: object) -> None:
    """Write a small file for its owner alone, whole or not at all. Raises OSError."""
    folders.private_folder(path.parent)
    write_whole(path, json.dumps(value).encode())
