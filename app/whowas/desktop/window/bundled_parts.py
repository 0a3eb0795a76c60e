"""What the program is made of besides its own code, and under which licences that may be used."""

from __future__ import annotations

import json
import platform
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from PySide6.QtCore import qVersion

from whowas.store.file.database import SQLITE_VERSION
from whowas.system import resources

LICENCES = {
    "apsw": "Zlib",
    "argon2-cffi": "MIT",
    "argon2-cffi-bindings": "MIT",
    "cffi": "MIT-0",
    "click": "BSD-3-Clause",
    "idna": "BSD-3-Clause",
    "msgspec": "BSD-3-Clause",
    "numpy": "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0",
    "peewee": "MIT",
    "platformdirs": "MIT",
    "psycopg": "LGPL-3.0-only",
    "psycopg-binary": "LGPL-3.0-only",
    "pycparser": "BSD-3-Clause",
    "pyside6-essentials": "LGPL-3.0-only",
    "shiboken6": "LGPL-3.0-only",
    **({"typing-extensions": "PSF-2.0"} if sys.version_info < (3, 13) else {}),
    **({"tzdata": "Apache-2.0"} if sys.platform == "win32" else {}),
    "uuid-utils": "BSD-3-Clause",
    "xlsxwriter": "BSD-2-Clause",
}
"""The Python packages that the program needs, with the licence under which it uses each: what they say of themselves
is not always there, not always short, and may leave a choice."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part; ``version`` is "" where it cannot be found out."""

    name: str
    version: str
    licence: str


def bundled_parts() -> list[Part]:
    """Return every part: the largest first, the packages by name, and the libraries that a bundle has besides."""
    return [
        Part("Python", platform.python_version(), "PSF-2.0"),
        Part("Qt", qVersion(), "LGPL-3.0-only"),
        Part("SQLite", SQLITE_VERSION, "public domain"),
        *(Part(name, _version(name), licence) for name, licence in LICENCES.items()),
        *_carried(),
    ]


def licence_texts() -> Path | None:
    """Return the folder with the texts of all these licences, which bundles have."""
    folder = resources.folder() / "licences"
    return folder if folder.is_dir() else None


def _carried() -> list[Part]:
    """Return what this build carries besides Python packages, as it was told when it was made."""
    folder = licence_texts()
    if folder is None:
        return []
    told = json.loads((folder / "parts.json").read_text(encoding="utf-8"))
    return [Part(part["name"], part["version"], part["licence"]) for part in told]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        # A bundle may have left out what says so.
        return ""
