"""What the window remembers between starts, and what the person chose for it."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QByteArray, QSettings

from whowas.desktop.settings.preferences import Preferences, kept_texts, makes_sense, read_preferences
from whowas.system import folders

RECENT_LIMIT = 10

UNREAD = "Not all of your settings could be read, so the defaults hold for the others."
NOT_KEPT = "This holds until Whowas is closed, as {file} cannot be written."

_PREFERENCES = "preferences/"
_NONSENSE = object()
_FINE = QSettings.Status.NoError


class Recent(NamedTuple):
    """A directory opened before, by its path or its address; ``opened_at`` in UTC microseconds."""

    path: str
    opened_at: int


class Settings:
    """Preferences, window geometry, table columns, recent directories, in one file of the config folder.

    ``preferences`` is read as it is made; ``unread`` then says, as a sentence, that not all of it made sense, or is "".
    """

    def __init__(self, folder: Path) -> None:
        file = self._file = folder / "whowas.ini"
        # Qt makes a file that all may read, but leaves one that is there the mode it has.
        with suppress(OSError):
            folders.private_folder(folder)
            folders.private_file(file)
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)
        self.preferences, sound = read_preferences(self._preference)
        # Qt finds no fault with a file in which it finds nothing.
        empty = not self._settings.allKeys() and file.is_file() and file.stat().st_size > 0
        self.unread = "" if sound and not empty and self._settings.status() == _FINE else UNREAD

    def set_preferences(self, preferences: Preferences) -> str:
        """Keep what the person chose; return why it holds only until the program ends, as a sentence, or ""."""
        before, after = kept_texts(self.preferences), kept_texts(preferences)
        self.preferences = preferences
        for name, text in after.items():
            # No others, as another window may have kept other ones meanwhile.
            if text != before[name] or not makes_sense(name, self._preference(name)):
                self._settings.setValue(_PREFERENCES + name, text)
        self._settings.sync()
        return "" if self._settings.status() != QSettings.Status.AccessError else NOT_KEPT.format(file=self._file)

    def recent(self) -> list[Recent]:
        """Return the directories opened before, the last one first."""
        kept = self._json("directories/recent", [])
        return [known for entry in kept if (known := _recent(entry))] if isinstance(kept, list) else []

    def add_recent(self, path: Path | str, opened_at: int) -> None:
        """Put a directory first among the recent ones; ``opened_at`` in UTC microseconds."""
        others = [known for known in self.recent() if known.path != str(path)]
        self._set_recent([Recent(str(path), opened_at), *others][:RECENT_LIMIT])

    def remove_recent(self, path: str) -> None:
        """Forget a recent directory."""
        self._set_recent([known for known in self.recent() if known.path != path])

    def last_directory(self) -> Path | str | None:
        """Return the directory open at the end of the last start, if it still exists and was not closed.

        It is a text where it is the address of one on a server.
        """
        place = place_of(str(self._settings.value("directories/last", "")))
        return place if isinstance(place, str) or place.is_file() else None

    def set_last_directory(self, path: Path | str | None) -> None:
        """Remember which directory to open at the next start."""
        self._settings.setValue("directories/last", "" if path is None else str(path))

    def followed(self, place: Path | str) -> Path | None:
        """Return the file that followed the directory on a server at ``place``, if that was the last one there."""
        match self._json("directories/followed", None):
            case {"place": str(known), "file": str(file)} if known == str(place):
                return Path(file)
            case _:
                return None

    def set_followed(self, place: Path | str, file: Path) -> None:
        """Remember which file follows the directory on a server that was open last."""
        self._settings.setValue("directories/followed", json.dumps({"place": str(place), "file": str(file)}))

    def geometry(self) -> QByteArray | None:
        """Return the window's geometry as Qt saved it."""
        value = self._settings.value("window/geometry")
        return value if isinstance(value, QByteArray) else None

    def set_geometry(self, geometry: QByteArray) -> None:
        """Remember the window's geometry."""
        self._settings.setValue("window/geometry", geometry)

    def splitter(self) -> QByteArray | None:
        """Return where table and details meet, as Qt saved it."""
        value = self._settings.value("window/splitter")
        return value if isinstance(value, QByteArray) else None

    def set_splitter(self, state: QByteArray) -> None:
        """Remember where table and details meet."""
        self._settings.setValue("window/splitter", state)

    def columns(self) -> dict[str, Any] | None:
        """Return the table's columns as ``UsersTable`` saved them."""
        state = self._json("table/columns", None)
        return state if isinstance(state, dict) else None

    def set_columns(self, state: dict[str, Any]) -> None:
        """Remember the table's columns."""
        self._settings.setValue("table/columns", json.dumps(state))

    def flashes(self) -> bool | None:
        """Say whether cells light up as the history plays; None where the person has not said."""
        value = self._settings.value("table/flashes", "")
        return None if value == "" else value == "yes"

    def set_flashes(self, flashes: bool) -> None:
        """Remember whether cells light up as the history plays."""
        self._settings.setValue("table/flashes", "yes" if flashes else "no")

    def checks_for_updates(self) -> bool:
        """Say whether the person wants to know of newer versions; nobody does who has not said so."""
        return self._settings.value("updates/check", "") == "yes"

    def set_checks_for_updates(self, checks: bool) -> None:
        """Remember whether the person wants to know of newer versions."""
        self._settings.setValue("updates/check", "yes" if checks else "no")

    def sync(self) -> None:
        """Write everything to disk now."""
        self._settings.sync()

    def _set_recent(self, directories: list[Recent]) -> None:
        self._settings.setValue("directories/recent", json.dumps([recent._asdict() for recent in directories]))

    def _preference(self, name: str) -> object:
        # Where it says what Qt cannot make sense of, None comes of it, as if nothing was there.
        kept: object = self._settings.value(_PREFERENCES + name)
        return _NONSENSE if kept is None and self._settings.contains(_PREFERENCES + name) else kept

    def _json(self, key: str, default: Any) -> Any:
        try:
            return json.loads(str(self._settings.value(key, "")))
        except json.JSONDecodeError:
            return default


def place_of(kept: str) -> Path | str:
    """Return the place that was kept as a text: an address, or the path of a file."""
    return kept if kept.startswith(folders.ADDRESSES) else Path(kept)


def _recent(entry: object) -> Recent | None:
    """Read one entry; another version of the program may have written it otherwise."""
    match entry:
        case {"path": str(path), "opened_at": int(opened_at)}:
            return Recent(path, opened_at)
        case _:
            return None
