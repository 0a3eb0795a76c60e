"""Finding what the last start kept of a directory, and whether it still is what the directory holds.

Before anything of a directory is imported: whatever speaks against what was kept only makes the list come later.
"""

from __future__ import annotations

import os
import sys
from itertools import starmap
from pathlib import Path
from stat import S_IMODE, S_ISREG
from typing import NamedTuple

from whowas.desktop.first_screen.kept import MOST_BYTES, KeptScreen, decoded
from whowas.desktop.table.column_layout import ColumnLayout
from whowas.desktop.table.columns import attribute_column, standard_columns
from whowas.domain.errors import StoreError
from whowas.system import folders


class Found(NamedTuple):
    """A screen that was kept; ``is_behind`` where the directory has changed since, though it goes on from there."""

    screen: KeptScreen
    is_behind: bool


def found(log: Path, cache: Path, layout: ColumnLayout) -> Found | None:
    """Return what was kept of the directory file at ``log`` below ``cache``, None where it is not to be shown.

    It is not where ``layout`` asks for another order or for other columns, where it is of another history, or where
    somebody was erased since.
    """
    from whowas.store.file.glance import glances

    try:
        with glances(log) as file:
            now = file.now()
            if now is None or now.unswept:
                return None
            kept = folders.read_side(cache, now.directory_id, log) / folders.FIRST_SCREEN
            screen = decoded(content_of(kept))
            if screen is None or screen.directory_id != now.directory_id or not _fits(screen, layout):
                return None
            since = file.since(screen.position)
        if since.erased:
            kept.unlink()  # a window that wrote it meanwhile was killed before it could take it back
    except (OSError, StoreError):
        return None
    if since.chain is None or since.chain.hex() != screen.chain or since.erased:
        return None
    return Found(screen, is_behind=now.position > screen.position)


def _fits(screen: KeptScreen, layout: ColumnLayout) -> bool:
    columns = (*standard_columns(), *starmap(attribute_column, screen.fields))
    shown = [column.key for column in columns if layout.is_shown(column)]
    return layout.sort == screen.sort and set(shown) <= set(screen.columns)


def content_of(path: Path) -> bytes:
    """Return what is in a file that is its owner's alone, b"" where it is not, or too long. Raises OSError."""
    # Not through a link, nor waiting for somebody to write to a pipe.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    try:
        is_fine = _is_ours(os.fstat(descriptor))
        return os.read(descriptor, MOST_BYTES + 1) if is_fine else b""
    finally:
        os.close(descriptor)


def _is_ours(status: os.stat_result) -> bool:
    if not S_ISREG(status.st_mode) or status.st_size > MOST_BYTES:
        return False
    return sys.platform == "win32" or (status.st_uid == os.geteuid() and S_IMODE(status.st_mode) & 0o077 == 0)
