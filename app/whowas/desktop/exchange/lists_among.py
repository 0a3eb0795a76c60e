"""Which lists somebody means who hands over files and folders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from whowas.domain.errors import RefusedError, StoreError
from whowas.domain.fields import shortened
from whowas.domain.progress import REPORTED_EVERY, Progress
from whowas.interchange.importing.ready import LIST_ENDINGS

_TEMPORARY = (".", "~$")
"""How the names of hidden files begin, and of those that Office programs keep beside an open one."""


def lists_among(paths: Sequence[Path], progress: Progress) -> list[Path]:
    """Return files as they are, and in place of each folder the lists that lie in it, by name; of files in it only.

    Raises RefusedError where a folder has none, StoreError where one cannot be read, and CancelledError.
    """
    found: list[Path] = []
    for path in paths:
        found += _lists_in(path, progress) if path.is_dir() else [path]
    return found


def _lists_in(folder: Path, progress: Progress) -> list[Path]:
    lists = []
    try:
        for count, path in enumerate(folder.iterdir()):
            if count % REPORTED_EVERY == 0:
                progress(count, 0)
            if path.suffix.lower() in LIST_ENDINGS and not path.name.startswith(_TEMPORARY) and path.is_file():
                lists.append(path)
    except OSError as error:
        raise StoreError(f"The folder “{shortened(folder.name)}” cannot be read: {error.strerror or error}.") from error
    if not lists:
        endings = ", ".join(LIST_ENDINGS)
        raise RefusedError("", f"There is no list in the folder “{shortened(folder.name)}” ({endings}).")
    return sorted(lists, key=lambda path: path.name.casefold())
