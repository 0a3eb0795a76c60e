"""What the window remembers between starts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings

RECENT_LIMIT = 10


class Settings:
    """Window geometry, table columns, recent directories, kept in one file of the config folder."""

    def __init__(self, folder: Path) -> None:
        self._settings = QSettings(str(folder / "whowas.ini"), QSettings.Format.IniFormat)

    def recent(self) -> list[str]:
        """Return the paths of directories opened before, the last one first."""
        return [str(path) for path in self._json("directories/recent", []) if isinstance(path, str)]

    def add_recent(self, path: Path) -> None:
        """Put a directory first among the recent ones."""
        others = [known for known in self.recent() if known != str(path)]
        self._settings.setValue("directories/recent", json.dumps([str(path), *others][:RECENT_LIMIT]))

    def remove_recent(self, path: str) -> None:
        """Forget a recent directory."""
        self._settings.setValue("directories/recent", json.dumps([known for known in self.recent() if known != path]))

    def last_directory(self) -> Path | None:
        """Return the directory open at the end of the last start, if it still exists and was not closed."""
        path = str(self._settings.value("directories/last", ""))
        return Path(path) if path and Path(path).is_file() else None

    def set_last_directory(self, path: Path | None) -> None:
        """Remember which directory to open at the next start."""
        self._settings.setValue("directories/last", "" if path is None else str(path))

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

    def sync(self) -> None:
        """Write everything to disk now."""
        self._settings.sync()

    def _json(self, key: str, default: Any) -> Any:
        try:
            return json.loads(str(self._settings.value(key, "")))
        except json.JSONDecodeError:
            return default
